import type { Counts, PauseReason } from './types.ts';

/** How far a job is. Written together with each chunk's outcomes. */
export interface Progress {
  readonly counts: Counts;
  readonly finished: number;
}

/** Why a job stops. */
export type Halt = PauseReason | 'cancel';

/** A job that runs, as far as this process works on it. */
export interface Running {
  readonly workspace: string;
  readonly controller: AbortController;
  /** Resolves when it does not run any more. */
  readonly done: Promise<void>;
  /** Of the whole job where no other process works on it. */
  progress: Progress;
  /** Leads found in chunks that are not complete yet, by chunk. */
  readonly ahead: Map<number, { found: number; lookups: number }>;
  /** Monotonic ms. */
  readonly since: number;
  pause: Halt | undefined;
}

export const NO_COUNTS: Counts = {
  duplicates: 0,
  known: 0,
  lookups: 0,
  matched: 0,
  unmatched: 0,
  skipped: 0,
  failed: 0,
  emails: 0,
  verifiedEmails: 0,
  phones: 0,
};

/** Leads found in chunks that are not complete yet. */
export function foundAhead(running: Running | undefined): { found: number; lookups: number } {
  const sum = { found: 0, lookups: 0 };
  for (const { found, lookups } of running?.ahead.values() ?? []) {
    sum.found += found;
    sum.lookups += lookups;
  }
  return sum;
}
