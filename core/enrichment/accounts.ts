import type { Actor, Store } from '../ports.ts';
import { roundCredits } from './budget.ts';

/** What a job (or a request) has cost so far. Durable together with the answers that it cost. */
export interface Tally {
  readonly credits: number;
  /** Calls that reached Apollo, those in doubt included. */
  readonly calls: number;
  /** Calls whose answer was lost: perhaps charged. */
  readonly inDoubtCalls: number;
  /** The most that those may have cost, beside `credits`. It counts against limits. */
  readonly inDoubtCredits: number;
  /** 429s. */
  readonly rateLimited: number;
}

export const NO_COST: Tally = { credits: 0, calls: 0, inDoubtCalls: 0, inDoubtCredits: 0, rateLimited: 0 };

/** Credits that Apollo charged, and the most that it may have charged beside them. */
export type Cost = Pick<Tally, 'credits' | 'inDoubtCredits'>;

/** What counts against a limit: nobody can say that a call in doubt was not charged. */
export function countedCredits({ credits, inDoubtCredits }: Cost): number {
  return roundCredits(credits + inDoubtCredits);
}

/** Limits on the credits of a calendar month (UTC): the workspace's, and those of single slots. */
export interface CreditSettings {
  readonly monthlyLimit?: number;
  /** By the slot's number; none: no limit. */
  readonly slotLimits?: Readonly<Record<string, number>>;
}

/** What one slot is charged at once, and for whom. */
export interface Charge extends Cost {
  /** Credits by the job or request that they were spent for; together `credits`. */
  readonly bySource: Readonly<Record<string, number>>;
}

/** What a workspace spent in a calendar month (UTC), by slot, by day and by who had it spent. */
export interface MonthlySpend extends Cost {
  readonly bySlot: Readonly<Record<string, number>>;
  /** By the day's number, from 1 on; none where nothing was spent. */
  readonly byDay?: Readonly<Record<string, number>>;
  /** By {@link authorKey}; together `credits`, where it is known who acts. */
  readonly byAuthor?: Readonly<Record<string, number>>;
}

/** Names somebody among those who spend: `slack/person/U1`, `api/token/6516fab8fac9`. */
export function authorKey({ via, kind, id }: Actor): string {
  return [via, kind, id].map(encodeURIComponent).join('/');
}

/** Whom {@link authorKey} names. */
export function authorOfKey(key: string): Pick<Actor, 'via' | 'kind' | 'id'> {
  const [via = 'server', kind = 'server', id = ''] = key.split('/').map(decodeURIComponent);
  return { via: via as Actor['via'], kind: kind as Actor['kind'], id };
}

/** Who a job's or a request's credits are spent for, as {@link authorKey}; `undefined` where nobody knows who acts. */
export type AuthorOf = (source: string) => Promise<string | undefined>;

/** What each author is charged. */
export async function chargedByAuthor(
  { bySource }: Charge,
  authorOf: AuthorOf,
): Promise<Readonly<Record<string, number>>> {
  const byAuthor: Record<string, number> = {};
  for (const [source, credits] of Object.entries(bySource)) {
    const author = credits === 0 ? undefined : await authorOf(source);
    if (author !== undefined) byAuthor[author] = roundCredits((byAuthor[author] ?? 0) + credits);
  }
  return byAuthor;
}

/** The credit limits that the look-ups of one source have to keep: its own and the workspace's monthly one. */
export interface Purse {
  /**
   * Sets credits aside for one look-up, waiting for room while there may be some; `more` look-ups of the same
   * price are to follow. `false`: there is no room left, or the signal aborted.
   */
  reserve(credits: number, signal: AbortSignal, more: number): Promise<boolean>;
  /**
   * The call that credits were set aside for came to nothing: they are given back and set aside once more. `false`:
   * there is no room for that, since the call cost something, and nothing is set aside any more.
   */
  renew(reserved: number): Promise<boolean>;
  /** No look-up follows for now. */
  rest(): void;
  /** Gives a reservation back, but for what is kept aside for a late part (`held`). What was spent counts already. */
  release(reserved: number, held?: number): void;
  /** Begins to keep credits aside for a late part; part of the `atomically` around it. */
  hold(credits: number): Promise<void>;
  /** Ends that; part of the `atomically` around it. */
  unhold(credits: number): Promise<void>;
  /** It ended, and that is durable. */
  unheld(credits: number): void;
  /** After a restart: sees to it that all that is held for this source is set aside. */
  holdAgain(credits: number): void;
}

/** A slot's monthly limit, kept by every call with its key. */
export interface SlotPurse {
  /**
   * Sets `each` aside up to `most` times, as often as there is room now. `never`: not even once, and what
   * calls under way give back cannot change that.
   */
  reserve(each: number, most: number): Promise<{ readonly times: number; readonly never: boolean }>;
  /** Begins to keep credits aside for a late part; part of the `atomically` around it. */
  hold(credits: number): Promise<void>;
  /** Gives a source's reservation back, but for what is kept aside for a late part (`held`). */
  release(source: string, reserved: number, held: number): void;
  /** After a restart: sees to it that all that is held for this source is set aside. */
  holdAgain(source: string, credits: number): void;
}

/**
 * What is spent, by job and by month, and the limits on it. It counts against these from the moment at which it is
 * added to a tally or a month; what was set aside for it is given back after that.
 */
export interface Accounts {
  /** Takes up a source's account, with its limit in credits. */
  open(source: string, limit: number | undefined): Promise<void>;
  close(source: string): void;
  /** Removes what sources of a workspace have spent, and its months and limit. */
  remove(workspace: string, sources: readonly string[]): Promise<void>;
  tally(source: string): Promise<Tally>;
  /** With a slot, what is settled is settled with its monthly limit too. */
  purse(workspace: string, source: string, slot?: number): Promise<Purse>;
  slotPurse(workspace: string, slot: number): Promise<SlotPurse>;
  /** What a slot may still spend this month, credits; infinite without a limit. */
  slotLeft(workspace: string, slot: number): Promise<number>;
  /**
   * Adds to a source's tally; resolves when that is durable. Gives what takes it back in memory, for whoever
   * learns that the `atomically` around it was not written.
   */
  add(source: string, change: Partial<Tally>): Promise<() => void>;
  /**
   * Adds to what a workspace and a slot of it spend in this month, whichever it was when credits were set aside.
   * Gives what takes it back in memory, as {@link add}.
   */
  spend(workspace: string, slot: number, charge: Charge): Promise<() => void>;
  /** This month's spend and limit, credits. */
  month(workspace: string): Promise<MonthlySpend & CreditSettings>;
  /** `undefined` lifts the limit. Holds from the next look-up on. */
  setMonthlyLimit(workspace: string, credits: number | undefined): Promise<void>;
  /** The same for one slot, whichever key is in it. Holds from the next call on. */
  setSlotLimit(workspace: string, slot: number, credits: number | undefined): Promise<void>;
}

/** Where costs are added, as {@link Accounts} has it. */
interface Costs {
  add(source: string, change: Partial<Tally>): Promise<void>;
  spend(workspace: string, slot: number, charge: Charge): Promise<void>;
}

/**
 * Runs `work` in one transaction of the store, or as a part of the one around it. Where that is not written, costs that
 * were added in it are taken back in memory, so that they count once when it is tried again.
 */
export async function withCosts(
  store: Store,
  accounts: Accounts,
  work: (costs: Costs) => Promise<void>,
): Promise<void> {
  const undo: (() => void)[] = [];
  try {
    await store.atomically(() =>
      work({
        add: async (source, change) => void undo.push(await accounts.add(source, change)),
        spend: async (workspace, slot, charge) =>
          void undo.push(await accounts.spend(workspace, slot, charge)),
      }),
    );
  } catch (error) {
    for (const each of undo) each();
    throw error;
  }
}

/** `undefined` lifts the workspace's limit. */
export function withMonthlyLimit(
  { monthlyLimit: _, ...rest }: CreditSettings,
  credits: number | undefined,
): CreditSettings {
  return credits === undefined ? rest : { ...rest, monthlyLimit: credits };
}

/** `undefined` lifts the slot's limit. */
export function withSlotLimit(
  { slotLimits = {}, ...rest }: CreditSettings,
  slot: number,
  credits: number | undefined,
): CreditSettings {
  const { [slot]: _, ...others } = slotLimits;
  const limits = credits === undefined ? others : { ...others, [slot]: credits };
  return Object.keys(limits).length === 0 ? rest : { ...rest, slotLimits: limits };
}

/** The day in the month (UTC), from 1 on. */
export function dayOf(now: number): number {
  return new Date(now).getUTCDate();
}

/** The calendar month (UTC) of a workspace. */
export function monthKey(workspace: string, now: number): string {
  return `${monthsOf(workspace)}${new Date(now).toISOString().slice(0, 7)}`;
}

/** The same of one of its slots. */
export function slotMonthKey(workspace: string, slot: number, now: number): string {
  return `${monthKey(workspace, now)}/${slot}`;
}

/** What the keys of all of a workspace's months begin with. */
export function monthsOf(workspace: string): string {
  return `${encodeURIComponent(workspace)}/`;
}
