import type { Company, Person } from '../apollo/index.ts';
import { type Identity, identifyCompany, identifyPerson, normaliseLead } from '../leads/index.ts';
import { leadOf } from './compare.ts';

/** Whom or what a look-up is about. */
export type SubjectKind = 'person' | 'company';

/** `id:…` → `id`. */
function typeOf(key: string): string {
  return key.slice(0, key.indexOf(':'));
}

/**
 * Whether two sets of keys speak of one person or company. They do when the strongest type of key that
 * both have agrees: a shared name and domain proves nothing when the LinkedIn addresses differ. Keys are
 * strongest first; one side may have several of a type.
 */
export function sameSubject(a: readonly string[], b: readonly string[]): boolean {
  for (const key of a) {
    const type = typeOf(key);
    const rivals = b.filter((other) => typeOf(other) === type);
    if (rivals.length > 0) return a.some((own) => typeOf(own) === type && rivals.includes(own));
  }
  return false;
}

/** Of people from Apollo's last answers: an answer is lined up by these keys, then stored under them. */
const keysByPerson = new WeakMap<Person, readonly string[]>();

/** The keys under which Apollo's person is known, its spelling brought to the normal form of leads. */
export function keysOfPerson(person: Person): readonly string[] {
  const known = keysByPerson.get(person);
  if (known) return known;
  const keys = readKeys(person);
  keysByPerson.set(person, keys);
  return keys;
}

function readKeys(person: Person): readonly string[] {
  return identifyPerson(leadOf(person)) ?? [];
}

/** The keys under which Apollo's company is known. */
export function keysOfCompany(company: Company): readonly string[] {
  const lead = normaliseLead({
    company: company.name ?? '',
    domain: company.domain ?? '',
    company_linkedin_url: company.linkedinUrl ?? '',
  });
  return identifyCompany(lead) ?? [];
}

/** Both sets, each key once, strongest types first as in an {@link Identity}. */
export function mergeKeys(identity: Identity, more: readonly string[]): Identity {
  const [first, ...rest] = identity;
  return [first, ...new Set([...rest, ...more].filter((key) => key !== first))];
}
