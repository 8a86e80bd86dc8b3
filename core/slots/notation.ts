import type { Connection, SlotKind } from './types.ts';

/** A slot as it is shown. `sharesLimitsWith`: other slots of the workspace with a key of the same Apollo team. */
export type SlotView =
  | {
      readonly number: number;
      readonly kind: SlotKind;
      readonly state: 'free';
      readonly sharesLimitsWith: readonly [];
    }
  | {
      readonly number: number;
      readonly kind: SlotKind;
      readonly state: 'connected';
      readonly connection: Connection;
      readonly sharesLimitsWith: readonly number[];
    };

const KINDS = ['self', 'dfy'] as const satisfies readonly SlotKind[];
const SHOWN: Record<SlotKind, string> = { self: 'self', dfy: 'fly' };
const NAMES: Record<SlotKind, string> = { self: 'self-service', dfy: 'done-for-you' };

/** "self-service" or "done-for-you". */
export function kindName(kind: SlotKind): string {
  return NAMES[kind];
}

/** The kind that a person means by `self`, `dfy`, `fly` or `dly`; `undefined` for anything else. */
export function parseKind(text: string): SlotKind | undefined {
  const word = text.trim().toLowerCase();
  if (word === 'self') return 'self';
  return word === 'dfy' || word === 'fly' || word === 'dly' ? 'dfy' : undefined;
}

/**
 * Connections over slots, per kind and then together: `(self: 1/2) (fly: 0/2) 1/4`. A kind without any
 * slot is left out.
 */
export function notation(slots: readonly SlotView[]): string {
  const kinds = usage(slots).map(({ kind, used, all }) => `(${SHOWN[kind]}: ${used}/${all})`);
  return [...kinds, `${slots.filter(isConnected).length}/${slots.length}`].join(' ');
}

/** The same for people: "1 self-service slot free, 2 done-for-you slots free". */
export function words(slots: readonly SlotView[]): string {
  return usage(slots)
    .map(({ kind, used, all }) => `${countOf(all - used, NAMES[kind])} free`)
    .join(', ');
}

/** "no self-service slot", "1 self-service slot", "2 self-service slots". */
function countOf(count: number, name: string): string {
  return `${count === 0 ? 'no' : count} ${name} slot${count > 1 ? 's' : ''}`;
}

function usage(slots: readonly SlotView[]) {
  return KINDS.map((kind) => {
    const own = slots.filter((slot) => slot.kind === kind);
    return { kind, all: own.length, used: own.filter(isConnected).length };
  }).filter(({ all }) => all > 0);
}

function isConnected(slot: SlotView): boolean {
  return slot.state === 'connected';
}
