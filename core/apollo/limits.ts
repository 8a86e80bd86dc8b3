import type { HttpResponse } from '../ports.ts';
import { asNumber, asObject, type JsonObject } from './json.ts';
import { type LimitReadings, WINDOW_NAMES, type WindowName, type WindowReading } from './types.ts';

/** Source: Apollo's reference, "Rate limits". */
const HEADERS: Readonly<Record<WindowName, { readonly limit: string; readonly usage: string }>> = {
  minute: { limit: 'x-rate-limit-minute', usage: 'x-minute-usage' },
  hour: { limit: 'x-rate-limit-hourly', usage: 'x-hourly-usage' },
  day: { limit: 'x-rate-limit-24-hour', usage: 'x-24-hour-usage' },
};

/**
 * What the headers of an answer say about the endpoint's allowance. An empty limit header means that the
 * window has no limit; a header that is absent or is no number says nothing.
 */
export function readLimitHeaders(headers: HttpResponse['headers']): LimitReadings {
  return readWindows((window) => {
    const limit = headers[HEADERS[window].limit]?.trim();
    if (limit === undefined) return undefined;
    if (limit === '') return { limit: null };
    return reading(wholeNumber(limit), wholeNumber(headers[HEADERS[window].usage]));
  });
}

/** The windows of one endpoint as `api_usage_stats` prints them. */
export function readUsageWindows(usage: JsonObject): LimitReadings {
  return readWindows((name) => {
    const window = asObject(usage[name]);
    if (!window) return undefined;
    const limit = window.limit === null ? null : asNumber(window.limit);
    return reading(limit, asNumber(window.consumed));
  });
}

/** ms to wait as the answer says, in seconds or as a date; a date is taken relative to the answer's own. */
export function readRetryAfter(headers: HttpResponse['headers']): number | undefined {
  const text = headers['retry-after']?.trim();
  if (!text) return undefined;
  if (/^\d{1,9}(?:\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const wait = Date.parse(text) - Date.parse(headers.date ?? '');
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** Which window a 429 is about: as its message says, else the longest whose limit is used up. */
export function readExceededWindow(message: string, limits: LimitReadings): WindowName | undefined {
  const named = /\btimes per (minute|hour|day)\b/i.exec(message)?.[1]?.toLowerCase();
  return (
    WINDOW_NAMES.find((window) => window === named) ??
    WINDOW_NAMES.findLast((window) => {
      const { limit, used } = limits[window] ?? { limit: null };
      return limit !== null && used !== undefined && used >= limit;
    })
  );
}

function readWindows(read: (window: WindowName) => WindowReading | undefined): LimitReadings {
  const readings: Partial<Record<WindowName, WindowReading>> = {};
  for (const window of WINDOW_NAMES) {
    const found = read(window);
    if (found) readings[window] = found;
  }
  return readings;
}

function reading(limit: number | null | undefined, used: number | undefined): WindowReading | undefined {
  if (limit === undefined) return undefined;
  // A limit of 0 would stop the work without a word: what it really is shows when Apollo refuses.
  if (limit === 0) return { limit: null };
  return used === undefined ? { limit } : { limit, used };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : undefined;
}
