import type { Shared } from '../../ports.ts';
import { type Calls, scriptOnce } from './once.ts';
import { KEY_PREFIX } from './prefix.ts';

/** Long enough for what is shared this way (allowances: a day's window), ms. */
const KEPT_MS = 3 * 24 * 3_600_000;

/** Key, value before ('' none), value after, ms to live. */
const swap = scriptOnce(`
if (redis.call('GET', argv[1]) or '') ~= argv[2] then return 'changed' end
redis.call('SET', argv[1], argv[3], 'PX', argv[4])
return 'done'
`);

/** Reads, changes and writes back unless somebody else wrote meanwhile; then from the start. */
export function createUpdate(calls: Calls): Shared['update'] {
  return async (name, change) => {
    const key = `${KEY_PREFIX}shared:${name}`;
    for (;;) {
      const before = await calls.redis.get(key);
      const { value, result } = change(before === null ? undefined : JSON.parse(before));
      const after = JSON.stringify(value);
      if (after === before) return result;
      if ((await swap(calls, key, before ?? '', after, KEPT_MS)) === 'done') return result;
    }
  };
}
