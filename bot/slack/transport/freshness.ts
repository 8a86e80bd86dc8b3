import type { Clock, Coordination, Log, Store } from '@connectionsphere/core';
import type { RequestHandler } from 'express';

/** Slack's own tolerance, seconds; Bolt checks the past only. */
const TOLERANCE_S = 5 * 60;

/** Signatures of requests that a process on this state has taken, or is taking: no other takes them. */
export interface SeenRequests {
  /** Whether this one was not there before; it is now, for `ttlMs`. */
  add(signature: string, ttlMs: number): Promise<boolean>;
  delete(signature: string): Promise<void>;
}

export function seenRequests(store: Store, coordination: Coordination): SeenRequests {
  const seen = store.collection<true>('slack-requests');
  return {
    add: async (signature, ttlMs) =>
      await coordination.exclusive(`slack-request:${signature}`, async () => {
        if (await seen.get(signature)) return false;
        await seen.set(signature, true, { ttlMs });
        return true;
      }),
    delete: async (signature) => await seen.delete(signature),
  };
}

/** As Slack signs; anything else would only fill the list. */
const SIGNATURE = /^v0=[0-9a-f]{64}$/;

/**
 * Refuses what Bolt would take: requests dated in the future, and a request that was taken already, byte for
 * byte. (Slack signs anew when it sends again.) Signatures are checked by Bolt afterwards.
 */
export function freshOnly(clock: Clock, seen: SeenRequests, log: Log): RequestHandler {
  return async (request, response, next) => {
    const now = clock.now() / 1000;
    const sent = Number(request.get('x-slack-request-timestamp'));
    const signature = request.get('x-slack-signature') ?? '';
    // Not the present: also not a number.
    if (!(Math.abs(now - sent) <= TOLERANCE_S)) return void response.status(401).end();
    if (!SIGNATURE.test(signature)) return void response.status(401).end();
    if (!(await seen.add(signature, 2 * TOLERANCE_S * 1000))) return void response.status(401).end();
    response.on('close', () => {
      // What was not answered well may come again.
      if (response.statusCode < 400) return;
      seen
        .delete(signature)
        .catch((error: unknown) => log.warn('A request could not be let in again', { error }));
    });
    next();
  };
}
