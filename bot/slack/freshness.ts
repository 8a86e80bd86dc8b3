import type { Clock } from '@connectionsphere/core';
import type { RequestHandler } from 'express';

/** Slack's own tolerance, seconds; Bolt checks the past only. */
const TOLERANCE_S = 5 * 60;

/**
 * Refuses what Bolt would take: requests dated in the future, and a request that was heard already, byte for
 * byte. (Slack signs anew when it sends again.) Signatures are checked by Bolt afterwards.
 */
export function freshOnly(clock: Clock): RequestHandler {
  /** Signatures of requests that were heard, or are being heard, and until when they could pass again. */
  const heard = new Map<string, number>();
  return (request, response, next) => {
    const now = clock.now() / 1000;
    const sent = Number(request.get('x-slack-request-timestamp'));
    const signature = request.get('x-slack-signature') ?? '';
    // Not the present: also not a number.
    if (!(Math.abs(now - sent) <= TOLERANCE_S)) return void response.status(401).end();
    for (const [old, until] of heard) {
      if (until > now) break;
      heard.delete(old);
    }
    if (heard.has(signature)) return void response.status(401).end();
    heard.set(signature, now + 2 * TOLERANCE_S);
    response.on('close', () => {
      // What was not heard well may come again.
      if (response.statusCode >= 400) heard.delete(signature);
    });
    next();
  };
}
