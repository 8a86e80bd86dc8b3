import { type Collection, deleteAll, type Store } from '../ports.ts';
import { Budget, reserveInAll, roundCredits } from './budget.ts';

/** What a job (or a request) has cost so far. Durable together with the answers that it cost. */
export interface Tally {
  readonly credits: number;
  /** Calls that reached Apollo, those in doubt included. */
  readonly calls: number;
  /** Calls whose answer was lost: perhaps charged. */
  readonly inDoubtCalls: number;
  /** 429s. */
  readonly rateLimited: number;
}

export const NO_COST: Tally = { credits: 0, calls: 0, inDoubtCalls: 0, rateLimited: 0 };

/** A workspace's monthly limit on credits, and nothing else so far. */
export interface CreditSettings {
  readonly monthlyLimit?: number;
}

/** What a workspace spent in a calendar month (UTC), by slot. */
export interface MonthlySpend {
  readonly credits: number;
  readonly bySlot: Readonly<Record<string, number>>;
}

/** The credit limits that the look-ups of one source have to keep: its own and the workspace's monthly one. */
export interface Purse {
  /**
   * Sets credits aside for one look-up, waiting for room while there may be some; `more` look-ups of the same
   * price are to follow. `false`: there is no room left, or the signal aborted.
   */
  reserve(credits: number, signal: AbortSignal, more: number): Promise<boolean>;
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
  /** After a restart: sets aside again what is held. */
  holdAgain(credits: number): void;
}

/** What is spent, by job and by month, and the limits on it. */
export interface Accounts {
  /** Takes up a source's account, with its limit in credits. */
  open(source: string, limit: number | undefined): Promise<void>;
  close(source: string): void;
  /** Removes what sources of a workspace have spent, and its months and limit. */
  remove(workspace: string, sources: readonly string[]): Promise<void>;
  tally(source: string): Promise<Tally>;
  purse(workspace: string, source: string): Promise<Purse>;
  /**
   * Adds to a source's tally; resolves when that is durable. Gives what takes it back in memory, for whoever
   * learns that the `atomically` around it was not written.
   */
  add(source: string, change: Partial<Tally>): Promise<() => void>;
  /**
   * Adds to the month's spend of a workspace. Its budget is settled by releasing the reservation. Gives what
   * takes it back in memory, as {@link add}.
   */
  spend(workspace: string, slot: number, credits: number): Promise<() => void>;
  /** This month's spend and limit, credits. */
  month(workspace: string): Promise<MonthlySpend & CreditSettings>;
  /** `undefined` lifts the limit. Holds from the next look-up on. */
  setMonthlyLimit(workspace: string, credits: number | undefined): Promise<void>;
}

/** Kept in memory by the one process that spends, and written with every answer. */
export class OwnAccounts implements Accounts {
  readonly #tallies: Collection<Tally>;
  readonly #months: Collection<MonthlySpend>;
  readonly #settings: Collection<CreditSettings>;
  readonly #open = new Map<string, { tally: Tally; budget: Budget }>();
  readonly #spends = new Map<string, { spend: MonthlySpend; budget: Budget }>();
  readonly #now: () => number;

  readonly #retentionMs: number;

  constructor(store: Store, now: () => number, retentionMs: number) {
    this.#retentionMs = retentionMs;
    this.#tallies = store.collection<Tally>('tallies');
    this.#months = store.collection<MonthlySpend>('months');
    this.#settings = store.collection<CreditSettings>('credit-settings');
    this.#now = now;
  }

  async open(source: string, limit: number | undefined): Promise<void> {
    const opened = this.#open.get(source);
    if (opened) {
      opened.budget.limit = limit;
      return;
    }
    const tally = (await this.#tallies.get(source)) ?? NO_COST;
    this.#open.set(source, { tally, budget: new Budget(limit, tally.credits) });
  }

  close(source: string): void {
    this.#open.delete(source);
  }

  async remove(workspace: string, sources: readonly string[]): Promise<void> {
    const months = monthsOf(workspace);
    for (const key of this.#spends.keys()) if (key.startsWith(months)) this.#spends.delete(key);
    await Promise.all([
      this.#tallies.deleteMany(sources),
      deleteAll(this.#months, months),
      this.#settings.delete(workspace),
    ]);
  }

  async tally(source: string): Promise<Tally> {
    return this.#open.get(source)?.tally ?? (await this.#tallies.get(source)) ?? NO_COST;
  }

  async purse(workspace: string, source: string): Promise<Purse> {
    const own = this.#open.get(source);
    const month = (await this.#month(workspace)).budget;
    return purseOf(own ? [own.budget, month] : [month]);
  }

  async add(source: string, change: Partial<Tally>): Promise<() => void> {
    const opened = this.#open.get(source);
    const before = opened?.tally ?? (await this.#tallies.get(source)) ?? NO_COST;
    const tally = changed(before, change, 1);
    if (opened) opened.tally = tally;
    await this.#tallies.set(source, tally, { ttlMs: this.#retentionMs });
    return () => {
      if (opened) opened.tally = changed(opened.tally, change, -1);
    };
  }

  async spend(workspace: string, slot: number, credits: number): Promise<() => void> {
    if (credits === 0) return () => undefined;
    const month = await this.#month(workspace);
    month.spend = spentMore(month.spend, slot, credits);
    await this.#months.set(this.#monthKey(workspace), month.spend);
    return () => {
      month.spend = spentMore(month.spend, slot, -credits);
    };
  }

  async month(workspace: string): Promise<MonthlySpend & CreditSettings> {
    const { spend, budget } = await this.#month(workspace);
    return { ...spend, ...(budget.limit !== undefined && { monthlyLimit: budget.limit }) };
  }

  async setMonthlyLimit(workspace: string, credits: number | undefined): Promise<void> {
    await this.#settings.set(workspace, credits === undefined ? {} : { monthlyLimit: credits });
    const month = await this.#month(workspace);
    month.budget.limit = credits;
  }

  async #month(workspace: string): Promise<{ spend: MonthlySpend; budget: Budget }> {
    const key = this.#monthKey(workspace);
    const known = this.#spends.get(key);
    if (known) return known;
    const [spend, settings] = await Promise.all([this.#months.get(key), this.#settings.get(workspace)]);
    const raced = this.#spends.get(key);
    if (raced) return raced;
    const month = {
      spend: spend ?? { credits: 0, bySlot: {} },
      budget: new Budget(settings?.monthlyLimit, spend?.credits ?? 0),
    };
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
    rateLimited: tally.rateLimited + sign * (change.rateLimited ?? 0),
  };
}

function spentMore({ credits, bySlot }: MonthlySpend, slot: number, more: number): MonthlySpend {
  return {
    credits: roundCredits(credits + more),
    bySlot: { ...bySlot, [slot]: roundCredits((bySlot[slot] ?? 0) + more) },
  };
}

/** The calendar month (UTC) of a workspace. */
export function monthKey(workspace: string, now: number): string {
  return `${monthsOf(workspace)}${new Date(now).toISOString().slice(0, 7)}`;
}

/** What the keys of all of a workspace's months begin with. */
export function monthsOf(workspace: string): string {
  return `${encodeURIComponent(workspace)}/`;
}

function purseOf(budgets: readonly Budget[]): Purse {
  return {
    reserve: (credits, signal) => reserveInAll(budgets, credits, signal),
    rest: () => undefined,
    release: (reserved, spent, held = 0) => {
      for (const budget of budgets) budget.release(reserved - held, spent);
    },
    hold: async () => undefined,
    unhold: async () => undefined,
    unheld: (credits, spent) => {
      for (const budget of budgets) budget.release(credits, spent);
    },
    holdAgain: (credits) => {
      for (const budget of budgets) budget.reserve(credits);
    },
  };
}
