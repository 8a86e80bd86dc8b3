import { NoFreeSlot, NoSuchSlot, NothingConnected, SlotNotYours, SlotTaken } from './errors.ts';
import type { SlotView } from './notation.ts';
import type { Connection, SlotKind, SlotPlan } from './types.ts';

/** Where a new key goes. */
export interface Place {
  readonly slot: number;
  readonly kind: SlotKind;
  readonly label: string;
}

/**
 * The planned slots, and those beyond the plan that are still occupied. An occupied slot has the kind with
 * which it was connected, so that a changed plan takes no key away from those who manage it.
 */
export function slotViews({ self, dfy }: SlotPlan, connections: readonly Connection[]): SlotView[] {
  const planned = Array.from({ length: self + dfy }, (_, index) => index + 1);
  const numbers = new Set([...planned, ...connections.map(({ slot }) => slot)]);
  return [...numbers].map((number) => {
    const connection = connections.find(({ slot }) => slot === number);
    if (!connection) {
      return { number, kind: number <= self ? 'self' : 'dfy', state: 'free', sharesLimitsWith: [] };
    }
    const sharesLimitsWith = sharing(connection, connections);
    return { number, kind: connection.kind, state: 'connected', connection, sharesLimitsWith };
  });
}

/** Other slots whose keys are of the same Apollo team. */
export function sharing({ slot, team }: Connection, connections: readonly Connection[]): number[] {
  return connections.filter((other) => other.slot !== slot && other.team === team).map((other) => other.slot);
}

/**
 * The slot if a number is given, else the first free one of the kind. Throws `NoSuchSlot`, `SlotNotYours`, `SlotTaken` or
 * `NoFreeSlot`.
 */
export function freePlace(slots: readonly SlotView[], kind: SlotKind, number: number | undefined): Place {
  const slot = number === undefined ? firstFree(slots, kind) : ownSlot(slots, kind, number);
  if (slot.state === 'connected') throw new SlotTaken(slot.connection);
  return { slot: slot.number, kind, label: `Slot ${slot.number}` };
}

function firstFree(slots: readonly SlotView[], kind: SlotKind): SlotView {
  const own = slots.filter((slot) => slot.kind === kind);
  const free = own.find(({ state }) => state === 'free');
  if (free) return free;
  throw new NoFreeSlot(
    kind,
    own.flatMap((slot) => (slot.state === 'connected' ? [slot.connection] : [])),
  );
}

/** Whose key is in a slot of this kind, or throws why there is none. */
export function occupant(slots: readonly SlotView[], kind: SlotKind, number: number): Connection {
  const slot = ownSlot(slots, kind, number);
  if (slot.state === 'free') throw new NothingConnected(number, kind);
  return slot.connection;
}

/** The slot with this number, of whichever kind; throws `NoSuchSlot`. */
export function slotAt(slots: readonly SlotView[], number: number): SlotView {
  const slot = slots.find((one) => one.number === number);
  if (slot) return slot;
  throw new NoSuchSlot(
    number,
    slots.map((one) => one.number),
  );
}

function ownSlot(slots: readonly SlotView[], kind: SlotKind, number: number): SlotView {
  const slot = slotAt(slots, number);
  if (slot.kind !== kind) throw new SlotNotYours(number, slot.kind);
  return slot;
}
