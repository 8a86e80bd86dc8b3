import { WINDOW_NAMES, type WindowName } from '../apollo/index.ts';

const WINDOW_MINUTES = { minute: 1, hour: 60, day: 1440 } as const;
/** One limiter's pace where no limit binds, calls a minute: some 20 under way, some 300 ms each. */
const UNLIMITED_PER_MINUTE = 4000;

/** One window's limit and, where it is open, what is left in it and when it ends: in so many of Apollo's minutes. */
interface WindowLimit {
  readonly limit?: number | null | undefined;
  readonly open?: { readonly left: number; readonly endsIn: number };
}

/** A team's limits; a window that is not open has all of its limit left. */
export type Limits = Readonly<Partial<Record<WindowName, WindowLimit>>>;

/** Calls that a team may make in so many minutes: windows are fixed, so they come in bursts. */
function callsWithin(limits: Limits | undefined, minutes: number): number {
  let most = UNLIMITED_PER_MINUTE * minutes;
  for (const name of WINDOW_NAMES) {
    const { limit, open } = limits?.[name] ?? {};
    if (typeof limit !== 'number') continue;
    const { left, endsIn } = open ?? { left: limit, endsIn: WINDOW_MINUTES[name] };
    const next = minutes < endsIn ? 0 : Math.floor((minutes - endsIn) / WINDOW_MINUTES[name]) + 1;
    most = Math.min(most, left + limit * next);
  }
  return most;
}

/**
 * About how long so many calls take over these teams' allowances, in seconds. `undefined` without a team.
 * `minuteMs`: the length of Apollo's minute.
 */
export function estimateSeconds(
  calls: number,
  teams: readonly (Limits | undefined)[],
  minuteMs: number,
): number | undefined {
  if (teams.length === 0) return undefined;
  if (calls === 0) return 0;
  const enough = (minutes: number) =>
    teams.reduce((sum, team) => sum + callsWithin(team, minutes), 0) >= calls;
  let high = 1 / 60;
  while (!enough(high)) high *= 2;
  let low = high / 2;
  for (let step = 0; step < 30; step += 1) {
    const middle = (low + high) / 2;
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return Math.max(1, Math.ceil((high * minuteMs) / 1000));
}
