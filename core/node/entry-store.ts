import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock, Collection, Counters, Fields, Store, WriteOptions } from '../ports.ts';
import { type Addition, type Write, WriteBatch } from './write-batch.ts';

/** Before the name of counters, their namespace. */
const COUNTERS = 'counters/';

/** An entry as it was read; without a value when it has expired. */
export type ReadEntry = readonly [key: string, value: string | undefined];

/** Where a store keeps texts by namespace and key. Every call takes effect when it is made, in the order of calls. */
export interface Entries {
  /** In the order of `keys`, `undefined` for each that is not there. */
  getMany(
    namespace: string,
    keys: readonly string[],
  ): readonly (string | undefined)[] | Promise<readonly (string | undefined)[]>;
  /** Some at a time, in the order of keys: those whose keys start with `prefix`. */
  pages(
    namespace: string,
    prefix: string,
  ): Iterable<readonly ReadEntry[]> | AsyncIterable<readonly ReadEntry[]>;
  /** The numbers of an entry that they were added to. */
  fields(namespace: string, key: string): Fields | Promise<Fields>;
  /** The keys of entries that numbers were added to. */
  counted(namespace: string, prefix: string): AsyncIterable<string>;
  /** Resolves once all of this is durable; rejects if none of it is. */
  write(writes: readonly Write[], additions: readonly Addition[]): Promise<void>;
  /** The error for a value that is no JSON. */
  damaged(cause: unknown): Error;
}

/** An entry as it is stored, of whichever collection: its value is JSON as text. */
export interface StoredEntry {
  readonly collection: string;
  /** It is one of the counters of that name, its text their fields. */
  readonly counted?: boolean;
  readonly key: string;
  readonly text: string;
  /** ms that it has left to live; none: it stays. */
  readonly ttlMs: number | undefined;
}

/** A store whose whole content can be taken to another one. */
export interface MovableStore extends Store {
  /** Every entry at least once, some at a time. */
  stored(): AsyncIterable<StoredEntry[]>;
  restore(entries: readonly StoredEntry[]): Promise<void>;
}

/** A store that can be copied while it is in use. */
export interface CopiedStore extends Store {
  /** Copies everything into a new file that only its owner may read; resolves when it is on the disk. */
  copyTo(path: string): Promise<void>;
}

/** The namespace of counters of this name. */
export function countersNamespace(name: string): string {
  return `${COUNTERS}${name}`;
}

/** The name of the counters whose namespace it is; `undefined`: it is a collection's. */
export function countersOf(namespace: string): string | undefined {
  return namespace.startsWith(COUNTERS) ? namespace.slice(COUNTERS.length) : undefined;
}

/** Collections, counters and what is durable together, on entries that may be kept anywhere. */
export abstract class EntryStore implements Store {
  readonly #entries: Entries;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #batches = new AsyncLocalStorage<WriteBatch>();
  /** Of all that are `atomically` under way. */
  readonly #underWay = new Set<WriteBatch>();

  constructor(entries: Entries, clock: Pick<Clock, 'now'>) {
    this.#entries = entries;
    this.#clock = clock;
  }

  abstract close(): Promise<void>;

  collection<T>(name: string): Collection<T> {
    const set = async (entries: readonly (readonly [key: string, value: T])[], options?: WriteOptions) => {
      const expires = this.expiry(options?.ttlMs);
      await this.#write(
        entries.map(([key, value]) => ({
          namespace: name,
          key: usable(key),
          value: stringify(key, value),
          expires,
        })),
      );
    };
    const getMany = async (keys: readonly string[]) => {
      const texts = await this.#texts(name, keys.map(usable));
      return texts.map((text) => this.#parse<T>(text));
    };
    const deleteMany = async (keys: readonly string[]) =>
      this.#write(
        keys.map((key) => ({ namespace: name, key: usable(key), value: undefined, expires: undefined })),
      );
    return {
      get: async (key) => (await getMany([key]))[0],
      getMany,
      set: (key, value, options) => set([[key, value]], options),
      setMany: set,
      delete: (key) => deleteMany([key]),
      deleteMany,
      entries: (prefix = '') => this.#all<T>(name, prefix),
    };
  }

  counters(name: string): Counters {
    const namespace = countersNamespace(name);
    return {
      get: async (key) => {
        const isDeleted = this.#openBatch()?.find(namespace, key) !== undefined;
        return isDeleted ? {} : await this.#entries.fields(namespace, key);
      },
      add: async (key, change, { ttlMs } = {}) => {
        const addition = { namespace, key, change, expires: this.expiry(ttlMs) };
        const batch = this.#openBatch();
        if (batch) batch.additions.push(addition);
        else await this.#entries.write([], [addition]);
      },
      delete: (key) => this.#write([{ namespace, key, value: undefined, expires: undefined }]),
      keys: (prefix = '') => this.#entries.counted(namespace, prefix),
    };
  }

  /**
   * The writes begun inside `work`, awaited or not, are held back until it is done and then made durable
   * together. Inside, awaiting one of them is safe (it resolves at once) and reads see them; outside nobody
   * does until all are there. When `work` throws, none is made. Inside another `atomically` it is a part of
   * that one, whose promise then says when the writes are durable. Where two write the same entry, the write that was
   * begun later holds, whichever of them ends first: numbers that are kept in memory and written again and again stay
   * right.
   */
  async atomically(work: () => Promise<unknown>): Promise<void> {
    if (this.#openBatch()) {
      await work();
      return;
    }
    const batch = new WriteBatch();
    this.#underWay.add(batch);
    try {
      await this.#batches.run(batch, work);
    } catch (error) {
      batch.close();
      throw error;
    } finally {
      this.#underWay.delete(batch);
    }
    for (const other of this.#underWay) other.follow(batch);
    try {
      await this.#entries.write(batch.close(), batch.additions);
    } catch (error) {
      batch.lose();
      throw error;
    }
  }

  /** When what has so many ms to live expires, ms since the epoch. */
  protected expiry(ttlMs: number | undefined): number | undefined {
    return ttlMs === undefined ? undefined : this.#clock.now() + ttlMs;
  }

  async #texts(namespace: string, keys: readonly string[]): Promise<readonly (string | undefined)[]> {
    const batch = this.#openBatch();
    if (!batch) return await this.#entries.getMany(namespace, keys);
    const written = keys.map((key) => batch.find(namespace, key));
    const stored = await this.#entries.getMany(
      namespace,
      keys.filter((_, index) => !written[index]),
    );
    let next = 0;
    return written.map((write) => (write ? write.value : stored[next++]));
  }

  /** What is written while going through is seen if it is still to come, and never seen twice. */
  async *#all<T>(namespace: string, prefix: string): AsyncGenerator<[key: string, value: T], void> {
    const batch = this.#openBatch();
    const written = new Map(batch?.of(namespace).map(({ key, value }) => [key, value]));
    for (const [key, value] of written) {
      if (value !== undefined && key.startsWith(prefix)) yield [key, this.#parse(value) as T];
    }
    for await (const page of this.#entries.pages(namespace, prefix)) {
      for (const [key, value] of page) {
        if (written.has(key)) continue;
        const change = batch?.find(namespace, key);
        const text = change ? change.value : value;
        if (text !== undefined) yield [key, this.#parse(text) as T];
      }
    }
  }

  async #write(writes: readonly Write[]): Promise<void> {
    const batch = this.#openBatch();
    if (!batch) return this.#entries.write(writes, []);
    for (const write of writes) batch.add(write);
  }

  #openBatch(): WriteBatch | undefined {
    const batch = this.#batches.getStore();
    return batch?.open ? batch : undefined;
  }

  #parse<T>(text: string | undefined): T | undefined {
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text);
    } catch (error) {
      throw this.#entries.damaged(error);
    }
  }
}

/** Keys that every store keeps apart: two with lone surrogates could become one. */
function usable(key: string): string {
  if (key.isWellFormed()) return key;
  throw new TypeError(`A key in the store must be well-formed text, not ${JSON.stringify(key)}`);
}

function stringify(key: string, value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text !== undefined) return text;
  throw new TypeError(`The value for ${JSON.stringify(key)} in the store is not JSON: ${typeof value}`);
}
