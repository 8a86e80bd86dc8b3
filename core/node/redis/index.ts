/** State that several processes share: the store, locks, claims, reservations and chunks, as atomic operations on Redis. */
import type { Clock, Coordination, Log, Shared } from '../../ports.ts';
import { HELD } from '../../reservations.ts';
import { systemClock } from '../clock.ts';
import type { MovableStore } from '../entry-store.ts';
import { createChunkQueue } from './chunk-queue.ts';
import { createClaims, sweepClaims } from './claims.ts';
import { connectRedis } from './connection.ts';
import { requireFormat } from './format.ts';
import { RedisLocks } from './locks.ts';
import { Processes } from './processes.ts';
import { RedisClock } from './redis-clock.ts';
import { createReservations } from './reservations.ts';
import { RedisStore } from './store.ts';
import { createTopics } from './topics.ts';
import { createUpdate } from './update.ts';

/** State on Redis, as far as the core's ports need it. */
export interface RedisState {
  readonly store: MovableStore;
  readonly coordination: Coordination;
  readonly shared: Shared;
  /** Whether other processes are at work on this Redis. */
  hasOthers(): Promise<boolean>;
  /** Carries out what was begun and lets go of Redis. */
  close(): Promise<void>;
}

export interface RedisOptions {
  readonly log: Log;
  /** See {@link Shared.works}. */
  readonly works: Shared['works'];
  readonly clock?: Clock;
  /** A process that is silent for so long counts as dead, and others take over its work, ms; default: 10,000. */
  readonly lostAfterMs?: number;
}

/** Joins the processes on a Redis. Throws `RedisUnavailable` when it cannot be reached. */
export async function openRedis(url: string, options: RedisOptions): Promise<RedisState> {
  const { log, works, clock = systemClock, lostAfterMs = 10_000 } = options;
  await using opened = new AsyncDisposableStack();
  const redis = await connectRedis(url, log);
  opened.defer(() => redis.close());
  await requireFormat(redis.client, redis.address);
  const locks = new RedisLocks(redis.client, lostAfterMs);
  const store = new RedisStore(redis, locks, clock);
  const time = new RedisClock(redis.client);
  await time.start();
  const processes = new Processes(redis.client, time, log, lostAfterMs);
  processes.onLost(() => {
    sweepClaims(redis.client, (process) => processes.isLost(process)).catch((error) =>
      log.warn('Claims of a process that died could not be removed', { error }),
    );
  });
  await processes.start();
  opened.defer(() => processes.stop());
  const topics = await createTopics(redis.client, redis.duplicate(), processes.self, log);
  const chunks = createChunkQueue(redis, log, lostAfterMs);
  opened.defer(() => chunks.close());
  const resources = opened.move();
  return {
    store,
    coordination: locks,
    shared: {
      self: processes.self,
      isAlone: false,
      works,
      isLost: (process) => processes.isLost(process),
      onLost: (listener) => processes.onLost(listener),
      lookForLost: () => processes.lookForLost(),
      now: () => time.now(),
      update: createUpdate(redis.calls),
      reservations: createReservations(redis, processes.self, store.counters(HELD)),
      claims: createClaims(redis, processes.self),
      chunks: chunks.queue,
      ...topics,
    },
    hasOthers: () => processes.hasOthers(),
    close: async () => {
      await store.close();
      await resources.disposeAsync();
    },
  };
}
