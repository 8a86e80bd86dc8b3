import type { Clock, Fields } from '../../ports.ts';
import {
  countersNamespace,
  countersOf,
  type Entries,
  EntryStore,
  type MovableStore,
  type ReadEntry,
  type StoredEntry,
} from '../entry-store.ts';
import { StoreError, StoreUnavailable } from '../store-errors.ts';
import type { Addition, Write } from '../write-batch.ts';
import { type RedisConnection, unlessRefused } from './connection.ts';
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

/** First parts of keys that are no entries, but what processes have in common while they run; so are all of one part. */
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
export class RedisStore extends EntryStore implements MovableStore {
  readonly #redis: RedisConnection;
  readonly #entries: RedisEntries;

  constructor(redis: RedisConnection, locks: RedisLocks, clock: Pick<Clock, 'now'>) {
    const entries = new RedisEntries(redis, locks, clock);
    super(entries, clock);
    this.#redis = redis;
    this.#entries = entries;
  }

  async *stored(): AsyncGenerator<StoredEntry[], void> {
    const { client } = this.#redis;
    for await (const page of scan(this.#redis, KEY_PREFIX)) {
      const entries = await Promise.all(
        page.map(async (name): Promise<StoredEntry[]> => {
          const at = name.indexOf(':');
          const place = { collection: name.slice(0, at), key: name.slice(at + 1) };
          if (at < 0 || NO_ENTRIES.has(place.collection)) return [];
          const stored = `${KEY_PREFIX}${name}`;
          const counted = (await client.type(stored)) === 'hash';
          const [value, left] = await Promise.all([
            counted ? this.counters(place.collection).get(place.key) : client.get(stored),
            client.pTTL(stored),
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
    const writes: Write[] = [];
    const additions: Addition[] = [];
    for (const { collection, counted, key, text, ttlMs } of entries) {
      const expires = this.expiry(ttlMs);
      if (!counted) writes.push({ namespace: collection, key, value: text, expires });
      else
        additions.push({ namespace: countersNamespace(collection), key, change: JSON.parse(text), expires });
    }
    await this.#entries.write(writes, additions);
  }

  /** Redis writes its files itself; a user of it that may not ask for that leaves them as they are. */
  async purge(): Promise<readonly string[]> {
    const info = await this.#redis.client.info('persistence').catch(() => '');
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
    this.#entries.close();
  }
}

/** A Redis key for each entry, and for each collection an index of its keys to go through them. */
class RedisEntries implements Entries {
  readonly #redis: RedisConnection;
  readonly #locks: RedisLocks;
  readonly #clock: Pick<Clock, 'now'>;
  #closed = false;

  constructor(redis: RedisConnection, locks: RedisLocks, clock: Pick<Clock, 'now'>) {
    this.#redis = redis;
    this.#locks = locks;
    this.#clock = clock;
  }

  async getMany(namespace: string, keys: readonly string[]): Promise<(string | undefined)[]> {
    if (keys.length === 0) return [];
    const places = keys.map((key) => entryKey(namespace, key));
    const texts = await this.#run(() => this.#redis.client.mGet(places));
    return texts.map((text) => text ?? undefined);
  }

  async *pages(namespace: string, prefix: string): AsyncGenerator<ReadEntry[], void> {
    const isIndexed = !UNINDEXED.has(namespace);
    for await (const keys of isIndexed
      ? this.#indexed(namespace, prefix)
      : this.#scanned(namespace, prefix)) {
      const values = await this.getMany(namespace, keys);
      const expired = keys.filter((_, index) => values[index] === undefined);
      if (isIndexed && expired.length > 0) await this.#prune(namespace, expired);
      yield keys.map((key, index) => [key, values[index]]);
    }
  }

  async fields(namespace: string, key: string): Promise<Fields> {
    const fields = await this.#run(() => this.#redis.client.hGetAll(entryKey(namespace, key)));
    return Object.fromEntries(Object.entries(fields).map(([field, text]) => [field, Number(text)]));
  }

  async *counted(namespace: string, prefix: string): AsyncGenerator<string, void> {
    for await (const page of this.#scanned(namespace, prefix)) yield* page;
  }

  async write(writes: readonly Write[], additions: readonly Addition[]): Promise<void> {
    const commands = [
      ...writes.map((write) => this.#command(write)),
      ...additions.flatMap((each) => this.#addition(each)),
    ];
    if (commands.length === 0) return;
    const locks = this.#locks.held();
    const guards = locks.flatMap(({ key, token }) => [key, token]);
    const done = await this.#run(() =>
      writeAll(this.#redis.calls, locks.length, ...guards, ...commands.flat()),
    );
    if (done === 'lock lost') throw new LockLost();
  }

  damaged(cause: unknown): Error {
    return new RedisDamaged(this.#redis.address, cause);
  }

  close(): void {
    this.#closed = true;
  }

  /** In the order of bytes, where all keys with a prefix stand together; 0xff is in no UTF-8 text. */
  async *#indexed(namespace: string, prefix: string): AsyncGenerator<string[], void> {
    const end = Buffer.concat([Buffer.from(`(${prefix}`), Buffer.from([0xff])]);
    let from = `[${prefix}`;
    for (;;) {
      const page = await this.#run(() =>
        this.#redis.client.zRangeByLex(indexKey(namespace), from, end, {
          LIMIT: { offset: 0, count: PAGE_KEYS },
        }),
      );
      if (page.length > 0) yield page;
      const last = page[PAGE_KEYS - 1];
      if (last === undefined) return;
      from = `(${last}`;
    }
  }

  async *#scanned(namespace: string, prefix: string): AsyncGenerator<string[], void> {
    for await (const page of scan(this.#redis, entryKey(namespace, prefix))) {
      yield page.map((key) => `${prefix}${key}`);
    }
  }

  async #prune(namespace: string, keys: readonly string[]): Promise<void> {
    const pairs = keys.flatMap((key) => [entryKey(namespace, key), key]);
    await this.#run(() => prune(this.#redis.client, [], indexKey(namespace), ...pairs));
  }

  #command({ namespace, key, value, expires }: Write): ScriptWrite {
    const isIndexed = countersOf(namespace) === undefined && !UNINDEXED.has(namespace);
    const place = entryKey(namespace, key);
    const index = isIndexed ? indexKey(namespace) : '';
    if (value === undefined) return ['delete', place, '', '', index, key];
    return ['set', place, value, this.#timeToLive(expires), index, key];
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

  /** ms from now; '' for ever. */
  #timeToLive(expires: number | undefined): string {
    return expires === undefined ? '' : String(Math.max(1, Math.ceil(expires - this.#clock.now())));
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) {
      throw new StoreUnavailable(`The store in Redis at ${this.#redis.address} is closed.`);
    }
    return await unlessRefused(this.#redis.address, work);
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

function entryKey(namespace: string, key: string): string {
  return `${KEY_PREFIX}${countersOf(namespace) ?? namespace}:${key}`;
}

function indexKey(collection: string): string {
  return `${KEY_PREFIX}index:${collection}`;
}
