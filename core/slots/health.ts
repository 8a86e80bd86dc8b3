import type { Endpoint, WindowName } from '../apollo/types.ts';
import type { Connection, Health, NotAllowed } from './types.ts';

/**
 * How long a connection without credits rests when nobody knows when its billing cycle ends. Trying then
 * costs nothing: Apollo refuses a call that it cannot charge.
 */
const REST_WITHOUT_CREDITS_MS = 60 * 60 * 1000;

/** How long a refusal for credits that contradicts the balance is believed, ms: twice as long each time, at most an hour. */
export const FIRST_SPENT_WAIT_MS = 60_000;
const LONGEST_SPENT_WAIT_MS = 60 * 60_000;

/** A further refusal for credits. It is another beginning where the last one was long ago. `now`: ms since the epoch. */
export function withSpentRefusal(connection: Connection, now: number): Connection {
  const { spentRefusal: before, credits } = connection;
  const isNext = before !== undefined && now - before.at < before.waitMs + LONGEST_SPENT_WAIT_MS;
  const waitMs = isNext ? Math.min(before.waitMs * 2, LONGEST_SPENT_WAIT_MS) : FIRST_SPENT_WAIT_MS;
  return { ...connection, spentRefusal: { at: now, waitMs, ...(credits && { left: credits.left }) } };
}

/** How long Apollo's word is believed that a key may not use an endpoint, ms. */
export const NOT_ALLOWED_FOR_MS = 60 * 60 * 1000;

/** What slots are for; a key that may not tell about its account is as good as any. */
const WORK: Partial<Record<Endpoint, string>> = {
  'people/bulk_match': 'people, ten at a time',
  'people/match': 'people, one at a time',
  'organizations/bulk_enrich': 'companies, ten at a time',
  'organizations/enrich': 'companies, one at a time',
  'webhook_result/show': 'late phones',
};

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
      return `At its limit per ${PER[current.window]} for another ${span(current.until - now)}. It continues automatically.`;
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

/** Endpoints that the key may not use at `now` (ms since the epoch). Earlier versions kept them without an end. */
export function notAllowedAt({ notAllowed = [] }: Pick<Connection, 'notAllowed'>, now: number): NotAllowed[] {
  return notAllowed.filter(({ until }) => until > now);
}

/** Until when Apollo has no credits for mobile numbers for this key, ms since the epoch; `undefined`: it has. */
export function mobileSpentUntil(
  { mobileSpent }: Pick<Connection, 'mobileSpent'>,
  now: number,
): number | undefined {
  if (!mobileSpent) return undefined;
  const until = mobileSpent.until ?? mobileSpent.since + REST_WITHOUT_CREDITS_MS;
  return until > now ? until : undefined;
}

/** As {@link healthWords}, and what the key may not be used for and until when. */
export function conditionWords(
  connection: Pick<Connection, 'health' | 'notAllowed' | 'mobileSpent'>,
  now: number,
): string {
  const mobileUntil = mobileSpentUntil(connection, now);
  const words =
    mobileUntil === undefined
      ? healthWords(connection.health, now)
      : `${healthWords(connection.health, now)} No credits for mobile numbers are left until ${date(mobileUntil)}: e-mails go on, without phones. Add credits in Apollo; it is tried again then, and at once when a list is started or resumed.`;
  const left = notAllowedAt(connection, now).filter(({ endpoint }) => WORK[endpoint]);
  if (left.length === 0) return words;
  const until = Math.max(...left.map((each) => each.until));
  const work = left.map(({ endpoint }) => WORK[endpoint]).join('; ');
  return `${words} Apollo does not let this key be used for: ${work}. Widen the key in Apollo or change the plan; it is tried again at ${date(until)}, and at once when a list is started or resumed.`;
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
