import { publishHome } from '../home.ts';
import type { Press } from './press.ts';

/** The slots as they are now, after something was done to them. */
export async function showSlots(press: Press, note?: string): Promise<void> {
  const { services, workspace, onHome } = press;
  if (onHome) return await publishHome(services, { ...press, ...(note !== undefined && { note }) });
  await press.show(await services.facts.slots(workspace, await press.reader(), note));
}

/** *Refresh*: team, credits and limits are read from Apollo again. */
export async function refreshSlots(press: Press): Promise<void> {
  await press.services.core.slots.refresh(press.workspace);
  await showSlots(press);
}
