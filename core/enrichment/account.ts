import { type Collection, deleteAll, type Store } from '../ports.ts';
import { Budget, reserveInAll, roundCredits } from './budget.ts';

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

/** What a workspace spent in a calendar month (UTC), by slot and by day. */
export interface MonthlySpend extends Cost {
  readonly bySlot: Readonly<Record<string, number>>;
  /** By the day's number, from 1 on; none where nothing was spent. */
  readonly byDay?: Readonly<Record<string, number>>;
}

/** The credit limits that the look-ups of one source have to keep: its own and the workspace's monthly one. */
export interface Purse {
  /**
   * Sets credits aside for one look-up, waiting for room while there may be some; `more` look-ups of the same
   * price are to follow. `false`: there is no room left, or the signal aborted.
   */
  reserve(credits: number, signal: AbortSignal, more: number): Promise<boolean>;
  /**
   * The call that credits were set aside for came to nothing but may have cost `spent`: they are given back
   * and set aside once more. `false`: there is no room for that, and nothing is set aside any more.
   */
  renew(reserved: number, spent: number): Promise<boolean>;
  /** No look-up follows for now. */
  rest(): void;
  /** Gives a reservation back, `spent` of it being used up and `held` kept aside for a late part. */
  release(reserved: number, spent: number, held?: number): void;
  /** Begins to keep credits aside for a late part; part of the `atomically` around it. */
  hold(credits: number): Promise<void>;
  /** Ends that; part of the `atomically` around it. */
  unhold(credits: number): Promise<void>;
  /** It ended, and that is durable: `spent` of what was held is used up. */
  unheld(credits: number, spent: number): void;
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
  /** Gives a source's reservation back, `spent` of it being used up and `held` kept aside for a late part. */
  release(source: string, reserved: number, spent: number, held: number): void;
  /** After a restart: sees to it that all that is held for this source is set aside. */
  holdAgain(source: string, credits: number): void;
}

/** What is spent, by job and by month, and the limits on it. */
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
   * Adds to the month's spend of a workspace. Its budget is settled by releasing the reservation. Gives what
   * takes it back in memory, as {@link add}.
   */
  spend(workspace: string, slot: number, cost: Cost): Promise<() => void>;
  /** This month's spend and limit, credits. */
  month(workspace: string): Promise<MonthlySpend & CreditSettings>;
  /** `undefined` lifts the limit. Holds from the next look-up on. */
  setMonthlyLimit(workspace: string, credits: number | undefined): Promise<void>;
  /** The same for one slot, whichever key is in it. Holds from the next call on. */
  setSlotLimit(workspace: string, slot: number, credits: number | undefined): Promise<void>;
}

/** Of sources that were closed, so many are kept in memory: several may add to one at the same time, late. */
const CLOSED_KEPT = 1_000;

interface SourceAccount {
  tally: Tally;
  /** While it is open. */
  budget?: Budget;
}

/** Kept in memory by the one process that spends, and written with every answer. */
export class OwnAccounts implements Accounts {
  readonly #tallies: Collection<Tally>;
  readonly #months: Collection<MonthlySpend>;
  readonly #slotMonths: Collection<Cost>;
  readonly #settings: Collection<CreditSettings>;
  readonly #sources = new Map<string, SourceAccount>();
  /** Those of them that are not open, in the order of their closing. */
  readonly #closed = new Set<string>();
  readonly #spends = new Map<string, { spend: MonthlySpend; budget: Budget }>();
  readonly #slotSpends = new Map<string, { cost: Cost; budget: Budget }>();
  #changed: Promise<unknown> = Promise.resolve();
  readonly #now: () => number;
  readonly #retentionMs: number;

  constructor(store: Store, now: () => number, retentionMs: number) {
    this.#retentionMs = retentionMs;
    this.#tallies = store.collection<Tally>('tallies');
    this.#months = store.collection<MonthlySpend>('months');
    this.#slotMonths = store.collection<Cost>('slot-months');
    this.#settings = store.collection<CreditSettings>('credit-settings');
    this.#now = now;
  }

  async open(source: string, limit: number | undefined): Promise<void> {
    const account = await this.#source(source);
    this.#closed.delete(source);
    account.budget ??= new Budget(limit, countedCredits(account.tally));
    account.budget.limit = limit;
  }

  close(source: string): void {
    const account = this.#sources.get(source);
    if (!account) return;
    delete account.budget;
    this.#keepClosed(source);
  }

  /** The account of a source, open or not. */
  async #source(source: string): Promise<SourceAccount> {
    const known = this.#sources.get(source);
    if (known) return known;
    const tally = await this.#stored(source);
    const raced = this.#sources.get(source);
    if (raced) return raced;
    const account = { tally };
    this.#sources.set(source, account);
    this.#keepClosed(source);
    return account;
  }

  #keepClosed(source: string): void {
    this.#closed.delete(source);
    this.#closed.add(source);
    const [oldest] = this.#closed;
    if (oldest !== undefined && this.#closed.size > CLOSED_KEPT) this.#drop(oldest);
  }

  #drop(source: string): void {
    this.#closed.delete(source);
    this.#sources.delete(source);
  }

  async remove(workspace: string, sources: readonly string[]): Promise<void> {
    const months = monthsOf(workspace);
    for (const open of [this.#spends, this.#slotSpends]) {
      for (const key of open.keys()) if (key.startsWith(months)) open.delete(key);
    }
    for (const source of sources) this.#drop(source);
    await Promise.all([
      this.#tallies.deleteMany(sources),
      deleteAll(this.#months, months),
      deleteAll(this.#slotMonths, months),
      this.#settings.delete(workspace),
    ]);
  }

  async tally(source: string): Promise<Tally> {
    return this.#sources.get(source)?.tally ?? (await this.#stored(source));
  }

  async #stored(source: string): Promise<Tally> {
    return (await this.#tallies.get(source)) ?? NO_COST;
  }

  async purse(workspace: string, source: string, slot?: number): Promise<Purse> {
    const month = (await this.#month(workspace)).budget;
    const ofSlot = slot === undefined ? [] : [(await this.#slotMonth(workspace, slot)).budget];
    const own = this.#sources.get(source)?.budget;
    return purseOf(source, [...(own ? [own] : []), month, ...ofSlot]);
  }

  async slotPurse(workspace: string, slot: number): Promise<SlotPurse> {
    const { budget } = await this.#slotMonth(workspace, slot);
    return {
      reserve: async (each, most) => {
        let times = 0;
        for (; times < most && budget.check(each) === 'room'; times += 1) budget.reserve(each);
        return { times, never: times === 0 && budget.check(each) === 'never' };
      },
      hold: async () => undefined,
      release: (source, reserved, spent, held) => purseOf(source, [budget]).release(reserved, spent, held),
      holdAgain: (source, credits) => budget.holdAgain(source, credits),
    };
  }

  async slotLeft(workspace: string, slot: number): Promise<number> {
    const { cost, budget } = await this.#slotMonth(workspace, slot);
    return (budget.limit ?? Number.POSITIVE_INFINITY) - countedCredits(cost);
  }

  async add(source: string, change: Partial<Tally>): Promise<() => void> {
    const account = await this.#source(source);
    account.tally = changed(account.tally, change, 1);
    await this.#tallies.set(source, account.tally, { ttlMs: this.#retentionMs });
    return () => {
      account.tally = changed(account.tally, change, -1);
    };
  }

  async spend(workspace: string, slot: number, cost: Cost): Promise<() => void> {
    if (countedCredits(cost) === 0) return () => undefined;
    const month = await this.#month(workspace);
    const ofSlot = await this.#slotMonth(workspace, slot);
    const where = { slot, day: dayOf(this.#now()) };
    month.spend = spentMore(month.spend, where, cost, 1);
    ofSlot.cost = costMore(ofSlot.cost, cost, 1);
    await Promise.all([
      this.#months.set(this.#monthKey(workspace), month.spend),
      this.#slotMonths.set(slotMonthKey(workspace, slot, this.#now()), ofSlot.cost),
    ]);
    return () => {
      month.spend = spentMore(month.spend, where, cost, -1);
      ofSlot.cost = costMore(ofSlot.cost, cost, -1);
    };
  }

  async month(workspace: string): Promise<MonthlySpend & CreditSettings> {
    const { spend } = await this.#month(workspace);
    return { ...spend, ...(await this.#settings.get(workspace)) };
  }

  async setMonthlyLimit(workspace: string, credits: number | undefined): Promise<void> {
    await this.#change(workspace, (settings) => withMonthlyLimit(settings, credits));
    (await this.#month(workspace)).budget.limit = credits;
  }

  async setSlotLimit(workspace: string, slot: number, credits: number | undefined): Promise<void> {
    await this.#change(workspace, (settings) => withSlotLimit(settings, slot, credits));
    (await this.#slotMonth(workspace, slot)).budget.limit = credits;
  }

  /** One after the other: each starts from what the one before has written. */
  async #change(workspace: string, change: (settings: CreditSettings) => CreditSettings): Promise<void> {
    const changed = this.#changed.then(async () =>
      this.#settings.set(workspace, change((await this.#settings.get(workspace)) ?? {})),
    );
    this.#changed = changed.catch(() => undefined);
    await changed;
  }

  async #slotMonth(workspace: string, slot: number): Promise<{ cost: Cost; budget: Budget }> {
    const key = slotMonthKey(workspace, slot, this.#now());
    const open = this.#slotSpends.get(key);
    if (open) return open;
    const [known, settings] = await Promise.all([this.#slotMonths.get(key), this.#settings.get(workspace)]);
    const raced = this.#slotSpends.get(key);
    if (raced) return raced;
    const cost = known ?? { credits: 0, inDoubtCredits: 0 };
    const month = { cost, budget: new Budget(settings?.slotLimits?.[slot], countedCredits(cost)) };
    this.#slotSpends.set(key, month);
    return month;
  }

  async #month(workspace: string): Promise<{ spend: MonthlySpend; budget: Budget }> {
    const key = this.#monthKey(workspace);
    const open = this.#spends.get(key);
    if (open) return open;
    const [spend, settings] = await Promise.all([this.#months.get(key), this.#settings.get(workspace)]);
    const raced = this.#spends.get(key);
    if (raced) return raced;
    const known = spend ?? { credits: 0, inDoubtCredits: 0, bySlot: {} };
    const month = { spend: known, budget: new Budget(settings?.monthlyLimit, countedCredits(known)) };
    this.#spends.set(key, month);
    return month;
  }

  #monthKey(workspace: string): string {
    return monthKey(workspace, this.#now());
  }
}

function changed(tally: Tally, change: Partial<Tally>, sign: 1 | -1): Tally {
  return {
    credits: roundCredits(tally.credits + sign * (change.credits ?? 0)),
    calls: tally.calls + sign * (change.calls ?? 0),
    inDoubtCalls: tally.inDoubtCalls + sign * (change.inDoubtCalls ?? 0),
    inDoubtCredits: roundCredits(tally.inDoubtCredits + sign * (change.inDoubtCredits ?? 0)),
    rateLimited: tally.rateLimited + sign * (change.rateLimited ?? 0),
  };
}

function costMore(cost: Cost, more: Cost, sign: 1 | -1): Cost {
  return {
    credits: roundCredits(cost.credits + sign * more.credits),
    inDoubtCredits: roundCredits(cost.inDoubtCredits + sign * more.inDoubtCredits),
  };
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

function spentMore(
  { credits, inDoubtCredits, bySlot, byDay = {} }: MonthlySpend,
  { slot, day }: { readonly slot: number; readonly day: number },
  more: Cost,
  sign: 1 | -1,
): MonthlySpend {
  const change = sign * more.credits;
  return {
    ...costMore({ credits, inDoubtCredits }, more, sign),
    bySlot: { ...bySlot, [slot]: roundCredits((bySlot[slot] ?? 0) + change) },
    byDay: { ...byDay, [day]: roundCredits((byDay[day] ?? 0) + change) },
  };
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

function purseOf(source: string, budgets: readonly Budget[]): Purse {
  return {
    reserve: (credits, signal) => reserveInAll(budgets, credits, signal),
    renew: async (reserved, spent) => {
      for (const budget of budgets) budget.release(reserved, spent);
      if (budgets.some((budget) => budget.check(reserved) !== 'room')) return false;
      for (const budget of budgets) budget.reserve(reserved);
      return true;
    },
    rest: () => undefined,
    release: (reserved, spent, held = 0) => {
      for (const budget of budgets) {
        budget.hold(source, held);
        budget.release(reserved - held, spent);
      }
    },
    hold: async () => undefined,
    unhold: async () => undefined,
    unheld: (credits, spent) => {
      for (const budget of budgets) budget.unhold(source, credits, spent);
    },
    holdAgain: (credits) => {
      for (const budget of budgets) budget.holdAgain(source, credits);
    },
  };
}
