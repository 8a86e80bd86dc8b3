import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { inputItems } from './input';
import { openService } from './service';

/** The slots: who is in them, how they are, what is left. */
export async function executeSlots(functions: IExecuteFunctions): Promise<INodeExecutionData[]> {
  const { service, troubles } = await openService(functions);
  functions.addExecutionHints(
    ...troubles.map((message) => ({ message, type: 'warning' as const, location: 'outputPane' as const })),
  );
  const slots = await service.slots();
  const pairedItem = inputItems(functions).map((_, item) => ({ item }));
  return slots.map((slot) => ({ json: JSON.parse(JSON.stringify(slot)), pairedItem }));
}

/** What was spent this month, and what is left in each slot. */
export async function executeCredits(functions: IExecuteFunctions): Promise<INodeExecutionData[]> {
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
  return [{ json, pairedItem: inputItems(functions).map((_, item) => ({ item })) }];
}
