import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { forEachList, showJob, withoutCallback } from '../../shared/lists';

/** How far the list of each item is, what was found and spent. */
export async function getList(functions: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  return await forEachList(functions, async (id, ask) => [{ json: withoutCallback(await showJob(ask, id)) }]);
}
