import { randomUUID } from 'node:crypto';
import type { DirectAnswer, EnrichOptions, RawLead } from '@connectionsphere/core';
import type { IDataObject } from 'n8n-workflow';
import type {
  CreditsReport,
  EnrichBatch,
  EnrichmentService,
  EstimateReport,
  EstimateRequest,
  SlotReport,
} from './service.ts';

/** A request to the server: JSON unless `type` says otherwise. */
export interface ServerRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: IDataObject;
  readonly body?: unknown;
  readonly type?: string;
  /** The answer is a file: a `Buffer`. */
  readonly bytes?: true;
  /** Not worth waiting for: asked once, whatever is wrong. */
  readonly once?: true;
  /** The same request with the same key is done once, however often it is sent. */
  readonly idempotencyKey?: string;
}

/** Asks the server with the credential's token; gives the JSON of the answer (or its bytes), throws what went wrong. */
export type AskServer = <T>(request: ServerRequest) => Promise<T>;

const DAY_MS = 86_400_000;
/** What the server answers at once, at most. */
const BATCH_SIZE = 100;

/** Leads in one JSON body; more go as lines. */
const MOST_JSON_LEADS = 20_000;

/** Looks leads up through a ConnectionSphere server. */
export function createServerService(ask: AskServer): EnrichmentService {
  return {
    batchSize: BATCH_SIZE,
    enrich: ({ kind, leads, options, fresh, creditLimit }: EnrichBatch) =>
      ask<DirectAnswer>({
        method: 'POST',
        path: kind === 'person' ? '/v1/people/enrich' : '/v1/organizations/enrich',
        idempotencyKey: randomUUID(),
        body: { leads, options: serverOptions(options, fresh, creditLimit) },
      }),
    async estimate({ kind, leads, options, fresh }: EstimateRequest) {
      const { rows, duplicates, known, skipped, lookups, mostCredits, seconds } = await ask<EstimateReport>({
        method: 'POST',
        path: '/v1/estimate',
        ...(leads.length > MOST_JSON_LEADS
          ? { ...leadLines(leads), query: { ...serverOptions(options, fresh), ...mapOf(leads) } }
          : {
              body: {
                leads,
                kind: kind === 'person' ? 'people' : 'companies',
                options: serverOptions(options, fresh),
              },
            }),
      });
      return { rows, duplicates, known, skipped, lookups, mostCredits, seconds };
    },
    async slots() {
      const { slots } = await ask<{ slots: ServerSlot[] }>({ method: 'GET', path: '/v1/slots', once: true });
      return slots.flatMap(slotReport);
    },
    async credits() {
      const { month, credits, bySlot, monthlyLimit } = await ask<CreditsReport>({
        method: 'GET',
        path: '/v1/credits',
        once: true,
      });
      return { month, credits, bySlot, monthlyLimit: monthlyLimit ?? null };
    },
  };
}

/** Records as the server takes lists of any length: a line of JSON for each. */
export function leadLines(records: readonly object[]): { type: string; body: string } {
  return {
    type: 'application/x-ndjson',
    body: records.map((record) => `${JSON.stringify(record)}\n`).join(''),
  };
}

/** Tells the server that every field is what its name says. */
export function mapOf(leads: readonly RawLead[]): { map: string[] } {
  const fields = [...new Set(leads.flatMap((lead) => Object.keys(lead)))];
  return { map: fields.map((field) => `${field}=${field}`) };
}

/** The API's options from the core's. */
export function serverOptions(options: EnrichOptions, fresh?: boolean, creditLimit?: number): IDataObject {
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
