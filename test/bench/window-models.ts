import { readExceededWindow, readLimitHeaders, readRetryAfter } from '../../core/apollo/limits.ts';
import { Allowance } from '../../core/limits/allowance.ts';
import { Concurrency } from '../../core/limits/concurrency.ts';
import { Chance } from '../sandbox/chance.ts';
import type { WindowModel } from '../sandbox/window-models.ts';
import { type HeaderMode, RateWindows } from '../sandbox/windows.ts';

/** A client that always has work, against one kind of window, in simulated time. */
export interface WindowScene {
  readonly model: WindowModel;
  readonly headers: HeaderMode;
  readonly retryAfter: boolean;
  /** Requests a minute. */
  readonly limit: number;
  /** Whether the limit is known before the first request, as `api_usage_stats` tells it. */
  readonly known?: boolean;
  readonly minutes: number;
  readonly latencyMs: { readonly median: number; readonly p95: number };
  readonly seed: number;
}

export interface WindowFigures {
  /** Share of all requests that were refused. */
  readonly refused: number;
  /** Accepted after the first minute, as a share of what the limit allows in that time. */
  readonly used: number;
  /** The longest time in which nothing was accepted, minutes. */
  readonly longestStandstill: number;
}

const MINUTE_MS = 60_000;
const TEAM = 'team';
const ENDPOINT = 'people/bulk_match';

interface Event {
  readonly at: number;
  readonly run: () => void;
}

/** Plays so many minutes of a list that never ends. */
export function play(scene: WindowScene): WindowFigures {
  const { limit, minutes, latencyMs, seed } = scene;
  const limits = { minute: limit, hour: null, day: null };
  const windows = new RateWindows(MINUTE_MS, scene);
  const chance = new Chance(seed);
  const allowance = new Allowance(MINUTE_MS);
  if (scene.known) allowance.learn({ minute: { limit }, hour: { limit: null }, day: { limit: null } }, 0);
  const concurrency = new Concurrency();
  const end = minutes * MINUTE_MS;
  // Wherever in the clock's minute it begins.
  const ahead = chance.next() * MINUTE_MS;
  const events: Event[] = [];
  const at = (time: number, run: () => void) => {
    const place = events.findLastIndex((event) => event.at <= time) + 1;
    events.splice(place, 0, { at: time, run });
  };
  const accepted: number[] = [];
  let [now, underWay, calls, refused, wakeAt] = [0, 0, 0, 0, Number.POSITIVE_INFINITY];

  const wake = () => {
    while (underWay < concurrency.limit) {
      const room = allowance.room(now);
      if (room.free === 0) {
        if ('at' in room && room.at !== undefined && (room.at < wakeAt || wakeAt <= now)) {
          wakeAt = Math.max(room.at, now + 1);
          at(wakeAt, wake);
        }
        return;
      }
      send();
    }
  };
  const send = () => {
    const leftAt = now;
    const ticket = allowance.send(now);
    const latency = chance.spread(latencyMs.median, latencyMs.p95);
    underWay += 1;
    calls += 1;
    // Counted on the way, a third of it after the request left.
    at(leftAt + latency / 3, () => {
      const clock = now + ahead;
      const { states, refusedBy } = windows.count(TEAM, ENDPOINT, limits, clock);
      if (refusedBy) refused += 1;
      else accepted.push(now);
      const headers = {
        ...windows.headers(TEAM, ENDPOINT, states, clock),
        ...(refusedBy && windows.retryAfter(states, refusedBy)),
      };
      at(leftAt + latency, () => {
        underWay -= 1;
        const readings = readLimitHeaders(headers);
        const times = { leftAt, headAt: now };
        if (refusedBy) {
          const window = readExceededWindow(`times per ${refusedBy}`, readings);
          allowance.refuse(ticket, now, { window, readings, retryAfterMs: readRetryAfter(headers) }, times);
        } else {
          allowance.settle(ticket, now, readings, times);
          concurrency.answered(latency);
        }
        wake();
      });
    });
  };

  at(0, wake);
  for (let event = events.shift(); event && event.at <= end; event = events.shift()) {
    now = event.at;
    event.run();
  }
  const later = accepted.filter((time) => time >= MINUTE_MS).length;
  const gaps = [...accepted, end].map((time, index) => time - (accepted[index - 1] ?? 0));
  return {
    refused: calls === 0 ? 0 : refused / calls,
    used: later / (limit * (minutes - 1)),
    longestStandstill: Math.max(...gaps) / MINUTE_MS,
  };
}
