import { asNumber, asObject, asText, type JsonObject, known } from './json.ts';
import { readUsageWindows } from './limits.ts';
import type { Answered, CreditBalance, Endpoint, LimitReadings, Profile, UsageStats } from './types.ts';

const ENDPOINTS: Readonly<Record<Endpoint, true>> = {
  'people/match': true,
  'people/bulk_match': true,
  'organizations/enrich': true,
  'organizations/bulk_enrich': true,
  'users/api_profile': true,
  'usage_stats/credit_usage_stats': true,
  'usage_stats/api_usage_stats': true,
  'webhook_result/show': true,
};

type WithoutLimits<T extends Answered> = Omit<T, 'limits'>;

export function readProfile(from: JsonObject): WithoutLimits<Profile> | undefined {
  const userId = asText(from.id);
  const teamId = asText(from.team_id);
  if (userId === undefined || teamId === undefined) return undefined;
  const rest = known({
    email: asText(from.email),
    creditsLeft: readCreditsLeft(from),
    creditsLimit: asNumber(from.effective_num_lead_credits),
    // The first is there on plans where all kinds of credits are one pool.
    creditsUsed: asNumber(from.total_unified_credits_used) ?? asNumber(from.num_lead_credits_used),
  });
  return { userId, teamId, ...rest };
}

/**
 * Teams on one pool of credits have been seen with `num_credits_remaining` stuck at 0 while Apollo went on
 * answering (github.com/superdesigndev/treg/pull/180): a 0 counts only if the pool is used up as well.
 */
function readCreditsLeft(from: JsonObject): number | undefined {
  const remaining = asNumber(from.num_credits_remaining);
  const pool = asNumber(from.effective_num_lead_credits);
  const used = asNumber(from.total_unified_credits_used);
  if (remaining || pool === undefined || used === undefined) return remaining;
  return Math.max(0, pool - used);
}

/** The team's lead credits, which pay for enrichment; on plans with one pool, that pool. */
export function readCreditBalance(from: JsonObject): WithoutLimits<CreditBalance> | undefined {
  const lead = asObject(asObject(from.credit_usage_stats)?.lead_credit);
  const limit = asNumber(lead?.limit);
  const used = asNumber(lead?.consumed);
  const left = asNumber(lead?.left_over);
  if (limit === undefined || used === undefined || left === undefined) return undefined;
  const cycleEndsAt = Date.parse(asText(asObject(from.current_credit_cycle)?.end_date) ?? '');
  const mobile = readMobile(from);
  return {
    limit,
    used,
    left,
    ...(mobile && { mobile }),
    ...(!Number.isNaN(cycleEndsAt) && { cycleEndsAt }),
  };
}

/** Apollo: a credit type that the plan leaves out has a limit of 0, as mobile credits have on plans with one pool. */
function readMobile(from: JsonObject): CreditBalance['mobile'] {
  const mobile = asObject(asObject(from.credit_usage_stats)?.direct_dial_credit);
  const limit = asNumber(mobile?.limit);
  const left = asNumber(mobile?.left_over);
  return limit && left !== undefined ? { limit, left } : undefined;
}

/** Limits of the endpoints that we use; Apollo lists all it has. */
export function readUsageStats(from: JsonObject): WithoutLimits<UsageStats> {
  const endpoints: Partial<Record<Endpoint, LimitReadings>> = {};
  for (const [route, windows] of Object.entries(from)) {
    const endpoint = readEndpoint(route);
    const usage = asObject(windows);
    if (endpoint && usage) endpoints[endpoint] = readUsageWindows(usage);
  }
  return { endpoints };
}

/** `["api/v1/people", "match"]`, JSON text, is `people/match`. */
function readEndpoint(route: string): Endpoint | undefined {
  const parts = /^\s*\[\s*"api\/v1\/([a-z_]+)"\s*,\s*"([a-z_]+)"\s*\]\s*$/.exec(route);
  const name = `${parts?.[1]}/${parts?.[2]}`;
  return Object.hasOwn(ENDPOINTS, name) ? (name as Endpoint) : undefined;
}
