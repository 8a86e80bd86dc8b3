import { type Core, SlotNotYours } from '@connectionsphere/core';

/**
 * Uses only so many percent of the limits of the team whose key is in a self-service slot, as `Slots.setShare`; the team of
 * a done-for-you slot may work for other workspaces too. Throws `SlotNotYours`, and what that throws.
 */
export async function setOwnShare(
  core: Core,
  workspace: string,
  slot: number,
  percent: number,
): Promise<void> {
  const { slots } = await core.slots.list(workspace);
  const kind = slots.find(({ number }) => number === slot)?.kind;
  if (kind === 'dfy') throw new SlotNotYours(slot, kind);
  await core.slots.setShare({ workspace, slot }, percent);
}

/** "uses 50 % of its team's limits"; nothing where it uses all of them. */
export function shareWords(share: number | undefined): string {
  return share === undefined ? '' : `uses ${share} % of its team's limits`;
}
