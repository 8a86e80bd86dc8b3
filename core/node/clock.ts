import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../ports.ts';

/** Node's timers hold 32 bits: a longer delay would fire at once. About 24 days, in ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own time. Sleeps of any length, until the end of a billing cycle included. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    const end = performance.now() + ms;
    for (let left = ms; left > 0 && !signal?.aborted; left = end - performance.now()) {
      await delay(Math.min(left, LONGEST_TIMER_MS), undefined, signal ? { signal } : {}).catch(
        (error: unknown) => {
          if (!signal?.aborted) throw error;
        },
      );
    }
  },
};
