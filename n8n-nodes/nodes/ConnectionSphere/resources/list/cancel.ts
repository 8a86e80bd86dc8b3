import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { forEachList, type ServerJob, withoutCallback } from '../../shared/lists';

/** Ends the list of each item; what was found stays. */
export async function cancelList(functions: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  return await forEachList(functions, async (id, ask) => [
    {
      json: withoutCallback(
        await ask<ServerJob>({ method: 'POST', path: `/v1/jobs/${encodeURIComponent(id)}/cancel` }),
      ),
    },
  ]);
}
