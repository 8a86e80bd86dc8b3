import { createHmac, timingSafeEqual } from 'node:crypto';

/** Older deliveries are refused: somebody may have recorded them. The server signs each attempt anew. */
const OLDEST_MS = 5 * 60_000;

/**
 * Whether the server sent this body with the secret, a few minutes ago at most. `header`: the delivery's
 * `ConnectionSphere-Signature`; `now`: ms since the epoch.
 */
export function isSigned(
  header: string | string[] | undefined,
  body: Buffer,
  secret: string,
  now: number,
): boolean {
  const [, seconds = '', given = ''] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(String(header)) ?? [];
  if (given === '' || Math.abs(now - Number(seconds) * 1000) > OLDEST_MS) return false;
  const expected = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
  return timingSafeEqual(Buffer.from(given, 'hex'), expected);
}
