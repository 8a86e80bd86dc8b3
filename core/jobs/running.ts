import type { PauseReason, Progress } from './types.ts';

/** Why a job stops. */
export type Halt = PauseReason | 'cancel';

/** A job that runs, as far as this process works on it. */
export interface Running {
  readonly workspace: string;
  readonly controller: AbortController;
  /** Resolves when it does not run any more. */
  readonly done: Promise<void>;
  /** Of the whole job where no other process works on it; written together with each chunk's outcomes. */
  progress: Progress;
  /** Leads found in chunks that are not complete yet, by chunk. */
  readonly ahead: Map<number, { found: number; lookups: number }>;
  /** Monotonic ms. */
  readonly since: number;
  pause: Halt | undefined;
}

/** Leads found in chunks that are not complete yet. */
export function foundAhead(running: Running | undefined): { found: number; lookups: number } {
  const sum = { found: 0, lookups: 0 };
  for (const { found, lookups } of running?.ahead.values() ?? []) {
    sum.found += found;
    sum.lookups += lookups;
  }
  return sum;
}
