import { setImmediate as nextTurn } from 'node:timers/promises';

/** So many rows of the most columns that a list may have take some 10 ms. */
const IN_A_TURN = 100;

/**
 * The rows of a list that is in memory, some in each turn of the event loop, so that other requests do not
 * wait for all of them.
 */
export async function* inTurns<T>(rows: Iterable<T>): AsyncGenerator<T> {
  let count = 0;
  for (const row of rows) {
    if (count % IN_A_TURN === IN_A_TURN - 1) await nextTurn();
    count += 1;
    yield row;
  }
}
