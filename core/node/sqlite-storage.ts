import type { EventEmitter } from 'node:events';
import { type KeyvStorageAdapter, type KeyvStorageCapability, keyvStorageCapability } from 'keyv';
import type { PagedRow, SqliteFile, Write } from './sqlite-file.ts';
import type { WriteBatch } from './write-batch.ts';

/** Rows read at a time while iterating: few enough for memory, enough to make the query's cost small. */
const PAGE_ROWS = 200;

/**
 * Keyv's storage contract on one namespace of a {@link SqliteFile}. While a batch is open, writes go into it
 * and reads see it; otherwise a write resolves once it is durable. Every call takes effect when it is made,
 * so calls take effect in their order, awaited or not. It emits nothing: what fails, rejects.
 */
export class SqliteStorage implements Omit<KeyvStorageAdapter, keyof EventEmitter> {
  /** A Keyv on top may set it, before the first access. */
  namespace: string | undefined;
  readonly #file: SqliteFile;
  readonly #openBatch: () => WriteBatch | undefined;

  constructor(file: SqliteFile, namespace: string, openBatch: () => WriteBatch | undefined) {
    this.#file = file;
    this.namespace = namespace;
    this.#openBatch = openBatch;
  }

  get capabilities(): KeyvStorageCapability {
    return keyvStorageCapability(this);
  }

  async get(key: string): Promise<string | undefined> {
    return this.#read(key);
  }

  async getMany(keys: string[]): Promise<(string | undefined)[]> {
    return this.#readMany(keys);
  }

  async has(key: string): Promise<boolean> {
    return this.#read(key) !== undefined;
  }

  async hasMany(keys: string[]): Promise<boolean[]> {
    return this.#readMany(keys).map((value) => value !== undefined);
  }

  async set(key: string, value: unknown, expires?: number): Promise<boolean> {
    await this.#write([this.#toWrite(key, String(value), expires)]);
    return true;
  }

  async setMany(
    entries: { key: string; value?: unknown; expires?: number | undefined }[],
  ): Promise<boolean[]> {
    await this.#write(entries.map(({ key, value, expires }) => this.#toWrite(key, String(value), expires)));
    return entries.map(() => true);
  }

  async delete(key: string): Promise<boolean> {
    const [existed = false] = await this.deleteMany([key]);
    return existed;
  }

  async deleteMany(keys: string[]): Promise<boolean[]> {
    const existed = this.#readMany(keys).map((value) => value !== undefined);
    await this.#write(keys.map((key) => this.#toWrite(key, undefined, undefined)));
    return existed;
  }

  async clear(): Promise<void> {
    for (const page of this.#pages('')) await this.deleteMany(page.map(([key]) => key));
  }

  iterator(): AsyncGenerator<[key: string, value: string], void> {
    return this.entries('');
  }

  /** The entries whose key starts with `prefix`, as stored, a page in memory at a time. */
  async *entries(prefix: string): AsyncGenerator<[key: string, value: string], void> {
    for (const page of this.#pages(prefix)) yield* page;
  }

  *#pages(prefix: string): Generator<[key: string, value: string][], void> {
    const namespace = this.#namespace();
    const batch = this.#openBatch();
    const written = new Map(batch?.of(namespace).map(({ key, value }) => [key, value]));
    yield present([...written].filter(([key]) => key.startsWith(prefix)));
    let last: string | undefined;
    do {
      const rows = this.#file.page(namespace, prefix, PAGE_ROWS, last);
      // What is written while going through is seen if it is still to come, and never seen twice.
      const unseen = rows.filter(([key]) => !written.has(key));
      yield present(
        unseen.map(([key, value]) => {
          const change = batch?.find(namespace, key);
          return [key, change ? change.value : value];
        }),
      );
      last = rows[PAGE_ROWS - 1]?.[0];
    } while (last !== undefined);
  }

  #read(key: string): string | undefined {
    const namespace = this.#namespace();
    const written = this.#openBatch()?.find(namespace, key);
    return written ? written.value : this.#file.get(namespace, key);
  }

  #readMany(keys: readonly string[]): (string | undefined)[] {
    const namespace = this.#namespace();
    const batch = this.#openBatch();
    const stored = this.#file.getMany(namespace, keys);
    return keys.map((key) => {
      const written = batch?.find(namespace, key);
      return written ? written.value : stored.get(key);
    });
  }

  async #write(writes: Write[]): Promise<void> {
    const batch = this.#openBatch();
    if (!batch) return this.#file.write(writes);
    for (const write of writes) batch.add(write);
  }

  #toWrite(key: string, value: string | undefined, expires: number | undefined): Write {
    return { namespace: this.#namespace(), key, value, expires };
  }

  #namespace(): string {
    return this.namespace ?? '';
  }
}

function present(entries: PagedRow[]): [key: string, value: string][] {
  return entries.filter((entry): entry is [string, string] => entry[1] !== undefined);
}
