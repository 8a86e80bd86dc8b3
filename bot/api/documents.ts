import type { DirectAnswer, Estimate, JobStatus, ResultRow, Waiting } from '@connectionsphere/core';
import { creditCheckDocument } from '../credit-check.ts';
import { scheduleDocument } from '../schedule-words.ts';

const iso = (ms: number) => new Date(ms).toISOString();

export function estimateDocument({ seconds, ...figures }: Estimate): object {
  return { ...figures, seconds: seconds ?? null };
}

/** What became of some leads that were answered at once. */
export function enrichDocument({ results, ...rest }: DirectAnswer): object {
  return {
    results: results.map(({ checkedAt, ...result }) => ({
      ...result,
      ...(checkedAt !== undefined && { checkedAt: iso(checkedAt) }),
    })),
    ...rest,
  };
}

/** A job as the API and its deliveries show it. */
export function jobDocument(job: JobStatus, callback?: object): object {
  const { startedAt, endedAt, creditLimit } = job;
  return {
    id: job.id,
    name: job.name,
    state: job.state,
    ...(job.reason && { reason: job.reason }),
    ...(job.problem !== undefined && { problem: job.problem }),
    ...(job.waiting && { waiting: waitingDocument(job.waiting) }),
    ...(job.limitsMs !== undefined && { secondsLeft: Math.round(job.limitsMs / 1000) }),
    kind: job.kind,
    createdAt: iso(job.createdAt),
    ...(startedAt !== undefined && { startedAt: iso(startedAt) }),
    ...(endedAt !== undefined && { endedAt: iso(endedAt) }),
    rows: job.rows,
    finished: job.finished,
    seconds: Math.round(job.workedMs) / 1000,
    estimate: estimateDocument(job.estimate),
    counts: job.counts,
    credits: job.credits,
    calls: job.calls,
    inDoubtCalls: job.inDoubtCalls,
    inDoubtCredits: job.inDoubtCredits,
    creditCheck: creditCheckDocument(job),
    rateLimited: job.rateLimited,
    latePending: job.latePending,
    latePeople: job.latePeople,
    ...(creditLimit !== undefined && { creditLimit }),
    ...(job.repeats !== undefined && { repeats: job.repeats }),
    ...(job.schedule && { schedule: scheduleDocument(job.schedule) }),
    ...(callback && { callback }),
  };
}

/** What a job that runs waits for, and until when. */
export function waitingDocument({ for: what, until }: Waiting): object {
  return { for: what, ...(until !== undefined && { until: iso(until) }) };
}

/** A row of a job's output. `headers`, `columns`: names of its own and of the added cells. */
export function resultDocument(
  { row, cells, added, outcome, match, person, company, error }: ResultRow,
  headers: readonly string[],
  columns: readonly string[],
): object {
  return {
    row,
    lead: Object.fromEntries(headers.map((header, index) => [header, cells[index] ?? ''])),
    outcome: outcome ?? 'pending',
    ...(person && { person }),
    ...(company && { company }),
    ...(match && { match }),
    ...(error !== undefined && { error }),
    added: Object.fromEntries(columns.map((column, index) => [column, added[index] ?? ''])),
  };
}

/** Headers as names of fields: each once, none empty. */
export function fieldNames(headers: readonly string[]): string[] {
  const names = new Set<string>();
  return headers.map((header, index) => {
    const base = header.trim() === '' ? `Column ${index + 1}` : header;
    let name = base;
    for (let number = 2; names.has(name); number += 1) name = `${base}_${number}`;
    names.add(name);
    return name;
  });
}
