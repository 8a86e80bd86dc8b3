/** What the rest of the core sees of Apollo. Apollo's own shapes stay inside this folder. */

import type { Lead } from '../leads/lead.ts';
import type { RequestWatch } from '../ports.ts';

/** The operations by the names that Apollo's limits and scopes use (`api/v1/…`). */
export type Endpoint =
  | 'people/match'
  | 'people/bulk_match'
  | 'organizations/enrich'
  | 'organizations/bulk_enrich'
  | 'users/api_profile'
  | 'usage_stats/credit_usage_stats'
  | 'usage_stats/api_usage_stats'
  | 'webhook_result/show';

export type WindowName = 'minute' | 'hour' | 'day';
export const WINDOW_NAMES = ['minute', 'hour', 'day'] as const satisfies readonly WindowName[];

/** An answer is given up after this, ms: until then its request may come to Apollo. */
export const ANSWER_TIMEOUT_MS = 60_000;

/** One window of an allowance as Apollo reported it, in requests. `limit: null` means no limit. */
export interface WindowReading {
  readonly limit: number | null;
  /** Requests counted in the window so far, by all clients of the team, the one that asked included. */
  readonly used?: number;
}
/** What the headers of one answer (or `api_usage_stats`) said; absent windows were not mentioned. */
export type LimitReadings = Partial<Record<WindowName, WindowReading>>;

/** What to ask for beside e-mail and data. */
export interface Reveal {
  readonly personalEmails: boolean;
  readonly phones: boolean;
  readonly waterfall: boolean;
  /** Of the waterfall, phones alone: it was asked for the e-mail before. */
  readonly emailKnown?: true;
}

export interface Phone {
  /** E.164 where Apollo sanitised it, else as given. */
  readonly number: string;
  /** Apollo's word: mobile, work_direct, home, other. Never work_hq, which is the employer's number. */
  readonly type?: string;
  /** Apollo's word for how sure the number is: high, medium, low. */
  readonly confidence?: string;
  /** Whether the number stands on a do-not-call list, where Apollo says. */
  readonly doNotCall?: boolean;
}

export interface Company extends NamedCompany {
  readonly id: string;
}

export interface NamedCompany {
  readonly id?: string;
  readonly name?: string;
  readonly domain?: string;
  readonly website?: string;
  readonly linkedinUrl?: string;
  readonly industry?: string;
  /** Estimated number of employees. */
  readonly size?: number;
  readonly phone?: string;
  readonly foundedYear?: number;
  /** Yearly, as Apollo prints it ("100M"). */
  readonly revenue?: string;
  readonly city?: string;
  readonly state?: string;
  readonly country?: string;
}

export interface Person {
  readonly id: string;
  readonly name?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly title?: string;
  readonly headline?: string;
  readonly seniority?: string;
  readonly linkedinUrl?: string;
  readonly email?: string;
  /** Apollo's word: verified, unverified, likely to engage, unavailable, extrapolated … */
  readonly emailStatus?: string;
  /** How sure an extrapolated address is, 0 to 1. */
  readonly emailConfidence?: number;
  readonly personalEmails?: readonly string[];
  /** The person's own, the best first: mobile, then direct, then any other. */
  readonly phones?: readonly Phone[];
  /** The employer's number that came among the person's: the switchboard. */
  readonly companyPhone?: string;
  readonly city?: string;
  readonly state?: string;
  readonly country?: string;
  /** The present employer; some answers name one without its id. */
  readonly company?: NamedCompany;
  /** Names of other employers, as the person's profile lists them; the most recent first. */
  readonly employers?: readonly Employer[];
  /** How sure Apollo itself is: its `match_confidence`. */
  readonly confidence?: string;
}

/** An employer in somebody's history. */
export interface Employer {
  readonly name: string;
  readonly current: boolean;
}

/** Every answer also says what it told about the endpoint's allowance. */
export interface Answered {
  readonly limits: LimitReadings;
}

export interface PeopleAnswer extends Answered {
  /**
   * As Apollo listed them, `null` for a miss, `undefined` for an entry that cannot be read. There should be as many
   * as were asked for and in that order, but nothing promises it: see `align`.
   */
  readonly people: readonly (Person | null | undefined)[];
  /** Credits; may be fractional. Where Apollo did not say, as it bills by its description. */
  readonly credits: number;
  /** Signed 64-bit, as text. Present when phones or a waterfall were asked for. */
  readonly requestId?: string;
}

export interface CompaniesAnswer extends Answered {
  /** As {@link PeopleAnswer.people}. */
  readonly companies: readonly (Company | null | undefined)[];
  readonly credits: number;
}

export interface Profile extends Answered {
  readonly userId: string;
  readonly teamId: string;
  readonly email?: string;
  /** Credits that the key's user may still use, where Apollo says: the team may give users caps of their own. */
  readonly creditsLeft?: number;
  /** What the user may use in a cycle. */
  readonly creditsLimit?: number;
  readonly creditsUsed?: number;
}

export interface CreditBalance extends Answered {
  readonly limit: number;
  readonly used: number;
  readonly left: number;
  /** Credits for mobile numbers, where the plan has them apart. */
  readonly mobile?: { readonly limit: number; readonly left: number };
  /** ms since the epoch; when the billing cycle ends. */
  readonly cycleEndsAt?: number;
}

export interface UsageStats extends Answered {
  readonly endpoints: Partial<Record<Endpoint, LimitReadings>>;
}

/** The late part of a phone or waterfall request. */
export interface LateResult {
  readonly requestId: string;
  readonly credits: number | undefined;
  readonly people: readonly LatePerson[];
}
export interface LatePerson {
  readonly id: string;
  readonly phones: readonly Phone[];
  readonly companyPhone?: string;
  readonly emails: readonly string[];
}
/** `pending`: ask again after `retryAfterMs`. `gone`: it will never come; stop asking. */
export type LatePoll =
  | (Answered & { readonly state: 'ready'; readonly result: LateResult })
  | (Answered & { readonly state: 'pending'; readonly retryAfterMs: number })
  | (Answered & { readonly state: 'gone'; readonly reason: string });

export interface CallContext {
  /** The Apollo key. Goes into the `x-api-key` header and nowhere else. */
  readonly key: string;
  readonly signal?: AbortSignal;
  readonly watch?: RequestWatch;
}

export interface RevealContext extends CallContext {
  readonly reveal: Reveal;
  /** A public HTTPS address to which Apollo posts the late part; without one the late part is only polled for. */
  readonly webhookUrl?: string;
}

/**
 * Apollo's eight operations, one request each and no retry: when to repeat is for those who know what a
 * repetition may cost. Every method throws the errors of `errors.ts` and nothing else.
 */
export interface Apollo {
  matchPerson(lead: Lead, context: RevealContext): Promise<PeopleAnswer>;
  /** 1 to 10 leads. */
  matchPeople(leads: readonly Lead[], context: RevealContext): Promise<PeopleAnswer>;
  enrichCompany(lead: Lead, context: CallContext): Promise<CompaniesAnswer>;
  /** 1 to 10 leads. */
  enrichCompanies(leads: readonly Lead[], context: CallContext): Promise<CompaniesAnswer>;
  profile(context: CallContext): Promise<Profile>;
  credits(context: CallContext): Promise<CreditBalance>;
  usage(context: CallContext): Promise<UsageStats>;
  lateResult(requestId: string, context: CallContext): Promise<LatePoll>;
}
