import type { Collection, Counters, CreditAccount, Fields, Ports } from '../ports.ts';
import { accountName, HELD } from '../reservations.ts';
import { type AuthorOf, authorsIn, creditsByAuthor } from './authors.ts';
import { roundCredits } from './credits.ts';
import { giveBackSurely, type SlotSpending, Spending } from './spending.ts';

/** What a job (or a request) has cost so far. Durable together with the answers that it cost. */
export interface Usage {
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

const NO_COST: Usage = { credits: 0, calls: 0, inDoubtCalls: 0, inDoubtCredits: 0, rateLimited: 0 };

/** Credits that Apollo charged, and the most that it may have charged beside them. */
export type Cost = Pick<Usage, 'credits' | 'inDoubtCredits'>;

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
  /** By {@link AuthorOf}; together `credits`, where it is known who acts. */
  readonly byAuthor?: Readonly<Record<string, number>>;
}

const TALLIES = 'tallies';
const MONTHS = 'months';
const SLOT_MONTHS = 'slot-months';
/** Before a slot's number, the field of its credits in a month. */
const SLOT = 'slot:';
/** Before a day's number, the field of its credits. */
const DAY = 'day:';
/** Before an author's key, the field of the credits that were spent for them. */
const AUTHOR = 'by:';

/** Whose limits a {@link Spending} keeps to. */
export interface SpendingOf {
  readonly workspace: string;
  readonly source: string;
  /** With a slot, its monthly limit too. */
  readonly slot?: number;
  /** ms since the epoch, in the month whose limits these are; default: now. */
  readonly at?: number;
}

/**
 * What is spent, by job and by month, and the limits on it. Every figure is a counter that all processes add to,
 * together with the answers that it was paid for; what was set aside is given back after that.
 */
export class Accounts {
  readonly #ports: Ports;
  readonly #ttl: { readonly ttlMs: number };
  readonly #usages: Counters;
  readonly #months: Counters;
  readonly #slotMonths: Counters;
  readonly #limits: Collection<number>;
  readonly #settings: Collection<CreditSettings>;
  readonly #authorOf: AuthorOf;

  constructor(ports: Ports, retentionMs: number) {
    const { store } = ports;
    this.#ports = ports;
    this.#authorOf = authorsIn(store);
    this.#ttl = { ttlMs: retentionMs };
    this.#usages = store.counters(TALLIES);
    this.#months = store.counters(MONTHS);
    this.#slotMonths = store.counters(SLOT_MONTHS);
    this.#limits = store.collection<number>('credit-limits');
    this.#settings = store.collection<CreditSettings>('credit-settings');
  }

  /** Sets a source's limit, credits. */
  async open(source: string, limit: number | undefined): Promise<void> {
    if (limit === undefined) await this.#lift(source);
    else await this.#limits.set(source, limit, this.#ttl);
  }

  close(source: string): void {
    this.#lift(source).catch((error) =>
      this.#ports.log.warn('A credit limit could not be removed', { error }),
    );
  }

  async #lift(source: string): Promise<void> {
    if ((await this.#limits.get(source)) !== undefined) await this.#limits.delete(source);
  }

  /** Removes what sources of a workspace have spent, its months and limits, and what was kept aside in them. */
  async remove(workspace: string, sources: readonly string[]): Promise<void> {
    const held = this.#ports.store.counters(HELD);
    const remove = async (counters: string, key: string) => {
      await this.#ports.store.counters(counters).delete(key);
      await held.delete(accountName({ counters, key }));
    };
    for (const source of sources) await remove(TALLIES, source);
    for (const months of [MONTHS, SLOT_MONTHS]) {
      const keys = this.#ports.store.counters(months).keys(monthsOf(workspace));
      for await (const key of keys) await remove(months, key);
    }
    await this.#settings.delete(workspace);
  }

  async usage(source: string): Promise<Usage> {
    return { ...NO_COST, ...rounded(await this.#usages.get(source)) };
  }

  spending({ workspace, source, slot, at = this.#ports.clock.now() }: SpendingOf): Spending {
    const accounts = (limit?: number, settings?: CreditSettings): CreditAccount[] => [
      { counters: TALLIES, key: source, limit },
      { counters: MONTHS, key: monthKey(workspace, at), limit: settings?.monthlyLimit },
      ...(slot === undefined ? [] : [slotAccount(workspace, slot, at, settings)]),
    ];
    return new Spending(this.#ports, accounts(), async () =>
      accounts(...(await Promise.all([this.#limits.get(source), this.#settings.get(workspace)]))),
    );
  }

  /** The monthly limit of a slot, kept by every call with its key; of the month that the call begins in. */
  async slotSpending(workspace: string, slot: number): Promise<SlotSpending> {
    const { clock, shared } = this.#ports;
    const accounts = [slotAccount(workspace, slot, clock.now(), await this.#settings.get(workspace))];
    return {
      reserve: (each, most) => shared.reservations.reserve(accounts, each, most),
      release: (credits) => {
        void giveBackSurely(this.#ports, accounts, credits);
      },
    };
  }

  /** What a slot may still spend this month, credits; infinite without a limit. */
  async slotLeft(workspace: string, slot: number): Promise<number> {
    const settings = await this.#settings.get(workspace);
    const { key, limit } = slotAccount(workspace, slot, this.#ports.clock.now(), settings);
    if (limit === undefined) return Number.POSITIVE_INFINITY;
    return limit - countedCredits({ ...NO_COST, ...(await this.#slotMonths.get(key)) });
  }

  /** Adds to a source's total; part of the `atomically` around it. */
  async add(source: string, change: Partial<Usage>): Promise<void> {
    await this.#usages.add(source, { ...change }, this.#ttl);
  }

  /**
   * Adds to what a workspace and a slot of it spend in this month, whichever it was when credits were set aside; part
   * of the `atomically` around it.
   */
  async spend(workspace: string, slot: number, charge: Charge): Promise<void> {
    const { credits, inDoubtCredits } = charge;
    if (credits === 0 && inDoubtCredits === 0) return;
    const now = this.#ports.clock.now();
    const cost = { credits, inDoubtCredits };
    const byAuthor = Object.entries(await creditsByAuthor(charge.bySource, this.#authorOf));
    await Promise.all([
      this.#slotMonths.add(slotMonthKey(workspace, slot, now), cost),
      this.#months.add(monthKey(workspace, now), {
        ...cost,
        [`${SLOT}${slot}`]: credits,
        [`${DAY}${dayOf(now)}`]: credits,
        ...Object.fromEntries(byAuthor.map(([author, share]) => [`${AUTHOR}${author}`, share])),
      }),
    ]);
  }

  /** This month's spend and limits, credits. */
  async month(workspace: string): Promise<MonthlySpend & CreditSettings> {
    const [fields, settings] = await Promise.all([
      this.#months.get(monthKey(workspace, this.#ports.clock.now())),
      this.#settings.get(workspace),
    ]);
    return { ...spendOf(fields), ...settings };
  }

  /** `undefined` lifts the limit. Holds from the next look-up on. */
  async setMonthlyLimit(workspace: string, credits: number | undefined): Promise<void> {
    await this.#change(workspace, (settings) => withMonthlyLimit(settings, credits));
  }

  /** The same for one slot, whichever key is in it. Holds from the next call on. */
  async setSlotLimit(workspace: string, slot: number, credits: number | undefined): Promise<void> {
    await this.#change(workspace, (settings) => withSlotLimit(settings, slot, credits));
  }

  async #change(workspace: string, change: (settings: CreditSettings) => CreditSettings): Promise<void> {
    await this.#ports.coordination.exclusive(`credit-settings:${workspace}`, async () =>
      this.#settings.set(workspace, change((await this.#settings.get(workspace)) ?? {})),
    );
  }
}

function slotAccount(
  workspace: string,
  slot: number,
  at: number,
  settings: CreditSettings | undefined,
): CreditAccount {
  const key = slotMonthKey(workspace, slot, at);
  return { counters: SLOT_MONTHS, key, limit: settings?.slotLimits?.[slot] };
}

function rounded(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([field, sum]) => [field, roundCredits(sum)]));
}

/** Counters of a month as what was spent in it. */
function spendOf(fields: Fields): MonthlySpend {
  const by = (prefix: string) =>
    Object.entries(rounded(fields))
      .filter(([field]) => field.startsWith(prefix))
      .map(([field, credits]) => [field.slice(prefix.length), credits] as const);
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

/** `undefined` lifts the workspace's limit. */
function withMonthlyLimit(
  { monthlyLimit: _, ...rest }: CreditSettings,
  credits: number | undefined,
): CreditSettings {
  return credits === undefined ? rest : { ...rest, monthlyLimit: credits };
}

/** `undefined` lifts the slot's limit. */
function withSlotLimit(
  { slotLimits = {}, ...rest }: CreditSettings,
  slot: number,
  credits: number | undefined,
): CreditSettings {
  const { [slot]: _, ...others } = slotLimits;
  const limits = credits === undefined ? others : { ...others, [slot]: credits };
  return Object.keys(limits).length === 0 ? rest : { ...rest, slotLimits: limits };
}

/** The day in the month (UTC), from 1 on. */
function dayOf(now: number): number {
  return new Date(now).getUTCDate();
}

/** The calendar month (UTC) of a workspace. */
function monthKey(workspace: string, now: number): string {
  return `${monthsOf(workspace)}${new Date(now).toISOString().slice(0, 7)}`;
}

/** The same of one of its slots. */
function slotMonthKey(workspace: string, slot: number, now: number): string {
  return `${monthKey(workspace, now)}/${slot}`;
}

/** What the keys of all of a workspace's months begin with. */
function monthsOf(workspace: string): string {
  return `${encodeURIComponent(workspace)}/`;
}
