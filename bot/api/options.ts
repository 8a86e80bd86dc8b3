import { DEFAULT_OPTIONS, type EnrichOptions } from '@connectionsphere/core';
import type { Options } from './schemas.ts';

const DAY_MS = 86_400_000;

/** The core's options from the API's. */
export function enrichOptions(options: Partial<Options> = {}): EnrichOptions {
  const { matchedDays, unmatchedDays } = options;
  return {
    reveal: {
      personalEmails: options.personalEmails ?? false,
      phones: options.phones ?? false,
      waterfall: options.waterfall ?? false,
    },
    company: options.company ?? false,
    matchedForMs: matchedDays === undefined ? DEFAULT_OPTIONS.matchedForMs : matchedDays * DAY_MS,
    unmatchedForMs: unmatchedDays === undefined ? DEFAULT_OPTIONS.unmatchedForMs : unmatchedDays * DAY_MS,
  };
}
