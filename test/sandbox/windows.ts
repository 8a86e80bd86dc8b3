import type { Endpoint, WindowName } from '../../core/apollo/types.ts';
import { WINDOW_NAMES } from '../../core/apollo/types.ts';
import type { Limits } from './settings.ts';

interface WindowState {
  readonly limit: number | null;
  /** Requests counted since the window opened. */
  readonly used: number;
  /** ms until the window closes; 0 when it is not open. */
  readonly endsInMs: number;
}
export type WindowStates = Readonly<Record<WindowName, WindowState>>;

interface Verdict {
  readonly states: WindowStates;
  /** The full window that refuses the request; of several, the one that stays full longest. */
  readonly refusedBy?: WindowName;
}

const MINUTES: Readonly<Record<WindowName, number>> = { minute: 1, hour: 60, day: 1440 };
const HEADER_NAMES: Readonly<Record<WindowName, readonly [limit: string, usage: string, left: string]>> = {
  minute: ['x-rate-limit-minute', 'x-minute-usage', 'x-minute-requests-left'],
  hour: ['x-rate-limit-hourly', 'x-hourly-usage', 'x-hourly-requests-left'],
  day: ['x-rate-limit-24-hour', 'x-24-hour-usage', 'x-24-hour-requests-left'],
};

/**
 * Fixed windows per team and endpoint. A window opens with the first request it counts and closes a
 * window's length later, whatever the clock shows. A refused request is not counted.
 */
export class RateWindows {
  readonly #minuteMs: number;
  readonly #open = new Map<string, { readonly since: number; used: number }>();

  /** @param minuteMs ms that the minute window lasts; hour and day are 60 and 1440 of it. */
  constructor(minuteMs: number) {
    this.#minuteMs = minuteMs;
  }

  /** Counts one request that arrived at `now` (ms), in all three windows or, when one is full, in none. */
  count(team: string, endpoint: Endpoint, limits: Limits, now: number): Verdict {
    const before = this.read(team, endpoint, limits, now);
    const full = WINDOW_NAMES.filter((name) => {
      const { limit, used } = before[name];
      return limit !== null && used >= limit;
    }).sort((a, b) => before[b].endsInMs - before[a].endsInMs);
    if (full[0] !== undefined) return { states: before, refusedBy: full[0] };
    for (const name of WINDOW_NAMES) {
      const key = windowKey(team, endpoint, name);
      const open = this.#openAt(key, name, now);
      if (open) open.used += 1;
      else this.#open.set(key, { since: now, used: 1 });
    }
    return { states: this.read(team, endpoint, limits, now) };
  }

  read(team: string, endpoint: Endpoint, limits: Limits, now: number): WindowStates {
    const state = (name: WindowName): WindowState => {
      const open = this.#openAt(windowKey(team, endpoint, name), name, now);
      if (!open) return { limit: limits[name], used: 0, endsInMs: 0 };
      return { limit: limits[name], used: open.used, endsInMs: open.since + this.#length(name) - now };
    };
    return { minute: state('minute'), hour: state('hour'), day: state('day') };
  }

  #openAt(key: string, name: WindowName, now: number): { used: number; readonly since: number } | undefined {
    const open = this.#open.get(key);
    return open && now < open.since + this.#length(name) ? open : undefined;
  }

  #length(name: WindowName): number {
    return MINUTES[name] * this.#minuteMs;
  }
}

/** The headers of an answer whose limits were checked. A window without a limit has an empty limit and no usage. */
export function rateHeaders(states: WindowStates): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of WINDOW_NAMES) {
    const { limit, used } = states[name];
    const [limitName, usageName, leftName] = HEADER_NAMES[name];
    headers[limitName] = limit === null ? '' : String(limit);
    if (limit === null) continue;
    headers[usageName] = String(used);
    headers[leftName] = String(Math.max(0, limit - used));
  }
  return headers;
}

function windowKey(team: string, endpoint: Endpoint, name: WindowName): string {
  return `${team} ${endpoint} ${name}`;
}
