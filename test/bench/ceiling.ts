import type { Team } from './task.ts';

/** Calls that one team may have under way in the ceiling's arithmetic; as many as strategy 4 allows itself. */
const AT_ONCE_PER_TEAM = 32;

interface Demand {
  /** Calls of ten that the distinct people of the list need. */
  readonly calls: number;
  readonly teams: readonly Team[];
  readonly minuteMs: number;
  /** Mean time to an answer, ms. */
  readonly latencyMs: number;
  /** Calls in every minute that somebody else took from the teams' allowances. */
  readonly foreignCallsAMinute: number;
}

/**
 * The shortest time in which anybody could ask for everybody, ms, and whether limits decide it. Where they
 * do: all windows open at once with the first call, are used to the last call, and the next ones open the
 * moment these end. Where they don't: calls × latency / concurrency, and never less than one answer takes.
 */
export function ceiling(demand: Demand): { ms: number; limitsBind: boolean } {
  const { calls, teams, minuteMs, latencyMs, foreignCallsAMinute } = demand;
  const free = (most: number) => Math.max(1, most / (teams.length * AT_ONCE_PER_TEAM)) * latencyMs;
  let before = 0;
  for (let minutes = 1; ; minutes += 1) {
    const room = teams.reduce((sum, team) => sum + roomOf(team, minutes), 0) - foreignCallsAMinute * minutes;
    if (room >= calls) {
      const lastWindow = free(calls - before);
      return { ms: Math.max((minutes - 1) * minuteMs + lastWindow, free(calls)), limitsBind: minutes > 1 };
    }
    if (room <= before) throw new Error(`No number of minutes is enough for ${calls} calls.`);
    before = room;
  }
}

/** Calls of a team in its first so many minutes. */
function roomOf({ limits: { minute, hour, day } }: Team, minutes: number): number {
  const most = (limit: number | null, length: number) =>
    limit === null ? Number.POSITIVE_INFINITY : limit * Math.ceil(minutes / length);
  return Math.min(most(minute, 1), most(hour, 60), most(day, 1440));
}

/** The mean of the sandbox's log-normal latency, ms. */
export function meanLatency({ median, p95 }: { readonly median: number; readonly p95: number }): number {
  const sigma = Math.log(p95 / median) / 1.645;
  return median * Math.exp(sigma ** 2 / 2);
}
