import type { Ports } from './ports.ts';

/** By name, what is thrown where a store takes nothing just now. */
const UNWRITTEN: ReadonlyMap<string, 'disk' | 'redis'> = new Map([
  ['StoreNotWritten', 'disk'],
  ['RedisRefused', 'redis'],
]);
/** Between two attempts to write, twice as long each time, ms. */
export const REFUSED_WAIT_MS = { first: 250, longest: 10_000 } as const;

/** What takes no writes, where that is why something failed: a full disk, or a Redis that refuses. It ends by itself. */
export function refusedBy(error: unknown): 'disk' | 'redis' | undefined {
  return error instanceof Error ? UNWRITTEN.get(error.name) : undefined;
}

/**
 * Does what must not be left undone, such as giving back what only this process can, again and again while the store takes
 * nothing. Never rejects: what fails for another reason is logged, as `failed`.
 */
export async function untilTaken(
  { clock, log }: Pick<Ports, 'clock' | 'log'>,
  failed: string,
  work: () => Promise<void>,
): Promise<void> {
  let isTold = false;
  for (let wait: number = REFUSED_WAIT_MS.first; ; wait = Math.min(REFUSED_WAIT_MS.longest, 2 * wait)) {
    try {
      return await work();
    } catch (error) {
      const isPassing = refusedBy(error) !== undefined;
      if (!isTold || !isPassing) log.warn(isPassing ? `${failed}; it is tried again` : failed, { error });
      if (!isPassing) return;
      isTold = true;
      await clock.sleep(wait);
    }
  }
}
