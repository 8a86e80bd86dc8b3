/**
 * What the core needs from outside. Everything in `core/` except `node/` reaches the world only through
 * these interfaces, so that the same code runs in the bot's process and, bundled, inside n8n.
 */
import type { Outcome } from './outcome.ts';

/** Time. Injected so that tests move it and n8n, which forbids timers, can give its own sleep. */
export interface Clock {
  /** Wall-clock time, ms since the epoch. For what people see and for what outlives the process. */
  now(): number;
  /** A time that never jumps or goes backwards, ms from an arbitrary origin. For measuring and pacing. */
  monotonic(): number;
  /** Resolves after `ms`, or at once (without an error) when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** ms until the request is given up, answer body included. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly watch?: RequestWatch;
}

/** Hears when a request leaves and is answered; nothing where the implementation cannot tell. */
export interface RequestWatch {
  /** The first byte is about to be written. */
  leaving(): void;
  /** The answer's head is there; its body is still to come. */
  answered(): void;
  /** All of the answer is there; it waits for its turn to be read. */
  arrived(): void;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text: Apollo's 64-bit ids do not survive a JSON parse to doubles. */
  readonly body: string;
}

/**
 * No answer came. `sent: false` promises that the server cannot have seen the request (no connection was
 * made), so that it may be repeated without a risk of paying twice.
 */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  readonly sent: boolean;
  constructor(message: string, sent: boolean, options?: ErrorOptions) {
    super(message, options);
    this.sent = sent;
  }
}

export interface Http {
  /** Requests that it can have under way; more wait in it. None: as many as there are. */
  readonly atOnce?: number;
  /** Gives any answer with a status, whatever the status. Throws {@link HttpFailure} when none came. */
  request(request: HttpRequest): Promise<HttpResponse>;
}

/** Structured log. Implementations redact; callers still never pass a key or a person's data. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

export interface WriteOptions {
  /** ms after which the entry is gone; none: it stays. */
  readonly ttlMs?: number;
}

/**
 * A named set of durable entries, values being JSON. A promise that resolved means that the write
 * survives the death of the process.
 */
export interface Collection<T> {
  get(key: string): Promise<T | undefined>;
  /** In the order of `keys`, `undefined` for each that is not there. */
  getMany(keys: readonly string[]): Promise<(T | undefined)[]>;
  set(key: string, value: T, options?: WriteOptions): Promise<void>;
  setMany(entries: readonly (readonly [key: string, value: T])[], options?: WriteOptions): Promise<void>;
  delete(key: string): Promise<void>;
  deleteMany(keys: readonly string[]): Promise<void>;
  /**
   * All entries whose key starts with `prefix`: in the order of their keys, but for those that the `atomically` around it
   * has written.
   */
  entries(prefix?: string): AsyncIterable<[key: string, value: T]>;
}

/** How many entries are deleted together, so that a large collection is never in memory. */
const DELETED_TOGETHER = 1000;

/** Deletes all entries whose key starts with `prefix`. */
export async function deleteAll<T>(collection: Collection<T>, prefix: string): Promise<void> {
  let keys: string[] = [];
  for await (const [key] of collection.entries(prefix)) {
    keys.push(key);
    if (keys.length < DELETED_TOGETHER) continue;
    await collection.deleteMany(keys);
    keys = [];
  }
  await collection.deleteMany(keys);
}

/** Numbers under keys that several processes add to, each addition counted once. */
export interface Counters {
  /** All of a key's fields that are not 0; none for a key that is not there. */
  get(key: string): Promise<Fields>;
  /**
   * Adds to fields, 0 where there is none. Durable when it resolves, or with the `atomically` around it, before whose
   * end nobody sees it.
   */
  add(key: string, change: Fields, options?: WriteOptions): Promise<void>;
  delete(key: string): Promise<void>;
  keys(prefix?: string): AsyncIterable<string>;
}

/** Numbers by name. */
export type Fields = Readonly<Record<string, number>>;

export interface Store {
  collection<T>(name: string): Collection<T>;
  /** Numbers under a name of their own; a collection of the same name is something else. */
  counters(name: string): Counters;
  /**
   * Makes the writes begun inside `work` durable together: after a crash either all of them are there or
   * none. Resolves when they are.
   */
  atomically(work: () => Promise<unknown>): Promise<void>;
  /**
   * Takes what was deleted out of the files too, as far as this program can. Gives, a sentence each, where it still
   * stands and until when. None: the store leaves nothing behind.
   */
  purge?(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** What several callers (on Redis: several processes) must not do at the same moment. */
export interface Coordination {
  /**
   * Runs `work` while no other work of the same name runs; gives what it gives. Throws an error named `LockLost` when
   * another process took over meanwhile: nothing that was written under it is kept, and it may be done again.
   */
  exclusive<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** Who counts what the core does, for monitoring. Hears numbers and words of ours, never whom they are about. */
export interface Meter {
  /** Leads that were decided. */
  decided(outcome: Outcome, how: 'lookup' | 'duplicate' | 'known' | undefined, leads: number): void;
  /** Credits that Apollo charged. */
  spent(credits: number): void;
  /** Something in Apollo's answers that nobody knows of: the kind of object, and the field in it. */
  unknownField(part: string, field: string): void;
}

/** A limit on credits that several processes keep together. */
export interface CreditAccount {
  /** Name of the counters, and key in them, whose fields `credits` and `inDoubtCredits` are what is spent. */
  readonly counters: string;
  readonly key: string;
  /** None: no limit. */
  readonly limit: number | undefined;
}

/**
 * Credits set aside by all processes. What a process had set aside is free again once it is dead and settled: until the
 * calls that it had under way are counted, nobody else may spend what they may have cost.
 */
export interface Reservations {
  /**
   * Sets `each` aside in every account, up to `most` times, as often as there is room in all of them.
   * `never`: not even once, and what others give back cannot change that.
   */
  reserve(
    accounts: readonly CreditAccount[],
    each: number,
    most: number,
  ): Promise<{ times: number; never: boolean }>;
  release(accounts: readonly CreditAccount[], credits: number): Promise<void>;
  /** The processes that have set credits aside since they were settled. */
  unsettled(): Promise<readonly string[]>;
  /** The calls that these had under way are counted; those of them that live keep what they have set aside. */
  settle(processes: readonly string[]): Promise<void>;
  /**
   * Keeps credits aside whatever happens to this process (negative: gives them back); part of the
   * `atomically` around it.
   */
  hold(accounts: readonly CreditAccount[], credits: number): Promise<void>;
}

/** Names that one process at a time has to itself. A claim of a process that died is void. */
export interface Claims {
  /** For each group whether all its names are this process's now; else none of them was taken. */
  take(groups: readonly (readonly string[])[]): Promise<boolean[]>;
  /** For each group whether all its names are still this process's: while it stood still, others may have taken them. */
  areHeld(groups: readonly (readonly string[])[]): Promise<boolean[]>;
  release(names: readonly string[]): Promise<void>;
}

/** One running of a job: from a start or resume to its end or next pause. */
export interface JobRun {
  readonly job: string;
  readonly run: string;
}

export interface ChunkWorker {
  /**
   * Works on a chunk. `again`: it could not be finished here; let whoever has room have it. `over`: no chunk of the run
   * is to be worked on any more. `onAsked` is called when all that is known in it is found, and the rest waits for Apollo.
   */
  chunk(run: JobRun, number: number, onAsked: () => void): Promise<'done' | 'again' | 'over'>;
  /** Whether another chunk of the run is to be begun here: `later`, it would only wait; `never`, the run stops. */
  mayBegin(run: JobRun): 'now' | 'later' | 'never';
  /** Every chunk of the run has had its turn. */
  finish(run: JobRun): Promise<'done' | 'again'>;
}

/** Gives the chunks of running jobs to whichever process has room, and again when that one dies. */
export interface ChunkQueue {
  add(run: JobRun, chunks: readonly number[]): Promise<void>;
  /** Whether the run is still to be finished. */
  has(run: JobRun): Promise<boolean>;
  /** Whether there is a process that takes chunks. */
  isServed(): Promise<boolean>;
  /**
   * From now on this process takes chunks. Gives a function that ends it when the last one is given back, and gives the
   * runs that are left and that no other process will ever take up.
   */
  serve(worker: ChunkWorker): () => Promise<readonly JobRun[]>;
}

/** What processes tell each other. Nothing depends on its arrival but how soon something happens. */
export type Topic = 'events' | 'forgotten' | 'jobs' | 'limiters' | 'slots';

/** What the processes on one state have in common. There may be one only, which then has it to itself. */
export interface Shared {
  /** This process among them; no other ever has the same name. */
  readonly self: string;
  /** No other process uses the state as long as this one does. */
  readonly isAlone: boolean;
  /** Whether this process works on jobs: on all, not before it started one itself, or never. */
  readonly works: 'always' | 'once-started' | 'never';
  /** True once it was not heard of for so long that it counts as dead; false again when one that stood still goes on. */
  isLost(process: string): boolean;
  /** Hears that processes have died, as all that live do. */
  onLost(listener: () => void): void;
  /** Looks now which processes have died. */
  lookForLost(): Promise<void>;
  /** ms since the epoch, the same for every process, never backwards. */
  now(): number;
  /** Changes a value as if nobody else did so at the same time; `change` may be asked more than once. */
  update<T, R>(
    key: string,
    change: (value: T | undefined) => { readonly value: T; readonly result: R },
  ): Promise<R>;
  readonly reservations: Reservations;
  readonly claims: Claims;
  readonly chunks: ChunkQueue;
  tell(topic: Topic, message?: string): void;
  /** Hears what other processes tell, not this one. */
  hear(topic: Topic, listener: (message: string) => void): void;
}

/** Who has something done, as the surface knows them. */
export interface Actor {
  /** `server`: nobody asked, the program goes on by itself. `operator`: one of the ConnectionSphere team. */
  readonly kind: 'person' | 'token' | 'operator' | 'command-line' | 'server';
  /** As the surface tells them apart: Slack's id of a person, a token's id, the name of a user of the machine. */
  readonly id: string;
  /** For people to read. */
  readonly name?: string;
  /** Where it was asked. */
  readonly via: 'slack' | 'api' | 'page' | 'link' | 'command-line' | 'server';
  /** Of a page: a part of the session's id. */
  readonly session?: string;
}

/** The outside world, handed to the core once. */
export interface Ports {
  readonly clock: Clock;
  readonly http: Http;
  readonly log: Log;
  readonly store: Store;
  readonly coordination: Coordination;
  readonly shared: Shared;
  readonly meter?: Meter | undefined;
  /** Who asks for what is done just now. None: nothing is recorded of who does what. */
  readonly actor?: (() => Actor) | undefined;
  /** Has `work` done in the name of an actor who asked for it before. */
  readonly actAs?: (<T>(actor: Actor, work: () => Promise<T>) => Promise<T>) | undefined;
}
