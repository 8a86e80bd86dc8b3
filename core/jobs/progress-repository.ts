import type { Clock, Counters, Fields, Log, Ports } from '../ports.ts';
import { NO_PROGRESS } from './progress.ts';
import type { Counts, Progress } from './types.ts';

/** What is found in a chunk is counted so long after it was found, ms: a chunk that is decided sooner is counted once. */
const COUNT_AFTER_MS = 500;

/** Leads found in a chunk that is not complete yet. */
export interface Ahead {
  readonly found: number;
  /** Those of them that Apollo was asked for. */
  readonly lookups: number;
}

/** What may come late, by rows: phones, and the addresses that a waterfall found. */
export type Contacts = Pick<Counts, 'phones' | 'emails' | 'verifiedEmails'>;

interface Working {
  /** What is found in chunks and not counted yet. */
  readonly found: Map<number, Ahead>;
  readonly over: AbortController;
  /** Resolves when nothing is being counted. */
  counting: Promise<void>;
}

/** Before a chunk's number, the fields of what is found in it before it is complete. */
const AHEAD = 'ahead/';

/**
 * How far jobs are: rows decided, and those found in chunks that are not complete yet. Both are counted under one key,
 * so that what is decided is no longer ahead in the same step, and no figure ever runs backwards.
 */
export class ProgressRepository {
  readonly #counters: Counters;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #ttl: { readonly ttlMs: number };
  /** Jobs that this process works on. */
  readonly #working = new Map<string, Working>();

  constructor({ clock, log, store }: Pick<Ports, 'clock' | 'log' | 'store'>, retentionMs: number) {
    this.#counters = store.counters('progress');
    this.#clock = clock;
    this.#log = log;
    this.#ttl = { ttlMs: retentionMs };
  }

  /** What is found ahead is in `finished` and `lookups`. */
  async get(job: string): Promise<Progress> {
    const fields = await this.#counters.get(job);
    const counts = { ...NO_PROGRESS.counts };
    let finished = fields.finished ?? 0;
    for (const name of Object.keys(counts) as (keyof Counts)[]) counts[name] = fields[name] ?? 0;
    let { lookups } = counts;
    for (const [field, amount] of Object.entries(fields)) {
      if (!field.startsWith(AHEAD)) continue;
      if (field.endsWith('/found')) finished += amount;
      else lookups += amount;
    }
    return { counts: { ...counts, lookups }, finished };
  }

  /** So much is found in a chunk by now. */
  foundAhead(job: string, chunk: number, ahead: Ahead): void {
    const working = this.#working.get(job) ?? {
      found: new Map<number, Ahead>(),
      over: new AbortController(),
      counting: Promise.resolve(),
    };
    this.#working.set(job, working);
    working.found.set(chunk, ahead);
    if (working.found.size === 1) this.#countSoon(job, working);
  }

  /** A chunk is decided, here or (with nothing) by another process; part of the `atomically` around it. */
  async add(job: string, chunk: number, { counts, finished }: Progress): Promise<void> {
    const working = this.#working.get(job);
    working?.found.delete(chunk);
    await working?.counting;
    const fields = await this.#counters.get(job);
    const ahead = without(fields, `${AHEAD}${chunk}/`);
    await this.#counters.add(job, { ...counts, finished, ...ahead }, this.#ttl);
  }

  /** Nothing of the job is worked on here any more. */
  close(job: string): void {
    this.#working.get(job)?.over.abort();
    this.#working.delete(job);
  }

  /** The job stopped, and what is found ahead is stored with it; part of the `atomically` around it. */
  async stop(job: string): Promise<void> {
    const working = this.#working.get(job);
    this.close(job);
    await working?.counting;
    await this.#counters.add(job, without(await this.#counters.get(job), AHEAD), this.#ttl);
  }

  /** Sets the counts of what may come late; part of the `atomically` around it. */
  async setContacts(job: string, contacts: Contacts): Promise<void> {
    const { counts: before } = await this.get(job);
    const more = {
      phones: contacts.phones - before.phones,
      emails: contacts.emails - before.emails,
      verifiedEmails: contacts.verifiedEmails - before.verifiedEmails,
    };
    await this.#counters.add(job, more, this.#ttl);
  }

  async remove(job: string): Promise<void> {
    await this.#counters.delete(job);
  }

  /** Counts what is found until then, and again once more is. */
  #countSoon(job: string, working: Working): void {
    const { found, over } = working;
    void this.#clock.sleep(COUNT_AFTER_MS, over.signal).then(() => {
      if (over.signal.aborted) return;
      const chunks = [...found];
      found.clear();
      // One after the other: each counts what is more than the one before it has stored.
      working.counting = working.counting
        .then(() => this.#count(job, chunks))
        .catch((error) => this.#log.warn('Progress could not be counted', { job, error }));
    });
  }

  async #count(job: string, chunks: readonly (readonly [number, Ahead])[]): Promise<void> {
    if (chunks.length === 0) return;
    const fields = await this.#counters.get(job);
    const more: Record<string, number> = {};
    for (const [chunk, ahead] of chunks) {
      for (const [name, amount] of Object.entries(ahead)) {
        const field = `${AHEAD}${chunk}/${name}`;
        // Another process may have found more in it before it died.
        more[field] = Math.max(0, amount - (fields[field] ?? 0));
      }
    }
    await this.#counters.add(job, more, this.#ttl);
  }
}

/** What takes all fields away whose names begin so. */
function without(fields: Fields, prefix: string): Fields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, amount]) =>
      field.startsWith(prefix) ? [[field, -amount] as const] : [],
    ),
  );
}
