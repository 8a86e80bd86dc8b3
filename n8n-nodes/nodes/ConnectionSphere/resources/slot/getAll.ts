import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { inputItems } from '../../shared/input';
import { showHints } from '../../shared/n8n-versions';
import { openService } from '../../shared/service';

/** The slots: who is in them, how they are, what is left. */
export async function getSlots(functions: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const { service, troubles } = await openService(functions);
  showHints(functions, 'warning', ...troubles);
  const slots = await service.slots();
  const pairedItem = inputItems(functions).map((_, item) => ({ item }));
  return [slots.map((slot) => ({ json: JSON.parse(JSON.stringify(slot)), pairedItem }))];
}
