import { randomUUID } from 'node:crypto';
import type { Company, Person } from '../apollo/index.ts';
import { leadsTogether, type RawLead } from '../leads/index.ts';
import type { Match } from '../outcome.ts';
import type { Clock, Ports } from '../ports.ts';
import type { Accounts, Usage } from './accounts.ts';
import { directSource } from './authors.ts';
import type { Enricher, RowOutcome } from './enricher.ts';
import type { KnownResults } from './known.ts';
import type { Stopped } from './lookup.ts';
import type { Lookups } from './lookups.ts';
import type { EnrichOptions } from './options.ts';
import type { PaidCalls } from './paid-calls.ts';
import type { SubjectKind } from './subject.ts';

/** Some leads that somebody waits for. */
export interface DirectRequest {
  readonly workspace: string;
  readonly kind: SubjectKind;
  readonly leads: readonly RawLead[];
  readonly options: EnrichOptions;
  /** Ask again for what is known already. */
  readonly fresh?: boolean | undefined;
  /** Credits, at most, for all of them together. */
  readonly creditLimit?: number | undefined;
  /** Gives back what has not left yet; what is under way is paid for and remembered. */
  readonly signal?: AbortSignal | undefined;
}

export interface DirectResult {
  /** `undecided`: see {@link DirectAnswer.stopped}. */
  readonly outcome: RowOutcome['outcome'] | 'undecided';
  readonly how?: RowOutcome['how'];
  readonly person?: Person;
  readonly company?: Company;
  readonly match?: Match;
  /** Apollo has promised more, phones or a waterfall's finds: ask again later, which costs nothing. */
  readonly pending?: true;
  /** When Apollo was asked, ms since the epoch. */
  readonly checkedAt?: number;
  /** What came late for it cost so much, credits; it is not in the answer's `credits`. */
  readonly lateCredits?: number;
  /** Why it was skipped or failed, and what to do. */
  readonly error?: string;
}

export interface DirectAnswer extends Usage {
  /** As many as leads, in their order. */
  readonly results: readonly DirectResult[];
  /** The longest that a call waited for its turn, ms: for Apollo's limits, or for others' leads. */
  readonly waitedMs: number;
  readonly stopped?: Stopped;
  /** What is wrong and what to do about it, where `stopped` alone does not say. */
  readonly problem?: string;
}

/** Answers a few leads at once, ahead of the jobs: nothing to prepare, start or keep. */
export class Direct {
  readonly #enricher: Enricher;
  readonly #known: KnownResults;
  readonly #accounts: Accounts;
  readonly #clock: Clock;
  readonly #lookups: Lookups;
  readonly #calls: PaidCalls;
  readonly #actor: Ports['actor'];

  constructor(
    enricher: Enricher,
    lookups: Lookups,
    calls: PaidCalls,
    known: KnownResults,
    accounts: Accounts,
    { clock, actor }: Pick<Ports, 'clock' | 'actor'>,
  ) {
    this.#actor = actor;
    this.#enricher = enricher;
    this.#lookups = lookups;
    this.#calls = calls;
    this.#known = known;
    this.#accounts = accounts;
    this.#clock = clock;
  }

  async enrich(request: DirectRequest): Promise<DirectAnswer> {
    const { workspace, kind, options, creditLimit, signal } = request;
    const source = directSource(randomUUID(), this.#actor?.());
    const withdraw = () => this.#lookups.withdraw(source);
    signal?.addEventListener('abort', withdraw, { once: true });
    await this.#accounts.open(source, creditLimit);
    try {
      const { outcomes, stopped, problem } = await this.#enricher.enrich(
        leadsTogether(request.leads).map((lead, row) => ({ row, lead, duplicate: false })),
        {
          workspace,
          source,
          kind,
          options,
          notBefore: request.fresh ? this.#clock.now() : undefined,
          urgent: true,
          signal: signal ?? new AbortController().signal,
        },
      );
      const results = await this.#results(workspace, outcomes);
      const waitedMs = Math.round(this.#calls.takeWait(source));
      return {
        results,
        waitedMs,
        ...(stopped && { stopped }),
        ...(problem && { problem }),
        ...(await this.#accounts.usage(source)),
      };
    } finally {
      signal?.removeEventListener('abort', withdraw);
      this.#accounts.close(source);
    }
  }

  async #results(workspace: string, outcomes: readonly (RowOutcome | undefined)[]): Promise<DirectResult[]> {
    const keys = new Set(outcomes.flatMap((row) => [row?.person, row?.company]));
    const known = await this.#known.byKey(
      workspace,
      [...keys].filter((key) => key !== undefined),
    );
    return outcomes.map((row) => {
      if (!row) return { outcome: 'undecided' };
      const { person, late, at: checkedAt } = known.get(row.person ?? '') ?? {};
      const { company, at: companyCheckedAt } = known.get(row.company ?? '') ?? {};
      return {
        outcome: row.outcome,
        ...(row.how && { how: row.how }),
        ...(person && { person }),
        ...(company && { company }),
        ...(row.match && { match: row.match }),
        ...whenChecked(checkedAt ?? companyCheckedAt),
        ...(late?.state === 'pending' && { pending: true as const }),
        ...(late?.credits && { lateCredits: late.credits }),
        ...(row.error !== undefined && { error: row.error }),
      };
    });
  }
}

function whenChecked(checkedAt: number | undefined): Pick<DirectResult, 'checkedAt'> {
  return checkedAt === undefined ? {} : { checkedAt };
}
