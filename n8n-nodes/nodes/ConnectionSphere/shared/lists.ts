import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
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

/** Does something for the list of each item; an item that fails says so where the node is to go on. */
export async function forEachList(
  functions: IExecuteFunctions,
  work: (id: string, ask: AskServer, itemIndex: number) => Promise<IDataObject[]>,
): Promise<INodeExecutionData[][]> {
  const ask = requireServer(functions);
  const found: INodeExecutionData[] = [];
  for (const [item] of inputItems(functions).entries()) {
    try {
      const id = String(functions.getNodeParameter('list', item, '', { extractValue: true })).trim();
      if (id === '') {
        throw new NodeOperationError(functions.getNode(), 'No list is given', {
          itemIndex: item,
          description: 'Choose a list, or give the ID that List > Start put out.',
        });
      }
      for (const json of await work(id, ask, item)) found.push({ json, pairedItem: { item } });
    } catch (error) {
      if (!functions.continueOnFail()) throw nodeError(functions.getNode(), error, item);
      found.push({ json: { error: errorText(error) }, pairedItem: { item } });
    }
  }
  return [found];
}
