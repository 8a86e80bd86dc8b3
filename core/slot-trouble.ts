import type { Events } from './events.ts';
import type { Log } from './ports.ts';
import { FIRST_SPENT_WAIT_MS, type Slots } from './slots/index.ts';
import { UnderWay } from './under-way.ts';

/**
 * Publishes an event whenever a slot's key fails, or its credits run low. Gives what resolves when all that was seen so far
 * is published.
 */
export function announceSlotTrouble(slots: Slots, events: Events, log: Log): () => Promise<void> {
  const announcing = new UnderWay();
  const connected = async (workspace: string, number: number) => {
    const slot = (await slots.list(workspace)).slots.find((each) => each.number === number);
    return slot?.state === 'connected' ? slot : undefined;
  };
  const announceTrouble = async (workspace: string, number: number) => {
    const { health, spentRefusal } = (await connected(workspace, number))?.connection ?? {};
    const state = health?.state;
    if (state !== 'refused' && state !== 'out-of-credits') return;
    // Apollo refuses what its balance says is there, again and again: said once.
    if (state === 'out-of-credits' && (spentRefusal?.waitMs ?? 0) > FIRST_SPENT_WAIT_MS) return;
    await events.publish(workspace, { type: 'slot.trouble', slot: number, state });
  };
  const announceLowCredits = async (workspace: string, number: number) => {
    const slot = await connected(workspace, number);
    const { left, limit } = slot?.connection.credits ?? {};
    if (slot === undefined || left === undefined || limit === undefined) return;
    // Credits are the team's: said once, for the first slot that uses them.
    if (slot.sharesLimitsWith.some((other) => other < number)) return;
    await events.publish(workspace, { type: 'slot.credits-low', slot: number, left, limit });
  };
  slots.onChange(({ workspace, slot, change }) => {
    if (change !== 'changed' && change !== 'credits-low') return;
    const announce = change === 'changed' ? announceTrouble : announceLowCredits;
    const announced = announce(workspace, slot).catch((error) =>
      log.error('Trouble with a slot could not be told', { error }),
    );
    void announcing.add(announced);
  });
  return () => announcing.settled();
}
