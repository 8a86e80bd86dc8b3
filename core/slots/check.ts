import { ApolloError, KeyNotAllowed, KeyRefused } from '../apollo/errors.ts';
import type { Apollo, CallContext, CreditBalance, Endpoint, Profile } from '../apollo/types.ts';
import { NOT_ALLOWED_FOR_MS, notAllowedAt } from './health.ts';
import type { Connection, Credits, Health } from './types.ts';

/** What a key would not tell about its account. */
export type Unread = 'team' | 'credits' | 'limits';

/** What Apollo told about a key that it accepts. */
export interface KeyCheck {
  readonly team?: string;
  readonly credits?: Credits;
  readonly limits?: NonNullable<Connection['limits']>;
  readonly notAllowed: NonNullable<Connection['notAllowed']>;
  readonly notRead: readonly Unread[];
}

/** The calls that tell about a key's account and cost no credits. */
export type AccountCalls = Pick<Apollo, 'profile' | 'credits' | 'usage'>;

/** What a check asks. */
const ASKED: readonly Endpoint[] = [
  'users/api_profile',
  'usage_stats/credit_usage_stats',
  'usage_stats/api_usage_stats',
];

type Reading<T> = { readonly value: T } | { readonly error: ApolloError };

/**
 * Asks Apollo who a key is and what it has left, in three calls that cost no credits. A 403 proves that
 * Apollo knows the key, so it is no failure; nor is trouble with credits or limits, which are learnt later
 * anyway. The team must be certain, since whose limits a key uses depends on it.
 *
 * Throws `KeyRefused`, or the error with which Apollo left it open whether the key is good.
 */
export async function checkKey(
  apollo: AccountCalls,
  context: Pick<CallContext, 'key' | 'signal'>,
  now: () => number,
): Promise<KeyCheck> {
  const [profile, balance, usage] = await Promise.all([
    reading(apollo.profile(context)),
    reading(apollo.credits(context)),
    reading(apollo.usage(context)),
  ]);
  const errors = [profile, balance, usage].flatMap((one) => ('error' in one ? [one.error] : []));
  const refused = errors.find((error) => error instanceof KeyRefused);
  if (refused) throw refused;
  if ('error' in profile && !(profile.error instanceof KeyNotAllowed)) throw profile.error;

  const team = 'value' in profile ? profile.value.teamId : undefined;
  const credits = creditsFrom(profile, balance, now());
  const limits = 'value' in usage ? usage.value.endpoints : undefined;
  const known = {
    ...(team !== undefined && { team }),
    ...(credits && { credits }),
    ...(limits && { limits }),
  };
  return {
    ...known,
    notAllowed: errors
      .filter((error) => error instanceof KeyNotAllowed)
      .map(({ endpoint }) => ({ endpoint, until: now() + NOT_ALLOWED_FOR_MS })),
    notRead: (['team', 'credits', 'limits'] as const).filter((part) => !(part in known)),
  };
}

/**
 * The connection with what a check found; what the check could not read stays as it was. `now`: ms since the epoch.
 */
export function withCheck(connection: Connection, check: KeyCheck, now: number): Connection {
  const { team, credits, limits } = check;
  return {
    ...connection,
    ...(team !== undefined && { team, teamKnown: true }),
    ...(credits && { credits }),
    ...(limits && { limits: { ...connection.limits, ...limits } }),
    notAllowed: [
      ...notAllowedAt(connection, now).filter(({ endpoint }) => !ASKED.includes(endpoint)),
      ...check.notAllowed,
    ],
    health: isContradicted(connection, credits, now)
      ? connection.health
      : healthAfter(connection.health, credits, now),
  };
}

/** Whether Apollo has just refused a call for credits that, as the balance says now as it said then, are there. */
function isContradicted(
  { health, spentRefusal }: Connection,
  credits: Credits | undefined,
  now: number,
): boolean {
  if (health.state !== 'out-of-credits' || !spentRefusal || !credits || credits.left <= 0) return false;
  if (spentRefusal.left === undefined || credits.left > spentRefusal.left) return false;
  return now < spentRefusal.at + spentRefusal.waitMs;
}

/**
 * The health of a key that Apollo has just accepted. Without any credits in the plan (a limit of 0) nobody
 * knows what Apollo would charge, so the first call decides.
 */
function healthAfter(before: Health, credits: Credits | undefined, now: number): Health {
  if (credits && credits.left <= 0 && credits.limit !== 0) {
    const since = before.state === 'out-of-credits' ? before.since : now;
    return withCycleEnd({ state: 'out-of-credits', since }, credits, now);
  }
  if (before.state === 'limited') return before;
  return before.state === 'out-of-credits' && !credits ? before : { state: 'healthy' };
}

/** Adds to "out of credits" when that ends, where the credits say so and it does not say so itself. */
export function withCycleEnd(health: Health, credits: Credits | undefined, now: number): Health {
  if (health.state !== 'out-of-credits' || health.until !== undefined) return health;
  const end = credits?.cycleEndsAt;
  return end !== undefined && end > now ? { ...health, until: end } : health;
}

async function reading<T>(answer: Promise<T>): Promise<Reading<T>> {
  try {
    return { value: await answer };
  } catch (error) {
    if (error instanceof ApolloError) return { error };
    throw error;
  }
}

/**
 * The smaller of what the team has left and what its cap leaves the key's user. A limit of 0 is of a credit type that
 * the plan leaves out, or of a user without a cap: then the other figure counts alone.
 */
function creditsFrom(
  profile: Reading<Profile>,
  balance: Reading<CreditBalance>,
  readAt: number,
): Credits | undefined {
  const own = 'value' in profile ? profile.value : undefined;
  const team = 'value' in balance ? balance.value : undefined;
  const user = own?.creditsLimit === 0 ? undefined : own?.creditsLeft;
  const beside = {
    readAt,
    ...(team?.cycleEndsAt !== undefined && { cycleEndsAt: team.cycleEndsAt }),
    ...(team?.mobile && { mobile: team.mobile }),
  };
  if (team && (team.limit > 0 || own?.creditsLeft === undefined)) {
    const { left, limit, used } = team;
    if (user === undefined || user >= left) return { left, limit, used, ...beside };
    const capped = own?.creditsLimit === undefined ? {} : { limit: own.creditsLimit };
    return { left: user, user, team: left, used, ...capped, ...beside };
  }
  if (own?.creditsLeft === undefined) return undefined;
  const used = own.creditsUsed === undefined ? {} : { used: own.creditsUsed };
  return { left: own.creditsLeft, ...used, ...beside };
}
