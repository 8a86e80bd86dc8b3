import type { Endpoint, WindowName } from '../../core/apollo/types.ts';
import { WINDOW_NAMES } from '../../core/apollo/types.ts';
import type { Limits } from './settings.ts';
import { type Counting, countingOf, type WindowModel } from './window-models.ts';

interface WindowState {
  readonly limit: number | null;
  /** Requests that count now. */
  readonly used: number;
  /** ms until the window closes, or has room where it is full; 0 when it is not open. */
  readonly endsInMs: number;
}
export type WindowStates = Readonly<Record<WindowName, WindowState>>;

interface Verdict {
  readonly states: WindowStates;
  /** The full window that refuses the request; of several, the one that stays full longest. */
  readonly refusedBy?: WindowName;
}

/**
 * What headers say of the windows. `withheld`: nothing, in refusals neither. `double`, `half`: that the limit is twice, or
 * half, of what it is. `stale`: how much was used a sixth of a window ago.
 */
export const HEADER_MODES = ['true', 'withheld', 'double', 'half', 'stale'] as const;
export type HeaderMode = (typeof HEADER_MODES)[number];

/** How limits work and what is told of them. */
export interface WindowSettings {
  /** Default: `fixed`, as Apollo documents. */
  readonly model?: WindowModel;
  /** Default: `true`. */
  readonly headers?: HeaderMode;
  /** Whether refusals say when to come again. Default: true. */
  readonly retryAfter?: boolean;
}

const MINUTES: Readonly<Record<WindowName, number>> = { minute: 1, hour: 60, day: 1440 };
const STALE = 1 / 6;
const TOLD: Readonly<Record<HeaderMode, number>> = { true: 1, withheld: 1, double: 2, half: 0.5, stale: 1 };
const HEADER_NAMES: Readonly<Record<WindowName, readonly [limit: string, usage: string, left: string]>> = {
  minute: ['x-rate-limit-minute', 'x-minute-usage', 'x-minute-requests-left'],
  hour: ['x-rate-limit-hourly', 'x-hourly-usage', 'x-hourly-requests-left'],
  day: ['x-rate-limit-24-hour', 'x-24-hour-usage', 'x-24-hour-requests-left'],
};

interface Counted {
  readonly counting: Counting;
  /** Usage after each request, for headers that come late. */
  readonly history: { readonly at: number; readonly used: number }[];
}

/** The windows of every team and endpoint. A refused request is not counted. */
export class RateWindows {
  readonly #minuteMs: number;
  readonly #model: WindowModel;
  readonly #headers: HeaderMode;
  readonly #retryAfter: boolean;
  readonly #counted = new Map<string, Counted>();

  /** @param minuteMs ms that the minute window lasts; hour and day are 60 and 1440 of it. */
  constructor(
    minuteMs: number,
    { model = 'fixed', headers = 'true', retryAfter = true }: WindowSettings = {},
  ) {
    this.#minuteMs = minuteMs;
    this.#model = model;
    this.#headers = headers;
    this.#retryAfter = retryAfter;
  }

  /** Counts one request that arrived at `now` (ms), in all three windows or, when one is full, in none. */
  count(team: string, endpoint: Endpoint, limits: Limits, now: number): Verdict {
    const before = this.read(team, endpoint, limits, now);
    const full = WINDOW_NAMES.filter((name) => this.#waitMs(team, endpoint, limits, name, now) > 0).sort(
      (a, b) => before[b].endsInMs - before[a].endsInMs,
    );
    if (full[0] !== undefined) return { states: before, refusedBy: full[0] };
    for (const name of WINDOW_NAMES) {
      const { counting, history } = this.#of(team, endpoint, name);
      counting.take(now, limits[name] ?? Number.POSITIVE_INFINITY);
      if (this.#headers === 'stale') history.push({ at: now, used: counting.used(now) });
    }
    return { states: this.read(team, endpoint, limits, now) };
  }

  /** As it is, whatever headers say. */
  read(team: string, endpoint: Endpoint, limits: Limits, now: number): WindowStates {
    const state = (name: WindowName): WindowState => {
      const { counting } = this.#of(team, endpoint, name);
      const waitMs = this.#waitMs(team, endpoint, limits, name, now);
      return {
        limit: limits[name],
        used: counting.used(now),
        endsInMs: waitMs > 0 ? waitMs : counting.endsInMs(now),
      };
    };
    return { minute: state('minute'), hour: state('hour'), day: state('day') };
  }

  /** The headers of an answer whose limits were checked. */
  headers(team: string, endpoint: Endpoint, states: WindowStates, now: number): Record<string, string> {
    if (this.#headers === 'withheld') return {};
    const told = (name: WindowName): WindowState => {
      const { limit, used, endsInMs } = states[name];
      return {
        limit: limit === null ? null : Math.floor(limit * TOLD[this.#headers]),
        used: this.#headers === 'stale' ? this.#earlier(team, endpoint, name, now) : used,
        endsInMs,
      };
    };
    return rateHeaders({ minute: told('minute'), hour: told('hour'), day: told('day') });
  }

  /** Whole seconds after which a refused request may come again, where that is told. */
  retryAfter(states: WindowStates, refusedBy: WindowName): Record<string, string> {
    if (!this.#retryAfter) return {};
    return { 'retry-after': String(Math.max(1, Math.ceil(states[refusedBy].endsInMs / 1000))) };
  }

  #earlier(team: string, endpoint: Endpoint, name: WindowName, now: number): number {
    const { history } = this.#of(team, endpoint, name);
    const then = now - this.#length(name) * STALE;
    while (history[1] && history[1].at <= then) history.shift();
    return history[0] && history[0].at <= then ? history[0].used : 0;
  }

  #waitMs(team: string, endpoint: Endpoint, limits: Limits, name: WindowName, now: number): number {
    const limit = limits[name];
    return limit === null ? 0 : this.#of(team, endpoint, name).counting.waitMs(now, limit);
  }

  #of(team: string, endpoint: Endpoint, name: WindowName): Counted {
    const key = `${team} ${endpoint} ${name}`;
    const known = this.#counted.get(key) ?? {
      counting: countingOf(this.#model, this.#length(name)),
      history: [],
    };
    this.#counted.set(key, known);
    return known;
  }

  #length(name: WindowName): number {
    return MINUTES[name] * this.#minuteMs;
  }
}

/** A window without a limit has an empty limit and no usage. */
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
