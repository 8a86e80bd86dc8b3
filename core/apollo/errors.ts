/**
 * What can go wrong when Apollo is asked, as types. The message is written for the person who reads it
 * in Slack, n8n or a CSV: what happened and what to do; it never holds a key or a person's data.
 */
import type { Endpoint, LimitReadings, WindowName } from './types.ts';

/** How a call failed, beside what its error says. */
export interface Circumstances {
  /** False when Apollo cannot have seen the request, so cannot have counted or charged it. Default: true. */
  readonly reached?: boolean;
  /**
   * True when something between us and Apollo (Cloudflare, a proxy) answered in its place: that ends by itself and
   * says nothing of the key or the leads. Default: false.
   */
  readonly passing?: boolean;
  /** How long it asked to be left alone, ms. */
  readonly retryAfterMs?: number | undefined;
}

export abstract class ApolloError extends Error {
  readonly endpoint: Endpoint;
  /** What the answer, if there was one, said about the allowance. */
  readonly limits: LimitReadings;
  /** True when Apollo may have charged for the call although no usable answer came. */
  readonly inDoubt: boolean = false;
  /** See {@link Circumstances}. */
  readonly reached: boolean;
  readonly passing: boolean;
  readonly retryAfterMs: number | undefined;
  constructor(
    message: string,
    endpoint: Endpoint,
    limits: LimitReadings = {},
    { reached = true, passing = false, retryAfterMs }: Circumstances = {},
  ) {
    super(message);
    this.endpoint = endpoint;
    this.limits = limits;
    this.reached = reached;
    this.passing = passing;
    this.retryAfterMs = retryAfterMs;
  }
}

/** 401 as text or JSON: the key is wrong, revoked or inactive. */
export class KeyRefused extends ApolloError {
  override readonly name = 'KeyRefused';
}

/**
 * 403 or 401 with Apollo's code `API_INACCESSIBLE` or its message: the key is good, but its scope or plan leaves this
 * endpoint out until somebody widens the key or changes the plan.
 */
export class KeyNotAllowed extends ApolloError {
  override readonly name = 'KeyNotAllowed';
}

/** What Apollo says of spent credits, as far as it does. */
export interface SpentCredits {
  /**
   * Older plans have credits for mobile numbers apart; unified plans have one pool. `all` where Apollo does not say,
   * or names any other.
   */
  readonly pool: 'mobile' | 'all';
  /** Credits left in it. */
  readonly balance?: number;
  /** When there are new ones (`next_billing_date`), ms since the epoch. */
  readonly until?: number;
}

/** The team, or the key's user, has no credits left in this billing cycle. */
export class OutOfCredits extends ApolloError {
  override readonly name = 'OutOfCredits';
  readonly spent: SpentCredits;
  constructor(
    message: string,
    endpoint: Endpoint,
    limits: LimitReadings = {},
    spent: SpentCredits = { pool: 'all' },
  ) {
    super(message, endpoint, limits);
    this.spent = spent;
  }
}

/** Errors that say something of a key, not of a call. */
export type KeyFailure = KeyRefused | KeyNotAllowed | OutOfCredits;

export function isKeyFailure(error: ApolloError | undefined): error is KeyFailure {
  return error instanceof KeyRefused || error instanceof KeyNotAllowed || error instanceof OutOfCredits;
}

/** 429 of Apollo's own. `window` and `retryAfterMs` as far as Apollo said. */
export class RateLimited extends ApolloError {
  override readonly name = 'RateLimited';
  readonly window: WindowName | undefined;
  constructor(
    message: string,
    endpoint: Endpoint,
    limits: LimitReadings,
    window: WindowName | undefined,
    retryAfterMs: number | undefined,
  ) {
    super(message, endpoint, limits, { retryAfterMs });
    this.window = window;
  }
}

/** 422, or a size that Apollo refuses: it does not take a lead that was sent; nothing was charged. */
export class BadLead extends ApolloError {
  override readonly name = 'BadLead';
}

/** 400, or 422 about a parameter: Apollo does not take the request, whoever it is about; nothing was charged. */
export class RequestRefused extends ApolloError {
  override readonly name = 'RequestRefused';
}

/** 500 or 503, no connection, or a page of Cloudflare's: nothing was charged, asking again later is safe. */
export class ApolloInTrouble extends ApolloError {
  override readonly name = 'ApolloInTrouble';
}

/** The request went out and no whole answer came back (cut, timed out, 502, 504, 520, 522, 524). Perhaps charged. */
export class AnswerLost extends ApolloError {
  override readonly name = 'AnswerLost';
  override readonly inDoubt = true;
}

/** A 200 that is not what Apollo documents. Perhaps charged. */
export class AnswerNotUnderstood extends ApolloError {
  override readonly name = 'AnswerNotUnderstood';
  override readonly inDoubt = true;
}
