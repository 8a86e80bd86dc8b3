import {
  type DirectAnswer,
  type DirectRequest,
  type DirectResult,
  type EnrichOptions,
  identifyCompany,
  identifyPerson,
  normaliseLead,
  type RawLead,
  type Stopped,
} from '@connectionsphere/core';
import { n8nClock } from './n8n-ports.ts';
import type { EnrichmentService } from './service.ts';

export interface RunRequest {
  readonly kind: DirectRequest['kind'];
  readonly leads: readonly RawLead[];
  readonly options: EnrichOptions;
  readonly fresh: boolean;
  /** Credits for all leads together. */
  readonly creditLimit?: number | undefined;
  /** Batches under way at a time, at most. */
  readonly concurrency: number;
  /** How long late results are waited for, ms. */
  readonly waitForLateMs: number;
  /** Nothing more is asked for once it aborts; what is under way is waited for. */
  readonly signal?: AbortSignal | undefined;
}

/** What became of a run, in the order of its leads. */
export interface RunAnswer extends Omit<DirectAnswer, 'results'> {
  readonly results: readonly DirectResult[];
  /** The longest that one line of batches waited for its turns, ms. */
  readonly waitedMs: number;
  /** Why batches as a whole failed; their leads are `failed`. */
  readonly errors: readonly Error[];
}

const UNDECIDED: DirectResult = { outcome: 'undecided' };
/** How often those are asked about whose phones are to come, ms. */
const LATE_EVERY_MS = 2_000;

/** Looks all leads of a run up, batch by batch, within its credit limit. */
export async function runEnrichment(service: EnrichmentService, request: RunRequest): Promise<RunAnswer> {
  const { leads, kind, options, creditLimit, signal } = request;
  const results: DirectResult[] = leads.map(() => UNDECIDED);
  const firsts = firstOfEach(kind, leads);
  // Asked for once: a service knows no duplicates from batch to batch when known results do not count.
  const asked = leads.flatMap((lead, index) => (firsts[index] === index ? [{ lead, index }] : []));
  const total = { credits: 0, calls: 0, inDoubtCalls: 0, inDoubtCredits: 0, rateLimited: 0 };
  const errors: Error[] = [];
  let stopped: Stopped | undefined;
  let next = 0;
  let waitedMs = 0;

  const work = async () => {
    let waited = 0;
    while (next < asked.length && stopped === undefined && errors.length === 0) {
      if (signal?.aborted) {
        stopped = 'aborted';
        return;
      }
      const batch = asked.slice(next, next + service.batchSize);
      next += batch.length;
      try {
        const answer = await service.enrich({
          kind,
          leads: batch.map(({ lead }) => lead),
          options,
          fresh: request.fresh,
          ...(creditLimit !== undefined && {
            creditLimit: Math.max(0, creditLimit - total.credits - total.inDoubtCredits),
          }),
          signal,
        });
        for (const [at, { index }] of batch.entries()) results[index] = answer.results[at] ?? UNDECIDED;
        total.credits += answer.credits;
        total.calls += answer.calls;
        total.inDoubtCalls += answer.inDoubtCalls;
        total.inDoubtCredits += answer.inDoubtCredits;
        total.rateLimited += answer.rateLimited;
        // A server of an earlier version does not tell.
        waited += answer.waitedMs ?? 0;
        waitedMs = Math.max(waitedMs, waited);
        stopped ??= answer.stopped;
      } catch (error) {
        const failure = error instanceof Error ? error : new Error(String(error));
        errors.push(failure);
        for (const { index } of batch) results[index] = { outcome: 'failed', error: failure.message };
      }
    }
  };
  // Side by side, two batches could each spend the rest of the limit.
  const workers = creditLimit === undefined ? Math.max(1, request.concurrency) : 1;
  await Promise.all(Array.from({ length: workers }, work));
  for (const [index, first] of firsts.entries()) {
    const { how, ...result } = results[first] ?? UNDECIDED;
    if (first !== index) results[index] = { ...result, ...(how && { how: 'duplicate' }) };
  }
  await collectLate(service, request, results);
  return { results, errors, waitedMs, ...total, ...(stopped && { stopped }) };
}

/** Waits for phones and waterfall results that Apollo has promised. Asking for them costs nothing. */
async function collectLate(
  service: EnrichmentService,
  { kind, leads, options, waitForLateMs, signal }: RunRequest,
  results: DirectResult[],
): Promise<void> {
  const until = n8nClock.monotonic() + waitForLateMs;
  const pending = () => results.flatMap(({ pending }, index) => (pending ? [index] : []));
  if (waitForLateMs <= 0 || pending().length === 0) return;
  const enough = new AbortController();
  const tended = service.tend?.(enough.signal);
  try {
    while (pending().length > 0 && n8nClock.monotonic() < until && !signal?.aborted) {
      await n8nClock.sleep(Math.min(LATE_EVERY_MS, until - n8nClock.monotonic()), signal);
      const due = pending();
      for (let from = 0; from < due.length; from += service.batchSize) {
        const batch = due.slice(from, from + service.batchSize);
        const answer = await service.enrich({
          kind,
          leads: batch.map((index) => leads[index] ?? {}),
          options,
          creditLimit: 0,
          signal,
        });
        for (const [at, index] of batch.entries()) {
          const now = answer.results[at];
          const { how } = results[index] ?? UNDECIDED;
          if (now?.outcome === 'matched') results[index] = { ...now, ...(how && { how }) };
        }
      }
    }
  } finally {
    enough.abort();
    await tended;
  }
}

/** For each lead whether an earlier one is about the same. */
export function findDuplicates(kind: DirectRequest['kind'], leads: readonly RawLead[]): boolean[] {
  return firstOfEach(kind, leads).map((first, index) => first !== index);
}

/** For each lead the index of the first one about the same: often its own. */
function firstOfEach(kind: DirectRequest['kind'], leads: readonly RawLead[]): number[] {
  const seen = new Map<string, number>();
  return leads.map((raw, index) => {
    const lead = normaliseLead(raw);
    const [key] = (kind === 'person' ? identifyPerson(lead) : identifyCompany(lead)) ?? [];
    if (key === undefined) return index;
    const first = seen.get(key) ?? index;
    seen.set(key, first);
    return first;
  });
}
