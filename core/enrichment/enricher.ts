import {
  CompanyDomains,
  type Identity,
  identifyCompany,
  identifyPerson,
  isNameAlone,
  type Lead,
  withDomain,
} from '../leads/index.ts';
import type { Match, Outcome } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import type { ForgottenMarks } from './forgotten-marks.ts';
import { type Asked, answers, type Freshness, type KnownResult, type KnownResults } from './known.ts';
import type { Found, Stopped, Wanted } from './lookup.ts';
import type { Lookups } from './lookups.ts';
import { addsCompany, comesLate, type EnrichOptions, NOTHING_LATE, restsOnName } from './options.ts';
import type { SubjectKind } from './subject.ts';
import { verdictOn } from './verdict.ts';

/** A lead and where it stands. */
export interface LeadRow {
  readonly row: number;
  readonly lead: Lead;
  /** Somebody in an earlier row is the same, as the list's own reading found. */
  readonly duplicate: boolean;
}

/** What became of a row. Results are named by the key under which they are known, not copied. */
export interface RowOutcome {
  readonly outcome: Outcome;
  readonly how?: 'lookup' | 'duplicate' | 'known';
  readonly person?: string;
  readonly company?: string;
  readonly error?: string;
  readonly email?: 'verified' | 'other';
  readonly match?: Match;
  /** First key of the lead whose question the answer contradicts: somebody may decide about it, or has. */
  readonly review?: string;
  /** Phones were wanted, and there were no credits for mobile numbers: `error` says so. */
  readonly withoutPhones?: true;
}

interface Context {
  readonly workspace: string;
  readonly kind: SubjectKind;
  readonly options: EnrichOptions;
}

export interface EnrichContext extends Context {
  readonly source: string;
  readonly notBefore: number | undefined;
  readonly urgent: boolean;
  readonly signal: AbortSignal;
  /** Hears of each lead as it is found, before all of them are. */
  readonly onFound?: (found: Found) => void;
  /** All that is known is found; the rest waits for Apollo. */
  readonly onAsked?: () => void;
}

export interface KnownContext extends Context {
  readonly freshness: Freshness;
}

/** A lead by its keys; `undefined`: it identifies nobody. */
export interface IdentifiedRow extends Pick<LeadRow, 'duplicate' | 'lead'> {
  readonly identity: Identity | undefined;
}

/** What came of a lead; `skipped`: nobody was asked, or whoever was found is not handed out. */
type FoundOrNot = Found | { readonly state: 'skipped'; readonly error: string };

/** What became of each row, in order. */
export interface Enrichment {
  /** `undefined` for a row that could not be decided, see `stopped`. */
  readonly outcomes: readonly (RowOutcome | undefined)[];
  /** Why not every row could be decided; what was answered is known and costs nothing next time. */
  readonly stopped?: Stopped;
  /** What is wrong and what to do about it, where `stopped` alone does not say. */
  readonly problem?: string;
}

const NOTHING_TO_GO_BY: Record<SubjectKind, string> = {
  person:
    'Nothing to identify this lead by: add an e-mail, a LinkedIn profile, or first and last name with a company.',
  company: 'Nothing to identify this company by: add its domain, website or LinkedIn page.',
};
const NAME_ALONE =
  'Apollo finds no company by its name alone, so it was not asked. Add the domain, website or LinkedIn page of this company.';
const FORGOTTEN = 'This person asked to be forgotten and is not looked up.';

/** Leads in, outcomes out, in order. */
export class Enricher {
  readonly #known: KnownResults;
  readonly #lookups: Lookups;
  readonly #forgotten: ForgottenMarks;
  readonly #ports: Pick<Ports, 'clock' | 'meter'>;

  constructor(
    known: KnownResults,
    lookups: Lookups,
    forgotten: ForgottenMarks,
    ports: Pick<Ports, 'clock' | 'meter'>,
  ) {
    this.#known = known;
    this.#lookups = lookups;
    this.#forgotten = forgotten;
    this.#ports = ports;
  }

  async enrich(rows: readonly LeadRow[], context: EnrichContext): Promise<Enrichment> {
    const decided = await this.#decide(rows, context);
    const enrichment = { ...decided, outcomes: await this.#withoutForgottenSince(decided.outcomes, context) };
    this.count(enrichment.outcomes);
    return enrichment;
  }

  /** Whoever was forgotten while the look-up was under way is named by no outcome. */
  async #withoutForgottenSince(
    outcomes: readonly (RowOutcome | undefined)[],
    { workspace, kind }: EnrichContext,
  ): Promise<(RowOutcome | undefined)[]> {
    const forgotten = await this.#forgotten.among(workspace, outcomes.map(subjectOf));
    return outcomes.map((outcome, index) => (forgotten[index] ? skipped(kind, true) : outcome));
  }

  /** Counts outcomes in the metrics. {@link enrich} does so itself. */
  count(outcomes: readonly (RowOutcome | undefined)[]): void {
    for (const decided of outcomes) if (decided) this.#ports.meter?.decided(decided.outcome, decided.how, 1);
  }

  /**
   * What becomes of each row as far as that is known without a look-up; `undefined` for whoever has to be looked
   * up. Company data beside a person's is not in it.
   */
  async decideKnown(
    rows: readonly IdentifiedRow[],
    { workspace, kind, options, freshness }: KnownContext,
  ): Promise<(RowOutcome | undefined)[]> {
    const { askable, outcomes } = await this.#sortOut(workspace, kind, rows);
    const results = await this.#known.find(workspace, askable);
    const now = this.#ports.clock.now();
    for (const [at, { index, duplicate, identity, lead }] of askable.entries()) {
      const result = results[at];
      const isAnswer = result && answers(result, options.reveal, freshness, now);
      if (isAnswer) {
        outcomes[index] = outcomeOf(result, { identity, lead }, duplicate ? 'duplicate' : 'known');
      } else if (kind === 'company' && isNameAlone(lead) && result?.company?.domain === undefined) {
        outcomes[index] = { outcome: 'skipped', error: NAME_ALONE };
      } else outcomes[index] = undefined;
    }
    return outcomes;
  }

  /**
   * Of outcomes that were decided earlier and kept, those that still hold, in their places: no failures, which are
   * tried again, and nobody who asked to be forgotten since.
   */
  async stillGood(
    workspace: string,
    outcomes: readonly (RowOutcome | null)[],
  ): Promise<(RowOutcome | undefined)[]> {
    const forgotten = await this.#forgotten.among(workspace, outcomes.map(subjectOf));
    return outcomes.map((outcome, index) =>
      !outcome || outcome.outcome === 'failed' || forgotten[index] ? undefined : outcome,
    );
  }

  /** Whom there is something to ask by, and an outcome for every row: skipped, as the others are. */
  async #sortOut<T extends IdentifiedRow>(
    workspace: string,
    kind: SubjectKind,
    rows: readonly T[],
  ): Promise<{
    askable: (T & { identity: Identity; index: number })[];
    outcomes: (RowOutcome | undefined)[];
  }> {
    const forgotten = await this.#forgotten.among(
      workspace,
      rows.map(({ identity }) => identity),
    );
    const askable = rows.flatMap((row, index) => {
      const { identity } = row;
      return identity && !forgotten[index] ? [{ ...row, identity, index }] : [];
    });
    return { askable, outcomes: forgotten.map((each) => skipped(kind, each)) };
  }

  async #decide(rows: readonly LeadRow[], context: EnrichContext): Promise<Enrichment> {
    const identified = rows.map((row) => ({ ...row, identity: identify(context.kind, row.lead) }));
    const { askable, outcomes } = await this.#sortOut(context.workspace, context.kind, identified);
    const wishes = askable.map(({ row, lead, identity }) =>
      wanted(context, context.kind, row, lead, identity),
    );
    const { onFound, onAsked } = context;
    const found =
      context.kind === 'company'
        ? await this.#findCompanies(wishes, onFound, onAsked)
        : await this.#withLateParts(
            askable,
            await this.#withoutForgotten(context.workspace, await this.#findPeople(wishes, onFound, onAsked)),
            context,
          );
    const stopped = found.find((each) => each.state === 'stopped');
    for (const [at, { index, duplicate, identity, lead }] of askable.entries()) {
      outcomes[index] = outcomeOfFound(found[at], { identity, lead }, duplicate);
    }
    if (stopped) return { outcomes, ...whyOf(stopped) };
    const problem = found
      .flatMap((each) => ('withoutPhones' in each ? (each.withoutPhones ?? []) : []))
      .at(0);
    const enrichment = addsCompany(context.kind, context.options)
      ? await this.#withCompanies(rows, found, askable, outcomes, context)
      : { outcomes };
    return { ...(problem !== undefined && { problem }), ...enrichment };
  }

  /** As `Lookups.find`; where no key has credits for mobile numbers, everything else is asked for. */
  async #findPeople(
    people: readonly Wanted[],
    onFound?: (found: Found) => void,
    onAsked?: () => void,
  ): Promise<Found[]> {
    const found = await this.#lookups.find(people, onFound, onAsked);
    const without = found.flatMap((each, at) => {
      const person = people[at];
      if (each.state !== 'no-mobile' || !person) return [];
      const wanted: Wanted = { ...person, reveal: { ...person.reveal, phones: false } };
      return [{ at, withoutPhones: noMobile(each.until), wanted }];
    });
    if (without.length === 0) return found;
    const answers = await this.#lookups.find(
      without.map(({ wanted }) => wanted),
      onFound,
    );
    for (const [index, { at, withoutPhones }] of without.entries()) {
      const answer = answers[index];
      if (answer) found[at] = answer.state === 'answered' ? { ...answer, withoutPhones } : answer;
    }
    return found;
  }

  /** Who turns out to be somebody that asked to be forgotten, under whatever keys, is neither kept nor handed out. */
  async #withoutForgotten(workspace: string, found: readonly Found[]): Promise<FoundOrNot[]> {
    const subjects = found.map((each) => (each.state === 'answered' ? each.result.keys : undefined));
    const forgotten = await this.#forgotten.among(workspace, subjects);
    const kept: FoundOrNot[] = [...found];
    for (const [at, keys] of subjects.entries()) {
      if (!forgotten[at] || !keys) continue;
      await this.#forgotten.add(workspace, keys);
      await this.#known.forget(workspace, keys);
      kept[at] = { state: 'skipped', error: FORGOTTEN };
    }
    return kept;
  }

  /** Asks for what comes late for those who were found by a name alone, now that it is sure who they are. */
  async #withLateParts(
    asked: readonly (LeadRow & { readonly identity: Identity })[],
    found: readonly FoundOrNot[],
    context: EnrichContext,
  ): Promise<FoundOrNot[]> {
    const { kind, options } = context;
    const result = [...found];
    if (kind !== 'person' || !comesLate(options.reveal)) return result;
    const second = asked.flatMap(({ row, lead, identity }, at) => {
      const first = found[at];
      if (first?.state !== 'answered' || !restsOnName(lead)) return [];
      if (verdictOn({ identity, lead }, first.result).outcome !== 'matched') return [];
      const apolloId = first.result.person?.id;
      if (apolloId === undefined) return [];
      const more = { ...wanted(context, kind, row, lead, identity), reveal: options.reveal, apolloId };
      return [{ at, first, wanted: more }];
    });
    const answers = await this.#lookups.find(second.map((each) => each.wanted));
    for (const [index, { at, first }] of second.entries()) {
      const answer = answers[index];
      // Without what comes late there is still what was found.
      if (!answer || answer.state === 'failed') continue;
      if (answer.state === 'no-mobile') {
        result[at] = { ...first, withoutPhones: noMobile(answer.until) };
        continue;
      }
      const isKnown = answer.state === 'answered' && answer.how === 'known';
      result[at] = isKnown ? { ...answer, how: first.how } : answer;
    }
    return result;
  }

  /**
   * As `Lookups.find`, but Apollo is never asked for a company by its name alone: its domain is found from the other
   * leads or from what is known of it, however old that is. Where there is none, it is skipped.
   */
  async #findCompanies(
    companies: readonly Wanted[],
    onFound?: (found: Found) => void,
    onAsked?: () => void,
  ): Promise<FoundOrNot[]> {
    const domains = new CompanyDomains();
    for (const { lead } of companies) domains.name(lead);
    if (domains.isEmpty) return await this.#lookups.find(companies, onFound, onAsked);
    for (const { lead } of companies) domains.find(lead);
    const inList = domains.found();
    const known = await this.#known.find(companies[0]?.workspace ?? '', companies);
    const now = this.#ports.clock.now();
    const askable = companies.flatMap((company, at): { at: number; wanted: Wanted }[] => {
      const result = known[at];
      const isNamed = isNameAlone(company.lead);
      if (!isNamed || (result && answers(result, company.reveal, company.freshness, now)))
        return [{ at, wanted: company }];
      const domain = withDomain(company.lead, { domains: inList }).domain ?? result?.company?.domain;
      const lead = { ...company.lead, ...(domain !== undefined && { domain }) };
      const identity = identifyCompany(lead);
      return domain === undefined || !identity ? [] : [{ at, wanted: { ...company, lead, identity } }];
    });
    const found = await this.#lookups.find(
      askable.map((each) => each.wanted),
      onFound,
      onAsked,
    );
    const skipped: FoundOrNot = { state: 'skipped', error: NAME_ALONE };
    const all: FoundOrNot[] = companies.map(() => skipped);
    for (const [index, { at }] of askable.entries()) all[at] = found[index] ?? skipped;
    return all;
  }

  /** Company data for every row whose company is known: from the lead, or from the person found. */
  async #withCompanies(
    rows: readonly LeadRow[],
    found: readonly FoundOrNot[],
    askable: readonly { readonly index: number }[],
    outcomes: (RowOutcome | undefined)[],
    context: EnrichContext,
  ): Promise<Enrichment> {
    const people = new Map(askable.map(({ index }, at) => [index, found[at]]));
    const companies = rows.flatMap(({ row, lead }, index) => {
      const person = people.get(index);
      const isMatch = outcomes[index]?.outcome === 'matched';
      const employer = isMatch && person?.state === 'answered' ? person.result.person?.company : undefined;
      const company: Lead = {
        ...(lead.company && { company: lead.company }),
        ...(lead.companyLinkedinUrl && { companyLinkedinUrl: lead.companyLinkedinUrl }),
        ...(lead.domain ? { domain: lead.domain } : employer?.domain && { domain: employer.domain }),
      };
      const identity = outcomes[index]?.error === FORGOTTEN ? undefined : identifyCompany(company);
      return identity ? [{ index, wanted: wanted(context, 'company', row, company, identity) }] : [];
    });
    const answers = await this.#findCompanies(companies.map((each) => each.wanted));
    const stopped = answers.find((each) => each.state === 'stopped');
    for (const [at, { index }] of companies.entries()) {
      const answer = answers[at];
      const before = outcomes[index];
      if (answer?.state === 'stopped') outcomes[index] = undefined;
      if (!before || answer?.state !== 'answered' || answer.result.outcome !== 'matched') continue;
      outcomes[index] = { ...before, company: answer.result.keys[0] };
    }
    return { outcomes, ...(stopped && whyOf(stopped)) };
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
  const isFirstOfTwo = comesLate(options.reveal) && restsOnName(lead);
  const { personalEmails } = options.reveal;
  const reveal =
    kind === 'company' ? NOTHING_LATE : isFirstOfTwo ? { ...NOTHING_LATE, personalEmails } : options.reveal;
  return { workspace, kind, identity, lead, reveal, freshness, source, row, urgent, signal };
}

function subjectOf(outcome: RowOutcome | undefined | null): readonly string[] | undefined {
  const key = outcome?.person ?? outcome?.company;
  return key === undefined ? undefined : [key];
}

function skipped(kind: SubjectKind, forgotten: boolean): RowOutcome {
  return { outcome: 'skipped', error: forgotten ? FORGOTTEN : NOTHING_TO_GO_BY[kind] };
}

function noMobile(until: number | undefined): string {
  const day = until === undefined ? '' : ` before ${new Date(until).toISOString().slice(0, 10)}`;
  return `No phone was asked for: Apollo has no credits for mobile numbers${day}. A list asks again by itself when there are some; add credits in Apollo to have the phones sooner.`;
}

function whyOf({ reason, problem }: Found & { state: 'stopped' }): Pick<Enrichment, 'stopped' | 'problem'> {
  return { stopped: reason, ...(problem !== undefined && { problem }) };
}

/** `undefined`: nothing was decided. */
function outcomeOfFound(
  found: FoundOrNot | undefined,
  asked: Asked,
  duplicate: boolean,
): RowOutcome | undefined {
  if (!found || found.state === 'stopped' || found.state === 'no-mobile') return undefined;
  if (found.state === 'skipped') return { outcome: 'skipped', error: found.error };
  if (found.state === 'failed') return { outcome: 'failed', how: 'lookup', error: found.reason };
  // Known to all rows of the list: but only the first of them is what a known result saved.
  const how = duplicate && found.how === 'known' ? 'duplicate' : found.how;
  const outcome = outcomeOf(found.result, asked, how);
  return found.withoutPhones !== undefined && outcome.outcome === 'matched'
    ? { ...outcome, error: found.withoutPhones, withoutPhones: true }
    : outcome;
}

/** What a result is to one lead. Only what is matched counts as an e-mail found. */
export function outcomeOf(
  result: KnownResult,
  asked: Asked,
  how: NonNullable<RowOutcome['how']>,
): RowOutcome {
  const { outcome, match } = verdictOn(asked, result);
  if (outcome === 'unmatched') return { outcome, how };
  const { person, keys } = result;
  const found = {
    outcome,
    how,
    ...(match && { match }),
    ...(person ? { person: keys[0] } : { company: keys[0] }),
  };
  if (outcome === 'review') return { ...found, review: asked.identity[0] };
  if (!person?.email) return found;
  return { ...found, email: person.emailStatus === 'verified' ? 'verified' : 'other' };
}
