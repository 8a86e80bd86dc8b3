import {
  type Connection,
  conditionWords,
  currentHealth,
  type LimiterStatus,
  type SlotView,
} from '@connectionsphere/core';
import type { Reader } from '../../reader.ts';
import { shown, withMoments } from '../blocks.ts';

const HEALTH_SIGNS = {
  healthy: ':large_green_circle:',
  limited: ':large_yellow_circle:',
  'out-of-credits': ':large_orange_circle:',
  refused: ':red_circle:',
  locked: ':lock:',
} as const;

/** Apollo's ids; their last digits tell teams apart. */
const TEAM_ID = /^[0-9a-f]{24}$/;

/** `····a1b2`: all that is ever shown of a key. */
export function keyTail(last4: string): string {
  return `\`····${shown(last4.replaceAll('`', "'"))}\``;
}

/** "self" or "fly", as in the notation. */
export function kindWord({ kind }: Pick<SlotView, 'kind'>): string {
  return kind === 'self' ? 'self' : 'fly';
}

export function healthLine(connection: Connection, now: number): string {
  return `${HEALTH_SIGNS[currentHealth(connection, now).state]} ${withMoments(conditionWords(connection, now))}`;
}

/** "9,980 of 10,000 credits left". */
export function creditsLine({ credits }: Pick<Connection, 'credits'>, reader: Reader): string {
  if (!credits) return 'credits unknown';
  const left = reader.count(credits.left);
  return credits.limit === undefined || credits.limit === 0
    ? `${left} credits left`
    : `${left} of ${reader.count(credits.limit)} credits left`;
}

/** "12 of 1,000 calls this minute"; nothing where no call was made yet and no limit is known. */
export function useLine(
  { team, limits }: Connection,
  limiters: readonly LimiterStatus[],
  reader: Reader,
): string {
  const limiter = limiters.find((each) => each.team === team && each.endpoint === 'people/bulk_match');
  const minute = limiter?.windows.find(({ window }) => window === 'minute');
  if (minute) return `${reader.count(minute.used)} of ${reader.count(minute.limit)} calls this minute`;
  const limit = limits?.['people/bulk_match']?.minute?.limit;
  return typeof limit === 'number' ? `0 of ${reader.count(limit)} calls this minute` : '';
}

export function teamLine({ team, teamKnown }: Connection): string {
  if (!teamKnown) return 'Apollo team unknown';
  return `Apollo team ${shown(TEAM_ID.test(team) ? `…${team.slice(-6)}` : team)}`;
}

/** "shares limits with slot 1: adds no speed", or nothing. */
export function sharingLine(others: readonly number[]): string {
  if (others.length === 0) return '';
  return `Same Apollo team as slot${others.length > 1 ? 's' : ''} ${others.join(' and ')}: they share limits, so it adds no speed.`;
}
