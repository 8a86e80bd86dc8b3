import type { Reveal } from '../apollo/index.ts';
import type { Identity, Lead } from '../leads/index.ts';
import type { Work } from '../limits/index.ts';
import type { Freshness, KnownResult } from './known.ts';
import type { Spending } from './spending.ts';
import type { SubjectKind } from './subject.ts';

/** One lead to be looked up, if nobody knows it yet. */
export interface Wanted {
  readonly workspace: string;
  readonly kind: SubjectKind;
  readonly identity: Identity;
  readonly lead: Lead;
  /** Apollo's id of the person, where an earlier answer said who it is: the call asks by that. */
  readonly apolloId?: string;
  readonly reveal: Reveal;
  readonly freshness: Freshness;
  /** The job or request that pays. */
  readonly source: string;
  /** Row in the job's list. */
  readonly row: number;
  readonly urgent: boolean;
  readonly signal: AbortSignal;
}

/**
 * What came of it. `how`: `lookup` asked Apollo for this very lead, `duplicate` shared the look-up of
 * another lead of the same source, `known` was known before or looked up for somebody else.
 * `stopped`: nothing was decided; no slot, no credits, or the limit reached. Ask again when that is gone.
 */
export type Found =
  | {
      readonly state: 'answered';
      readonly result: KnownResult;
      readonly how: 'lookup' | 'duplicate' | 'known';
      /** Phones were wanted and not asked for: why, and what to do. */
      readonly withoutPhones?: string;
    }
  | { readonly state: 'failed'; readonly reason: string }
  /** Phones were asked for, and no key has credits for mobile numbers; nothing was decided, and without phones it can be. */
  | { readonly state: 'no-mobile'; readonly until: number | undefined }
  | {
      readonly state: 'stopped';
      readonly reason: Stopped;
      /** What is wrong and what to do about it, where the reason alone does not say. */
      readonly problem?: string;
    };

/**
 * Why leads were left undecided; they cost nothing, and asking again costs only what is missing. `request-refused`:
 * Apollo does not take what is asked, whoever it is about. `apollo-trouble`: for a minute nobody got an answer.
 */
export type Stopped = 'no-slot' | 'slot-limit' | 'budget' | 'request-refused' | 'apollo-trouble' | 'aborted';

/** Tells those who wait; a promise of what will be found, which rejects when the store cannot keep it. */
export type Settle = (found: Found | Promise<Found>) => void;

/** A look-up on its way through the pool. */
export interface Lookup extends Work {
  readonly wanted: Wanted;
  readonly spending: Spending;
  readonly reserved: number;
  readonly settle: Settle;
  /** What no other process may ask for meanwhile. */
  readonly claims: readonly string[];
  /** Finds the lead from the beginning, by what is known and claimed by then, once this look-up is settled. */
  readonly beginAnew: () => Promise<Found>;
  /** Nothing is set aside for it any more. */
  isGivenBack: boolean;
  /** Something was known, but too old or not enough. */
  readonly wasKnown: boolean;
  /** Monotonic ms at which it began to wait for a limiter. */
  readonly queuedAt: number;
  /** Calls that cost nothing and brought no answer. */
  attempts: number;
  /** Answers that were lost or are nobody's, also for rows of the same job that repeat it: each may have been charged. */
  lost: number;
  /** Monotonic ms since when something on the way answers in Apollo's place. */
  troubledSince?: number;
}

export function aborted(): Found {
  return { state: 'stopped', reason: 'aborted' };
}

/** Ends a look-up: gives back the credits that were set aside for it, once, and tells whoever waits for it. */
export function giveBack(lookup: Lookup, found: Found | Promise<Found>): void {
  if (!lookup.isGivenBack) lookup.spending.release(lookup.reserved);
  lookup.isGivenBack = true;
  lookup.settle(found);
}
