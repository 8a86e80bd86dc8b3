import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { inputItems } from '../../shared/input';
import { openService } from '../../shared/service';

/** What was spent this month, and what is left in each slot. */
export async function getCredits(functions: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const { service } = await openService(functions);
  const { month, credits, bySlot, monthlyLimit } = await service.credits();
  const slots = await service.slots();
  const teams = new Map(
    slots.map(({ team, slot, creditsLeft }) => [team ?? `slot ${slot}`, creditsLeft ?? 0]),
  );
  const json = {
    month,
    creditsSpent: credits,
    monthlyLimit,
    // Credits are a team's: keys of one team have them together.
    creditsLeft: [...teams.values()].reduce((sum, left) => sum + left, 0),
    slots: slots.map(({ slot, label, creditsLeft, creditsLimit }) => ({
      slot,
      label,
      spent: bySlot[slot] ?? 0,
      creditsLeft,
      creditsLimit,
    })),
  };
  return [[{ json, pairedItem: inputItems(functions).map((_, item) => ({ item })) }]];
}
