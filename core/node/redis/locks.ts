import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createCoordination } from '../../coordination.ts';
import type { Coordination } from '../../ports.ts';
import { StoreError } from '../store-errors.ts';
import type { RedisClient } from './client.ts';
import { KEY_PREFIX } from './prefix.ts';
import { script } from './script.ts';

const FIRST_RETRY_MS = 5;
const LONGEST_RETRY_MS = 250;

/** Taken already by the same token: the answer to an attempt before was lost with the connection. */
const take = script(
  `if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) or redis.call('GET', KEYS[1]) == ARGV[1] then return 1 end return 0`,
);
const renew = script(
  `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`,
);
const release = script(
  `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`,
);

interface HeldLock {
  readonly key: string;
  readonly token: string;
  /** The work is done; what it left running holds the lock no more. */
  over: boolean;
}

/** What was done under a lock was not written, because the lock had gone to another process meanwhile. */
export class LockLost extends StoreError {
  override readonly name = 'LockLost';
  constructor() {
    super(
      'This process stood still for so long that another one took over what it was doing. Nothing was written; try again.',
    );
  }
}

/**
 * Exclusion among all processes on one Redis: first come, first served inside a process, then a lock with an
 * expiry that is renewed while the work runs. A process that stood still and lost its lock cannot write: the
 * store checks the {@link held} locks together with every write.
 */
export class RedisLocks implements Coordination {
  readonly #redis: RedisClient;
  readonly #lockMs: number;
  readonly #own = createCoordination();
  readonly #held = new AsyncLocalStorage<readonly HeldLock[]>();

  /** `lockMs`: a lock whose holder died is free after this. */
  constructor(redis: RedisClient, lockMs: number) {
    this.#redis = redis;
    this.#lockMs = lockMs;
  }

  /** Locks under which the present work runs. */
  held(): readonly HeldLock[] {
    return (this.#held.getStore() ?? []).filter(({ over }) => !over);
  }

  exclusive<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.#own.exclusive(name, async () => {
      const lock: HeldLock = { key: `${KEY_PREFIX}lock:${name}`, token: randomUUID(), over: false };
      await this.#take(lock);
      const renewal = setInterval(() => {
        renew(this.#redis, [lock.key], lock.token, this.#lockMs).catch(() => undefined);
      }, this.#lockMs * 0.3).unref();
      try {
        return await this.#held.run([...this.held(), lock], work);
      } finally {
        clearInterval(renewal);
        lock.over = true;
        await release(this.#redis, [lock.key], lock.token).catch(() => undefined);
      }
    });
  }

  async #take({ key, token }: HeldLock): Promise<void> {
    for (let wait = FIRST_RETRY_MS; ; wait = Math.min(LONGEST_RETRY_MS, wait * 2)) {
      if (await take(this.#redis, [key], token, this.#lockMs)) return;
      // Spread, so that those who wait do not ask in step.
      await delay(wait * (0.5 + Math.random() / 2));
    }
  }
}
