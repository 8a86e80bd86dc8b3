import {
  addFields,
  type Clock,
  type Collection,
  type Counters,
  type Fields,
  type Store,
  type WriteOptions,
} from '@connectionsphere/core';

/** More than this in one collection, and the oldest entries go. */
const MOST_ENTRIES = 50_000;

interface Entry<T> {
  readonly value: T;
  readonly expires: number;
}

/** The core's store in the memory of n8n's process: bounded, and empty again after a restart. */
export function createMemoryStore(clock: Pick<Clock, 'now'>): Store {
  const collections = new Map<string, Collection<unknown>>();
  const counters = new Map<string, Counters>();
  return {
    collection<T>(name: string): Collection<T> {
      const known = collections.get(name) ?? new MemoryCollection<unknown>(clock);
      collections.set(name, known);
      return known as Collection<T>;
    },
    counters(name) {
      const known = counters.get(name) ?? countersIn(new MemoryCollection<Fields>(clock));
      counters.set(name, known);
      return known;
    },
    // Memory is lost as a whole: there is no half of it to be found afterwards.
    atomically: async (work) => void (await work()),
    close: async () => {
      collections.clear();
      counters.clear();
    },
  };
}

class MemoryCollection<T> implements Collection<T> {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #entries = new Map<string, Entry<T>>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  async get(key: string): Promise<T | undefined> {
    return this.#read(key);
  }

  async getMany(keys: readonly string[]): Promise<(T | undefined)[]> {
    return keys.map((key) => this.#read(key));
  }

  async set(key: string, value: T, options?: WriteOptions): Promise<void> {
    this.#write(key, value, options);
  }

  async setMany(
    entries: readonly (readonly [key: string, value: T])[],
    options?: WriteOptions,
  ): Promise<void> {
    for (const [key, value] of entries) this.#write(key, value, options);
  }

  async delete(key: string): Promise<void> {
    this.#entries.delete(key);
  }

  async deleteMany(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#entries.delete(key);
  }

  async *entries(prefix = ''): AsyncGenerator<[key: string, value: T], void> {
    for (const key of [...this.#entries.keys()]) {
      if (!key.startsWith(prefix)) continue;
      const value = this.#read(key);
      if (value !== undefined) yield [key, value];
    }
  }

  /** At once, so that nothing comes between. `undefined` removes the entry. */
  change(key: string, change: (value: T | undefined) => T | undefined, options?: WriteOptions): void {
    const value = change(this.#read(key));
    if (value === undefined) this.#entries.delete(key);
    else this.#write(key, value, options);
  }

  #read(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expires > this.#clock.now()) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  #write(key: string, value: T, { ttlMs = Number.POSITIVE_INFINITY }: WriteOptions = {}): void {
    // Written again, it is the youngest.
    this.#entries.delete(key);
    this.#entries.set(key, { value: frozen(value), expires: this.#clock.now() + ttlMs });
    if (this.#entries.size <= MOST_ENTRIES) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

function countersIn(entries: MemoryCollection<Fields>): Counters {
  return {
    get: async (key) => (await entries.get(key)) ?? {},
    add: async (key, change, options) => entries.change(key, (before) => addFields(before, change), options),
    delete: (key) => entries.delete(key),
    keys: async function* (prefix) {
      for await (const [key] of entries.entries(prefix)) yield key;
    },
  };
}

/** Nobody changes what is stored, so all who read it may have the same: copies would be most of what a list takes. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const each of Object.values(value)) frozen(each);
  return Object.freeze(value);
}
