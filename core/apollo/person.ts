import { readCompany } from './company.ts';
import { asList, asObject, asObjects, asText, type JsonObject, known } from './json.ts';
import type { Person, Phone } from './types.ts';

/** The person in a match; `undefined` without an id, since nobody can say then who that is. */
export function readPerson(from: JsonObject): Person | undefined {
  const id = asText(from.id);
  if (id === undefined) return undefined;
  const organization = asObject(from.organization);
  const rest = known({
    name: asText(from.name),
    firstName: asText(from.first_name),
    lastName: asText(from.last_name),
    title: asText(from.title),
    headline: asText(from.headline),
    seniority: asText(from.seniority),
    linkedinUrl: asText(from.linkedin_url),
    email: readEmail(from.email),
    emailStatus: asText(from.email_status),
    personalEmails: unlessEmpty(readEmails(asList(from.personal_emails))),
    phones: unlessEmpty(readPersonPhones(id, from)),
    city: asText(from.city),
    state: asText(from.state),
    country: asText(from.country),
    company: organization && readCompany(organization),
  });
  return { id, ...rest };
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

/**
 * Phone numbers, each once, without those that Apollo found to be invalid. Matches say `status` and
 * `type`, late results `status_cd` and `type_cd`.
 */
export function readPhones(entries: readonly JsonObject[]): Phone[] {
  const phones = new Map<string, Phone>();
  for (const entry of entries) {
    const status = asText(entry.status_cd) ?? asText(entry.status);
    const number = asText(entry.sanitized_number) ?? asText(entry.raw_number);
    if (number === undefined || phones.has(number) || status?.startsWith('invalid')) continue;
    phones.set(number, { number, ...known({ type: asText(entry.type_cd) ?? asText(entry.type) }) });
  }
  return [...phones.values()];
}

/** Phones of the person and of the team's own contact with that person, where Apollo knows of one. */
function readPersonPhones(id: string, from: JsonObject): Phone[] {
  const contact = asObject(from.contact) ?? {};
  const contactOf = asText(contact.person_id);
  const own = asObjects(from.phone_numbers);
  if (contactOf !== undefined && contactOf !== id) return readPhones(own);
  return readPhones([
    ...own,
    ...asObjects(contact.phone_numbers),
    // Comes last: the lists may have the same number with its type, or say that it is invalid.
    ...(isListed(contact) ? [] : [{ sanitized_number: contact.sanitized_phone }]),
  ]);
}

function isListed(contact: JsonObject): boolean {
  return asObjects(contact.phone_numbers).some((entry) => entry.sanitized_number === contact.sanitized_phone);
}

function unlessEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}
