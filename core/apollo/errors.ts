/**
 * What can go wrong when Apollo is asked, as types. The message is written for the person who reads it
 * in Slack, n8n or a CSV: what happened and what to do; it never holds a key or a person's data.
 */
import type { Endpoint, LimitReadings, WindowName } from './types.ts';

export abstract class ApolloError extends Error {
  readonly endpoint: Endpoint;
  /** What the answer, if there was one, said about the allowance. */
  readonly limits: LimitReadings;
  /** True when Apollo may have charged for the call although no usable answer came. */
  readonly inDoubt: boolean = false;
  constructor(message: string, endpoint: Endpoint, limits: LimitReadings = {}, options?: ErrorOptions) {
    super(message, options);
    this.endpoint = endpoint;
    this.limits = limits;
  }
}

/** 401: the key is wrong, revoked or inactive. */
export class KeyRefused extends ApolloError {
  override readonly name = 'KeyRefused';
}

/** 403 `API_INACCESSIBLE`: the key is good, but its scope or plan leaves this endpoint out. */
export class KeyNotAllowed extends ApolloError {
  override readonly name = 'KeyNotAllowed';
}

/** The team has no credits left in this billing cycle. */
export class OutOfCredits extends ApolloError {
  override readonly name = 'OutOfCredits';
}

/** Errors that say something of a key, not of a call. */
export type KeyFailure = KeyRefused | KeyNotAllowed | OutOfCredits;

export function isKeyFailure(error: ApolloError | undefined): error is KeyFailure {
  return error instanceof KeyRefused || error instanceof KeyNotAllowed || error instanceof OutOfCredits;
}

/** 429. `window` and `retryAfterMs` as far as Apollo said. */
export class RateLimited extends ApolloError {
  override readonly name = 'RateLimited';
  readonly window: WindowName | undefined;
  readonly retryAfterMs: number | undefined;
  constructor(
    message: string,
    endpoint: Endpoint,
    limits: LimitReadings,
    window: WindowName | undefined,
    retryAfterMs: number | undefined,
  ) {
    super(message, endpoint, limits);
    this.window = window;
    this.retryAfterMs = retryAfterMs;
  }
}

/** 400 or 422: Apollo will not take what was sent; nothing was charged. */
export class BadLead extends ApolloError {
  override readonly name = 'BadLead';
}

/** 500 or 503, or no connection at all: nothing was charged, asking again later is safe. */
export class ApolloInTrouble extends ApolloError {
  override readonly name = 'ApolloInTrouble';
}

/** The request went out and no whole answer came back (cut, timed out, 502, 504). Perhaps charged. */
export class AnswerLost extends ApolloError {
  override readonly name = 'AnswerLost';
  override readonly inDoubt = true;
}

/** A 200 that is not what Apollo documents. Perhaps charged. */
export class AnswerNotUnderstood extends ApolloError {
  override readonly name = 'AnswerNotUnderstood';
  override readonly inDoubt = true;
}
