import { BoundedMap } from './bounded-map.ts';
import { foldCompany } from './company.ts';
import type { Identity, Lead } from './lead.ts';
import { hashOf, NumberTable } from './number-table.ts';
import { compareNames } from './same-name.ts';
import { foldWords } from './text.ts';

/** Given names that are kept; after so many different ones a list is not looked at any further. */
const MOST_GIVEN_NAMES = 200_000;
/** People of one family name at one employer who are compared with each other. */
const MOST_COMPARED = 6;

/** Keys of identities by a profile, Apollo's or LinkedIn's. */
const BY_PROFILE = /^(?:id|li):/;

/** What is kept of a row beside its family name and employer. */
interface Bearer {
  readonly given: string;
  readonly generation: string;
  /** There is a profile: two with a profile each are two people. */
  readonly hasProfile: boolean;
}

/**
 * Counts rows of a list that may be about the person of an earlier one, and are not taken for the same since nothing
 * proves it: Bob and Robert Smith at one employer, J. Smith and John Smith, two John Smiths. Takes some 30 bytes for each
 * family name at an employer.
 */
export class PossibleDuplicates {
  count = 0;
  /** The first of them: whom an earlier row names, and whom this one. */
  example: readonly [string, string] | undefined;
  readonly #first = new NumberTable();
  readonly #more = new Map<number, number[]>();
  readonly #bearers: Bearer[] = [];
  readonly #numbers = new Map<string, number>();

  /** A row that shares its look-up with no earlier one. */
  add(lead: Lead, identity: Identity): void {
    const { company, domain, generation = '' } = lead;
    const employer = domain ?? (company === undefined ? '' : foldCompany(company));
    const name = wholeName(lead);
    const space = name.lastIndexOf(' ');
    const [given, last] = [name.slice(0, Math.max(0, space)), name.slice(space + 1)];
    const family = foldWords(last);
    if (employer === '' || family === '' || space === -1) return;
    const own: Bearer = { given, generation, hasProfile: BY_PROFILE.test(identity[0]) };
    const number = this.#numberOf(own);
    if (number === undefined) return;
    const key = hashOf(`${family}@${employer}`);
    const first = this.#first.get(key);
    if (first === undefined) {
      this.#first.set(key, number);
      return;
    }
    const others = [first, ...(this.#more.get(key) ?? [])];
    const other = others
      .map((each) => this.#bearers[each])
      .find((each) => each && mayBeOne(each, own, family));
    if (other) {
      this.count += 1;
      this.example ??= [`${other.given} ${last}`, name];
    }
    if (!others.includes(number) && others.length < MOST_COMPARED)
      this.#more.set(key, [...others.slice(1), number]);
  }

  #numberOf(bearer: Bearer): number | undefined {
    const text = `${bearer.given}~${bearer.generation}~${bearer.hasProfile}`;
    const known = this.#numbers.get(text);
    if (known !== undefined || this.#bearers.length >= MOST_GIVEN_NAMES) return known;
    const number = this.#bearers.push(bearer) - 1;
    this.#numbers.set(text, number);
    return number;
  }
}

function wholeName({ firstName, lastName, name = '' }: Lead): string {
  return firstName !== undefined && lastName !== undefined ? `${firstName} ${lastName}` : name;
}

function mayBeOne(one: Bearer, other: Bearer, family: string): boolean {
  if (one.hasProfile && other.hasProfile) return false;
  if (one.generation !== '' && other.generation !== '' && one.generation !== other.generation) return false;
  return sameGiven.getOrCompute(
    `${one.given}\n${other.given}`,
    () =>
      compareNames({ firstName: one.given, lastName: family }, { firstName: other.given, lastName: family })
        .verdict === 'same',
  );
}

/** Whether two given names beside one family name are one person's: few pairs are in a list, and each of them often. */
const sameGiven = new BoundedMap<boolean>(10_000);
