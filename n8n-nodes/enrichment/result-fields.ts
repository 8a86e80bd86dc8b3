import type { Company, DirectResult, Person, RawLead } from '@connectionsphere/core';
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

/** Where results go unless somebody says otherwise: each kind has its own place, so that one item can have both. */
export const RESULT_FIELD: Readonly<Record<Kind, string>> = { person: 'apollo', company: 'apolloCompany' };
const FLAT_PREFIX: Readonly<Record<Kind, string>> = { person: 'apollo_', company: 'apollo_company_' };

/** Flat fields of a company, with what they are called in the editor. */
export const COMPANY_FIELD_LABELS: Readonly<Record<string, string>> = {
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
  match: 'Match',
  matchReason: 'Match Reason',
  checkedOn: 'Checked On',
  how: 'How Found',
};

/** Flat fields of a person, with what they are called in the editor. */
export const PERSON_FIELD_LABELS: Readonly<Record<string, string>> = {
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
  personalEmails: 'Personal Emails',
  phone: 'Phone',
  phoneType: 'Phone Type',
  phoneConfidence: 'Phone Confidence',
  phoneDoNotCall: 'Phone Do Not Call',
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
  match: 'Match',
  matchReason: 'Match Reason',
  checkedOn: 'Checked On',
  how: 'How Found',
};

/** Fields of a simplified result at most; n8n asks for no more of a list. */
const MOST_SIMPLE = 10;
/** What is there of these, the first ones as many as there is room for. */
const SIMPLE: Readonly<Record<Kind, readonly string[]>> = {
  person: [
    ...['id', 'match', 'name', 'email', 'emailStatus', 'phone', 'phoneDoNotCall', 'personalEmails'],
    ...['title', 'company', 'linkedinUrl', 'companyDomain'],
  ],
  company: [
    'id',
    'match',
    'name',
    'domain',
    'linkedinUrl',
    'industry',
    'size',
    'phone',
    'country',
    'website',
  ],
};
/** Always there, whatever is selected. */
const ALWAYS = ['id'];

/** An item with its result, and what that did to the item's own fields. */
export interface Written {
  readonly json: IDataObject;
  /** An earlier result stood there, and is gone. */
  readonly replaced: boolean;
  /** The field was the item's own: the result stands in this one. */
  readonly movedTo?: string;
}

/** The item's fields with the result beside them. */
export function withResult(json: IDataObject, result: Result, shape: ResultShape, asked?: RawLead): Written {
  const { output, kind } = shape;
  const wanted = shape.field;
  if (wanted === '') {
    const flat = Object.fromEntries(
      Object.entries(flatResult(result, shape)).map(([name, value]) => [
        `${FLAT_PREFIX[kind]}${snakeCase(name)}`,
        value,
      ]),
    );
    const replaced = Object.keys(flat).some((name) => !isEmpty(json[name]) && json[name] !== flat[name]);
    return { json: { ...json, ...flat }, replaced };
  }
  const field = freeField(json, wanted, kind);
  const written = output === 'raw' ? rawResult(result, asked) : flatResult(result, shape);
  return {
    json: { ...json, [field]: written },
    replaced: !isEmpty(json[field]),
    ...(field !== wanted && { movedTo: field }),
  };
}

/** The field that was asked for or, where something of the item's own stands there, the next free one. */
function freeField(json: IDataObject, field: string, kind: Kind): string {
  let free = field;
  for (let number = 2; !isEmpty(json[free]) && !isResultOf(json[free], kind); number += 1)
    free = `${field}_${number}`;
  return free;
}

/** Whether this is what the node itself wrote there earlier, about the same. */
function isResultOf(value: unknown, kind: Kind): boolean {
  if (typeof value !== 'object' || value === null || !('outcome' in value)) return false;
  const aboutCompany = 'domain' in value || 'industry' in value;
  const aboutPerson = 'person' in value || 'email' in value || 'title' in value || 'company' in value;
  return kind === 'company' ? !aboutPerson || isRawCompany(value) : !aboutCompany && !isRawCompany(value);
}

function isRawCompany(value: object): boolean {
  return 'company' in value && typeof value.company === 'object' && !('person' in value);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** What an AI agent gets to read: small, flat, and plain about a miss. */
export function toolAnswer(result: Result, shape: ResultShape): IDataObject {
  const { outcome, error, match } = result;
  if (outcome === 'matched') return { found: true, ...wantedFields(result, shape, MOST_SIMPLE - 1) };
  if (outcome === 'review') {
    const reason = `Apollo answered with somebody who may be another: ${match?.reason ?? 'it contradicts what was asked'}. Do not use it.`;
    return { found: false, outcome, reason };
  }
  const reason = error ?? 'Apollo does not know this lead. Do not guess: say that nothing was found.';
  return { found: false, outcome, reason };
}

/** Everything, without what only classes have; `asked`: what the lead was taken to be. */
function rawResult(result: Result, asked: RawLead | undefined): IDataObject {
  return JSON.parse(JSON.stringify({ ...result, ...(asked && { asked }) })) as IDataObject;
}

function flatResult(result: Result, shape: ResultShape): IDataObject {
  const { outcome, pending, error } = result;
  const head: IDataObject = {
    outcome,
    ...(pending && { pending }),
    ...(error !== undefined && { error }),
  };
  // Why it is not simply taken belongs to whoever reviews it.
  if (outcome === 'review' && result.match) head.matchReason = result.match.reason;
  return { ...head, ...wantedFields(result, shape, MOST_SIMPLE - Object.keys(head).length) };
}

function wantedFields(result: Result, { kind, output, selected }: ResultShape, most: number): IDataObject {
  const all: IDataObject = {
    ...(kind === 'person' ? personFields(result) : companyFields(result.company)),
    ...matchFields(result),
  };
  const filled = Object.entries(all).filter(([, value]) => value !== undefined);
  if (output === 'raw') return Object.fromEntries(filled);
  if (output === 'selected') {
    return Object.fromEntries(filled.filter(([name]) => ALWAYS.includes(name) || selected.includes(name)));
  }
  const simple = SIMPLE[kind].filter(
    (name) => all[name] !== undefined && (name !== 'phoneDoNotCall' || all[name] === true),
  );
  return Object.fromEntries(simple.slice(0, most).map((name) => [name, all[name]]));
}

function matchFields({ how, match, checkedAt }: Result): IDataObject {
  return {
    how,
    match: match?.kind,
    matchReason: match?.reason,
    checkedOn: checkedAt === undefined ? undefined : new Date(checkedAt).toISOString().slice(0, 10),
  };
}

/** A number with what Apollo tells about it. */
interface KnownPhone {
  readonly number: string;
  readonly type?: string;
  readonly confidence?: string;
  readonly doNotCall?: boolean;
}

function personFields({ person, company }: Result): IDataObject {
  const [best, ...others]: readonly KnownPhone[] = person?.phones ?? [];
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
    personalEmails: person?.personalEmails && [...person.personalEmails],
    phone: best?.number,
    phoneType: best?.type,
    phoneConfidence: best?.confidence,
    phoneDoNotCall: best?.doNotCall,
    otherPhones: others.length > 0 ? others.map(({ number }) => number) : undefined,
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
