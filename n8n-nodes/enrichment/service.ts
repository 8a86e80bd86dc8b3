import type { DirectAnswer, DirectRequest, EnrichOptions, RawLead } from '@connectionsphere/core';

/** Some leads of one kind that are looked up together. */
export type EnrichBatch = Omit<DirectRequest, 'workspace'>;

export interface EstimateRequest {
  readonly kind: DirectRequest['kind'];
  readonly leads: readonly RawLead[];
  readonly options: EnrichOptions;
  readonly fresh: boolean;
}

/** What leads would cost and take before anything is spent. */
export interface EstimateReport {
  readonly rows: number;
  readonly duplicates: number;
  readonly known: number;
  readonly skipped: number;
  readonly lookups: number;
  readonly mostCredits: number;
  readonly expectedCredits?: number;
  readonly expectedFrom?: 'workspace' | 'default';
  readonly creditsLeft?: number;
  readonly mobileCreditsLeft?: number;
  /** None: no key is connected. */
  readonly seconds: number | null;
  readonly phoneSeconds?: number;
  readonly warnings?: readonly string[];
}

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

/** What was spent in this calendar month (UTC). */
export interface CreditsReport {
  readonly month: string;
  readonly credits: number;
  readonly bySlot: Readonly<Record<string, number>>;
  /** None: no limit. */
  readonly monthlyLimit: number | null;
}

/** Who looks leads up: a server, or the keys of a credential in n8n's own process. */
export interface EnrichmentService {
  /** Leads in one batch, at most. */
  readonly batchSize: number;
  enrich(batch: EnrichBatch): Promise<DirectAnswer>;
  estimate(request: EstimateRequest): Promise<EstimateReport>;
  slots(): Promise<SlotReport[]>;
  credits(): Promise<CreditsReport>;
  /** Collects late results until the signal aborts, where nobody else does. */
  tend?(signal: AbortSignal): Promise<void>;
}
