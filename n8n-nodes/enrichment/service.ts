import type { DirectAnswer, DirectRequest } from '@connectionsphere/core';

/** Some leads of one kind that are looked up together. */
export type EnrichBatch = Omit<DirectRequest, 'workspace'>;

/** One of the four places for keys, as people see it. */
export interface SlotReport {
  readonly slot: number;
  readonly label: string;
  readonly state: string;
  /** What the state means and what to do about it. */
  readonly advice: string;
  readonly last4: string;
  readonly team: string | null;
  readonly sharesLimitsWith: readonly number[];
  readonly creditsLeft: number | null;
  readonly creditsLimit: number | null;
  readonly limits: unknown;
}

/** Who looks leads up: a server, or the keys of a credential in n8n's own process. */
export interface EnrichmentService {
  /** Leads in one batch, at most. */
  readonly batchSize: number;
  enrich(batch: EnrichBatch): Promise<DirectAnswer>;
  slots(): Promise<SlotReport[]>;
}
