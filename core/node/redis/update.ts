import type { Redis } from 'ioredis';
import type { Shared } from '../../ports.ts';
import { KEY_PREFIX } from './connection.ts';
import { script } from './script.ts';

/** Long enough for what is shared this way (allowances: a day's window), ms. */
const KEPT_MS = 3 * 24 * 3_600_000;

const swap = script(`
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
`);

/** Reads, changes and writes back unless somebody else wrote meanwhile; then from the start. */
export function createUpdate(redis: Redis): Shared['update'] {
  return async (name, change) => {
    const key = `${KEY_PREFIX}shared:${name}`;
    for (;;) {
      const before = await redis.get(key);
      const { value, result } = change(before === null ? undefined : JSON.parse(before));
      const after = JSON.stringify(value);
      if (after === before) return result;
      if ((await swap(redis, [key], before ?? '', after, KEPT_MS)) === 1) return result;
    }
  };
}
