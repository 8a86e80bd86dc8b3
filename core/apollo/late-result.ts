import { asList, asNumber, asObject, asObjects, asText, type JsonObject, parseObject } from './json.ts';
import { isDead, readEmails } from './person.ts';
import { bestFirst, type ReadPhones, readPhones } from './phones.ts';
import { readRequestId } from './request-id.ts';
import type { LatePerson, LateResult } from './types.ts';
import { type OnUnknownFields, unknownInLateResult } from './unknown-fields.ts';

/** A late result as Apollo pushes it. Its `request_id` is in a waterfall's, but not in one about phones. */
type PushedResult = Omit<LateResult, 'requestId'> & Partial<Pick<LateResult, 'requestId'>>;

/**
 * What Apollo posted to a webhook address; `undefined` when that is no late result. The same result may
 * come more than once. Where it names no request, tell by the address or by the ids of the people.
 */
export function parseLateResult(body: string, onUnknownFields?: OnUnknownFields): PushedResult | undefined {
  const from = parseObject(body);
  const result = from && readLateResult(from);
  if (!result) return undefined;
  onUnknownFields?.(unknownInLateResult(from));
  const requestId = readRequestId(body);
  return requestId === undefined ? result : { ...result, requestId };
}

/** The payload of a late result, pushed or polled. */
export function readLateResult(from: JsonObject): Omit<LateResult, 'requestId'> | undefined {
  if (!Array.isArray(from.people)) return undefined;
  return {
    credits: asNumber(from.credits_consumed),
    people: onePerId(asObjects(from.people).flatMap((person) => readLatePerson(person) ?? [])),
  };
}

/** Somebody who stands in the result twice has what both entries have. */
function onePerId(people: readonly LatePerson[]): LatePerson[] {
  const byId = new Map<string, LatePerson>();
  for (const person of people) {
    const before = byId.get(person.id);
    if (!before) byId.set(person.id, person);
    else {
      const numbers = before.phones.map(({ number }) => number);
      byId.set(person.id, {
        ...person,
        ...before,
        phones: bestFirst([
          ...before.phones,
          ...person.phones.filter(({ number }) => !numbers.includes(number)),
        ]),
        emails: [...new Set([...before.emails, ...person.emails])],
      });
    }
  }
  return [...byId.values()];
}

function readLatePerson(from: JsonObject): LatePerson | undefined {
  const id = asText(from.id);
  if (id === undefined) return undefined;
  const { own: phones, company } = readLatePhones(from);
  return {
    id,
    phones,
    ...(company !== undefined && { companyPhone: company }),
    emails: readLateEmails(from),
  };
}

/**
 * Apollo's own list comes first: its numbers are sanitised and checked. The vendors' lists have the same
 * numbers as given, so they only count where Apollo's own is empty.
 */
function readLatePhones(from: JsonObject): ReadPhones {
  const own = asObjects(from.phone_numbers);
  if (own.length > 0) return readPhones(own);
  return readPhones(vendorFinds(from, 'phone_numbers').map((number) => ({ raw_number: number })));
}

function readLateEmails(from: JsonObject): string[] {
  const own = asObjects(from.emails);
  if (own.length === 0) return readEmails(vendorFinds(from, 'emails'));
  const usable = own.filter((entry) => !isDead(asText(entry.email_status_cd)));
  // The first is the one that is taken.
  const isVerified = (entry: JsonObject) => /^verified/i.test(asText(entry.email_status_cd) ?? '');
  const best = usable.toSorted((a, b) => Number(isVerified(b)) - Number(isVerified(a)));
  return readEmails(best.map((entry) => entry.email));
}

function vendorFinds(from: JsonObject, what: 'emails' | 'phone_numbers'): unknown[] {
  return asObjects(asObject(from.waterfall)?.[what])
    .flatMap((step) => asObjects(step.vendors))
    .filter((vendor) => !isDead(asText(vendor.status)))
    .flatMap((vendor) => asList(vendor[what]));
}
