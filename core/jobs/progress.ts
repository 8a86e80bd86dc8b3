import type { RowOutcome } from '../enrichment/index.ts';
import type { Counts, Progress } from './types.ts';

/** No row decided yet. */
export const NO_PROGRESS: Progress = {
  counts: {
    duplicates: 0,
    known: 0,
    lookups: 0,
    matched: 0,
    review: 0,
    unmatched: 0,
    skipped: 0,
    failed: 0,
    emails: 0,
    verifiedEmails: 0,
    phones: 0,
  },
  finished: 0,
};

/** The progress when these rows are decided as well. */
export function withOutcomes(
  { counts: before, finished }: Progress,
  outcomes: readonly RowOutcome[],
): Progress {
  const counts: { -readonly [name in keyof Counts]: number } = { ...before };
  for (const { outcome, how, email } of outcomes) {
    counts[outcome] += 1;
    if (how === 'lookup') counts.lookups += 1;
    if (how === 'duplicate') counts.duplicates += 1;
    if (how === 'known') counts.known += 1;
    if (email) counts.emails += 1;
    if (email === 'verified') counts.verifiedEmails += 1;
  }
  return { counts, finished: finished + outcomes.length };
}

/** Two parts of one job. */
export function addProgress(a: Progress, b: Progress): Progress {
  const names = Object.keys(NO_PROGRESS.counts) as (keyof Counts)[];
  // Counts that an earlier version stored lack those that are new.
  const counts = Object.fromEntries(
    names.map((name) => [name, (a.counts[name] ?? 0) + (b.counts[name] ?? 0)]),
  );
  return { counts: counts as unknown as Counts, finished: a.finished + b.finished };
}

/** What has changed from one count of some rows to another. */
export function subtractProgress(after: Progress, before: Progress): Progress {
  const names = Object.keys(NO_PROGRESS.counts) as (keyof Counts)[];
  const counts = Object.fromEntries(names.map((name) => [name, after.counts[name] - before.counts[name]]));
  return { counts: counts as unknown as Counts, finished: after.finished - before.finished };
}
