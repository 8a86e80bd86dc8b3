import { createHmac, randomBytes } from 'node:crypto';

/** A secret to sign deliveries with. */
export function newSecret(): string {
  return `whsec_${randomBytes(24).toString('base64url')}`;
}

/**
 * What proves that a delivery is ours and new: `t=<unix seconds>,v1=<hex>`, the HMAC-SHA256 of
 * `<seconds>.<body>` with the secret. `at`: ms since the epoch.
 */
export function signature(secret: string, at: number, body: string): string {
  const seconds = Math.floor(at / 1000);
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${mac}`;
}
