import type { Endpoint } from '../../core/apollo/types.ts';
import type { Accounts, Key, Team } from './accounts.ts';
import { round } from './accounts.ts';

/** What was paid for. Data and phone of a person are charged apart. */
type ChargedFor = 'data' | 'phone' | 'email' | 'company';

export interface Charge {
  readonly for: ChargedFor;
  /** What names the person or company: its id first, then its LinkedIn slug and e-mail. */
  readonly names: readonly [id: string, ...others: string[]];
  readonly credits: number;
}

interface Charged {
  readonly id: string;
  readonly for: ChargedFor;
  times: number;
  readonly keys: Set<string>;
}

/** Calls by answer; a status, or `cut`, `hung`, `abandoned` where no answer came. */
type ByStatus = Record<string, number>;

interface KeyCounts {
  readonly team: string;
  readonly last4: string;
  readonly calls: number;
  /** 429s because an allowance was used up; 429s by a fault are not in it. */
  readonly rateLimited: number;
  readonly credits: number;
  readonly byStatus: Readonly<ByStatus>;
  readonly byEndpoint: Readonly<Record<string, number>>;
}

interface TeamCounts {
  readonly id: string;
  readonly calls: number;
  readonly rateLimited: number;
  /** Credits charged since the start or the last reset. */
  readonly credits: number;
  readonly creditsLeft: number;
}

export interface LateCounts {
  /** Requests whose late result was promised. */
  readonly accepted: number;
  readonly pending: number;
  readonly ready: number;
  /** Webhook posts that were answered with a 2xx. */
  readonly delivered: number;
  /** Late results whose webhook address is not on this machine or never answered with a 2xx. */
  readonly undeliverable: number;
}

/** What the sandbox has seen. Keys appear by their last four characters only. */
export interface Counts {
  /** All calls to Apollo's operations, those with an unknown key included. */
  readonly calls: number;
  readonly byEndpoint: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<ByStatus>;
  /** 429s because an allowance was used up. */
  readonly rateLimited: number;
  /** People asked for in calls that were answered. */
  readonly lookups: { readonly people: number; readonly matched: number; readonly missed: number };
  readonly credits: number;
  readonly keys: readonly KeyCounts[];
  readonly teams: readonly TeamCounts[];
  /** Distinct people that anybody paid for, and companies. */
  readonly peopleCharged: number;
  readonly companiesCharged: number;
  /** People and companies that were paid for more than once for the same thing, by any key of any team. */
  readonly chargedMoreThanOnce: readonly {
    readonly id: string;
    readonly for: ChargedFor;
    readonly times: number;
    /** Last four characters. */
    readonly keys: readonly string[];
  }[];
  /** Calls that cost credits although no answer, or none that Apollo documents, reached the client. */
  readonly chargedAnswerLost: { readonly calls: number; readonly credits: number };
  readonly late: LateCounts;
}

class Usage {
  calls = 0;
  rateLimited = 0;
  credits = 0;
  readonly byStatus: ByStatus = {};
  readonly byEndpoint: Record<string, number> = {};

  call(endpoint: string): void {
    this.calls += 1;
    this.byEndpoint[endpoint] = (this.byEndpoint[endpoint] ?? 0) + 1;
  }

  answer(status: string): void {
    this.byStatus[status] = (this.byStatus[status] ?? 0) + 1;
  }
}

/** Writes down every call and every credit. */
export class Ledger {
  readonly #all = new Usage();
  readonly #byKey = new Map<Key, Usage>();
  /** By every name a person is known under, so that one person under two ids is still one. */
  readonly #charged = new Map<string, Charged>();
  readonly #records = new Set<Charged>();
  #people = 0;
  #matched = 0;
  #lost = { calls: 0, credits: 0 };

  called(key: Key | undefined, endpoint: Endpoint | 'unknown'): void {
    for (const usage of this.#usages(key)) usage.call(endpoint);
  }

  answered(key: Key | undefined, status: string): void {
    for (const usage of this.#usages(key)) usage.answer(status);
  }

  rateLimited(key: Key): void {
    for (const usage of this.#usages(key)) usage.rateLimited += 1;
  }

  lookedUp(people: number, matched: number): void {
    this.#people += people;
    this.#matched += matched;
  }

  answerLost(credits: number): void {
    this.#lost = { calls: this.#lost.calls + 1, credits: round(this.#lost.credits + credits) };
  }

  /** Charges all of it to the key's team, or nothing and answers false when its credits do not suffice. */
  charge(key: Key, charges: readonly Charge[]): boolean {
    const credits = total(charges);
    const mobile = total(charges.filter((charge) => charge.for === 'phone'));
    if (!key.take(credits, mobile)) return false;
    for (const usage of this.#usages(key)) usage.credits = round(usage.credits + credits);
    for (const charge of charges) this.#record(key, charge);
    return true;
  }

  #record(key: Key, charge: Charge): void {
    const names = charge.names.map((name) => `${charge.for} ${name}`);
    const earlier = names.map((name) => this.#charged.get(name)).find((record) => record !== undefined);
    const record = earlier ?? { id: charge.names[0], for: charge.for, times: 0, keys: new Set<string>() };
    record.times += 1;
    record.keys.add(key.last4);
    this.#records.add(record);
    for (const name of names) this.#charged.set(name, record);
  }

  #usages(key: Key | undefined): Usage[] {
    if (!key) return [this.#all];
    let own = this.#byKey.get(key);
    if (!own) {
      own = new Usage();
      this.#byKey.set(key, own);
    }
    return [this.#all, own];
  }

  counts(accounts: Accounts, late: LateCounts): Counts {
    const all = this.#all;
    const records = [...this.#records];
    return {
      calls: all.calls,
      byEndpoint: { ...all.byEndpoint },
      byStatus: { ...all.byStatus },
      rateLimited: all.rateLimited,
      lookups: { people: this.#people, matched: this.#matched, missed: this.#people - this.#matched },
      credits: all.credits,
      keys: accounts.keys().map((key) => this.#keyCounts(key)),
      teams: [...accounts.teams.values()].map((team) => this.#teamCounts(team)),
      peopleCharged: records.filter((record) => record.for === 'data').length,
      companiesCharged: records.filter((record) => record.for === 'company').length,
      chargedMoreThanOnce: records
        .filter((record) => record.times > 1)
        .map((record) => ({ id: record.id, for: record.for, times: record.times, keys: [...record.keys] })),
      chargedAnswerLost: { ...this.#lost },
      late,
    };
  }

  #keyCounts(key: Key): KeyCounts {
    const usage = this.#byKey.get(key) ?? new Usage();
    return {
      team: key.team.id,
      last4: key.last4,
      calls: usage.calls,
      rateLimited: usage.rateLimited,
      credits: usage.credits,
      byStatus: { ...usage.byStatus },
      byEndpoint: { ...usage.byEndpoint },
    };
  }

  #teamCounts(team: Team): TeamCounts {
    const usages = [...this.#byKey].filter(([key]) => key.team === team).map(([, usage]) => usage);
    const sum = (of: (usage: Usage) => number) =>
      round(usages.reduce((before, usage) => before + of(usage), 0));
    return {
      id: team.id,
      calls: sum((usage) => usage.calls),
      rateLimited: sum((usage) => usage.rateLimited),
      credits: sum((usage) => usage.credits),
      creditsLeft: team.credits.left,
    };
  }
}

export function total(charges: readonly Charge[]): number {
  return round(charges.reduce((sum, charge) => sum + charge.credits, 0));
}
