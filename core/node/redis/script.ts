import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Runs a script on Redis; gives what it gives. */
export type Script = (
  redis: Redis,
  keys: readonly string[],
  ...args: readonly (string | number)[]
) => Promise<unknown>;

/**
 * A script in Lua that is sent once to each Redis, and named by its hash afterwards (EVALSHA): sent whole, scripts were
 * most of what a call to Apollo cost in bytes.
 */
export function script(source: string): Script {
  const hash = createHash('sha1').update(source).digest('hex');
  return async (redis, keys, ...args) => {
    try {
      return await redis.evalsha(hash, keys.length, ...keys, ...args);
    } catch (error) {
      // A new Redis, or one that was started again.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await redis.eval(source, keys.length, ...keys, ...args);
    }
  };
}
