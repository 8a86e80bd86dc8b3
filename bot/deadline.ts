import { StoreUnavailable } from '@connectionsphere/core/node';

/** How long a request waits for the store before it is answered that the store does not answer, ms. */
const DEADLINE_MS = 4_000;

/**
 * What `work` gives, or, when it takes longer than people should wait, a `StoreUnavailable`: a Redis that is away keeps
 * commands waiting until it is back, however long that takes.
 */
export async function inTime<T>(work: Promise<T>, deadlineMs = DEADLINE_MS): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new StoreUnavailable('The store does not answer. Try again in a moment.')),
    deadlineMs,
  );
  // What fails after the deadline has been answered already.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
