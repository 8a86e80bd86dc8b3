import type { MonthlySpend } from '../enrichment/accounts.ts';
import { monthKey } from '../enrichment/accounts.ts';
import type { LateRequest } from '../enrichment/late-book.ts';
import { countersOf, spendOf } from '../enrichment/shared-accounts.ts';
import { NO_PROGRESS } from '../jobs/progress.ts';
import type { Progress } from '../jobs/types.ts';
import type { Log } from '../ports.ts';
import type { Config } from './config.ts';
import type { RedisState } from './redis/index.ts';
import { openStore } from './store.ts';
import { StoreError } from './store-errors.ts';
import type { MovableStore, StoredEntry } from './stored-entry.ts';

/** Collections whose entries are counters on Redis, and how one becomes the other. */
const COUNTED: Readonly<
  Record<
    string,
    { toFields(value: never): Record<string, number>; toValue(fields: Record<string, number>): unknown }
  >
> = {
  tallies: { toFields: (tally: Record<string, number>) => tally, toValue: (fields) => fields },
  months: { toFields: (spend: MonthlySpend) => countersOf(spend), toValue: (fields) => spendOf(fields) },
  'slot-months': { toFields: (cost: Record<string, number>) => cost, toValue: (fields) => fields },
  progress: {
    toFields: ({ counts, finished }: Progress) => ({ ...counts, finished }),
    toValue: ({ finished = 0, ...counts }) => ({ counts: { ...NO_PROGRESS.counts, ...counts }, finished }),
  },
};

/** What processes on Redis know of the moment, and the embedded store of the moment when it was closed. */
const PASSING: ReadonlySet<string> = new Set(['ahead', 'allowances', 'credit-limits', 'runs']);

/** A store was not moved; nothing was changed in the one that it was to come from. */
class StoreNotMoved extends StoreError {
  override readonly name = 'StoreNotMoved';
}

export interface Moved {
  readonly entries: number;
}

/**
 * Copies everything from the embedded store in DATA_DIR to Redis, or back. The target must be empty and
 * nobody else at work in either; what was copied from stays as it is. Throws `StoreNotMoved` and what
 * opening the stores throws.
 */
export async function moveStore(config: Config, to: 'redis' | 'embedded', log: Log): Promise<Moved> {
  const { redisUrl, dataDir } = config;
  if (redisUrl === undefined) {
    throw new StoreNotMoved(
      'REDIS_URL is not set, so nobody knows which Redis is meant. Set it and try again.',
    );
  }
  await using opened = new AsyncDisposableStack();
  const embedded = await openStore(dataDir, { command: 'connectionsphere move-store' });
  opened.defer(() => embedded.close());
  const { openRedis } = await import('./redis/index.ts');
  const redis = await openRedis(redisUrl, { log, works: 'never' });
  opened.defer(() => redis.close());
  if (await redis.hasOthers()) {
    throw new StoreNotMoved('Other processes work on this Redis. Stop them all and try again.');
  }
  if (await holdsAnything(to === 'redis' ? redis.store : embedded)) {
    throw new StoreNotMoved(
      to === 'redis'
        ? 'There is a store in this Redis already. Choose another database (as in redis://host:6379/1), or empty this one.'
        : `There is a store in ${dataDir} already. Set DATA_DIR to an empty directory, or move its files store.sqlite* away.`,
    );
  }
  return {
    entries:
      to === 'redis' ? await copyToRedis(embedded, redis) : await copyFromRedis(redis, embedded, config),
  };
}

async function holdsAnything(store: MovableStore): Promise<boolean> {
  for await (const entries of store.stored())
    if (entries.some(({ collection }) => !PASSING.has(collection))) return true;
  return false;
}

async function copyToRedis(embedded: MovableStore, { store, shared }: RedisState): Promise<number> {
  let copied = 0;
  for await (const entries of embedded.stored()) {
    const lasting = entries.filter(({ collection }) => !PASSING.has(collection));
    const plain = lasting.filter(({ collection }) => !COUNTED[collection]);
    await store.restore(plain);
    for (const { collection, key, text, ttlMs } of lasting) {
      const counted = COUNTED[collection];
      if (!counted) continue;
      const fields = counted.toFields(JSON.parse(text) as never);
      await shared.counters(collection).add(key, fields, ttlMs === undefined ? {} : { ttlMs });
    }
    for (const { text } of plain.filter(({ collection }) => collection === 'late')) {
      await holdLate(JSON.parse(text), shared);
    }
    copied += lasting.length;
  }
  return copied;
}

/** What late parts may still cost is kept in memory by one process, and on Redis by several. */
async function holdLate({ people, workspace }: LateRequest, shared: RedisState['shared']): Promise<void> {
  for (const { source, held } of people) {
    if (held === 0) continue;
    const accounts = [
      { counters: 'tallies', key: source, limit: undefined },
      { counters: 'months', key: monthKey(workspace, shared.now()), limit: undefined },
    ];
    await shared.reservations.hold(accounts, held);
  }
}

async function copyFromRedis(
  { store, shared }: RedisState,
  embedded: MovableStore,
  config: Config,
): Promise<number> {
  let copied = 0;
  for await (const entries of store.stored()) {
    const lasting = entries.filter(({ collection }) => !PASSING.has(collection));
    await embedded.restore(lasting);
    copied += lasting.length;
  }
  const retentionMs = config.retentionDays * 86_400_000;
  for (const [collection, { toValue }] of Object.entries(COUNTED)) {
    const counters = shared.counters(collection);
    for await (const key of counters.keys()) {
      const text = JSON.stringify(toValue({ ...(await counters.get(key)) }));
      // A month stays, as it does in the embedded store.
      const entry: StoredEntry = {
        collection,
        key,
        text,
        ttlMs: collection === 'months' ? undefined : retentionMs,
      };
      await embedded.restore([entry]);
      copied += 1;
    }
  }
  return copied;
}
