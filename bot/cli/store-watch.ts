import { setTimeout as delay } from 'node:timers/promises';
import { StoreUnavailable } from '@connectionsphere/core/node';
import { inTime } from '../deadline.ts';
import { failureOf } from './failure.ts';
import type { Output } from './output.ts';

/** So long a process that is to end waits for a store that does not answer, ms: half of what Kubernetes leaves it. */
const PATIENCE_MS = 15_000;
/** Between two looks at the store, ms. */
const LOOK_EVERY_MS = 1_000;

/**
 * For a process that is to end: ends it at once, with 1, when the store does not answer for some seconds. A Redis that is
 * away keeps whoever waits for it waiting until it is back, and the process would be killed before. Nothing is lost by it
 * but answers that could not be stored: their calls count as in doubt, as after a kill. `look` reads anything from the store.
 */
export function endWithoutStore(output: Output, look: () => Promise<unknown>): void {
  const watch = async () => {
    for (;;) {
      // Whatever it says is an answer, also that it is closed.
      await inTime(
        look().catch(() => undefined),
        PATIENCE_MS,
      );
      await delay(LOOK_EVERY_MS, undefined, { ref: false });
    }
  };
  watch().catch(() => {
    const error = new StoreUnavailable(
      `The store has not answered for ${PATIENCE_MS / 1000} seconds, so this process ended without it. Calls whose answers could not be stored count as in doubt, and lists go on from what is stored. Start Redis, then this program again.`,
    );
    output.failure(failureOf(error));
    process.exit(1);
  });
}
