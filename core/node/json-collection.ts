import type { Clock, Collection, WriteOptions } from '../ports.ts';

/** What a collection needs of the storage below: texts by key, as Keyv's storage contract has them. */
export interface TextStorage {
  get(key: string): Promise<string | undefined>;
  getMany(keys: string[]): Promise<(string | undefined)[]>;
  setMany(entries: { key: string; value: string; expires: number | undefined }[]): Promise<unknown>;
  deleteMany(keys: string[]): Promise<unknown>;
  entries(prefix: string): AsyncIterable<[key: string, value: string]>;
}

/**
 * Values as JSON on Keyv's storage contract, without the `Keyv` class between: that reaches the storage some
 * promises after the call, a `set` after more of them than a `delete`, so that calls which were not awaited
 * could change places; and it gives `undefined` for what could not be read, which here would be paid again.
 */
export class JsonCollection<T> implements Collection<T> {
  readonly #storage: TextStorage;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #damaged: (cause: unknown) => Error;

  /** `damaged`: the error for a value that is no JSON. */
  constructor(storage: TextStorage, clock: Pick<Clock, 'now'>, damaged: (cause: unknown) => Error) {
    this.#storage = storage;
    this.#clock = clock;
    this.#damaged = damaged;
  }

  async get(key: string): Promise<T | undefined> {
    return this.#parse(await this.#storage.get(usable(key)));
  }

  async getMany(keys: readonly string[]): Promise<(T | undefined)[]> {
    const texts = await this.#storage.getMany(keys.map(usable));
    return texts.map((text) => this.#parse(text));
  }

  set(key: string, value: T, options?: WriteOptions): Promise<void> {
    return this.setMany([[key, value]], options);
  }

  async setMany(
    entries: readonly (readonly [key: string, value: T])[],
    options?: WriteOptions,
  ): Promise<void> {
    const expires = options?.ttlMs === undefined ? undefined : this.#clock.now() + options.ttlMs;
    await this.#storage.setMany(
      entries.map(([key, value]) => ({ key: usable(key), value: stringify(key, value), expires })),
    );
  }

  delete(key: string): Promise<void> {
    return this.deleteMany([key]);
  }

  async deleteMany(keys: readonly string[]): Promise<void> {
    await this.#storage.deleteMany(keys.map(usable));
  }

  async *entries(prefix = ''): AsyncGenerator<[key: string, value: T], void> {
    for await (const [key, text] of this.#storage.entries(prefix)) yield [key, this.#parse(text) as T];
  }

  #parse(text: string | undefined): T | undefined {
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text);
    } catch (error) {
      throw this.#damaged(error);
    }
  }
}

/** Keys that the storage keeps apart: two with lone surrogates could become one. */
function usable(key: string): string {
  if (key.isWellFormed()) return key;
  throw new TypeError(`A key in the store must be well-formed text, not ${JSON.stringify(key)}`);
}

function stringify(key: string, value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text !== undefined) return text;
  throw new TypeError(`The value for ${JSON.stringify(key)} in the store is not JSON: ${typeof value}`);
}
