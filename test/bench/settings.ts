import type { Fault, SandboxSettings } from '../sandbox/index.ts';
import { limitsOf, type Plan } from '../sandbox/settings.ts';
import type { LeadList } from './leads.ts';
import type { Team } from './task.ts';

/** A team of the sandbox, with the keys that the strategies are given. */
interface BenchTeam {
  readonly id: string;
  readonly plan: Plan;
  readonly keys: readonly string[];
}

/** One point at which all strategies are measured. */
export interface Setting {
  readonly name: string;
  readonly title: string;
  /** What is special about it, a sentence for people. */
  readonly what: string;
  readonly teams: readonly BenchTeam[];
  readonly minuteMs: number;
  readonly latencyMs: { readonly median: number; readonly p95: number };
  readonly list: LeadList;
  /** ms of work after which a strategy is stopped; those of one key at a steady pace earlier. */
  readonly mostMs: { readonly steady: number; readonly others: number };
  /** Runs with different seeds, the middle one of which is told: for short ones, where chance decides much. */
  readonly repeats?: number;
  /** A client that is nobody's strategy: calls a minute (of the sandbox) on a key of the first team. */
  readonly foreignCallsAMinute?: number;
  /** What goes wrong at Apollo, ms after the work began. */
  readonly faults?: readonly { readonly at: number; readonly fault: Fault | 'heal' }[];
  /** Takes many minutes: measured only when it is asked for by name. */
  readonly onlyWhenNamed?: true;
}

/**
 * Apollo's paid plans at their true pace, 1,000 calls in 60 s, in a minute of nine seconds: limits bind for
 * several minutes while somebody waits.
 */
const MINUTE_MS = 9_000;
const CALLS = 150;
/** Answers take as much of the minute as 400 ms (a second for one in twenty) are of Apollo's. */
const latencyIn = (minuteMs: number) => ({ median: minuteMs / 150, p95: minuteMs / 60 });
const PAID: Plan = { '*': { minute: CALLS }, 'users/api_profile': {}, 'usage_stats/api_usage_stats': {} };

function team(number: number, keys = 1, plan: Plan = PAID): BenchTeam {
  const id = `team-${String(number).padStart(2, '0')}`;
  return {
    id,
    plan,
    keys: Array.from({ length: keys }, (_, key) => `bench-${id}-key-${'abcd'[key]}-${id.slice(-2)}${key}Z`),
  };
}

const LIMITED = { minuteMs: MINUTE_MS, latencyMs: latencyIn(MINUTE_MS) };
const MOST_MS = { steady: 4_000, others: 60_000 };
/** So long that the seams between windows count for more than the first call and the last answer. */
const MINUTES = 3;
/** Leads for so many of Apollo's minutes at full use, and a twentieth of one more. */
const leadsFor = (minutes: number, callsAMinute: number) => Math.round((minutes + 0.05) * callsAMinute) * 10;

/** The pace of one team among many, calls in a minute of six seconds: sixteen of them fit on one machine. */
const SMALL_MINUTE_MS = 6_000;
const SMALL_TEAM: Plan = { '*': { minute: 60 } };
const TEAM_COUNTS = [1, 2, 4, 8, 16] as const;

export const SETTINGS: readonly Setting[] = [
  {
    name: 'small',
    title: 'Small: 500 leads',
    what: 'Three paid teams at Apollo’s true pace (1,000 calls a minute each, 300 ms an answer); no limit binds.',
    teams: [team(1, 1, 'paid'), team(2, 1, 'paid'), team(3, 1, 'paid')],
    minuteMs: 60_000,
    latencyMs: { median: 300, p95: 700 },
    list: { rows: 500, duplicates: 0 },
    mostMs: { steady: 4_000, others: 60_000 },
    repeats: 7,
  },
  {
    name: 'full',
    title: 'Full windows',
    what: 'Three teams, limits bind for three minutes.',
    ...LIMITED,
    teams: [team(1), team(2), team(3)],
    list: { rows: leadsFor(MINUTES, 3 * CALLS), duplicates: 0 },
    mostMs: MOST_MS,
  },
  {
    name: 'unequal',
    title: 'Unequal teams',
    what: 'Two Free teams (20 calls a minute, 100 an hour) beside one of 150 a minute.',
    ...LIMITED,
    teams: [team(1, 1, 'free'), team(2), team(3, 1, 'free')],
    list: { rows: leadsFor(MINUTES, CALLS + 40), duplicates: 0 },
    mostMs: MOST_MS,
  },
  {
    name: 'shared',
    title: 'Two keys of one team',
    what: 'Three keys, two of them of one team: they share its limit.',
    ...LIMITED,
    teams: [team(1, 2), team(2)],
    list: { rows: leadsFor(MINUTES, 2 * CALLS), duplicates: 0 },
    mostMs: MOST_MS,
  },
  {
    name: 'foreign',
    title: 'A foreign client',
    what: 'Two teams; another program makes 30 calls a minute on the first one’s allowance.',
    ...LIMITED,
    teams: [team(1), team(2)],
    // All that the limits allow, whatever the other program leaves: nobody is done before the last of these minutes.
    list: { rows: leadsFor(MINUTES, 2 * CALLS), duplicates: 0 },
    mostMs: MOST_MS,
    foreignCallsAMinute: 30,
  },
  {
    name: 'trouble',
    title: 'Apollo slow and failing',
    what: 'Two teams; answers take a second more for three seconds of the first minute, and four calls in ten fail with 503 for two seconds of the second.',
    ...LIMITED,
    teams: [team(1), team(2)],
    list: { rows: leadsFor(MINUTES, 2 * CALLS), duplicates: 0 },
    mostMs: MOST_MS,
    faults: [
      { at: 500, fault: { kind: 'slow', ms: 1000, endpoint: 'people/bulk_match' } },
      { at: 500, fault: { kind: 'slow', ms: 1000, endpoint: 'people/match' } },
      { at: 3500, fault: 'heal' },
      { at: 8500, fault: { kind: '503', probability: 0.4, endpoint: 'people/bulk_match' } },
      { at: 8500, fault: { kind: '503', probability: 0.4, endpoint: 'people/match' } },
      { at: 10_500, fault: 'heal' },
    ],
  },
  {
    name: 'duplicates',
    title: '30 % duplicates',
    what: 'Two teams; three rows in ten repeat somebody, half of these spelled another way.',
    ...LIMITED,
    teams: [team(1), team(2)],
    list: { rows: Math.round(leadsFor(MINUTES, 2 * CALLS) / 0.7), duplicates: 0.3 },
    mostMs: MOST_MS,
  },
  ...TEAM_COUNTS.map((count) => ({
    name: `teams-${count}`,
    title: `${count} team${count === 1 ? '' : 's'}`,
    what: `${count} team${count === 1 ? '' : 's'} of 60 calls in a minute of six seconds, limits bind for three minutes.`,
    minuteMs: SMALL_MINUTE_MS,
    latencyMs: latencyIn(SMALL_MINUTE_MS),
    teams: Array.from({ length: count }, (_, index) => team(index + 1, 1, SMALL_TEAM)),
    list: { rows: leadsFor(MINUTES, count * 60), duplicates: 0 },
    mostMs: { steady: 3_000, others: 40_000 },
  })),
  {
    name: 'true-minute',
    title: 'Full windows of sixty seconds',
    what: 'Three paid teams (1,000 calls a minute each, 400 ms an answer), limits bind for three minutes of sixty seconds.',
    minuteMs: 60_000,
    latencyMs: latencyIn(60_000),
    teams: [team(1, 1, 'paid'), team(2, 1, 'paid'), team(3, 1, 'paid')],
    list: { rows: leadsFor(MINUTES, 3 * 1000), duplicates: 0 },
    mostMs: { steady: 30_000, others: 400_000 },
    onlyWhenNamed: true,
  },
];

export const FOREIGN_KEY = 'bench-foreign-key-FRGN';

/** The sandbox of a setting. Credits never run out here. */
export function sandboxOf({ teams, minuteMs, latencyMs }: Setting, seed: number): SandboxSettings {
  return {
    minuteMs,
    latencyMs,
    seed,
    teams: teams.map(({ id, plan, keys }, index) => ({
      id,
      plan,
      credits: { limit: 10_000_000 },
      keys: index === 0 ? [...keys, FOREIGN_KEY] : keys,
    })),
  };
}

export function teamsOf({ teams }: Setting): Team[] {
  return teams.map(({ id, plan, keys }) => ({ id, keys, limits: limitsOf(plan, 'people/bulk_match') }));
}
