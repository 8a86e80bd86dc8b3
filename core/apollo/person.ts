import { readCompany } from './company.ts';
import { asList, asNumber, asObject, asObjects, asText, type JsonObject, known } from './json.ts';
import { type ReadPhones, readPhones } from './phones.ts';
import type { Employer, Person } from './types.ts';

/** A longer history says nothing more about who somebody is. */
const MOST_EMPLOYERS = 20;

/**
 * The person in a match; `null` for a miss, which Apollo also writes as a person without a name (a stub, often with
 * the employer that the e-mail's domain suggests). `undefined` where there is somebody but no id: nobody can say then
 * who that is.
 */
export function readPerson(from: JsonObject): Person | null | undefined {
  if (isMiss(from)) return null;
  const id = asText(from.id);
  if (id === undefined) return undefined;
  const company = readEmployer(from);
  const contact = ownContact(id, from);
  const phones = readPersonPhones(from, contact, company?.phone);
  const rest = known({
    name: asText(from.name),
    firstName: asText(from.first_name),
    lastName: asText(from.last_name),
    title: asText(from.title),
    headline: asText(from.headline),
    seniority: asText(from.seniority),
    linkedinUrl: asText(from.linkedin_url),
    ...readWorkEmail(from, contact),
    personalEmails: unlessEmpty(readEmails(asList(from.personal_emails))),
    phones: unlessEmpty(phones.own),
    companyPhone: phones.company,
    city: asText(from.city),
    state: asText(from.state),
    country: asText(from.country),
    company,
    employers: unlessEmpty(readEmployers(from, company?.name)),
    confidence: readConfidence(from),
  });
  return { id, ...rest };
}

export function readConfidence(from: JsonObject): string | undefined {
  return asText(from.match_confidence)?.toLowerCase();
}

/** Apollo says `none`, or names nobody. */
function isMiss(from: JsonObject): boolean {
  if (readConfidence(from) === 'none') return true;
  const naming = [from.name, from.first_name, from.last_name, from.linkedin_url, from.email];
  return naming.every((value) => asText(value) === undefined) && asObject(from.contact) === undefined;
}

function readEmployer({ organization }: JsonObject): Person['company'] {
  const from = asObject(organization) ?? {};
  const employer = { ...known({ id: asText(from.id) }), ...readCompany(from) };
  return Object.keys(employer).length > 0 ? employer : undefined;
}

/** The team's own contact with that person, where Apollo knows of one. */
function ownContact(id: string, from: JsonObject): JsonObject {
  const contact = asObject(from.contact) ?? {};
  const contactOf = asText(contact.person_id);
  return contactOf === undefined || contactOf === id ? contact : {};
}

interface WorkEmail {
  readonly email?: string;
  readonly emailStatus?: string;
  readonly emailConfidence?: number;
}

/** The person's own address, else that of the team's contact; nothing where none can be written to. */
function readWorkEmail(from: JsonObject, contact: JsonObject): WorkEmail {
  return (
    readAddress(from) ??
    readAddress(contact) ??
    asObjects(contact.contact_emails)
      .flatMap((entry) => readAddress(entry) ?? [])
      .toSorted((a, b) => Number(b.emailStatus === 'verified') - Number(a.emailStatus === 'verified'))[0] ??
    {}
  );
}

function readAddress(from: JsonObject): WorkEmail | undefined {
  const email = readEmail(from.email);
  const emailStatus = asText(from.email_status)?.toLowerCase();
  if (email === undefined || isDead(emailStatus)) return undefined;
  const emailConfidence = asNumber(from.extrapolated_email_confidence);
  return { email, ...known({ emailStatus, emailConfidence }) };
}

/** Apollo's words, and its vendors', for an address that reaches nobody. */
export function isDead(status: string | undefined): boolean {
  return status !== undefined && /^(?:unavailable|bounced|invalid|not.?found)(?![a-z])/i.test(status);
}

/** An address; not the placeholder that Apollo prints in place of one that the team has not paid for. */
function readEmail(value: unknown): string | undefined {
  const email = asText(value);
  return email?.includes('@') && !/not_unlocked@/i.test(email) ? email : undefined;
}

/** Addresses, each once. */
export function readEmails(values: readonly unknown[]): string[] {
  return [...new Set(values.flatMap((value) => readEmail(value) ?? []))];
}

/** Phones of the person and of the team's own contact with that person. */
function readPersonPhones(
  from: JsonObject,
  contact: JsonObject,
  companyPhone: string | undefined,
): ReadPhones {
  const entries = [
    ...asObjects(from.phone_numbers),
    ...asObjects(contact.phone_numbers),
    // Comes last: the lists may have the same number with its type, or say that it is invalid.
    ...(isListed(contact) ? [] : [{ sanitized_number: contact.sanitized_phone }]),
  ];
  return readPhones(entries, companyPhone);
}

function isListed(contact: JsonObject): boolean {
  return asObjects(contact.phone_numbers).some((entry) => entry.sanitized_number === contact.sanitized_phone);
}

/** Employers in the profile's history but for the present one, each once. */
function readEmployers(from: JsonObject, present: string | undefined): Employer[] {
  const employers = new Map<string, Employer>();
  for (const entry of asObjects(from.employment_history)) {
    const name = asText(entry.organization_name);
    const current = entry.current === true;
    if (name === undefined || (current && name === present) || employers.size === MOST_EMPLOYERS) continue;
    if (!employers.has(name) || current) employers.set(name, { name, current });
  }
  return [...employers.values()];
}

function unlessEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}
