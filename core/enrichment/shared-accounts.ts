import type {
  Clock,
  Collection,
  Coordination,
  Counters,
  CreditAccount,
  Log,
  Ports,
  Shared,
} from '../ports.ts';
import {
  type Accounts,
  type AuthorOf,
  type Charge,
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
import { roundCredits } from './budget.ts';

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1000;
const TALLIES = 'tallies';
const MONTHS = 'months';
const SLOT_MONTHS = 'slot-months';
/** Before a slot's number, the field of its credits in a month. */
const SLOT = 'slot:';
/** Before a day's number, the field of its credits. */
const DAY = 'day:';
/** Before an author's key, the field of the credits that were spent for them. */
const AUTHOR = 'by:';

const NOTHING_IN_MEMORY = () => undefined;

/** Accounts that several processes spend from: every figure is a counter that all of them add to. */
export class SharedAccounts implements Accounts {
  readonly #shared: Shared;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #retentionMs: number;
  readonly #tallies: Counters;
  readonly #months: Counters;
  readonly #slotMonths: Counters;
  readonly #coordination: Coordination;
  readonly #limits: Collection<number>;
  readonly #settings: Collection<CreditSettings>;
  readonly #authorOf: AuthorOf;

  constructor({ store, clock, coordination, log }: Ports, shared: Shared, retentionMs: number) {
    this.#authorOf = authorsIn(store);
    this.#shared = shared;
    this.#clock = clock;
    this.#coordination = coordination;
    this.#log = log;
    this.#retentionMs = retentionMs;
    this.#tallies = shared.counters(TALLIES);
    this.#months = shared.counters(MONTHS);
    this.#slotMonths = shared.counters(SLOT_MONTHS);
    this.#limits = store.collection<number>('credit-limits');
    this.#settings = store.collection<CreditSettings>('credit-settings');
  }

  async open(source: string, limit: number | undefined): Promise<void> {
    if (limit === undefined) await this.#limits.delete(source);
    else await this.#limits.set(source, limit, { ttlMs: this.#retentionMs });
  }

  close(source: string): void {
    this.#limits
      .delete(source)
      .catch((error) => this.#log.warn('A credit limit could not be removed', { error }));
  }

  async remove(workspace: string, sources: readonly string[]): Promise<void> {
    for (const source of sources) await this.#tallies.delete(source);
    for (const months of [this.#months, this.#slotMonths]) {
      for await (const key of months.keys()) {
        if (key.startsWith(monthsOf(workspace))) await months.delete(key);
      }
    }
    await this.#settings.delete(workspace);
  }

  async tally(source: string): Promise<Tally> {
    const tally: Tally = { ...NO_COST, ...(await this.#tallies.get(source)) };
    const { credits, inDoubtCredits } = tally;
    return { ...tally, credits: roundCredits(credits), inDoubtCredits: roundCredits(inDoubtCredits) };
  }

  async purse(workspace: string, source: string, slot?: number): Promise<Purse> {
    return new SharedPurse(this.#shared, this.#clock, this.#log, async () => [
      ...(await this.#accounts(workspace, source)),
      ...(slot === undefined ? [] : [await this.#slotAccount(workspace, slot)]),
    ]);
  }

  async slotPurse(workspace: string, slot: number): Promise<SlotPurse> {
    const { reservations } = this.#shared;
    // The month that the call began in, whenever it ends.
    const accounts = [await this.#slotAccount(workspace, slot)];
    return {
      reserve: (each, most) => reservations.reserve(accounts, each, most),
      hold: (credits) => reservations.hold(accounts, credits),
      release: (_, reserved) => {
        reservations.release(accounts, reserved).catch((error) =>
          this.#log.warn('Credits that were set aside for a slot could not be given back', {
            error,
          }),
        );
      },
      holdAgain: () => undefined,
    };
  }

  async slotLeft(workspace: string, slot: number): Promise<number> {
    const { key, limit } = await this.#slotAccount(workspace, slot);
    const { credits = 0, inDoubtCredits = 0 } = await this.#slotMonths.get(key);
    return (limit ?? Number.POSITIVE_INFINITY) - countedCredits({ credits, inDoubtCredits });
  }

  async add(source: string, change: Partial<Tally>): Promise<() => void> {
    await this.#tallies.add(source, { ...change }, { ttlMs: this.#retentionMs });
    return NOTHING_IN_MEMORY;
  }

  async spend(workspace: string, slot: number, charge: Charge): Promise<() => void> {
    const { credits, inDoubtCredits } = charge;
    if (credits + inDoubtCredits > 0) {
      const byAuthor = Object.entries(await chargedByAuthor(charge, this.#authorOf));
      await this.#slotMonths.add(slotMonthKey(workspace, slot, this.#clock.now()), {
        credits,
        inDoubtCredits,
      });
      await this.#months.add(this.#monthKey(workspace), {
        credits,
        inDoubtCredits,
        [`${SLOT}${slot}`]: credits,
        [`${DAY}${dayOf(this.#clock.now())}`]: credits,
        ...Object.fromEntries(byAuthor.map(([author, share]) => [`${AUTHOR}${author}`, share])),
      });
    }
    return NOTHING_IN_MEMORY;
  }

  async month(workspace: string): Promise<MonthlySpend & CreditSettings> {
    const [fields, settings] = await Promise.all([
      this.#months.get(this.#monthKey(workspace)),
      this.#settings.get(workspace),
    ]);
    return { ...spendOf(fields), ...settings };
  }

  async setMonthlyLimit(workspace: string, credits: number | undefined): Promise<void> {
    await this.#change(workspace, (settings) => withMonthlyLimit(settings, credits));
  }

  async setSlotLimit(workspace: string, slot: number, credits: number | undefined): Promise<void> {
    await this.#change(workspace, (settings) => withSlotLimit(settings, slot, credits));
  }

  async #change(workspace: string, change: (settings: CreditSettings) => CreditSettings): Promise<void> {
    await this.#coordination.exclusive(`credit-settings:${workspace}`, async () =>
      this.#settings.set(workspace, change((await this.#settings.get(workspace)) ?? {})),
    );
  }

  async #slotAccount(workspace: string, slot: number): Promise<CreditAccount> {
    const limit = (await this.#settings.get(workspace))?.slotLimits?.[slot];
    return { counters: SLOT_MONTHS, key: slotMonthKey(workspace, slot, this.#clock.now()), limit };
  }

  async #accounts(workspace: string, source: string): Promise<CreditAccount[]> {
    const [limit, settings] = await Promise.all([this.#limits.get(source), this.#settings.get(workspace)]);
    return [
      { counters: TALLIES, key: source, limit },
      { counters: MONTHS, key: this.#monthKey(workspace), limit: settings?.monthlyLimit },
    ];
  }

  #monthKey(workspace: string): string {
    return monthKey(workspace, this.#clock.now());
  }
}

/** Counters of a month as what was spent in it. */
export function spendOf(fields: Readonly<Record<string, number>>): MonthlySpend {
  const by = (prefix: string) =>
    Object.entries(fields)
      .filter(([field]) => field.startsWith(prefix))
      .map(([field, credits]) => [field.slice(prefix.length), roundCredits(credits)] as const);
  const days = by(DAY);
  const authors = by(AUTHOR);
  return {
    credits: roundCredits(fields.credits ?? 0),
    inDoubtCredits: roundCredits(fields.inDoubtCredits ?? 0),
    bySlot: Object.fromEntries(by(SLOT)),
    ...(days.length > 0 && { byDay: Object.fromEntries(days) }),
    ...(authors.length > 0 && { byAuthor: Object.fromEntries(authors) }),
  };
}

/** The other way round. */
export function countersOf({
  credits,
  inDoubtCredits,
  bySlot,
  byDay = {},
  byAuthor = {},
}: MonthlySpend): Record<string, number> {
  const fields = (prefix: string, by: Readonly<Record<string, number>>) =>
    Object.entries(by).map(([name, spent]) => [`${prefix}${name}`, spent] as const);
  return {
    credits,
    inDoubtCredits,
    ...Object.fromEntries([...fields(SLOT, bySlot), ...fields(DAY, byDay), ...fields(AUTHOR, byAuthor)]),
  };
}

/** Takes reservations for a whole chunk at once, and gives back what was not needed. */
class SharedPurse implements Purse {
  readonly #shared: Shared;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #accounts: () => Promise<CreditAccount[]>;
  /** Credits reserved for look-ups to come. */
  #ahead = 0;
  #back = 0;

  constructor(shared: Shared, clock: Clock, log: Log, accounts: () => Promise<CreditAccount[]>) {
    this.#shared = shared;
    this.#clock = clock;
    this.#log = log;
    this.#accounts = accounts;
  }

  async reserve(credits: number, signal: AbortSignal, more: number): Promise<boolean> {
    for (let wait = FIRST_WAIT_MS; !signal.aborted; wait = Math.min(LONGEST_WAIT_MS, wait * 2)) {
      if (this.#ahead >= credits) {
        this.#ahead -= credits;
        return true;
      }
      const accounts = await this.#accounts();
      const { times, never } = await this.#shared.reservations.reserve(accounts, credits, more + 1);
      this.#ahead += times * credits;
      if (times > 0) continue;
      if (never) return false;
      await this.#clock.sleep(wait, signal);
    }
    return false;
  }

  async renew(reserved: number): Promise<boolean> {
    const accounts = await this.#accounts();
    await this.#shared.reservations.release(accounts, reserved);
    return (await this.#shared.reservations.reserve(accounts, reserved, 1)).times > 0;
  }

  rest(): void {
    const ahead = this.#ahead;
    this.#ahead = 0;
    if (ahead > 0) this.#giveBack(ahead);
  }

  /** What is held is told to all processes by `hold`. */
  release(reserved: number): void {
    if (reserved > 0) this.#giveBack(reserved);
  }

  async hold(credits: number): Promise<void> {
    if (credits > 0) await this.#shared.reservations.hold(await this.#accounts(), credits);
  }

  async unhold(credits: number): Promise<void> {
    if (credits > 0) await this.#shared.reservations.hold(await this.#accounts(), -credits);
  }

  unheld(): void {}

  /** What is held outlives the process. */
  holdAgain(): void {}

  /** Together with whatever else is given back in this turn. */
  #giveBack(credits: number): void {
    this.#back += credits;
    if (this.#back > credits) return;
    Promise.resolve()
      .then(async () => {
        const back = this.#back;
        this.#back = 0;
        await this.#shared.reservations.release(await this.#accounts(), back);
      })
      .catch((error) => this.#log.warn('Credits that were set aside could not be given back', { error }));
  }
}
