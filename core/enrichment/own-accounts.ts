import { type Collection, deleteAll, type Store } from '../ports.ts';
import {
  type Accounts,
  type AuthorOf,
  type Charge,
  type Cost,
  type CreditSettings,
  chargedByAuthor,
  countedCredits,
  dayOf,
  type MonthlySpend,
  monthKey,
  monthsOf,
  NO_COST,
  type Purse,
  type SlotPurse,
  slotMonthKey,
  type Tally,
  withMonthlyLimit,
  withSlotLimit,
} from './accounts.ts';
import { authorsIn } from './authors.ts';
import { Budget, reserveInAll, roundCredits } from './budget.ts';

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
  readonly #authorOf: AuthorOf;

  constructor(store: Store, now: () => number, retentionMs: number) {
    this.#authorOf = authorsIn(store);
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
      release: (source, reserved, held) => purseOf(source, [budget]).release(reserved, held),
      holdAgain: (source, credits) => budget.holdAgain(source, credits),
    };
  }

  async slotLeft(workspace: string, slot: number): Promise<number> {
    const { cost, budget } = await this.#slotMonth(workspace, slot);
    return (budget.limit ?? Number.POSITIVE_INFINITY) - countedCredits(cost);
  }

  async add(source: string, change: Partial<Tally>): Promise<() => void> {
    const account = await this.#source(source);
    const count = (sign: 1 | -1) => {
      account.tally = changed(account.tally, change, sign);
      account.budget?.spend(sign * countedCredits({ ...NO_COST, ...change }));
    };
    count(1);
    await this.#tallies.set(source, account.tally, { ttlMs: this.#retentionMs });
    return () => count(-1);
  }

  async spend(workspace: string, slot: number, cost: Charge): Promise<() => void> {
    if (countedCredits(cost) === 0) return () => undefined;
    const byAuthor = await chargedByAuthor(cost, this.#authorOf);
    const month = await this.#month(workspace);
    const ofSlot = await this.#slotMonth(workspace, slot);
    const where = { slot, day: dayOf(this.#now()), byAuthor };
    const count = (sign: 1 | -1) => {
      month.spend = spentMore(month.spend, where, cost, sign);
      ofSlot.cost = costMore(ofSlot.cost, cost, sign);
      for (const { budget } of [month, ofSlot]) budget.spend(sign * countedCredits(cost));
    };
    count(1);
    await Promise.all([
      this.#months.set(this.#monthKey(workspace), month.spend),
      this.#slotMonths.set(slotMonthKey(workspace, slot, this.#now()), ofSlot.cost),
    ]);
    return () => count(-1);
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

function spentMore(
  { credits, inDoubtCredits, bySlot, byDay = {}, byAuthor = {} }: MonthlySpend,
  where: {
    readonly slot: number;
    readonly day: number;
    readonly byAuthor: Readonly<Record<string, number>>;
  },
  more: Cost,
  sign: 1 | -1,
): MonthlySpend {
  const { slot, day } = where;
  const change = sign * more.credits;
  const authors = { ...byAuthor };
  for (const [author, share] of Object.entries(where.byAuthor)) {
    authors[author] = roundCredits((authors[author] ?? 0) + sign * share);
  }
  return {
    ...costMore({ credits, inDoubtCredits }, more, sign),
    bySlot: { ...bySlot, [slot]: roundCredits((bySlot[slot] ?? 0) + change) },
    byDay: { ...byDay, [day]: roundCredits((byDay[day] ?? 0) + change) },
    ...(Object.keys(authors).length > 0 && { byAuthor: authors }),
  };
}

function purseOf(source: string, budgets: readonly Budget[]): Purse {
  return {
    reserve: (credits, signal) => reserveInAll(budgets, credits, signal),
    renew: async (reserved) => {
      for (const budget of budgets) budget.release(reserved);
      if (budgets.some((budget) => budget.check(reserved) !== 'room')) return false;
      for (const budget of budgets) budget.reserve(reserved);
      return true;
    },
    rest: () => undefined,
    release: (reserved, held = 0) => {
      for (const budget of budgets) {
        budget.hold(source, held);
        budget.release(reserved - held);
      }
    },
    hold: async () => undefined,
    unhold: async () => undefined,
    unheld: (credits) => {
      for (const budget of budgets) budget.unhold(source, credits);
    },
    holdAgain: (credits) => {
      for (const budget of budgets) budget.holdAgain(source, credits);
    },
  };
}
