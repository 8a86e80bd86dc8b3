import type { ColumnMapping } from './columns.ts';
import { baseOf, detailsOf, nameKey, nameKeysOf } from './identity.ts';
import type { Identity, Lead } from './lead.ts';
import { hashOf, NumberTable } from './number-table.ts';

/** Names that are kept with a job; further ones are looked up as they are written. */
const MOST_VARIED = 5_000;
/** Two rows write different details with this name and employer. */
const TWO_PEOPLE = -1;
/** Keys of identities by a name. */
const BY_NAME = /^(?:nd|nc|cn):/;
/** Details are two small numbers in one. */
const FORMS = 2 ** 20;

/**
 * Finds out where a list writes one name at one employer now with a detail (a middle initial, the legal form) and now
 * without, and never with another: those rows are one person. Where two rows differ in a detail they are two, and a row
 * without it, which may be either, stays on its own. Takes some 30 bytes for each name.
 */
export class NameVariants {
  readonly #details = new NumberTable();
  readonly #texts = [''];
  readonly #numbers = new Map([['', 0]]);
  readonly #varied = new Map<string, number>();

  add(identity: Identity): void {
    const key = identity.find((each) => BY_NAME.test(each));
    if (key === undefined) return;
    const base = baseOf(key);
    const own = base === key ? 0 : this.#numberOfDetails(key);
    const hash = hashOf(base);
    const before = this.#details.get(hash);
    if (before === undefined) this.#details.set(hash, own);
    else if (before !== own && before !== TWO_PEOPLE) this.#details.set(hash, this.#both(base, before, own));
  }

  /** The keys by which those rows are known, with all details. */
  found(): string[] {
    return [...this.#varied].map(([base, details]) =>
      nameKey(base, {
        initials: this.#texts[Math.floor(details / FORMS)] ?? '',
        form: this.#texts[details % FORMS] ?? '',
      }),
    );
  }

  #both(base: string, one: number, other: number): number {
    const initials = either(Math.floor(one / FORMS), Math.floor(other / FORMS));
    const form = either(one % FORMS, other % FORMS);
    if (initials === undefined || form === undefined || this.#varied.size >= MOST_VARIED) {
      this.#varied.delete(base);
      return TWO_PEOPLE;
    }
    const details = initials * FORMS + form;
    this.#varied.set(base, details);
    return details;
  }

  #numberOfDetails(key: string): number {
    const { initials, form } = detailsOf(key);
    return this.#numberOf(initials) * FORMS + this.#numberOf(form);
  }

  #numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#texts.push(text) - 1;
    this.#numbers.set(text, number);
    return number;
  }
}

/** What is there where one of two is nothing (0) or both are alike. */
function either(one: number, other: number): number | undefined {
  if (one === 0 || one === other) return other;
  return other === 0 ? one : undefined;
}

/** The lead with the key that it shares with the other rows of its list, see {@link NameVariants}. */
export function withNameOfList(lead: Lead, { varied }: ColumnMapping): Lead {
  if (varied === undefined) return lead;
  const keys = keysOf(varied);
  const namedAs = nameKeysOf(lead)
    .map((key) => keys.get(baseOf(key)))
    .find((key) => key !== undefined);
  return namedAs === undefined ? lead : { ...lead, namedAs };
}

const byBase = new WeakMap<readonly string[], ReadonlyMap<string, string>>();

function keysOf(varied: readonly string[]): ReadonlyMap<string, string> {
  const keys = byBase.get(varied) ?? new Map(varied.map((key) => [baseOf(key), key]));
  byBase.set(varied, keys);
  return keys;
}
