import { type Identity, identifyCompany, identifyPerson, type Lead } from '../leads/index.ts';
import type { Meter } from '../ports.ts';
import type { Forgotten } from './forget.ts';
import type { Freshness } from './known.ts';
import type { Found, Wanted } from './lookup.ts';
import type { Lookups } from './lookups.ts';
import type { EnrichOptions } from './options.ts';
import type { SubjectKind } from './subject.ts';

/** A lead and where it stands. */
export interface LeadRow {
  readonly row: number;
  readonly lead: Lead;
  /** Somebody in an earlier row is the same, as the list's own reading found. */
  readonly duplicate: boolean;
}

/** What became of a row. Results are named by the key under which they are known, not copied. */
export interface RowOutcome {
  readonly outcome: 'matched' | 'unmatched' | 'skipped' | 'failed';
  readonly how?: 'lookup' | 'duplicate' | 'known';
  readonly person?: string;
  readonly company?: string;
  readonly error?: string;
  readonly email?: 'verified' | 'other';
}

export interface EnrichContext {
  readonly workspace: string;
  readonly source: string;
  readonly kind: SubjectKind;
  readonly options: EnrichOptions;
  readonly notBefore: number | undefined;
  readonly urgent: boolean;
  readonly signal: AbortSignal;
  /** Hears of each lead as it is found, before all of them are. */
  readonly onFound?: (found: Found) => void;
  /** All that is known is found; the rest waits for Apollo. */
  readonly onAsked?: () => void;
}

/** What became of each row, in order. */
export interface Enrichment {
  /** `undefined` for a row that could not be decided, see `stopped`. */
  readonly outcomes: readonly (RowOutcome | undefined)[];
  /** Why not every row could be decided; what was answered is known and costs nothing next time. */
  readonly stopped?: 'no-slot' | 'slot-limit' | 'budget' | 'aborted';
}

const NOTHING_TO_GO_BY: Record<SubjectKind, string> = {
  person:
    'Nothing to identify this lead by: add an e-mail, a LinkedIn profile, or first and last name with a company.',
  company: 'Nothing to identify this company by: add a domain, a LinkedIn page or a company name.',
};
const FORGOTTEN = 'This person asked to be forgotten and is not looked up.';

/** Leads in, outcomes out, in order. */
export class Enricher {
  readonly #lookups: Lookups;
  readonly #forgotten: Forgotten;

  readonly #meter: Meter | undefined;

  constructor(lookups: Lookups, forgotten: Forgotten, meter?: Meter) {
    this.#lookups = lookups;
    this.#forgotten = forgotten;
    this.#meter = meter;
  }

  async enrich(rows: readonly LeadRow[], context: EnrichContext): Promise<Enrichment> {
    const enrichment = await this.#decide(rows, context);
    for (const decided of enrichment.outcomes)
      if (decided) this.#meter?.decided(decided.outcome, decided.how, 1);
    return enrichment;
  }

  async #decide(rows: readonly LeadRow[], context: EnrichContext): Promise<Enrichment> {
    const identities = rows.map(({ lead }) => identify(context.kind, lead));
    const forgotten = await this.#forgotten.among(context.workspace, identities);
    const askable = rows.flatMap((row, index) => {
      const identity = identities[index];
      return identity && !forgotten[index] ? [{ ...row, identity, index }] : [];
    });
    const found = await this.#lookups.find(
      askable.map(({ row, lead, identity }) => wanted(context, context.kind, row, lead, identity)),
      context.onFound,
      context.onAsked,
    );
    const stopped = found.find((each) => each.state === 'stopped');
    const outcomes: (RowOutcome | undefined)[] = rows.map((_, index) => ({
      outcome: 'skipped',
      error: forgotten[index] ? FORGOTTEN : NOTHING_TO_GO_BY[context.kind],
    }));
    for (const [at, { index, duplicate }] of askable.entries()) {
      const each = found[at];
      outcomes[index] =
        each && each.state !== 'stopped' ? outcomeOf(each, context.kind, duplicate) : undefined;
    }
    if (stopped) return { outcomes, stopped: stopped.reason };
    if (!context.options.company || context.kind === 'company') return { outcomes };
    return this.#withCompanies(rows, found, askable, outcomes, context);
  }

  /** Company data for every row whose company is known: from the lead, or from the person found. */
  async #withCompanies(
    rows: readonly LeadRow[],
    found: readonly Found[],
    askable: readonly { readonly index: number }[],
    outcomes: (RowOutcome | undefined)[],
    context: EnrichContext,
  ): Promise<Enrichment> {
    const people = new Map(askable.map(({ index }, at) => [index, found[at]]));
    const companies = rows.flatMap(({ row, lead }, index) => {
      const person = people.get(index);
      const employer = person?.state === 'answered' ? person.result.person?.company : undefined;
      const company: Lead = {
        ...(lead.company && { company: lead.company }),
        ...(lead.companyLinkedinUrl && { companyLinkedinUrl: lead.companyLinkedinUrl }),
        ...(lead.domain ? { domain: lead.domain } : employer?.domain && { domain: employer.domain }),
      };
      const identity = outcomes[index]?.error === FORGOTTEN ? undefined : identifyCompany(company);
      return identity ? [{ index, wanted: wanted(context, 'company', row, company, identity) }] : [];
    });
    const answers = await this.#lookups.find(companies.map((each) => each.wanted));
    const stopped = answers.find((each) => each.state === 'stopped');
    for (const [at, { index }] of companies.entries()) {
      const answer = answers[at];
      const before = outcomes[index];
      if (answer?.state === 'stopped') outcomes[index] = undefined;
      if (!before || answer?.state !== 'answered' || answer.result.outcome !== 'matched') continue;
      outcomes[index] = { ...before, company: answer.result.keys[0] };
    }
    return { outcomes, ...(stopped && { stopped: stopped.reason }) };
  }
}

/** The identity under which a lead of this kind is looked up. */
export function identify(kind: SubjectKind, lead: Lead): Identity | undefined {
  return kind === 'company' ? identifyCompany(lead) : identifyPerson(lead);
}

function wanted(
  { workspace, source, options, notBefore, urgent, signal }: EnrichContext,
  kind: SubjectKind,
  row: number,
  lead: Lead,
  identity: Identity,
): Wanted {
  const { matchedForMs, unmatchedForMs } = options;
  const freshness: Freshness = {
    matchedForMs,
    unmatchedForMs,
    source,
    ...(notBefore !== undefined && { notBefore }),
  };
  const reveal =
    kind === 'company' ? { personalEmails: false, phones: false, waterfall: false } : options.reveal;
  return { workspace, kind, identity, lead, reveal, freshness, source, row, urgent, signal };
}

function outcomeOf(
  found: Exclude<Found, { state: 'stopped' }>,
  kind: SubjectKind,
  duplicate: boolean,
): RowOutcome {
  if (found.state === 'failed') return { outcome: 'failed', how: 'lookup', error: found.reason };
  const { result } = found;
  // Known to all rows of the list: but only the first of them is what a known result saved.
  const how = duplicate && found.how === 'known' ? 'duplicate' : found.how;
  if (result.outcome === 'unmatched') return { outcome: 'unmatched', how };
  const key = result.keys[0];
  if (kind === 'company') return { outcome: 'matched', how, company: key };
  const { email, emailStatus } = result.person ?? {};
  const kindOfEmail = email
    ? { email: emailStatus === 'verified' ? ('verified' as const) : ('other' as const) }
    : {};
  return { outcome: 'matched', how, person: key, ...kindOfEmail };
}
