import { createHmac } from 'node:crypto';

/** Signs a request as Slack does: v0, HMAC-SHA256 over `v0:timestamp:body`. `timestamp`: seconds since the epoch. */
export function slackSignature(secret: string, timestamp: number, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}
