import { createHash } from 'node:crypto';
import type { RedisClient } from './client.ts';

/** Runs a script on Redis; gives what it gives. */
export type Script = (
  redis: RedisClient,
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
    const options = { keys: [...keys], arguments: args.map(String) };
    try {
      return await redis.evalSha(hash, options);
    } catch (error) {
      // A new Redis, or one that was started again.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await redis.eval(source, options);
    }
  };
}
