import type { Endpoint } from '../../core/apollo/types.ts';
import type { Key } from './accounts.ts';
import type { Chance } from './chance.ts';
import { REFUSAL_KINDS, type RefusalKind } from './refusals.ts';

export const FAULT_KINDS = [
  ...REFUSAL_KINDS,
  '429',
  '500',
  'slow',
  'cut',
  'cutBefore',
  'hang',
  'nonsense',
  'truncated',
  'short',
  'shifted',
  'swapped',
  'revoked',
  'noCredits',
] as const satisfies readonly string[];

/**
 * - `429` although there is room; nothing is counted or charged.
 * - `500`: Apollo failed; counted against the allowance. The kinds of `refusals.ts`: something in front of
 *   Apollo, or Apollo, refuses before anything is done; no limit headers, not counted. None of them charges unless
 *   `charged` is set.
 * - `slow`: the answer comes `ms` later (default 1,000). The one fault that goes together with another.
 * - `cut`: the connection breaks after charging. `cutBefore`: it breaks before Apollo did anything.
 * - `hang`: charges and never answers.
 * - `nonsense`: charges and answers 200 with an HTML page. `truncated`: 200 with half of the JSON.
 * - `short`: one entry of `matches` is missing from the middle. `shifted`: the last one comes first, all
 *   others move on by one. `swapped`: two neighbours change places. Batches only.
 * - `revoked`: 401, as for a revoked key. `noCredits`: as when the team has no credits left.
 */
export type FaultKind = (typeof FAULT_KINDS)[number] | RefusalKind;

/** A switch. Without conditions it holds for every call until it is healed. */
export interface Fault {
  readonly kind: FaultKind;
  readonly endpoint?: Endpoint;
  /** The key in full, or its last four characters. */
  readonly key?: string;
  readonly team?: string;
  /** Calls that fail before it heals by itself. */
  readonly times?: number;
  /** Calls that match and pass before it begins. */
  readonly after?: number;
  /** 0 to 1; default 1. Drawn from the sandbox's seed. */
  readonly probability?: number;
  /** ms, for `slow`. */
  readonly ms?: number;
  /** For 5xx: the work was done and charged before the failure. */
  readonly charged?: boolean;
}

/** What goes wrong with one call: at most one fault, and a delay. */
interface Misfortune {
  readonly fault: Fault | undefined;
  readonly delayMs: number;
}

interface Switch {
  readonly fault: Fault;
  left: number;
  toPass: number;
}

const ONLY_IN_BATCHES: readonly FaultKind[] = ['short', 'shifted', 'swapped'];

/** All switches that are on. */
export class Faults {
  readonly #switches = new Set<Switch>();
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** Switches a fault on; what it gives switches it off again. */
  add(fault: Fault): () => void {
    const entry: Switch = { fault, left: fault.times ?? Number.POSITIVE_INFINITY, toPass: fault.after ?? 0 };
    this.#switches.add(entry);
    return () => this.#switches.delete(entry);
  }

  heal(): void {
    this.#switches.clear();
  }

  list(): Fault[] {
    return [...this.#switches].map((entry) => ({
      ...entry.fault,
      ...(entry.fault.key === undefined ? {} : { key: entry.fault.key.slice(-4) }),
      ...(Number.isFinite(entry.left) ? { times: entry.left } : {}),
    }));
  }

  /** What befalls this call; uses up the switches it takes. */
  draw(endpoint: Endpoint, key: Key): Misfortune {
    let delayMs = 0;
    let fault: Fault | undefined;
    for (const entry of this.#switches) {
      const slow = entry.fault.kind === 'slow';
      if ((!slow && fault) || !concerns(entry.fault, endpoint, key)) continue;
      if (entry.toPass > 0) {
        entry.toPass -= 1;
        continue;
      }
      if (this.#chance.next() >= (entry.fault.probability ?? 1)) continue;
      entry.left -= 1;
      if (entry.left <= 0) this.#switches.delete(entry);
      if (slow) delayMs += entry.fault.ms ?? 1000;
      else fault = entry.fault;
    }
    return { fault, delayMs };
  }
}

function concerns(fault: Fault, endpoint: Endpoint, key: Key): boolean {
  if (fault.endpoint !== undefined && fault.endpoint !== endpoint) return false;
  if (fault.team !== undefined && fault.team !== key.team.id) return false;
  if (fault.key !== undefined && fault.key !== key.secret && fault.key !== key.last4) return false;
  return !ONLY_IN_BATCHES.includes(fault.kind) || endpoint.includes('/bulk_');
}

/** A list of matches as the faults `short`, `shifted` and `swapped` leave it. */
export function disarrange<T>(list: readonly T[], kind: FaultKind | undefined): T[] {
  const middle = Math.floor((list.length - 1) / 2);
  if (kind === 'short') return list.toSpliced(middle, 1);
  if (kind === 'shifted') return [...list.slice(-1), ...list.slice(0, -1)];
  if (kind === 'swapped') {
    return list.toSpliced(middle, 2, ...list.slice(middle, middle + 2).reverse());
  }
  return [...list];
}
