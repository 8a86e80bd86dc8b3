import { randomUUID } from 'node:crypto';
import type { DirectAnswer, EnrichOptions } from '@connectionsphere/core';
import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import type { EnrichBatch, EnrichmentService, SlotReport } from './service.ts';

/** A request to the server with its token; gives the JSON of the answer, throws what went wrong. */
export type AskServer = (request: Omit<IHttpRequestOptions, 'baseURL'>) => Promise<IDataObject>;

const DAY_MS = 86_400_000;
/** What the server answers at once, at most. */
const BATCH_SIZE = 100;
/** ms until an answer is given up: a batch may wait for the limits of all keys. */
const TIMEOUT_MS = 10 * 60_000;

/** Looks leads up through a ConnectionSphere server. */
export function createServerService(ask: AskServer): EnrichmentService {
  return {
    batchSize: BATCH_SIZE,
    async enrich({ kind, leads, options, fresh, creditLimit }: EnrichBatch) {
      const answer = await ask({
        method: 'POST',
        url: kind === 'person' ? '/v1/people/enrich' : '/v1/organizations/enrich',
        headers: { 'Idempotency-Key': randomUUID() },
        body: { leads, options: serverOptions(options, fresh, creditLimit) },
        timeout: TIMEOUT_MS,
      });
      return answer as unknown as DirectAnswer;
    },
    async slots() {
      const { slots } = await ask({ method: 'GET', url: '/v1/slots' });
      return (slots as ServerSlot[]).flatMap(slotReport);
    },
  };
}

/** The API's options from the core's. */
function serverOptions(options: EnrichOptions, fresh?: boolean, creditLimit?: number): IDataObject {
  return {
    ...options.reveal,
    company: options.company,
    matchedDays: options.matchedForMs / DAY_MS,
    unmatchedDays: options.unmatchedForMs / DAY_MS,
    ...(fresh && { fresh }),
    ...(creditLimit !== undefined && { creditLimit }),
  };
}

interface ServerSlot {
  readonly number: number;
  readonly state: 'free' | 'connected';
  readonly label: string | null;
  readonly last4: string | null;
  readonly team: string | null;
  readonly sharesLimitsWith: readonly number[];
  readonly health: { readonly state: string; readonly words: string } | null;
  readonly credits: { readonly left: number; readonly limit?: number } | null;
  readonly limits: unknown;
}

function slotReport({
  number,
  state,
  label,
  last4,
  team,
  sharesLimitsWith,
  health,
  credits,
  limits,
}: ServerSlot): SlotReport[] {
  if (state === 'free') return [];
  return [
    {
      slot: number,
      label: label ?? `Slot ${number}`,
      state: health?.state ?? 'healthy',
      advice: health?.words ?? '',
      last4: last4 ?? '',
      team,
      sharesLimitsWith,
      creditsLeft: credits?.left ?? null,
      creditsLimit: credits?.limit ?? null,
      limits,
    },
  ];
}
