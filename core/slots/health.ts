import type { WindowName } from '../apollo/types.ts';
import type { Connection, Health } from './types.ts';

/**
 * How long a connection without credits rests when nobody knows when its billing cycle ends. Trying then
 * costs nothing: Apollo refuses a call that it cannot charge.
 */
const REST_WITHOUT_CREDITS_MS = 60 * 60 * 1000;

const PER: Record<WindowName, string> = { minute: 'minute', hour: 'hour', day: 'day' };

/**
 * The health at `now` (ms since the epoch): `limited` ends by itself at `until`, `out-of-credits` when the
 * billing cycle ends, or after an hour where its end is unknown. `refused` lasts until Apollo takes the key again,
 * `locked` until its encryption key is back.
 */
export function currentHealth({ health }: Pick<Connection, 'health'>, now: number): Health {
  const until = endOf(health);
  return until !== undefined && until <= now ? { state: 'healthy' } : health;
}

/** What the health is and what to do about it, in one or two short sentences. `now`: ms since the epoch. */
export function healthWords(health: Health, now: number): string {
  const current = currentHealth({ health }, now);
  switch (current.state) {
    case 'healthy':
      return 'Healthy.';
    case 'limited':
      return `At its limit per ${PER[current.window]} for another ${span(current.until - now)}. It goes on by itself.`;
    case 'out-of-credits':
      return current.until === undefined
        ? `Out of credits since ${date(current.since)}. Add credits in Apollo; the slot is tried again every hour.`
        : `Out of credits until ${date(current.until)}. Add credits in Apollo, or wait until then.`;
    case 'refused':
      return `Refused by Apollo since ${date(current.since)}. Check the key in Apollo, or replace it in this slot.`;
    case 'locked':
      return current.missing === undefined
        ? 'Cannot be decrypted: it was altered, or ENCRYPTION_KEYS has a wrong value under its id. Put the right one back, or replace the key in this slot.'
        : `Cannot be decrypted without encryption key "${current.missing}", which is missing. Add "${current.missing}" to ENCRYPTION_KEYS, or replace the key in this slot.`;
  }
}

function endOf(health: Health): number | undefined {
  if (health.state === 'limited') return health.until;
  if (health.state === 'out-of-credits') return health.until ?? health.since + REST_WITHOUT_CREDITS_MS;
  return undefined;
}

function span(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}

function date(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
