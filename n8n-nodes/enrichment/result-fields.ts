import type { Company, DirectResult, Person } from '@connectionsphere/core';
import type { IDataObject } from 'n8n-workflow';

/** A result as the core, the server and a list's results give it. */
export interface Result {
  readonly outcome: DirectResult['outcome'] | 'pending';
  readonly how?: DirectResult['how'];
  readonly person?: Person;
  readonly company?: Company;
  readonly match?: DirectResult['match'];
  readonly checkedAt?: number;
  readonly pending?: true;
  readonly error?: string;
}

export type Kind = 'person' | 'company';

/** How results are written into items. */
export interface ResultShape {
  readonly kind: Kind;
  readonly output: 'simplified' | 'raw' | 'selected';
  readonly selected: readonly string[];
  /** Under which key; empty: flat, with names that begin with `apollo_`. */
  readonly field: string;
}

/** Flat fields of a company, with what they are called in the editor. */
export const COMPANY_FIELD_LABELS: Readonly<Record<string, string>> = {
  id: 'Apollo ID',
  name: 'Name',
  domain: 'Domain',
  website: 'Website',
  linkedinUrl: 'LinkedIn URL',
  industry: 'Industry',
  size: 'Size',
  phone: 'Phone',
  founded: 'Founded',
  revenue: 'Revenue',
  city: 'City',
  state: 'State',
  country: 'Country',
};

/** Flat fields of a person, with what they are called in the editor. */
export const PERSON_FIELD_LABELS: Readonly<Record<string, string>> = {
  id: 'Apollo ID',
  name: 'Name',
  firstName: 'First Name',
  lastName: 'Last Name',
  title: 'Title',
  headline: 'Headline',
  seniority: 'Seniority',
  linkedinUrl: 'LinkedIn URL',
  email: 'Email',
  emailStatus: 'Email Status',
  emailConfidence: 'Email Confidence',
  match: 'Match',
  matchReason: 'Match Reason',
  checkedOn: 'Checked On',
  personalEmails: 'Personal Emails',
  phone: 'Phone',
  phoneType: 'Phone Type',
  phoneConfidence: 'Phone Confidence',
  phoneDoNotCall: 'Phone on Do-Not-Call List',
  otherPhones: 'Other Phones',
  city: 'City',
  state: 'State',
  country: 'Country',
  company: 'Company',
  companyDomain: 'Company Domain',
  companyWebsite: 'Company Website',
  companyLinkedinUrl: 'Company LinkedIn URL',
  companyIndustry: 'Company Industry',
  companySize: 'Company Size',
  companyPhone: 'Company Phone',
  companyFounded: 'Company Founded',
  companyRevenue: 'Company Revenue',
  companyCity: 'Company City',
  companyCountry: 'Company Country',
};

const SIMPLE_PERSON = [
  ...['match', 'matchReason', 'id', 'name', 'email', 'emailStatus', 'personalEmails'],
  ...['phone', 'phoneType', 'title', 'linkedinUrl'],
  ...['company', 'companyDomain', 'country'],
];
const SIMPLE_COMPANY = [
  'id',
  'name',
  'domain',
  'website',
  'linkedinUrl',
  'industry',
  'size',
  'phone',
  'country',
];

/** The item's fields with the result beside them. */
export function withResult(json: IDataObject, result: Result, shape: ResultShape): IDataObject {
  const { field, output } = shape;
  const written = output === 'raw' && field !== '' ? rawResult(result) : flatResult(result, shape);
  if (field !== '') return { ...json, [field]: written };
  return {
    ...json,
    ...Object.fromEntries(
      Object.entries(written).map(([name, value]) => [`apollo_${snakeCase(name)}`, value]),
    ),
  };
}

/** What an AI agent gets to read: small, flat, and plain about a miss. */
export function toolAnswer(result: Result, shape: ResultShape): IDataObject {
  const { outcome, match, error } = result;
  if (outcome === 'matched') return { found: true, ...wantedFields(result, shape) };
  if (outcome === 'review') {
    const doubt = `Apollo answered with somebody who may be another person: ${match?.reason ?? 'it contradicts the lead'}. Do not use it.`;
    return { found: false, outcome, reason: doubt };
  }
  const reason = error ?? 'Apollo does not know this lead. Do not guess: say that nothing was found.';
  return { found: false, outcome, reason };
}

/** Everything, without what only classes have. */
function rawResult(result: Result): IDataObject {
  return JSON.parse(JSON.stringify(result)) as IDataObject;
}

function flatResult(result: Result, shape: ResultShape): IDataObject {
  const { outcome, how, pending, error } = result;
  return {
    outcome,
    ...(how !== undefined && { how }),
    ...wantedFields(result, shape),
    ...(pending && { pending }),
    ...(error !== undefined && { error }),
  };
}

function wantedFields(result: Result, { kind, output, selected }: ResultShape): IDataObject {
  const all = kind === 'person' ? personFields(result) : companyFields(result.company);
  const simple = kind === 'person' ? SIMPLE_PERSON : SIMPLE_COMPANY;
  const wanted = output === 'raw' ? undefined : output === 'selected' ? selected : simple;
  return Object.fromEntries(
    Object.entries(all).filter(
      ([name, value]) => value !== undefined && (wanted === undefined || wanted.includes(name)),
    ),
  );
}

function personFields({ person, company, match, checkedAt }: Result): IDataObject {
  const [best, ...others] = person?.phones ?? [];
  const otherPhones = others.map(({ number }) => number);
  const employer =
    company && person?.company ? { ...person.company, ...company } : (company ?? person?.company);
  return {
    id: person?.id,
    name: person?.name,
    firstName: person?.firstName,
    lastName: person?.lastName,
    title: person?.title,
    headline: person?.headline,
    seniority: person?.seniority,
    linkedinUrl: person?.linkedinUrl,
    email: person?.email,
    emailStatus: person?.emailStatus,
    emailConfidence: person?.emailConfidence,
    match: match?.kind,
    matchReason: match?.reason,
    checkedOn: checkedAt === undefined ? undefined : new Date(checkedAt).toISOString().slice(0, 10),
    personalEmails: person?.personalEmails && [...person.personalEmails],
    phone: best?.number,
    phoneType: best?.type,
    phoneConfidence: best?.confidence,
    phoneDoNotCall: best?.doNotCall,
    otherPhones: otherPhones.length > 0 ? otherPhones : undefined,
    city: person?.city,
    state: person?.state,
    country: person?.country,
    company: employer?.name,
    companyDomain: employer?.domain,
    companyWebsite: employer?.website,
    companyLinkedinUrl: employer?.linkedinUrl,
    companyIndustry: employer?.industry,
    companySize: employer?.size,
    companyPhone: person?.companyPhone ?? employer?.phone,
    companyFounded: employer?.foundedYear,
    companyRevenue: employer?.revenue,
    companyCity: employer?.city,
    companyCountry: employer?.country,
  };
}

function companyFields(company: Company | undefined): IDataObject {
  return {
    id: company?.id,
    name: company?.name,
    domain: company?.domain,
    website: company?.website,
    linkedinUrl: company?.linkedinUrl,
    industry: company?.industry,
    size: company?.size,
    phone: company?.phone,
    founded: company?.foundedYear,
    revenue: company?.revenue,
    city: company?.city,
    state: company?.state,
    country: company?.country,
  };
}

/** `companyDomain` → `company_domain`, as the columns of a CSV are called. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
