import type { LimitReadings, WindowName } from '../apollo/types.ts';
import { WINDOW_NAMES } from '../apollo/types.ts';
import {
  type Room,
  type Ticket,
  type TicketTimes,
  Window,
  type WindowSnapshot,
  type WindowState,
} from './window.ts';

/** Length of the minute window in ms; Apollo's is 60,000, tests and benchmarks shorten it. */
export type MinuteMs = number;

const MINUTES: Record<WindowName, number> = { minute: 1, hour: 60, day: 1440 };

/** `Retry-After` is in whole seconds (RFC 9110, 10.2.3): it may name a time so much later than the window's end, ms. */
const RETRY_AFTER_STEP_MS = 1000;

/** One request, as each of the windows counts it. */
export type AllowanceTicket = Readonly<Record<WindowName, Ticket>>;
/** All of an allowance, as JSON. */
export type AllowanceState = Readonly<Record<WindowName, WindowState>>;
export type AllowanceSnapshot = Partial<Record<WindowName, WindowSnapshot>>;

/** What a 429 said, as far as it did. */
export interface Refusal {
  readonly window: WindowName | undefined;
  readonly readings: LimitReadings;
  readonly retryAfterMs: number | undefined;
}

/** How full one window is, for people to see; with a share, our part of it. `endsAt`: monotonic ms. */
export interface WindowUse {
  readonly window: WindowName;
  readonly limit: number;
  readonly used: number;
  readonly endsAt?: number;
}

/**
 * An allowance as a limiter uses it; all times are monotonic ms of this process. {@link Allowance} is what one process has
 * to itself, and `SharedAllowance` what several have: there permits have to be fetched before a request may leave. In
 * one process that would cost a copy of all windows for every request and answer, and gain nothing.
 */
export interface LimiterAllowance
  extends Pick<
    Allowance,
    'share' | 'room' | 'settle' | 'withdraw' | 'refuse' | 'learn' | 'limitedBy' | 'uses'
  > {
  /** A request leaves. */
  send(now: number): AllowanceTicket;
  /** So many requests would leave if they might. */
  request?(count: number): void;
  /** Another process found out that there may be room. */
  told?(): void;
  /** Sees what other processes have used. */
  refresh?(): Promise<void>;
  /** Resolves when other processes know what became of this one's requests. None may follow. */
  settled?(): Promise<void>;
}

/**
 * The rate limit of one Apollo team for one endpoint: a minute, an hour and a day window that all must have
 * room. Learnt from Apollo's answers; see {@link Window} for how it stays on the safe side.
 */
export class Allowance {
  readonly #windows: Readonly<Record<WindowName, Window>>;

  constructor(minuteMs: MinuteMs) {
    const window = (name: WindowName) => new Window(MINUTES[name] * minuteMs);
    this.#windows = { minute: window('minute'), hour: window('hour'), day: window('day') };
  }

  /** Percent of the limit that may be used, 1 to 100; the rest is left to colleagues' other tools. */
  set share(percent: number) {
    for (const name of WINDOW_NAMES) this.#windows[name].share = percent;
  }

  /** Requests that may leave now, or when to ask again (`undefined`: after the next answer). */
  room(now: number): Room {
    let free = Number.POSITIVE_INFINITY;
    let at = Number.NEGATIVE_INFINITY;
    let afterAnswer = false;
    for (const name of WINDOW_NAMES) {
      const room = this.#windows[name].room(now);
      free = Math.min(free, room.free);
      if (!('at' in room)) continue;
      if (room.at === undefined) afterAnswer = true;
      else at = Math.max(at, room.at);
    }
    if (free > 0) return { free };
    return { free: 0, at: afterAnswer ? undefined : at };
  }

  /** The window that has no room now, the longest first, and when it has again (monotonic ms). */
  limitedBy(now: number): { window: WindowName; until: number } | undefined {
    for (const name of ['day', 'hour', 'minute'] as const) {
      const room = this.#windows[name].room(now);
      if (room.free === 0 && 'at' in room && room.at !== undefined) return { window: name, until: room.at };
    }
    return undefined;
  }

  /** `id`: names the request where several processes share the allowance. */
  send(now: number, id?: string): AllowanceTicket {
    const { minute, hour, day } = this.#windows;
    return { minute: minute.send(now, id), hour: hour.send(now, id), day: day.send(now, id) };
  }

  /** Requests not answered yet, by id. */
  underWay(): Map<string, AllowanceTicket> {
    const byId = (name: WindowName) =>
      new Map([...this.#windows[name].underWay()].map((ticket) => [ticket.id ?? '', ticket]));
    const [hour, day] = [byId('hour'), byId('day')];
    return new Map(
      [...byId('minute')].map(([id, minute]) => {
        return [id, { minute, hour: hour.get(id) ?? minute, day: day.get(id) ?? minute }];
      }),
    );
  }

  dump(): AllowanceState {
    const { minute, hour, day } = this.#windows;
    return { minute: minute.dump(), hour: hour.dump(), day: day.dump() };
  }

  /** Becomes what {@link dump} gave; what is later than `now` is not believed. For a new one. */
  load(state: AllowanceState, now?: number): void {
    for (const name of WINDOW_NAMES) this.#windows[name].load(state[name], now);
  }

  settle(ticket: AllowanceTicket, now: number, readings: LimitReadings, times?: TicketTimes): void {
    for (const name of WINDOW_NAMES) this.#windows[name].settle(ticket[name], now, readings[name], times);
  }

  /** The request never reached Apollo. */
  withdraw(ticket: AllowanceTicket, now: number): void {
    for (const name of WINDOW_NAMES) this.#windows[name].withdraw(ticket[name], now);
  }

  learn(readings: LimitReadings, now: number): void {
    for (const name of WINDOW_NAMES) {
      const reading = readings[name];
      if (reading) this.#windows[name].learn(reading, now);
    }
  }

  /**
   * A 429: nothing more until Apollo says, or until the end that we know of where that is what Apollo's whole seconds
   * mean. Where Apollo names no window, it is the shortest that can make anybody wait so long.
   */
  refuse(ticket: AllowanceTicket, now: number, refusal: Refusal, times?: TicketTimes): void {
    const { readings, retryAfterMs } = refusal;
    const refusing = refusal.window ?? this.#shortest(retryAfterMs ?? 0);
    for (const name of WINDOW_NAMES) {
      if (name !== refusing) this.#windows[name].settle(ticket[name], now, readings[name], times);
    }
    const window = this.#windows[refusing];
    const end = window.endsAt(now);
    const told = retryAfterMs === undefined ? undefined : now + retryAfterMs;
    const later = told === undefined || end === undefined ? 0 : told - end;
    const isRounded = later > 0 && later <= RETRY_AFTER_STEP_MS;
    window.refuse(ticket[refusing], now, readings[refusing], isRounded ? end : told, times);
  }

  #shortest(waitMs: number): WindowName {
    const long = (name: WindowName) => waitMs <= this.#windows[name].length + RETRY_AFTER_STEP_MS;
    return (['minute', 'hour'] as const).find(long) ?? 'day';
  }

  uses(now: number): WindowUse[] {
    return WINDOW_NAMES.flatMap((name) => {
      const window = this.#windows[name];
      const use = window.use(now);
      if (!use) return [];
      const endsAt = window.endsAt(now);
      return [{ window: name, ...use, ...(endsAt !== undefined && { endsAt }) }];
    });
  }

  snapshot(now: number, wallOffset: number): AllowanceSnapshot {
    const snapshot: AllowanceSnapshot = {};
    for (const name of WINDOW_NAMES) {
      const window = this.#windows[name].snapshot(now, wallOffset);
      if (window) snapshot[name] = window;
    }
    return snapshot;
  }

  restore(snapshot: AllowanceSnapshot, now: number, wallOffset: number): void {
    for (const name of WINDOW_NAMES) {
      const window = snapshot[name];
      if (window) this.#windows[name].restore(window, now, wallOffset);
    }
  }
}
