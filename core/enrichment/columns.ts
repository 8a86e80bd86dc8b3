import type { Company, Person, Phone } from '../apollo/index.ts';
import type { Match, Outcome } from '../outcome.ts';
import type { EnrichOptions } from './options.ts';

/** What a row's cells are made from. */
export interface Enriched {
  readonly outcome: Outcome | '';
  readonly match?: Match | undefined;
  readonly person?: Person | undefined;
  readonly company?: Company | undefined;
  /** When Apollo was asked, ms since the epoch. */
  readonly checkedAt?: number | undefined;
  readonly error?: string | undefined;
}

type Cell = (row: Enriched) => string | number | undefined;

const ALWAYS: readonly (readonly [string, Cell])[] = [
  ['apollo_outcome', ({ outcome }) => outcome],
  ['apollo_match', ({ match }) => match?.kind],
  ['apollo_match_reason', ({ match }) => match?.reason],
  ['apollo_id', ({ person, company }) => person?.id ?? company?.id],
  ['apollo_first_name', ({ person }) => person?.firstName],
  ['apollo_last_name', ({ person }) => person?.lastName],
  ['apollo_email', ({ person }) => person?.email],
  ['apollo_email_status', ({ person }) => person?.emailStatus],
  ['apollo_email_confidence', ({ person }) => person?.emailConfidence],
  ['apollo_phone', (row) => phoneOf(row)?.number],
  ['apollo_phone_type', (row) => phoneOf(row)?.type],
  ['apollo_phone_confidence', (row) => phoneOf(row)?.confidence],
  ['apollo_phone_do_not_call', (row) => yesOrNo(phoneOf(row)?.doNotCall)],
  ['apollo_title', ({ person }) => person?.title],
  ['apollo_headline', ({ person }) => person?.headline],
  ['apollo_seniority', ({ person }) => person?.seniority],
  [
    'apollo_linkedin_url',
    ({ person, company }) => person?.linkedinUrl ?? (person ? undefined : company?.linkedinUrl),
  ],
  ['apollo_city', ({ person, company }) => (person ? person.city : company?.city)],
  ['apollo_state', ({ person, company }) => (person ? person.state : company?.state)],
  ['apollo_country', ({ person, company }) => (person ? person.country : company?.country)],
  ['apollo_company', (row) => companyOf(row)?.name],
  ['apollo_company_domain', (row) => companyOf(row)?.domain],
  ['apollo_company_industry', (row) => companyOf(row)?.industry],
  ['apollo_company_size', (row) => companyOf(row)?.size],
  ['apollo_company_phone', (row) => row.person?.companyPhone ?? companyOf(row)?.phone],
  ['apollo_checked_on', ({ checkedAt }) => dateOf(checkedAt)],
];
const PERSONAL: readonly (readonly [string, Cell])[] = [
  ['apollo_personal_emails', ({ person }) => person?.personalEmails?.join('; ')],
];
const PHONES: readonly (readonly [string, Cell])[] = [
  [
    'apollo_other_phones',
    ({ person }) =>
      person?.phones
        ?.slice(1)
        .map(({ number }) => number)
        .join('; '),
  ],
];
const COMPANY: readonly (readonly [string, Cell])[] = [
  ['apollo_company_website', (row) => companyOf(row)?.website],
  ['apollo_company_linkedin_url', (row) => companyOf(row)?.linkedinUrl],
  ['apollo_company_founded', (row) => companyOf(row)?.foundedYear],
  ['apollo_company_revenue', (row) => companyOf(row)?.revenue],
  ['apollo_company_city', (row) => companyOf(row)?.city],
  ['apollo_company_country', (row) => companyOf(row)?.country],
];
const LAST: readonly (readonly [string, Cell])[] = [['apollo_error', ({ error }) => error]];

function cellsFor({ reveal, company }: EnrichOptions): readonly (readonly [string, Cell])[] {
  return [
    ...ALWAYS,
    ...(reveal.personalEmails ? PERSONAL : []),
    ...(reveal.phones || reveal.waterfall ? PHONES : []),
    ...(company ? COMPANY : []),
    ...LAST,
  ];
}

/** The columns that these options add, all named `apollo_…`. */
export function columnsFor(options: EnrichOptions): string[] {
  return cellsFor(options).map(([name]) => name);
}

/** Gives a row's cells under {@link columnsFor}. */
export function cellWriter(options: EnrichOptions): (row: Enriched) => string[] {
  const cells = cellsFor(options);
  return (row) => cells.map(([, cell]) => String(cell(row) ?? ''));
}

/** The person's best number. */
function phoneOf({ person }: Enriched): Phone | undefined {
  return person?.phones?.[0];
}

function yesOrNo(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? 'yes' : 'no';
}

/** The day (UTC) as people in all countries read it: 2026-11-28. */
function dateOf(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString().slice(0, 10);
}

/** What the organization endpoint said, completed by what came with the person. */
function companyOf({ person, company }: Enriched): Person['company'] {
  return company && person?.company ? { ...person.company, ...company } : (company ?? person?.company);
}
