import {
  type DirectAnswer,
  type DirectRequest,
  type DirectResult,
  type EnrichOptions,
  mostCredits,
  type RawLead,
  type Stopped,
} from '@connectionsphere/core';
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
  /** Nothing more is asked for once it aborts; what is under way is waited for. */
  readonly signal?: AbortSignal | undefined;
}

/** What became of a run, in the order of its leads. */
export interface RunAnswer extends Omit<DirectAnswer, 'results'> {
  readonly results: readonly DirectResult[];
  /** Why a batch as a whole failed; its leads are `failed`. */
  readonly errors: readonly Error[];
}

const UNDECIDED: DirectResult = { outcome: 'undecided' };

/** Looks all leads of a run up, batch by batch, within its credit limit. */
export async function runEnrichment(service: EnrichmentService, request: RunRequest): Promise<RunAnswer> {
  const { leads, kind, options, signal } = request;
  const results: DirectResult[] = leads.map(() => UNDECIDED);
  const total = { credits: 0, calls: 0, inDoubtCalls: 0, rateLimited: 0 };
  const errors: Error[] = [];
  const each = mostCredits(kind, options.reveal) + (options.company && kind === 'person' ? 1 : 0);
  let stopped: Stopped | undefined;
  let left = request.creditLimit ?? Number.POSITIVE_INFINITY;
  let next = 0;

  const work = async () => {
    while (next < leads.length && stopped === undefined && errors.length === 0) {
      if (signal?.aborted) {
        stopped = 'aborted';
        return;
      }
      const from = next;
      const batch = leads.slice(from, from + service.batchSize);
      next += batch.length;
      // Set aside at its greatest cost, so that batches side by side cannot pass the limit together.
      const aside = Math.min(left, batch.length * each);
      left -= aside;
      try {
        const answer = await service.enrich({
          kind,
          leads: batch,
          options,
          fresh: request.fresh,
          ...(request.creditLimit !== undefined && { creditLimit: aside }),
          signal,
        });
        for (const [index, result] of answer.results.entries()) results[from + index] = result;
        left += aside - answer.credits;
        total.credits += answer.credits;
        total.calls += answer.calls;
        total.inDoubtCalls += answer.inDoubtCalls;
        total.rateLimited += answer.rateLimited;
        stopped ??= answer.stopped;
      } catch (error) {
        left += aside;
        const failure = error instanceof Error ? error : new Error(String(error));
        errors.push(failure);
        for (let index = 0; index < batch.length; index++) {
          results[from + index] = { outcome: 'failed', error: failure.message };
        }
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, request.concurrency) }, work));
  return { results, errors, ...total, ...(stopped && { stopped }) };
}
