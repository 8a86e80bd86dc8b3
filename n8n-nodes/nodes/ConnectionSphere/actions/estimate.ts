import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Kind } from '../../../enrichment/result-fields';
import type { EstimateReport } from '../../../enrichment/service';
import { enrichOptions, type InputLead, readInput } from './input';
import { openService } from './service';

/** Says what the input would cost and take; nothing is spent. */
export async function executeEstimate(functions: IExecuteFunctions): Promise<INodeExecutionData[]> {
  const kind = functions.getNodeParameter('estimateFor', 0) as Kind;
  const options = enrichOptions(functions, kind);
  const input = await readInput(functions, kind);
  const { service } = await openService(functions);
  const { fresh } = functions.getNodeParameter('options', 0, {});
  const leads = input.map(({ lead }) => lead);
  return [estimateItem(await service.estimate({ kind, leads, options, fresh: fresh === true }), input)];
}

/** An estimate as one item that belongs to all that it was made for. */
export function estimateItem(estimate: EstimateReport, input: readonly InputLead[]): INodeExecutionData {
  const from = [...new Set(input.map((each) => each.from))];
  return { json: { estimate: true, ...estimate }, pairedItem: from.map((item) => ({ item })) };
}
