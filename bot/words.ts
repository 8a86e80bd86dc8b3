/** Numbers, times and outcomes as people read them. */
import type { Estimate, Outcome, Waiting } from '@connectionsphere/core';

/** "2,000", or as the locale (BCP 47) groups it. */
export function count(value: number, locale = 'en-US'): string {
  return value.toLocaleString(locale, { maximumFractionDigits: 2 });
}

/** "1 row", "2,000 rows". */
export function plural(value: number, one: string, many = `${one}s`, locale?: string): string {
  return `${count(value, locale)} ${value === 1 ? one : many}`;
}

/** "8 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Math.max(0, Math.round(seconds * 10) / 10)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}

/** "2026-11-23 18:25 UTC". `ms`: since the epoch. */
export function moment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** What became of a row, as people read it; files have the outcomes as programs read them. */
export const OUTCOME_WORDS: Readonly<Record<Outcome | 'pending', string>> = {
  matched: 'Found',
  review: 'To review',
  unmatched: 'Not found',
  skipped: 'Skipped',
  failed: 'Failed',
  pending: 'Waiting',
};

/** What a list that runs waits for; each surface says until when in its own way. */
export const WAITS: Record<Waiting['for'], string> = {
  'apollo-limit': "waits for Apollo's limit",
  disk: "waits for room on the server's disk: free some, and it goes on by itself",
  redis: 'waits for Redis to take writes: see its memory and disk, and it goes on by itself',
};

/** Shorter than this, an estimate tells more of how quickly Apollo answers than of the keys' limits, s. */
const SURE_SECONDS = 10;

/** How long a list will take: "about 3 min 20 s". */
export function estimatedTime({ lookups, seconds }: Pick<Estimate, 'lookups' | 'seconds'>): string {
  if (lookups === 0) return 'a moment';
  if (seconds === undefined) return 'unknown: no Apollo key is connected';
  return seconds < SURE_SECONDS ? 'some seconds' : `about ${duration(seconds)}`;
}
