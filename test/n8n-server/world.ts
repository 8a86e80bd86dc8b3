import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type ApiServer, KEYS } from '../api/api-server.ts';
import type { Sandbox } from '../sandbox/index.ts';
import type { Credential, Workflow, WorkflowNode } from './n8n.ts';

/** The credential of a server, with the name that the examples ask for. */
export function serverCredential({ url, token }: Pick<ApiServer, 'url' | 'token'>): Credential {
  return {
    id: 'connectionsphere',
    name: 'ConnectionSphere API',
    type: 'connectionSphereApi',
    data: { baseUrl: url, token },
  };
}

/** A key of one's own. */
export function keysCredential({ url }: Sandbox): Credential {
  return {
    id: 'apollokeys',
    name: 'Apollo keys',
    type: 'connectionSphereApolloKeysApi',
    data: { key1: KEYS.contoso, label1: 'Sales', apolloBaseUrl: url },
  };
}

const EXAMPLES = path.resolve(import.meta.dirname, '../../n8n-nodes/examples');

/** The example workflows of the package, as they are, by file. */
export async function readExamples(): Promise<Map<string, Workflow>> {
  const files = (await readdir(EXAMPLES)).filter((file) => file.endsWith('.json'));
  const read = files.map(
    async (file) => [file, JSON.parse(await readFile(path.join(EXAMPLES, file), 'utf8'))] as const,
  );
  return new Map(await Promise.all(read));
}

/** The nodes of a workflow that are ours. */
export function ourNodes({ nodes }: Workflow): WorkflowNode[] {
  return nodes.filter(({ type }) => type.startsWith('n8n-nodes-connectionsphere.'));
}
