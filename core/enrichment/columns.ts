import type { Company, Person } from '../apollo/index.ts';
import type { EnrichOptions } from './options.ts';

/** What a row's cells are made from. */
export interface Enriched {
  readonly outcome: 'matched' | 'unmatched' | 'skipped' | 'failed' | '';
  readonly person?: Person | undefined;
  readonly company?: Company | undefined;
  readonly error?: string | undefined;
}

type Cell = (row: Enriched) => string | number | undefined;

const ALWAYS: readonly (readonly [string, Cell])[] = [
  ['apollo_outcome', ({ outcome }) => outcome],
  ['apollo_id', ({ person, company }) => person?.id ?? company?.id],
  ['apollo_email', ({ person }) => person?.email],
  ['apollo_email_status', ({ person }) => person?.emailStatus],
  ['apollo_phone', ({ person, company }) => (person ? person.phones?.[0]?.number : company?.phone)],
  ['apollo_title', ({ person }) => person?.title],
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
  ['apollo_company_phone', (row) => companyOf(row)?.phone],
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

/** What the organization endpoint said, completed by what came with the person. */
function companyOf({ person, company }: Enriched): Company | undefined {
  return company && person?.company ? { ...person.company, ...company } : (company ?? person?.company);
}
