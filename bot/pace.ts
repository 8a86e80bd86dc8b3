import type { JobStatus } from '@connectionsphere/core';

/** Long enough to hold what a minute window lets through, so that a pause in it is no standstill. */
const LOOK_BACK_MS = 90_000;

/** Fewer rows say less of a pace than the estimate does: the first answer comes long before the many that follow it. */
const LEAST_MOVED = 20;

/**
 * How fast a job moved lately. Rows that are known and look-ups are told apart: known ones take
 * microseconds, so a list that begins with them is not as fast as it looks.
 */
export class Pace {
  readonly #seen: { workedMs: number; finished: number; lookups: number }[] = [];
  #last: Pick<JobStatus, 'workedMs' | 'waiting'> | undefined;
  /** Of what was seen, the time in which the job stood still; that is no part of its pace. */
  #stoodMs = 0;

  saw({ workedMs, finished, counts: { lookups }, waiting }: JobStatus): void {
    if (this.#last?.waiting) this.#stoodMs += workedMs - this.#last.workedMs;
    this.#last = { workedMs, ...(waiting && { waiting }) };
    const movedMs = workedMs - this.#stoodMs;
    this.#seen.push({ workedMs: movedMs, finished, lookups });
    while ((this.#seen[0]?.workedMs ?? 0) < movedMs - LOOK_BACK_MS) this.#seen.shift();
  }

  /** ms, what Apollo's limits make it wait included; `undefined` when nothing tells. */
  leftMs({ rows, finished, counts, estimate, limitsMs }: JobStatus): number | undefined {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (!first || !last) return limitsMs;
    const ms = last.workedMs - first.workedMs;
    const [moved, looked] = [last.finished - first.finished, last.lookups - first.lookups];
    const least = estimate.seconds === undefined ? 1 : LEAST_MOVED;
    const perRow = moved >= least ? ms / moved : undefined;
    const lookupsLeft = Math.max(0, estimate.lookups - counts.lookups);
    const perLookup = looked >= least ? ms / looked : estimatedPerLookup(estimate);
    const guesses = [
      ...(limitsMs === undefined ? [] : [limitsMs]),
      ...(perRow === undefined ? [] : [(rows - finished) * perRow]),
      ...(perLookup === undefined || lookupsLeft === 0 ? [] : [lookupsLeft * perLookup]),
    ];
    return guesses.length > 0 ? Math.max(...guesses) : undefined;
  }
}

function estimatedPerLookup({ seconds, lookups }: JobStatus['estimate']): number | undefined {
  return seconds === undefined || lookups === 0 ? undefined : (seconds * 1000) / lookups;
}

/**
 * Leads a minute of work. `undefined` while nothing was looked up: known leads take microseconds,
 * so a pace made of them alone would say millions.
 */
export function leadsPerMinute({ finished, workedMs, counts }: JobStatus): number | undefined {
  if (counts.lookups === 0 || workedMs === 0) return undefined;
  return Math.round((finished / workedMs) * 60_000);
}
