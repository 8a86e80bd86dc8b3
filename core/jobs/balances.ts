import { roundCredits, type Usage } from '../enrichment/index.ts';
import type { Connection } from '../slots/index.ts';
import type { Job } from './types.ts';

/** What Apollo says of a team's credits at one moment. */
interface Balance {
  readonly left: number;
  /** Used in this billing cycle, where Apollo says. */
  readonly used?: number;
  /** What is left for mobile numbers, where their credits are a pool apart. */
  readonly mobileLeft?: number;
  /** ms since the epoch. */
  readonly readAt: number;
}

/** What Apollo said of one team before a list's first call and after its last one. */
interface TeamBalance {
  readonly team: string;
  /** With the team's keys. */
  readonly slots: readonly number[];
  readonly before: Balance;
  readonly after?: Balance;
}

/** The same of all teams of a list. */
export interface Balances {
  readonly teams: readonly TeamBalance[];
  /** Slots whose keys did not tell, before or after: what Apollo counted there is not known. */
  readonly unread: readonly number[];
  /** Lists of the workspace that were worked on at the same time. */
  readonly otherLists?: number;
}

/** What Apollo reports that a list used, beside what this program counted. */
export interface CreditComparison extends Balances {
  readonly ours: number;
  /** None where it was not read after the list, or not of all teams. */
  readonly reported?: number;
  /** What Apollo reports above what was counted here; negative: below. */
  readonly difference?: number;
}

/** Balances of the teams, as far as they were read since `since`, ms since the epoch. */
export function balancesBefore(connections: readonly Connection[], since: number): Balances {
  const { teams, unread } = readBalances(connections, since);
  return {
    teams: [...teams].map(([team, { slots, balance }]) => ({ team, slots, before: balance })),
    unread,
  };
}

/** The same balances with what was read after the list, since `since`. */
export function withBalancesAfter(
  before: Balances,
  connections: readonly Connection[],
  since: number,
): Balances {
  const { teams, unread } = readBalances(connections, since);
  const known = new Set(before.teams.map(({ team }) => team));
  const added = [...teams].flatMap(([team, { slots }]) => (known.has(team) ? [] : slots));
  return {
    teams: before.teams.map(({ after: _, ...each }) => {
      const now = teams.get(each.team);
      return now ? { ...each, after: now.balance } : each;
    }),
    unread: [...new Set([...before.unread, ...unread, ...added])].sort((a, b) => a - b),
  };
}

/** What Apollo counted beside what was counted here; `undefined` where it said nothing before the list. */
export function compareCredits({
  balances,
  ...usage
}: Pick<Job, 'balances'> & Pick<Usage, 'credits'>): CreditComparison | undefined {
  if (!balances || balances.teams.length === 0) return undefined;
  const used = balances.teams.map(({ before, after }) => (after ? usedBetween(before, after) : undefined));
  const isWhole = balances.unread.length === 0 && !used.includes(undefined);
  if (!isWhole) return { ...balances, ours: usage.credits };
  const reported = roundCredits(used.reduce((sum: number, each) => sum + (each ?? 0), 0));
  return { ...balances, ours: usage.credits, reported, difference: roundCredits(reported - usage.credits) };
}

/** Whether Apollo's figures, which follow some seconds later, may still be those from before the last calls. */
export function lagsBehind(job: Parameters<typeof compareCredits>[0]): boolean {
  return (compareCredits(job)?.difference ?? 0) < 0;
}

function readBalances(connections: readonly Connection[], since: number) {
  const teams = new Map<string, { slots: number[]; balance: Balance }>();
  for (const { team, credits } of connections) {
    if (!credits || credits.readAt < since || teams.has(team)) continue;
    teams.set(team, { slots: [], balance: balanceOf(credits) });
  }
  const unread: number[] = [];
  for (const { team, slot } of connections) (teams.get(team)?.slots ?? unread).push(slot);
  return { teams, unread };
}

function balanceOf({ left, team, used, mobile, readAt }: NonNullable<Connection['credits']>): Balance {
  return {
    left: team ?? left,
    ...(used !== undefined && { used }),
    ...(mobile && { mobileLeft: mobile.left }),
    readAt,
  };
}

/** A billing cycle that begins meanwhile, or credits that are bought, make it another figure than what was used. */
function usedBetween(before: Balance, after: Balance): number {
  const mobile = (before.mobileLeft ?? 0) - (after.mobileLeft ?? 0);
  if (before.used !== undefined && after.used !== undefined) return after.used - before.used + mobile;
  return before.left - after.left + mobile;
}
