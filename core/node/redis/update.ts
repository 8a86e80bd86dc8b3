import type { Shared } from '../../ports.ts';
import { type Calls, scriptOnce } from './once.ts';
import { KEY_PREFIX } from './prefix.ts';

/** Long enough for what is shared this way (allowances: a day's window), ms. */
const KEPT_MS = 3 * 24 * 3_600_000;

/** Key, value before ('' none), value after, ms to live. Gives 'done', or what is there in place of the value before. */
const swap = scriptOnce(`
local now = redis.call('GET', argv[1]) or ''
if now ~= argv[2] then return now, true end
redis.call('SET', argv[1], argv[3], 'PX', argv[4])
return 'done'
`);

/**
 * Changes the value as this process last saw it, and writes that unless another process has written meanwhile; then
 * changes what that one wrote. So a process that is alone with a value needs one round trip.
 */
export function createUpdate(calls: Calls): Shared['update'] {
  /** Values as texts, '' for none. */
  const seen = new Map<string, string>();
  return async (name, change) => {
    const key = `${KEY_PREFIX}shared:${name}`;
    let isFresh = !seen.has(key);
    let before = seen.get(key) ?? (await calls.redis.get(key)) ?? '';
    for (;;) {
      const { value, result } = change(before === '' ? undefined : JSON.parse(before));
      const after = JSON.stringify(value);
      const isWritten = after !== before;
      const answer = isWritten ? await swap(calls, key, before, after, KEPT_MS) : 'done';
      if (answer === 'done' && (isWritten || isFresh)) {
        seen.set(key, after);
        return result;
      }
      // Where there was nothing to write, what others wrote is still to be read.
      before = isWritten ? answer : ((await calls.redis.get(key)) ?? '');
      isFresh = true;
    }
  };
}
