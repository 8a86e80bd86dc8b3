import type { ColumnMapping } from './columns.ts';
import { withoutTag } from './email.ts';
import type { Lead } from './lead.ts';
import { isSameGivenName } from './nicknames.ts';
import { hashOf, NumberTable } from './number-table.ts';
import { spelling } from './spelling.ts';
import { foldWords } from './text.ts';

/** Names at one address that are compared with each other; more tell nothing new. */
const NAMES_COMPARED = 6;

/**
 * Remembers for every e-mail and LinkedIn address of a list by which name it came, in some 20 bytes each, and
 * notices those that come by another. What it notices has to be looked at again, because it knows names only by
 * their hashes.
 */
export class NamesAtAddresses {
  readonly #names = new NumberTable();
  /** Addresses that came by more than one spelling of a name. */
  readonly suspects = new Map<string, string[]>();

  add(lead: Lead): void {
    const words = nameWords(lead);
    if (words.length === 0) return;
    const name = hashOf(words.sort().join(' '));
    for (const address of addressesOf(lead)) {
      if (this.#isOther(hashOf(address), name) && !this.suspects.has(address)) this.suspects.set(address, []);
    }
  }

  /** Looks at a lead again: compares its name with the others at a suspect's address. */
  compare(lead: Lead): void {
    for (const address of addressesOf(lead)) {
      const names = this.suspects.get(address);
      const name = names && nameWords(lead).join(' ');
      if (name && names.length < NAMES_COMPARED && !names.includes(name)) names.push(name);
    }
  }

  /** The suspects at which different people are. */
  shared(): string[] {
    return [...this.suspects]
      .filter(([, names]) =>
        names.some((name, at) => names.slice(at + 1).some((other) => areApart(name, other))),
      )
      .map(([address]) => address);
  }

  #isOther(address: number, name: number): boolean {
    const before = this.#names.get(address);
    if (before === undefined) this.#names.set(address, name);
    return before !== undefined && before !== name;
  }
}

/** The lead without the addresses that belong to no one person of its list; their domain stays. */
export function withoutShared(lead: Lead, { shared }: ColumnMapping): Lead {
  if (shared === undefined) return lead;
  const addresses = setOf(shared);
  const { email, linkedinUrl, ...rest } = lead;
  return {
    ...rest,
    ...(email !== undefined && !addresses.has(withoutTag(email)) && { email }),
    ...(linkedinUrl !== undefined && !addresses.has(linkedinUrl) && { linkedinUrl }),
  };
}

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

function setOf(addresses: readonly string[]): ReadonlySet<string> {
  const set = sets.get(addresses) ?? new Set(addresses);
  sets.set(addresses, set);
  return set;
}

function addressesOf({ email, linkedinUrl }: Lead): string[] {
  return [email === undefined ? undefined : withoutTag(email), linkedinUrl].filter(
    (address) => address !== undefined,
  );
}

function nameWords({ firstName, lastName, name, generation }: Lead): string[] {
  const parts = firstName && lastName ? [firstName, lastName] : [firstName, lastName, name];
  const text = [...parts, generation].filter(Boolean).join(' ');
  return text === '' ? [] : foldWords(UMLAUT.test(text) ? withoutUmlauts(text) : text).split(' ');
}

const UMLAUT = /[äöü]/i;

function withoutUmlauts(text: string): string {
  return text.replace(/[äÄ]/g, 'ae').replace(/[öÖ]/g, 'oe').replace(/[üÜ]/g, 'ue');
}

/** Whether two names cannot be one person's: some word of the shorter is in the other neither whole nor as its initial or short form. */
function areApart(one: string, other: string): boolean {
  const [short = [], long = []] = [one.split(' '), other.split(' ')].toSorted((a, b) => a.length - b.length);
  const left = [...long];
  return !short.every((word) => {
    const at = left.findIndex((candidate) => isSameWord(word, candidate));
    if (at !== -1) left.splice(at, 1);
    return at !== -1;
  });
}

function isSameWord(one: string, other: string): boolean {
  if (one === other) return true;
  if (one.length === 1 || other.length === 1) return one[0] === other[0];
  if (isSameGivenName(spelling(one), spelling(other))) return true;
  return one.length > 3 && other.length > 3 && (one.startsWith(other) || other.startsWith(one));
}
