import type { CompanyQuery } from './companies.ts';
import type { PersonQuery } from './people.ts';
import { PERSON_FIELDS } from './people.ts';

/** A request as it came in. */
export interface Call {
  readonly query: URLSearchParams;
  readonly body: string;
  /** What follows the operation's path, percent-decoded. */
  readonly rest: string;
}

/** What to reveal late, and where to send it. */
export interface Reveal {
  readonly personalEmails: boolean;
  readonly phones: boolean;
  readonly waterfallEmails: boolean;
  readonly waterfallPhones: boolean;
  /** Without one the late part is only polled for. */
  readonly webhookUrl: string | undefined;
}

/** A request that Apollo will not take. */
export class Refusal extends Error {
  readonly status: 400 | 422;
  readonly code: string;

  constructor(status: 400 | 422, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const COMPANY_FIELDS = ['domain', 'linkedin_url', 'name', 'website'] as const;
const MOST_RECORDS = 10;
const LONGEST_FIELD = 500;
const EMAIL = /^[^\s@,;<>()]+@[^\s@.,;<>()]+(?:\.[^\s@.,;<>()]+)+$/u;
const EMAIL_HASH = /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/i;

export function readReveal(query: URLSearchParams, allowHttp: boolean): Reveal {
  const flag = (name: string) => query.get(name) === 'true';
  const reveal: Reveal = {
    personalEmails: flag('reveal_personal_emails'),
    phones: flag('reveal_phone_number'),
    waterfallEmails: flag('run_waterfall_email'),
    waterfallPhones: flag('run_waterfall_phone'),
    webhookUrl: query.get('webhook_url') || undefined,
  };
  if (!reveal.phones && !reveal.waterfallEmails && !reveal.waterfallPhones) return reveal;
  const { webhookUrl } = reveal;
  if (flag('poll_only')) {
    if (webhookUrl === undefined) return reveal;
    throw new Refusal(400, 'INVALID_REQUEST', 'webhook_url and poll_only cannot be used together');
  }
  if (webhookUrl === undefined) {
    throw unprocessable(
      'webhook_url or poll_only is needed for reveal_phone_number, run_waterfall_email and run_waterfall_phone',
    );
  }
  return { ...reveal, webhookUrl: readWebhookUrl(webhookUrl, allowHttp) };
}

/** The person that a single look-up asks for. It is in the query and nowhere else. */
export function readPerson(query: URLSearchParams): PersonQuery {
  return readFields(Object.fromEntries(query), PERSON_FIELDS, 'the query');
}

/** The people of a batch, from the JSON body. */
export function readPeople(body: string): PersonQuery[] {
  return readDetails(body).map((detail, index) => readDetail(detail, PERSON_FIELDS, index));
}

export function readCompany(query: URLSearchParams, byName: boolean): CompanyQuery {
  const company = readFields(Object.fromEntries(query), COMPANY_FIELDS, 'the query');
  if (Object.keys(company).length === 0) {
    throw unprocessable('one of the parameters domain, linkedin_url, name and website is needed');
  }
  return identified(company, byName);
}

/** Refuses a company that has nothing but its name. */
function identified(company: CompanyQuery, byName: boolean): CompanyQuery {
  const { name, ...rest } = company;
  if (byName || name === undefined || Object.keys(rest).length > 0) return company;
  throw unprocessable('a domain, a LinkedIn page or a website is needed beside the name');
}

interface CompanyBatch {
  readonly companies: readonly CompanyQuery[];
  /** True when they came as `domains[]` in the query. */
  readonly byDomain: boolean;
}

/** The companies of a batch: `details` of the body come before `domains[]` of the query. */
export function readCompanies(query: URLSearchParams, body: string, byName: boolean): CompanyBatch {
  const domains = query.getAll('domains[]');
  if (body.trim() === '' || !('details' in parseObject(body))) {
    if (domains.length === 0)
      throw new Refusal(400, 'INVALID_REQUEST', 'invalid request, no domains and no details');
    refuseTooMany(domains.length);
    const companies = domains.map((domain, index) => readDetail({ domain }, COMPANY_FIELDS, index));
    return { companies, byDomain: true };
  }
  const details = readDetails(body);
  return {
    companies: details.map((detail, index) => identified(readDetail(detail, COMPANY_FIELDS, index), byName)),
    byDomain: false,
  };
}

/** A signed 64-bit integer in decimal digits. */
export function readRequestId(text: string): bigint | undefined {
  if (!/^-?\d{1,19}$/.test(text)) return undefined;
  const id = BigInt(text);
  return BigInt.asIntN(64, id) === id ? id : undefined;
}

function readDetails(body: string): unknown[] {
  const { details } = body.trim() === '' ? { details: undefined } : parseObject(body);
  if (details === undefined || details === null || (Array.isArray(details) && details.length === 0)) {
    throw new Refusal(400, 'INVALID_REQUEST', 'invalid request, details are missing or empty');
  }
  if (!Array.isArray(details)) throw unprocessable('details is not an array');
  refuseTooMany(details.length);
  return details;
}

function refuseTooMany(count: number): void {
  if (count <= MOST_RECORDS) return;
  throw new Refusal(
    400,
    'RECORD_LIMIT_EXCEEDED',
    `${count} records in one request, ${MOST_RECORDS} are the most`,
  );
}

function parseObject(body: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new Refusal(400, 'INVALID_REQUEST', 'the body is not JSON');
  }
  if (!isObject(parsed)) throw unprocessable('the body is not a JSON object');
  return parsed;
}

function readDetail<Field extends string>(
  detail: unknown,
  fields: readonly Field[],
  index: number,
): Partial<Record<Field, string>> {
  if (!isObject(detail)) throw unprocessable(`details[${index}] is not an object`);
  return readFields(detail, fields, `details[${index}]`);
}

/** The given fields, blank ones left out. Fields that Apollo does not have are ignored, as Apollo does. */
function readFields<Field extends string>(
  from: Readonly<Record<string, unknown>>,
  fields: readonly Field[],
  where: string,
): Partial<Record<Field, string>> {
  const read: Partial<Record<Field, string>> = {};
  for (const field of fields) {
    const value = from[field];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string') throw unprocessable(`${field} in ${where} is not a string`);
    if (value.length > LONGEST_FIELD) throw unprocessable(`${field} in ${where} is too long`);
    if (/\p{Cc}/u.test(value)) throw unprocessable(`${field} in ${where} has control characters`);
    if (value.trim() === '') continue;
    if (field === 'email' && !EMAIL.test(value.trim()))
      throw unprocessable(`email in ${where} is not an e-mail address`);
    if (field === 'hashed_email' && !EMAIL_HASH.test(value.trim())) {
      throw unprocessable(`hashed_email in ${where} is neither MD5 nor SHA-256`);
    }
    read[field] = value;
  }
  return read;
}

/** Apollo takes the address as it stands or percent-encoded once more. */
function readWebhookUrl(text: string, allowHttp: boolean): string {
  for (const candidate of [text, decodeOnce(text)]) {
    if (!URL.canParse(candidate)) continue;
    const { protocol } = new URL(candidate);
    if (protocol === 'https:' || (allowHttp && protocol === 'http:')) return candidate;
  }
  throw unprocessable('webhook_url is not an https address');
}

function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function unprocessable(message: string): Refusal {
  return new Refusal(422, 'UNKNOWN_ERROR', message);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
