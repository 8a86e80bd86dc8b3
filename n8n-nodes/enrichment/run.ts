import {
  type DirectAnswer,
  type DirectRequest,
  type DirectResult,
  type EnrichOptions,
  identifyCompany,
  identifyPerson,
  mostCredits,
  mostCreditsOf,
  normaliseLead,
  type RawLead,
  type Stopped,
} from '@connectionsphere/core';
import { n8nClock } from './n8n-ports.ts';
import type { EnrichmentService } from './service.ts';

/** What is asked for one lead; leads of one run may ask for different things. */
export interface Asked {
  readonly lead: RawLead;
  readonly options: EnrichOptions;
  readonly fresh: boolean;
}

export interface RunRequest {
  readonly kind: DirectRequest['kind'];
  readonly leads: readonly Asked[];
  /** Credits for all leads together. */
  readonly creditLimit?: number | undefined;
  /** Batches under way at a time, at most. */
  readonly concurrency: number;
  /** How long late results are waited for, ms. */
  readonly waitForLateMs: number;
  /** Nothing more is asked for once it aborts; what is under way is waited for. */
  readonly signal?: AbortSignal | undefined;
}

/** What became of a run, in the order of its leads. */
export interface RunAnswer extends Omit<DirectAnswer, 'results'> {
  readonly results: readonly DirectResult[];
  /** The longest that one line of batches waited for its turns, ms. */
  readonly waitedMs: number;
  /** Why batches as a whole failed; their leads are `failed`. */
  readonly errors: readonly Error[];
}

/** Leads that ask for the same, by their indexes in the run. */
interface Batch extends Omit<Asked, 'lead'> {
  readonly indexes: readonly number[];
}

const UNDECIDED: DirectResult = { outcome: 'undecided' };
/** How often those are asked about whose phones are to come, ms. */
const LATE_EVERY_MS = 2_000;
/** Longer than any run, ms. */
const LATE_KNOWN_MS = 24 * 60 * 60_000;

/** Looks all leads of a run up, batch by batch, within its credit limit. */
export async function runEnrichment(service: EnrichmentService, request: RunRequest): Promise<RunAnswer> {
  return await new Run(service, request).answer();
}

class Run {
  readonly #service: EnrichmentService;
  readonly #request: RunRequest;
  readonly #results: DirectResult[];
  /** For each lead the first one about the same. */
  readonly #firsts: readonly number[];
  /** What the first ones ask for, on behalf of all about the same. */
  readonly #asked: readonly Asked[];
  readonly #total = { credits: 0, calls: 0, inDoubtCalls: 0, inDoubtCredits: 0, rateLimited: 0 };
  readonly #errors: Error[] = [];
  #stopped: Stopped | undefined;
  /** How long late results are waited for, ms. */
  #latePatience: number;
  #waitedMs = 0;

  constructor(service: EnrichmentService, request: RunRequest) {
    this.#service = service;
    this.#request = request;
    const { kind, leads, waitForLateMs } = request;
    this.#latePatience = waitForLateMs;
    this.#results = leads.map(() => UNDECIDED);
    this.#firsts = firstOfEach(
      kind,
      leads.map(({ lead }) => lead),
    );
    this.#asked = together(leads, this.#firsts);
  }

  async answer(): Promise<RunAnswer> {
    const { creditLimit } = this.#request;
    // Asked for once: a service knows no duplicates from batch to batch when known results do not count.
    const batches = this.#batches(this.#firsts.filter((first, index) => first === index));
    if (creditLimit === undefined) await this.#askAll(batches);
    else await this.#askWithin(batches, creditLimit);
    await this.#collectLate();
    for (const [index, first] of this.#firsts.entries()) {
      const { how, ...result } = this.#results[first] ?? UNDECIDED;
      if (first !== index) this.#results[index] = { ...result, ...(how && { how: 'duplicate' }) };
    }
    return {
      results: this.#results,
      errors: this.#errors,
      waitedMs: this.#waitedMs,
      ...this.#total,
      ...(this.#stopped && { stopped: this.#stopped }),
    };
  }

  async #askAll(batches: readonly Batch[]): Promise<void> {
    const left = batches.values();
    const work = async () => {
      let waited = 0;
      for (const batch of left) {
        if (!this.#goesOn()) return;
        waited += await this.#ask(batch);
        this.#waitedMs = Math.max(this.#waitedMs, waited);
      }
    };
    await Promise.all(Array.from({ length: Math.max(1, this.#request.concurrency) }, work));
  }

  /**
   * One batch after the other, since two could each spend the rest of the limit. Never more leads at once than the
   * rest may cost: a service that has to wait for credits of late results would wait for as long as these take.
   */
  async #askWithin(batches: readonly Batch[], limit: number): Promise<void> {
    for (const batch of batches) {
      const most = Math.max(...batch.indexes.map((index) => this.#most(index)));
      let open = [...batch.indexes];
      // What is known costs nothing, and so does asking for it.
      if (most * open.length > this.#left(limit)) {
        await this.#ask({ ...batch, indexes: open }, 0);
        open = open.filter((index) => this.#results[index]?.outcome === 'undecided');
        if (this.#stopped === 'budget') this.#stopped = undefined;
      }
      while (open.length > 0 && this.#goesOn()) {
        const left = this.#left(limit);
        const asked = open.slice(0, Math.floor(left / most));
        if (asked.length === 0) {
          if (await this.#releaseLate(most, limit)) continue;
          this.#stopped = 'budget';
          return;
        }
        this.#waitedMs += await this.#ask({ ...batch, indexes: asked }, left);
        open = open.slice(asked.length);
      }
    }
  }

  /** Leads that ask for the same together, as many as the service takes at once. */
  #batches(indexes: Iterable<number>): Batch[] {
    const size = this.#service.batchSize;
    const groups = new Map<string, { options: EnrichOptions; fresh: boolean; indexes: number[] }>();
    for (const index of indexes) {
      const asked = this.#asked[index];
      if (!asked) continue;
      const { options, fresh } = asked;
      const key = JSON.stringify([options, fresh]);
      const group = groups.get(key) ?? { options, fresh, indexes: [] };
      group.indexes.push(index);
      groups.set(key, group);
    }
    return [...groups.values()].flatMap((group) =>
      Array.from({ length: Math.ceil(group.indexes.length / size) }, (_, batch) => ({
        ...group,
        indexes: group.indexes.slice(batch * size, (batch + 1) * size),
      })),
    );
  }

  /** Whether more is to be asked for. */
  #goesOn(): boolean {
    if (this.#request.signal?.aborted) this.#stopped ??= 'aborted';
    return this.#stopped === undefined && this.#errors.length === 0;
  }

  /** Of the limit: what is neither spent nor to be kept for what may come late. */
  #left(limit: number): number {
    const held = this.#pending().reduce((sum, index) => sum + this.#mostLate(index), 0);
    return Math.max(0, limit - this.#total.credits - this.#total.inDoubtCredits - held);
  }

  #most(index: number): number {
    const asked = this.#asked[index];
    return asked ? mostOf(this.#request.kind, asked) : 0;
  }

  /** What may still come for a lead costs so much at most; what others have asked for costs this run nothing. */
  #mostLate(index: number): number {
    const asked = this.#asked[index];
    if (!asked || this.#results[index]?.how !== 'lookup') return 0;
    return mostCredits(this.#request.kind, asked.options.reveal) - 1;
  }

  /** Waits until late results have left enough of the limit; `false`: they will not in the time there is. */
  async #releaseLate(credits: number, limit: number): Promise<boolean> {
    await this.#collectLate(() => this.#left(limit) >= credits);
    return this.#left(limit) >= credits;
  }

  /** Asks for a batch and counts what it cost; gives how long it waited for its turn, ms. */
  async #ask({ indexes, options, fresh }: Batch, creditLimit?: number): Promise<number> {
    const { kind, signal } = this.#request;
    try {
      const answer = await this.#service.enrich({
        kind,
        leads: indexes.map((index) => this.#asked[index]?.lead ?? {}),
        options,
        fresh,
        ...(creditLimit !== undefined && { creditLimit }),
        signal,
      });
      for (const [at, index] of indexes.entries()) this.#results[index] = answer.results[at] ?? UNDECIDED;
      for (const name of ['credits', 'calls', 'inDoubtCalls', 'inDoubtCredits', 'rateLimited'] as const) {
        this.#total[name] += answer[name];
      }
      this.#stopped ??= answer.stopped;
      // A server of an earlier version does not tell.
      return answer.waitedMs ?? 0;
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      this.#errors.push(failure);
      for (const index of indexes) this.#results[index] = { outcome: 'failed', error: failure.message };
      return 0;
    }
  }

  #pending(): number[] {
    return this.#results.flatMap(({ pending }, index) => (pending ? [index] : []));
  }

  /** Waits for phones and waterfall results that Apollo has promised. Asking for them costs nothing. */
  async #collectLate(isEnough = () => false): Promise<void> {
    const { signal } = this.#request;
    const until = n8nClock.monotonic() + this.#latePatience;
    if (this.#latePatience <= 0 || this.#pending().length === 0) return;
    const enough = new AbortController();
    const tended = this.#service.tend?.(enough.signal);
    try {
      while (
        this.#pending().length > 0 &&
        n8nClock.monotonic() < until &&
        !signal?.aborted &&
        this.#errors.length === 0 &&
        !isEnough()
      ) {
        await n8nClock.sleep(Math.min(LATE_EVERY_MS, until - n8nClock.monotonic()), signal);
        for (const batch of this.#batches(this.#pending())) await this.#askLate(batch);
      }
    } catch {
      // What was found counts, and is not lost because nobody can say now what is still to come.
      this.#latePatience = 0;
    } finally {
      enough.abort();
      await tended;
    }
  }

  async #askLate({ indexes, options }: Batch): Promise<void> {
    const { kind, signal } = this.#request;
    const answer = await this.#service.enrich({
      kind,
      leads: indexes.map((index) => this.#asked[index]?.lead ?? {}),
      // However old a known result may be: this is the one that was just found.
      options: { ...options, matchedForMs: Math.max(options.matchedForMs, LATE_KNOWN_MS) },
      creditLimit: 0,
      signal,
    });
    for (const [at, index] of indexes.entries()) {
      const now = answer.results[at];
      const { how } = this.#results[index] ?? UNDECIDED;
      if (now?.outcome !== 'matched') continue;
      this.#results[index] = { ...now, ...(how && { how }) };
      if (!now.pending && how === 'lookup') this.#total.credits += now.lateCredits ?? 0;
    }
  }
}

/** The most that a lead may cost, credits: two calls where it rests on a name alone and phones are asked for. */
export function mostOf(kind: DirectRequest['kind'], { lead, options }: Omit<Asked, 'fresh'>): number {
  return mostCreditsOf(kind, normaliseLead(lead), options.reveal) + (options.company ? 1 : 0);
}

/** Who is asked for by several leads is asked for once, for all that any of them wants. */
function together(leads: readonly Asked[], firsts: readonly number[]): Asked[] {
  const asked = [...leads];
  for (const [index, first] of firsts.entries()) {
    const [one, other] = [asked[first], leads[index]];
    if (first === index || !one || !other || one.options === other.options) continue;
    asked[first] = {
      lead: one.lead,
      options: widest(one.options, other.options),
      fresh: one.fresh || other.fresh,
    };
  }
  return asked;
}

function widest(one: EnrichOptions, other: EnrichOptions): EnrichOptions {
  return {
    reveal: {
      personalEmails: one.reveal.personalEmails || other.reveal.personalEmails,
      phones: one.reveal.phones || other.reveal.phones,
      waterfall: one.reveal.waterfall || other.reveal.waterfall,
    },
    company: one.company || other.company,
    matchedForMs: Math.min(one.matchedForMs, other.matchedForMs),
    unmatchedForMs: Math.min(one.unmatchedForMs, other.unmatchedForMs),
  };
}

/** For each lead whether an earlier one is about the same. */
export function findDuplicates(kind: DirectRequest['kind'], leads: readonly RawLead[]): boolean[] {
  return firstOfEach(kind, leads).map((first, index) => first !== index);
}

/** For each lead the index of the first one about the same: often its own. */
function firstOfEach(kind: DirectRequest['kind'], leads: readonly RawLead[]): number[] {
  const seen = new Map<string, number>();
  return leads.map((raw, index) => {
    const lead = normaliseLead(raw);
    const [key] = (kind === 'person' ? identifyPerson(lead) : identifyCompany(lead)) ?? [];
    if (key === undefined) return index;
    const first = seen.get(key) ?? index;
    seen.set(key, first);
    return first;
  });
}
