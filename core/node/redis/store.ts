import { AsyncLocalStorage } from 'node:async_hooks';
import { ErrorReply } from '@redis/client';
import type { Clock, Collection, Counters } from '../../ports.ts';
import { JsonCollection, type TextStorage } from '../json-collection.ts';
import type { Addition } from '../sqlite-file.ts';
import { StoreError, StoreUnavailable } from '../store-errors.ts';
import type { MovableStore, StoredEntry } from '../stored-entry.ts';
import { WriteBatch } from '../write-batch.ts';
import { type RedisConnection, RedisRefused } from './connection.ts';
import { LockLost, type RedisLocks } from './locks.ts';
import { KEY_PREFIX } from './prefix.ts';
import { script } from './script.ts';
import { type ScriptWrite, writeAll } from './write-script.ts';

/**
 * Large collections that are only ever read by key: an index of their keys would cost as much memory as
 * it would save time. Whoever goes through them all the same (to move a store) scans the whole Redis.
 */
const UNINDEXED: ReadonlySet<string> = new Set(['results', 'aliases', 'chunks', 'outcomes']);
const PAGE_KEYS = 200;

/** First parts of keys that are no entries, but what processes have in common while they run. */
const NO_ENTRIES: ReadonlySet<string> = new Set([
  'alive',
  'answers',
  'bullmq',
  'claims',
  'index',
  'lock',
  'reserved',
  'shared',
]);

/** Removes from an index what has expired, unless it was written again meanwhile. */
const prune = script(
  `for at = 2, #ARGV, 2 do if redis.call('EXISTS', ARGV[at]) == 0 then redis.call('ZREM', ARGV[1], ARGV[at + 1]) end end`,
);

/** An entry is no JSON: something else wrote to our keys. */
class RedisDamaged extends StoreError {
  override readonly name = 'StoreDamaged';
  constructor(address: string, cause: unknown) {
    super(
      `The store in Redis at ${address} is damaged: an entry is not JSON. It was left as it is; see to it that no other program writes keys that start with "${KEY_PREFIX}".`,
      { cause },
    );
  }
}

/**
 * The store on Redis. One client of node-redis serves everything, BullMQ included. Keyv's Redis adapter is left out, see
 * docs/decisions/0008-small-state.md.
 * A promise that resolved means that Redis has it; how Redis keeps it is Redis's configuration.
 */
export class RedisStore implements MovableStore {
  readonly #redis: RedisConnection;
  readonly #locks: RedisLocks;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #batches = new AsyncLocalStorage<WriteBatch>();
  #closed = false;

  constructor(redis: RedisConnection, locks: RedisLocks, clock: Pick<Clock, 'now'>) {
    this.#redis = redis;
    this.#locks = locks;
    this.#clock = clock;
  }

  collection<T>(name: string): Collection<T> {
    const storage = new RedisStorage(name, this.#redis, {
      batch: () => this.#open(),
      write: (writes) => this.#write(writes),
      timeToLive: (expires) => this.#timeToLive(expires),
      read: (work) => this.#run(work),
    });
    return new JsonCollection<T>(storage, this.#clock, (cause) => {
      return new RedisDamaged(this.#redis.address, cause);
    });
  }

  counters(name: string): Counters {
    const keyOf = (key: string) => entryKey(name, key);
    return {
      get: async (key) => {
        const fields = await this.#run(() => this.#redis.client.hGetAll(keyOf(key)));
        return Object.fromEntries(Object.entries(fields).map(([field, text]) => [field, Number(text)]));
      },
      add: async (key, change, { ttlMs } = {}) => {
        const expires = ttlMs === undefined ? undefined : this.#clock.now() + ttlMs;
        const added = { namespace: name, key, change, expires };
        const batch = this.#open();
        if (batch) batch.additions.push(added);
        else await this.#write(this.#addition(added));
      },
      delete: async (key) => {
        await this.#write([['delete', keyOf(key), '', '', '', '']]);
      },
      keys: async function* (this: RedisStore, prefix = '') {
        for await (const page of scan(this.#redis, keyOf(prefix)))
          yield* page.map((key) => `${prefix}${key}`);
      }.bind(this),
    };
  }

  /** As the embedded store's: held back until the work is done, seen by reads inside, all or nothing. */
  async atomically(work: () => Promise<unknown>): Promise<void> {
    if (this.#open()) {
      await work();
      return;
    }
    const batch = new WriteBatch();
    try {
      await this.#batches.run(batch, work);
    } catch (error) {
      batch.close();
      throw error;
    }
    const writes = batch
      .close()
      .map(({ namespace, key, value, expires }) => write(namespace, key, value, this.#timeToLive(expires)));
    const additions = batch.additions.flatMap((each) => this.#addition(each));
    await this.#write([...writes, ...additions]);
  }

  async *stored(): AsyncGenerator<StoredEntry[], void> {
    const { client } = this.#redis;
    for await (const page of scan(this.#redis, KEY_PREFIX)) {
      const names = page.filter(
        (name) => !NO_ENTRIES.has(name.slice(0, name.indexOf(':'))) && name.includes(':'),
      );
      const entries = await Promise.all(
        names.map(async (name): Promise<StoredEntry[]> => {
          const at = name.indexOf(':');
          const place = { collection: name.slice(0, at), key: name.slice(at + 1) };
          const counted = (await client.type(`${KEY_PREFIX}${name}`)) === 'hash';
          const [value, left] = await Promise.all([
            counted ? this.counters(place.collection).get(place.key) : client.get(`${KEY_PREFIX}${name}`),
            client.pTTL(`${KEY_PREFIX}${name}`),
          ]);
          // Expired meanwhile.
          if (value === null) return [];
          const text = typeof value === 'string' ? value : JSON.stringify(value);
          return [{ ...place, counted, text, ttlMs: left < 0 ? undefined : Math.max(1, left) }];
        }),
      );
      yield entries.flat();
    }
  }

  async restore(entries: readonly StoredEntry[]): Promise<void> {
    const writes = entries.flatMap(({ collection, counted, key, text, ttlMs }): ScriptWrite[] => {
      const expires = ttlMs === undefined ? undefined : this.#clock.now() + ttlMs;
      if (!counted) return [write(collection, key, text, this.#timeToLive(expires))];
      return this.#addition({ namespace: collection, key, change: JSON.parse(text), expires });
    });
    await this.#write(writes);
  }

  /** Redis writes its files itself; a user of it that may not ask for that leaves them as they are. */
  async purge(): Promise<readonly string[]> {
    const info = await this.#run(() => this.#redis.client.info('persistence')).catch(() => '');
    const remains = ["in copies of Redis's files (backups, replicas' files), until you delete them"];
    if (/aof_enabled:1/.test(info)) {
      const isAsked = await this.#redis.client.bgRewriteAof().then(
        () => true,
        (error: Error) => /in progress|scheduled/i.test(error.message),
      );
      remains.unshift(
        isAsked
          ? "in Redis's append-only file, until the rewrite that was asked for just now is through"
          : "in Redis's append-only file, until it is rewritten (BGREWRITEAOF)",
      );
    }
    if (/rdb_last_save_time:[1-9]/.test(info))
      remains.unshift("in Redis's snapshot, until the next is saved");
    return remains;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #open(): WriteBatch | undefined {
    const batch = this.#batches.getStore();
    return batch?.open ? batch : undefined;
  }

  #timeToLive(expires: number | undefined): string {
    return expires === undefined ? '' : String(Math.max(1, Math.ceil(expires - this.#clock.now())));
  }

  #addition({ namespace, key, change, expires }: Addition): ScriptWrite[] {
    const at = entryKey(namespace, key);
    const adds = Object.entries(change)
      .filter(([, amount]) => amount !== 0)
      .map(([field, amount]): ScriptWrite => ['add', at, field, String(amount), '', '']);
    return expires === undefined || adds.length === 0
      ? adds
      : [...adds, ['expire', at, '', this.#timeToLive(expires), '', '']];
  }

  async #write(writes: readonly ScriptWrite[]): Promise<void> {
    if (writes.length === 0) return;
    const locks = this.#locks.held();
    const guards = locks.flatMap(({ key, token }) => [key, token]);
    const done = await this.#run(() =>
      writeAll(this.#redis.calls, locks.length, ...guards, ...writes.flat()),
    );
    if (done === 'lock lost') throw new LockLost();
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) {
      throw new StoreUnavailable(`The store in Redis at ${this.#redis.address} is closed.`);
    }
    try {
      return await work();
    } catch (error) {
      throw error instanceof ErrorReply ? new RedisRefused(this.#redis.address, error) : error;
    }
  }
}

interface Access {
  batch(): WriteBatch | undefined;
  write(writes: readonly ScriptWrite[]): Promise<void>;
  /** ms from now; '' for ever. */
  timeToLive(expires: number | undefined): string;
  read<T>(work: () => Promise<T>): Promise<T>;
}

/** The entries of one collection as texts: a Redis key each, and an index of the keys to go through them. */
class RedisStorage implements TextStorage {
  readonly #name: string;
  readonly #redis: RedisConnection;
  readonly #access: Access;

  constructor(name: string, redis: RedisConnection, access: Access) {
    this.#name = name;
    this.#redis = redis;
    this.#access = access;
  }

  async get(key: string): Promise<string | undefined> {
    const [value] = await this.getMany([key]);
    return value;
  }

  async getMany(keys: string[]): Promise<(string | undefined)[]> {
    const batch = this.#access.batch();
    const written = keys.map((key) => batch?.find(this.#name, key));
    const missing = keys.filter((_, index) => !written[index]);
    const texts =
      missing.length === 0
        ? []
        : await this.#access.read(() =>
            this.#redis.client.mGet(missing.map((key) => entryKey(this.#name, key))),
          );
    let next = 0;
    return written.map((write) => (write ? write.value : (texts[next++] ?? undefined)));
  }

  async setMany(entries: { key: string; value: string; expires: number | undefined }[]): Promise<void> {
    const batch = this.#access.batch();
    if (batch) {
      for (const entry of entries) batch.add({ namespace: this.#name, ...entry });
      return;
    }
    await this.#access.write(
      entries.map(({ key, value, expires }) =>
        write(this.#name, key, value, this.#access.timeToLive(expires)),
      ),
    );
  }

  async deleteMany(keys: string[]): Promise<void> {
    const batch = this.#access.batch();
    if (batch) {
      for (const key of keys) batch.add({ namespace: this.#name, key, value: undefined, expires: undefined });
      return;
    }
    await this.#access.write(keys.map((key) => write(this.#name, key, undefined, '')));
  }

  async *entries(prefix: string): AsyncGenerator<[key: string, value: string], void> {
    const batch = this.#access.batch();
    const written = new Map(batch?.of(this.#name).map(({ key, value }) => [key, value]));
    for (const [key, value] of written) {
      if (value !== undefined && key.startsWith(prefix)) yield [key, value];
    }
    for await (const page of this.#pages(prefix)) {
      const unseen = page.filter((key) => !written.has(key));
      const values = await this.getMany(unseen);
      const expired = unseen.filter((_, index) => values[index] === undefined);
      if (expired.length > 0 && !batch) await this.#prune(expired);
      for (const [index, key] of unseen.entries()) {
        const value = values[index];
        if (value !== undefined) yield [key, value];
      }
    }
  }

  #pages(prefix: string): AsyncIterable<string[]> {
    return UNINDEXED.has(this.#name) ? this.#scanned(prefix) : this.#indexed(prefix);
  }

  /** In the order of bytes, where all keys with a prefix stand together; 0xff is in no UTF-8 text. */
  async *#indexed(prefix: string): AsyncGenerator<string[], void> {
    const end = Buffer.concat([Buffer.from(`(${prefix}`), Buffer.from([0xff])]);
    let from = `[${prefix}`;
    for (;;) {
      const page = await this.#access.read(() =>
        this.#redis.client.zRangeByLex(indexKey(this.#name), from, end, {
          LIMIT: { offset: 0, count: PAGE_KEYS },
        }),
      );
      if (page.length > 0) yield page;
      const last = page[PAGE_KEYS - 1];
      if (last === undefined) return;
      from = `(${last}`;
    }
  }

  async *#scanned(prefix: string): AsyncGenerator<string[], void> {
    for await (const page of scan(this.#redis, entryKey(this.#name, prefix))) {
      yield page.map((key) => `${prefix}${key}`);
    }
  }

  async #prune(keys: readonly string[]): Promise<void> {
    const pairs = keys.flatMap((key) => [entryKey(this.#name, key), key]);
    await this.#access.read(() => prune(this.#redis.client, [], indexKey(this.#name), ...pairs));
  }
}

/** What follows `prefix` in every Redis key that starts with it, each once, some at a time. */
async function* scan({ client }: RedisConnection, prefix: string): AsyncGenerator<string[], void> {
  const pattern = `${prefix.replaceAll(/[*?[\]\\]/g, '\\$&')}*`;
  const seen = new Set<string>();
  let cursor = '0';
  do {
    const page = await client.scan(cursor, { MATCH: pattern, COUNT: 1000 });
    cursor = page.cursor;
    const unseen = page.keys.filter((key) => !seen.has(key));
    for (const key of unseen) seen.add(key);
    if (unseen.length > 0) yield unseen.map((key) => key.slice(prefix.length));
  } while (cursor !== '0');
}

function entryKey(collection: string, key: string): string {
  return `${KEY_PREFIX}${collection}:${key}`;
}

function indexKey(collection: string): string {
  return `${KEY_PREFIX}index:${collection}`;
}

function write(collection: string, key: string, value: string | undefined, ttl: string): ScriptWrite {
  const index = UNINDEXED.has(collection) ? '' : indexKey(collection);
  const what = value === undefined ? 'delete' : 'set';
  return [what, entryKey(collection, key), value ?? '', ttl, index, key];
}
