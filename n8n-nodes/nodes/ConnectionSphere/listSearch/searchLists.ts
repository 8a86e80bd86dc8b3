import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { askServer } from '../shared/transport';

interface Page {
  readonly jobs: readonly { readonly id: string; readonly name: string; readonly state: string }[];
  readonly next?: string;
}

/** Lists of the workspace, the newest first. */
export async function searchLists(
  this: ILoadOptionsFunctions,
  filter?: string,
  cursor?: string,
): Promise<INodeListSearchResult> {
  const { jobs, next } = await askServer(this)<Page>({
    method: 'GET',
    path: '/v1/jobs',
    query: { limit: 100, ...(cursor && { cursor }) },
  });
  const wanted = filter?.toLowerCase() ?? '';
  return {
    results: jobs
      .filter(({ name }) => name.toLowerCase().includes(wanted))
      .map(({ id, name, state }) => ({ name: `${name} (${state})`, value: id })),
    ...(next !== undefined && { paginationToken: next }),
  };
}
