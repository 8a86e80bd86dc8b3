import type { Log, Ports } from '../ports.ts';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import type { MovableStore } from './entry-store.ts';
import { openStore } from './store.ts';
import { StoreError } from './store-errors.ts';

/** What processes on Redis know of the moment, and the embedded store of the moment when it was closed. */
const PASSING: ReadonlySet<string> = new Set(['allowances', 'credit-limits', 'runs']);

/** A store was not moved, as it cannot be; nothing was changed. The message says what to do. */
export class StoreNotMoved extends StoreError {
  override readonly name = 'StoreNotMoved';
}

/** Others work on the Redis that is meant. Nothing was changed. */
class RedisInUse extends StoreError {
  override readonly name = 'RedisInUse';
}

export interface Moved {
  readonly entries: number;
}

/**
 * Copies everything from the embedded store in DATA_DIR to Redis, or back. The target must be empty and
 * nobody else at work in either; what was copied from stays as it is. `then` is done with the target before it is let go.
 * Throws {@link StoreNotMoved}, `RedisInUse` and what opening the stores throws.
 */
export async function moveStore(
  config: Config,
  to: 'redis' | 'embedded',
  log: Log,
  then: (target: Pick<Ports, 'store' | 'clock' | 'log'>, moved: Moved) => Promise<void> = async () => {},
): Promise<Moved> {
  const { redisUrl, dataDir } = config;
  if (redisUrl === undefined) {
    throw new StoreNotMoved('REDIS_URL is not set. Set it to the Redis that is meant, and try again.');
  }
  await using opened = new AsyncDisposableStack();
  const embedded = await openStore(dataDir, { command: 'connectionsphere move-store' });
  opened.defer(() => embedded.close());
  const { openRedis } = await import('./redis/index.ts');
  const redis = await openRedis(redisUrl, { log, works: 'never' });
  opened.defer(() => redis.close());
  if (await redis.hasOthers()) {
    throw new RedisInUse('Other processes work on this Redis. Stop them all and try again.');
  }
  const [source, target] = to === 'redis' ? [embedded, redis.store] : [redis.store, embedded];
  if (await holdsAnything(target)) {
    throw new StoreNotMoved(
      to === 'redis'
        ? 'There is a store in this Redis already. Choose another database (as in redis://host:6379/1), or empty this one.'
        : `There is a store in ${dataDir} already. Set DATA_DIR to an empty directory, or move its files store.sqlite* away.`,
    );
  }
  const moved = await copy(source, target);
  await then({ store: target, clock: systemClock, log }, moved);
  return moved;
}

async function holdsAnything(store: MovableStore): Promise<boolean> {
  for await (const entries of store.stored())
    if (entries.some(({ collection }) => !PASSING.has(collection))) return true;
  return false;
}

async function copy(from: MovableStore, to: MovableStore): Promise<Moved> {
  let copied = 0;
  for await (const entries of from.stored()) {
    const lasting = entries.filter(({ collection }) => !PASSING.has(collection));
    await to.restore(lasting);
    copied += lasting.length;
  }
  return { entries: copied };
}
