import type { Clock, Ports } from './ports.ts';

/** By name, what is thrown where a store takes nothing just now. */
const UNWRITTEN: ReadonlyMap<string, 'disk' | 'redis'> = new Map([
  ['StoreNotWritten', 'disk'],
  ['RedisRefused', 'redis'],
]);
/** Between two attempts to write, twice as long each time, ms. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

/** What takes no writes, where that is why something failed: a full disk, or a Redis that refuses. It ends by itself. */
function refusedBy(error: unknown): 'disk' | 'redis' | undefined {
  return error instanceof Error ? UNWRITTEN.get(error.name) : undefined;
}

/**
 * Does the work again and again while the store takes nothing. `onRefused` hears of the first refusal, and by what. Rejects
 * with what is no refusal, and with a refusal after which `mayWait` says no.
 */
export async function retryWhileRefused<T>(
  clock: Pick<Clock, 'sleep'>,
  work: () => Promise<T>,
  {
    onRefused,
    mayWait = () => true,
    signal,
  }: {
    readonly onRefused: (error: unknown, by: 'disk' | 'redis') => void;
    readonly mayWait?: () => boolean;
    /** Ends a wait early. */
    readonly signal?: AbortSignal;
  },
): Promise<T> {
  let isTold = false;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(LONGEST_WAIT_MS, 2 * wait)) {
    try {
      return await work();
    } catch (error) {
      const by = refusedBy(error);
      if (!by || !mayWait()) throw error;
      if (!isTold) onRefused(error, by);
      isTold = true;
      await clock.sleep(wait, signal);
    }
  }
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
  const onRefused = (error: unknown) => log.warn(`${failed}; it is tried again`, { error });
  await retryWhileRefused(clock, work, { onRefused }).catch((error) => log.warn(failed, { error }));
}
