import type { EnrichOptions } from '../enrichment/index.ts';
import type { TeamLimits } from '../limits/index.ts';
import { creditsLeft, mobileCreditsLeft } from '../slots/credits.ts';
import type { Connection } from '../slots/index.ts';
import { estimateSeconds, type Limits } from './duration.ts';
import type { Estimate, Job, JobStatus } from './types.ts';

/** Nobody needs to be told that a list waits for less, ms. */
const LEAST_WAIT_MS = 2_000;

/**
 * What a look-up costs on average where the workspace has no lists of its own to go by, credits. Assumptions of ours:
 * four in five people are found, and two in five of those with a mobile number.
 */
const DEFAULT_COSTS = {
  person: 0.8,
  phones: 0.8 * 0.4 * 8,
  waterfall: 2,
  waterfallPhones: 0.8 * 0.4 * 25,
  company: 0.9,
};
/** Fewer look-ups say too little. */
const LEAST_LOOKUPS = 50;
/** Lists that are looked at, the newest first. */
export const MOST_LISTS = 20;

/** What a list of the workspace has cost. */
export interface PastList {
  readonly kind: Job['kind'];
  readonly options: EnrichOptions;
  readonly lookups: number;
  /** Of these, so many took two calls. */
  readonly secondCalls?: number;
  readonly credits: number;
}

export type Planned = Pick<
  Estimate,
  'rows' | 'duplicates' | 'skipped' | 'lookups' | 'secondCalls' | 'mostCredits'
>;

/** What a list will cost if it goes as usual: as such lists of the workspace went, or by default figures. */
export function expectedCost(
  kind: Job['kind'],
  options: EnrichOptions,
  planned: Planned,
  past: readonly PastList[],
): Pick<Estimate, 'expectedCredits' | 'expectedFrom'> {
  const alike = past.filter((list) => list.kind === kind && costsAlike(list.options, options));
  const lookups = alike.reduce((sum, list) => sum + list.lookups, 0);
  const known = lookups >= LEAST_LOOKUPS;
  // A second call costs as one for data does, whatever it asks for beside.
  const firstCalls = alike.reduce(
    (sum, { credits, secondCalls = 0 }) => sum + Math.max(0, credits - secondCalls * DEFAULT_COSTS.person),
    0,
  );
  const each = known ? firstCalls / lookups : defaultCost(kind, options);
  const seconds = (planned.secondCalls ?? 0) * DEFAULT_COSTS.person;
  const beside = known || kind === 'companies' || !options.company ? 0 : DEFAULT_COSTS.company;
  const companies = planned.rows - planned.duplicates - planned.skipped;
  const expected = Math.ceil(planned.lookups * each + seconds + companies * beside);
  return {
    expectedCredits: Math.min(expected, planned.mostCredits),
    expectedFrom: known ? 'workspace' : 'default',
  };
}

function costsAlike(a: EnrichOptions, b: EnrichOptions): boolean {
  return (
    a.company === b.company &&
    a.reveal.phones === b.reveal.phones &&
    a.reveal.waterfall === b.reveal.waterfall
  );
}

function defaultCost(kind: Job['kind'], { reveal: { phones, waterfall } }: EnrichOptions): number {
  if (kind === 'companies') return DEFAULT_COSTS.company;
  const mobile = waterfall ? DEFAULT_COSTS.waterfallPhones : DEFAULT_COSTS.phones;
  return DEFAULT_COSTS.person + (phones ? mobile : 0) + (waterfall ? DEFAULT_COSTS.waterfall : 0);
}

/** What the connected keys have left for a list, and what stands in its way, in words. `now`: ms since the epoch. */
export function means(
  connections: readonly Connection[],
  { reveal }: EnrichOptions,
  { expectedCredits = 0, mostCredits }: Pick<Estimate, 'expectedCredits' | 'mostCredits'>,
  creditLimit: number | undefined,
  now: number,
): Pick<Estimate, 'creditsLeft' | 'mobileCreditsLeft' | 'warnings'> {
  const left = creditsLeft(connections);
  const mobile = reveal.phones ? mobileCreditsLeft(connections, now) : undefined;
  const warnings: string[] = [];
  const expected = Math.min(expectedCredits, creditLimit ?? expectedCredits);
  if (left !== undefined && expected > left) {
    warnings.push(
      `This list cannot finish with the credits there are: it will cost about ${expected}, and Apollo says that ${left} are left for the connected keys. It pauses when they are gone. Add credits in Apollo, connect another key, or shorten the list.`,
    );
  } else if (left !== undefined && Math.min(mostCredits, creditLimit ?? mostCredits) > left) {
    warnings.push(
      `At its dearest this list costs more than the ${left} credits that are left for the connected keys; it pauses if they run out.`,
    );
  }
  if (mobile === 0) {
    warnings.push('No credits for mobile numbers are left: e-mails are found, and no phones.');
  }
  if (reveal.waterfall) {
    warnings.push(
      'With a waterfall no limit can be promised: vendors of your Apollo account may charge more than the 20 credits for an e-mail and 45 for a phone that are set aside for each lead. The list stops at the first answer that passes the limit.',
    );
  }
  return {
    ...(left !== undefined && { creditsLeft: left }),
    ...(mobile !== undefined && { mobileCreditsLeft: mobile }),
    ...(warnings.length > 0 && { warnings }),
  };
}

/**
 * Until when a list stands still, and how long so many look-ups take at least, by what the limits of its teams leave.
 * `now`: monotonic ms, and the same moment in ms since the epoch. `minuteMs`: the length of Apollo's minute.
 */
export function withinLimits(
  lookups: number,
  teams: readonly TeamLimits[],
  now: { readonly monotonic: number; readonly epoch: number },
  minuteMs: number,
): Pick<JobStatus, 'waiting' | 'limitsMs'> {
  const [team] = teams;
  if (!team || lookups === 0) return {};
  const waitMs = Math.min(...teams.map(({ limitedUntil = now.monotonic }) => limitedUntil)) - now.monotonic;
  const limits = teams.map(({ windows }): Limits => {
    const open = windows.map(({ window, limit, used, endsAt }) => [
      window,
      {
        limit,
        ...(endsAt !== undefined && {
          open: { left: Math.max(0, limit - used), endsIn: Math.max(0, endsAt - now.monotonic) / minuteMs },
        }),
      },
    ]);
    return Object.fromEntries(open);
  });
  const seconds = estimateSeconds(Math.ceil(lookups / team.batchSize), limits, minuteMs) ?? 0;
  return {
    limitsMs: Math.max(seconds * 1000, waitMs),
    ...(waitMs >= LEAST_WAIT_MS && {
      waiting: { for: 'apollo-limit', until: Math.round(now.epoch + waitMs) },
    }),
  };
}
