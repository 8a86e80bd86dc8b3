import type { Clock, Collection, Counters, Log, Ports, Shared, Store } from '../ports.ts';
import { addProgress, NO_PROGRESS } from './progress.ts';
import type { Counts, Progress } from './types.ts';

/** How often a process tells how many leads it has found in incomplete chunks, ms. */
const TELL_EVERY_MS = 500;
/** What a process told is believed for so long, ms. */
const BELIEVED_MS = 5_000;

/** Leads found in chunks that are not complete yet. */
export interface Ahead {
  readonly found: number;
  /** Those of them that Apollo was asked for. */
  readonly lookups: number;
}

/** What may come late, by rows: phones, and the addresses that a waterfall found. */
export type Contacts = Pick<Counts, 'phones' | 'emails' | 'verifiedEmails'>;

/** How far jobs are: rows decided, and those found in chunks that are not complete yet. */
export interface ProgressBook {
  /** The job runs now; {@link close} follows. */
  open(job: string): Promise<void>;
  close(job: string): void;
  /** What is found ahead is in `finished` and `lookups`. */
  get(job: string): Promise<Progress>;
  /** So much is found in a chunk by now; `undefined`: the job stopped in it. */
  foundAhead(job: string, chunk: number, ahead: Ahead | undefined): void;
  /** A chunk is decided; part of the `atomically` around it. */
  add(job: string, chunk: number, decided: Progress): Promise<void>;
  /** Sets the counts of what may come late; part of the `atomically` around it. */
  setContacts(job: string, contacts: Contacts): Promise<void>;
  remove(job: string): Promise<void>;
}

/** Kept in memory by the one process that runs jobs, and written with every chunk. */
export class OwnProgress implements ProgressBook {
  readonly #stored: Collection<Progress>;
  readonly #ttl: { readonly ttlMs: number };
  /** Of jobs that run: chunks are decided side by side, and none may count what another one read before it. */
  readonly #open = new Map<string, Progress>();
  readonly #ahead = new AheadByChunk();

  constructor(store: Store, retentionMs: number) {
    this.#stored = store.collection<Progress>('progress');
    this.#ttl = { ttlMs: retentionMs };
  }

  async open(job: string): Promise<void> {
    this.#open.set(job, await this.#decided(job));
  }

  close(job: string): void {
    this.#open.delete(job);
    this.#ahead.close(job);
  }

  async get(job: string): Promise<Progress> {
    const decided = await this.#decided(job);
    return withAhead(decided, this.#ahead.sum(job));
  }

  foundAhead(job: string, chunk: number, ahead: Ahead | undefined): void {
    this.#ahead.set(job, chunk, ahead);
  }

  async add(job: string, chunk: number, decided: Progress): Promise<void> {
    const progress = addProgress(this.#open.get(job) ?? (await this.#decided(job)), decided);
    if (this.#open.has(job)) this.#open.set(job, progress);
    this.#ahead.set(job, chunk, undefined);
    await this.#stored.set(job, progress, this.#ttl);
  }

  async setContacts(job: string, contacts: Contacts): Promise<void> {
    const { counts, finished } = await this.#decided(job);
    const progress = { counts: { ...counts, ...contacts }, finished };
    if (this.#open.has(job)) this.#open.set(job, progress);
    await this.#stored.set(job, progress, this.#ttl);
  }

  async remove(job: string): Promise<void> {
    await this.#stored.delete(job);
  }

  async #decided(job: string): Promise<Progress> {
    return this.#open.get(job) ?? addProgress(NO_PROGRESS, (await this.#stored.get(job)) ?? NO_PROGRESS);
  }
}

/** Counted by all processes together; each tells the others now and then what it has found ahead. */
export class SharedProgress implements ProgressBook {
  readonly #decided: Counters;
  /** By job and chunk, so that whoever goes on with a chunk of a dead process tells of it in its place. */
  readonly #told: Collection<Ahead>;
  readonly #ahead = new AheadByChunk();
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #ttl: { readonly ttlMs: number };
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor({ clock, log, store }: Ports, shared: Shared, retentionMs: number) {
    this.#decided = shared.counters('progress');
    this.#told = store.collection<Ahead>('ahead');
    this.#clock = clock;
    this.#log = log;
    this.#ttl = { ttlMs: retentionMs };
  }

  async open(): Promise<void> {}

  close(job: string): void {
    this.#ahead.close(job);
  }

  async get(job: string): Promise<Progress> {
    const { finished = 0, ...counts } = await this.#decided.get(job);
    let progress: Progress = { counts: { ...NO_PROGRESS.counts, ...counts }, finished };
    for await (const [, ahead] of this.#told.entries(`${job}/`)) progress = withAhead(progress, ahead);
    return progress;
  }

  foundAhead(job: string, chunk: number, ahead: Ahead | undefined): void {
    this.#ahead.set(job, chunk, ahead);
    if (!ahead) {
      this.#tell(job, this.#told.delete(`${job}/${chunk}`));
      return;
    }
    const now = this.#clock.monotonic();
    if (now < this.#toldAt + TELL_EVERY_MS) return;
    this.#toldAt = now;
    for (const [each, found] of this.#ahead.of(job)) {
      this.#tell(job, this.#told.set(`${job}/${each}`, found, { ttlMs: BELIEVED_MS }));
    }
  }

  async add(job: string, chunk: number, { counts, finished }: Progress): Promise<void> {
    await this.#decided.add(job, { ...counts, finished }, this.#ttl);
    this.foundAhead(job, chunk, undefined);
  }

  async setContacts(job: string, contacts: Contacts): Promise<void> {
    const { counts: before } = await this.get(job);
    const more = {
      phones: contacts.phones - before.phones,
      emails: contacts.emails - before.emails,
      verifiedEmails: contacts.verifiedEmails - before.verifiedEmails,
    };
    await this.#decided.add(job, more, this.#ttl);
  }

  async remove(job: string): Promise<void> {
    await this.#decided.delete(job);
  }

  #tell(job: string, written: Promise<unknown>): void {
    written.catch((error) => this.#log.warn('Progress could not be told', { job, error }));
  }
}

class AheadByChunk {
  readonly #jobs = new Map<string, Map<number, Ahead>>();

  set(job: string, chunk: number, ahead: Ahead | undefined): void {
    const chunks = this.#jobs.get(job) ?? new Map<number, Ahead>();
    if (ahead) chunks.set(chunk, ahead);
    else chunks.delete(chunk);
    if (chunks.size > 0) this.#jobs.set(job, chunks);
    else this.#jobs.delete(job);
  }

  of(job: string): Iterable<readonly [chunk: number, ahead: Ahead]> {
    return this.#jobs.get(job) ?? [];
  }

  sum(job: string): Ahead {
    let found = 0;
    let lookups = 0;
    for (const [, ahead] of this.of(job)) {
      found += ahead.found;
      lookups += ahead.lookups;
    }
    return { found, lookups };
  }

  close(job: string): void {
    this.#jobs.delete(job);
  }
}

function withAhead({ counts, finished }: Progress, { found, lookups }: Ahead): Progress {
  return { counts: { ...counts, lookups: counts.lookups + lookups }, finished: finished + found };
}
