import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { itemOf } from '../../../enrichment/list-items';
import { type Result, type ResultShape, withResult } from '../../../enrichment/result-fields';
import type { AskServer } from '../../../enrichment/server-service';
import { inputItems } from './input';
import { requireServer } from './service';
import { errorText, nodeError } from './transport';

export interface ServerJob extends IDataObject {
  id: string;
  state: string;
  kind?: string;
  reason?: string;
}

export async function showJob(ask: AskServer, id: string): Promise<ServerJob> {
  return await ask<ServerJob>({ method: 'GET', path: `/v1/jobs/${encodeURIComponent(id)}` });
}

/** A list as an item: its callback has a secret, which is nobody's business downstream. */
export function withoutCallback(job: ServerJob): IDataObject {
  return Object.fromEntries(Object.entries(job).filter(([name]) => name !== 'callback'));
}

/**
 * Does something for the list of each item; an item that fails says so where the node is to go on. `linkOf`: whether
 * what comes of a list is linked to the item that names it.
 */
export async function forEachList(
  functions: IExecuteFunctions,
  work: (
    id: string,
    ask: AskServer,
    itemIndex: number,
  ) => Promise<Pick<INodeExecutionData, 'json' | 'binary'>[]>,
  linkOf: (id: string, item: INodeExecutionData) => 'item' | 'none' = () => 'item',
): Promise<INodeExecutionData[][]> {
  const ask = requireServer(functions);
  const found: INodeExecutionData[] = [];
  for (const [item, input] of inputItems(functions).entries()) {
    try {
      const id = String(functions.getNodeParameter('list', item, '', { extractValue: true })).trim();
      if (id === '') {
        throw new NodeOperationError(functions.getNode(), 'No list is given', {
          itemIndex: item,
          description: 'Choose a list, or give the ID that List > Start put out.',
        });
      }
      const pairedItem = linkOf(id, input) === 'item' ? { item } : [];
      for (const made of await work(id, ask, item)) found.push({ ...made, pairedItem });
    } catch (error) {
      if (!functions.continueOnFail()) throw nodeError(functions.getNode(), error, item);
      found.push({ json: { error: errorText(error) }, pairedItem: { item } });
    }
  }
  return [found];
}

const RESULTS_A_PAGE = 1000;

interface Row extends Result {
  readonly lead: IDataObject;
}

interface ResultsPage {
  readonly results: readonly Row[];
  readonly next?: string;
}

/** The results of a list in its order, `limit` at most: each beside the item that its row was made from. */
export async function resultsOf(
  ask: AskServer,
  { id }: ServerJob,
  shape: ResultShape,
  limit = Number.POSITIVE_INFINITY,
  outcomes: readonly string[] = [],
): Promise<IDataObject[]> {
  const found: IDataObject[] = [];
  for (let cursor: string | undefined; found.length < limit; ) {
    const page: ResultsPage = await ask<ResultsPage>({
      method: 'GET',
      path: `/v1/jobs/${encodeURIComponent(id)}/results`,
      query: {
        limit: Math.min(RESULTS_A_PAGE, limit - found.length),
        ...(cursor !== undefined && { cursor }),
        ...(outcomes.length > 0 && { outcome: outcomes.join(',') }),
      },
    });
    for (const row of page.results) found.push(itemWith(row, shape));
    cursor = page.next;
    if (cursor === undefined) break;
  }
  return found;
}

/** The row's number and its cells as a CSV has them say nothing new. */
function itemWith({ lead, outcome, person, company, match, error }: Row, shape: ResultShape): IDataObject {
  const result: Result = {
    outcome,
    ...(person && { person }),
    ...(company && { company }),
    ...(match && { match }),
    ...(error !== undefined && { error }),
  };
  return withResult(itemOf(lead), result, shape).json;
}
