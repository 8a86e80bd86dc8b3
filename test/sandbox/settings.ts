import type { Endpoint, WindowName } from '../../core/apollo/types.ts';
import type { MissShape } from './misses.ts';
import type { WindowSettings } from './windows.ts';

/** Requests per window; `null`: no limit. */
export type Limits = Readonly<Record<WindowName, number | null>>;

/**
 * `free` and `paid` are the limits Apollo publishes for enrichment. Otherwise limits per endpoint, `'*'`
 * for the endpoints not named; a window that is not mentioned has no limit.
 */
export type Plan = 'free' | 'paid' | Readonly<Partial<Record<Endpoint | '*', Partial<Limits>>>>;

/** A pool of credits. */
export interface PoolSettings {
  /** Credits per billing cycle. Default: 10,000. */
  readonly limit?: number;
  /** Credits used before the sandbox started. Default: 0. */
  readonly used?: number;
}

export interface CreditSettings extends PoolSettings {
  /**
   * Older plans have credits for mobile numbers apart (`direct_dial_credit`); newer ones have one pool. Source: Apollo's
   * documentation of credits, October 2026. Default: one pool.
   */
  readonly mobile?: PoolSettings;
  /** End of the billing cycle, ms since the epoch. Default: 30 days from the start. */
  readonly cycleEndsAt?: number;
  /** What one credit of Apollo's price list costs this team. Default: 1; a fraction gives fractional charges. */
  readonly price?: number;
  /**
   * A unified credit plan as users have met it: the profile's `num_credits_remaining` and
   * `num_lead_credits_used` stand still at 0, only `total_unified_credits_used` tells the truth.
   * Source: github.com/superdesigndev/treg/pull/180. Default: false.
   */
  readonly unified?: boolean;
}

export interface KeySettings {
  readonly key: string;
  /** Endpoints the key may call; without it the key is a master key. */
  readonly scopes?: readonly Endpoint[];
  /**
   * What the team lets the key's user spend; the user's figures stand in `users/api_profile`, the team's in
   * `credit_usage_stats`. Source: a live answer with 363,515 left for the team and 6,109 for the user. Default: no cap.
   */
  readonly cap?: PoolSettings;
}

export interface TeamSettings {
  readonly id: string;
  /** Default: `paid`. */
  readonly plan?: Plan;
  readonly credits?: CreditSettings;
  /** Id of the parent team, listed before this one: a child workspace uses up its parent's limits. */
  readonly parent?: string;
  /** A bare string is a master key. All keys of a team share its limits and credits. */
  readonly keys: readonly (string | KeySettings)[];
}

/** Times that spread, ms: half of them are below the median, one in twenty is above `p95`. */
export interface Spread {
  readonly median: number;
  readonly p95: number;
}

/** When late results are there, of a minute of 60,000 ms; the earliest were seen after 10 s. */
export const LATE_MS = { least: 10_000, median: 30_000, p95: 240_000 } as const;

/** How late results are posted to the webhook address of the request. */
export type WebhookMode = 'once' | 'twice' | 'out-of-order' | 'never';

export interface SandboxSettings {
  /** Default: {@link EXAMPLE_TEAMS}. */
  readonly teams?: readonly TeamSettings[];
  /** Default: 0, any free port. The server listens on the loopback interface only. */
  readonly port?: number;
  /** ms that a "minute" of the rate limits lasts; hour, day and the 30 days of late results follow. Default: 60,000. */
  readonly minuteMs?: number;
  /** ms between the arrival of a request and its answer: always the same, or spread around a median. Default: 0. */
  readonly latencyMs?: number | Spread;
  /** Where the randomness of latency, request ids and fault probabilities starts. Default: 1. */
  readonly seed?: number;
  /** Share of identifiable people that Apollo knows, 0 to 1. Default: 0.85. Organizations: 0.1 more. */
  readonly matchRate?: number;
  /** How it says that it does not know somebody. Default: `stub`. */
  readonly misses?: MissShape;
  /** How rate limits count and what headers tell of them. Default: as Apollo documents. */
  readonly windows?: WindowSettings;
  /**
   * ms until phones and waterfall results are there: always the same, or spread around a median, and never less than ten
   * seconds then. Source: recorded answers, which came after 10 s, some minutes, or hours. Default: spread, half of them
   * within {@link LATE_MS}.median; of a shorter minute as much less.
   */
  readonly lateMs?: number | Spread;
  /**
   * Whether the first answer names the employer's number among the person's, as `work_hq`. Source: recorded answers; Apollo
   * documents that the first answer never has a mobile or direct number. Default: true.
   */
  readonly switchboards?: boolean;
  /**
   * Whether companies are found by name alone. Source: Apollo's documentation since August 2026: domain, LinkedIn page or
   * website is needed, else 422. Default: false.
   */
  readonly companiesByName?: boolean;
  /** Default: `once`. */
  readonly webhooks?: WebhookMode;
  /** Takes `http://` webhook addresses too, which Apollo refuses. For tests without a certificate. Default: false. */
  readonly allowHttpWebhooks?: boolean;
  /**
   * How a call is refused when credits are gone: with Apollo's code `BILLING.LIMIT.CREDITS_EXHAUSTED`, the pool, the
   * balance and the next billing date, or in plain text. Source: clients that handle both. Default: `code`.
   */
  readonly creditRefusal?: 'code' | 'text';
  /** With which status; Apollo documents none. Default: 422, which clients met. */
  readonly outOfCreditsStatus?: 402 | 403 | 422;
}

/** Three keys of two teams, as the demonstration connects them. Made up; good for nothing elsewhere. */
export const EXAMPLE_TEAMS: readonly TeamSettings[] = [
  {
    id: '5f0a1c2d3e4b5a6978811001',
    plan: 'paid',
    credits: { limit: 10_000, used: 500 },
    keys: ['sandbox-contoso-sales-key-7Q2A', 'sandbox-contoso-growth-key-9F4K'],
  },
  {
    id: '5f0a1c2d3e4b5a6978811002',
    plan: 'paid',
    credits: { limit: 4_000, used: 120 },
    keys: [
      {
        key: 'sandbox-fabrikam-enrich-key-3M8T',
        scopes: [
          'people/match',
          'people/bulk_match',
          'organizations/enrich',
          'organizations/bulk_enrich',
          'users/api_profile',
          'webhook_result/show',
        ],
      },
    ],
  },
];

/** https://docs.apollo.io/reference/rate-limits: enrichment on the Free plan and on paid plans. */
const FREE: Limits = { minute: 50, hour: 200, day: 600 };
const FREE_BULK: Limits = { minute: 20, hour: 100, day: 600 };
const PAID: Limits = { minute: 1000, hour: null, day: null };
/** The same page: late results count among the endpoints that are not for enrichment. */
const PAID_LATE: Limits = { minute: 200, hour: 400, day: 2000 };

export function limitsOf(plan: Plan, endpoint: Endpoint): Limits {
  if (plan === 'paid') return endpoint === 'webhook_result/show' ? PAID_LATE : PAID;
  if (plan === 'free') return endpoint.includes('/bulk_') ? FREE_BULK : FREE;
  const own = plan[endpoint] ?? plan['*'] ?? {};
  return { minute: own.minute ?? null, hour: own.hour ?? null, day: own.day ?? null };
}
