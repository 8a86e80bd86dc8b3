import type { Company, Person, Reveal } from '../apollo/types.ts';
import type { Identity } from '../leads/index.ts';
import { type Collection, deleteAll, type Store } from '../ports.ts';
import { covers } from './options.ts';
import { sameSubject } from './subject.ts';

/** The late part of a result: phones or a waterfall's finds that Apollo sends after the answer. */
interface LatePart {
  readonly requestId: string;
  readonly state: 'pending' | 'ready' | 'gone';
}

/** What Apollo answered about one person or company. The ledger: what is in it is never paid for again. */
export interface KnownResult {
  readonly outcome: 'matched' | 'unmatched';
  readonly person?: Person;
  readonly company?: Company;
  /** Every key under which the subject is known, the look-up's own identity first. */
  readonly keys: Identity;
  /** When it was asked, ms since the epoch. */
  readonly at: number;
  /** What was asked for. */
  readonly reveal: Reveal;
  /** This result's share of what its call cost, credits. */
  readonly credits: number;
  /** Whose look-up it was: a job and the row in it, so that a resumed job knows its own. */
  readonly by: { readonly source: string; readonly row: number };
  readonly late?: LatePart;
}

/** When a known result will do. */
export interface Freshness {
  readonly matchedForMs: number;
  readonly unmatchedForMs: number;
  /** Results from before this do not count ("ask again"), ms since the epoch. */
  readonly notBefore?: number;
  /** What this job or request found itself counts whatever its age: a list never pays for a person twice. */
  readonly source?: string;
}

/** Results may be dated this far ahead by another machine's clock, ms; further, and a clock was wrong. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

/** A workspace's results by identity, with aliases for a subject's other keys. */
export class KnownResults {
  readonly #results: Collection<KnownResult>;
  /** From a key to the first key of the result that has it. */
  readonly #aliases: Collection<string>;
  readonly #retentionMs: number;

  constructor(store: Store, retentionMs: number) {
    this.#results = store.collection<KnownResult>('results', { byKeyOnly: true });
    this.#aliases = store.collection<string>('aliases', { byKeyOnly: true });
    this.#retentionMs = retentionMs;
  }

  /** What is known about each, whatever its age, in order. */
  async find(workspace: string, identities: readonly Identity[]): Promise<(KnownResult | undefined)[]> {
    const found = await this.getMany(
      workspace,
      identities.map(([key]) => key),
    );
    const missing = identities.flatMap((identity, index) => (found[index] ? [] : [{ identity, index }]));
    if (missing.length === 0) return found;
    const keys = missing.flatMap(({ identity }) => identity);
    const aliases = await this.#aliases.getMany(keys.map((key) => scoped(workspace, key)));
    const targets = new Map(keys.map((key, index) => [key, aliases[index]]));
    const wanted = [...new Set(aliases.filter((alias) => alias !== undefined))];
    if (wanted.length === 0) return found;
    const results = await this.getMany(workspace, wanted);
    const byKey = new Map(wanted.map((key, index) => [key, results[index]]));
    for (const { identity, index } of missing) {
      for (const key of identity) {
        const result = byKey.get(targets.get(key) ?? '');
        if (!result || !sameSubject(identity, result.keys)) continue;
        found[index] = result;
        break;
      }
    }
    return found;
  }

  /** Results by their first key. */
  getMany(workspace: string, keys: readonly string[]): Promise<(KnownResult | undefined)[]> {
    return this.#results.getMany(keys.map((key) => scoped(workspace, key)));
  }

  /** As {@link getMany}, by key; what is not there is left out. */
  async byKey(workspace: string, keys: readonly string[]): Promise<Map<string, KnownResult>> {
    const results = await this.getMany(workspace, keys);
    return new Map(
      keys.flatMap((key, index) => {
        const result = results[index];
        return result ? [[key, result] as const] : [];
      }),
    );
  }

  /** Stores results and, for those matched, their aliases. Durable when it resolves. */
  async remember(workspace: string, results: readonly KnownResult[]): Promise<void> {
    const ttl = { ttlMs: this.#retentionMs };
    const entries = results.map((result) => [scoped(workspace, result.keys[0]), result] as const);
    const aliases = results.flatMap(({ outcome, keys: [first, ...others] }) =>
      outcome === 'matched' ? others.map((key) => [scoped(workspace, key), first] as const) : [],
    );
    await Promise.all([
      this.#results.setMany(entries, ttl),
      aliases.length > 0 ? this.#aliases.setMany(aliases, ttl) : undefined,
    ]);
  }

  /** Removes everything that the workspace knows. */
  async forgetAll(workspace: string): Promise<void> {
    await Promise.all([
      deleteAll(this.#results, scoped(workspace, '')),
      deleteAll(this.#aliases, scoped(workspace, '')),
    ]);
  }

  /** Removes a subject under all its keys. */
  async forget(workspace: string, keys: readonly string[]): Promise<void> {
    const all = keys.map((key) => scoped(workspace, key));
    await Promise.all([this.#results.deleteMany(all), this.#aliases.deleteMany(all)]);
  }
}

/** Whether a known result makes a look-up unnecessary. */
export function answers(known: KnownResult, wanted: Reveal, freshness: Freshness, now: number): boolean {
  const { notBefore, source } = freshness;
  const own = source !== undefined && known.by.source === source;
  // Dated by a clock that was set right since: how old it is, nobody can say.
  const undated = known.at > now + CLOCKS_DIFFER_MS;
  const oldest = known.outcome === 'matched' ? freshness.matchedForMs : freshness.unmatchedForMs;
  const stale = undated || now - known.at > oldest || (notBefore !== undefined && known.at < notBefore);
  if (stale && !own) return false;
  if (known.outcome === 'matched') return covers(known.reveal, wanted);
  // Who is not in Apollo's data has no phone there either; a waterfall asks others.
  const asked = { ...known.reveal, personalEmails: true, phones: true };
  return covers(asked, wanted);
}

/**
 * A new result about the same person with what was found before and is not in it: an answer says nothing about
 * what was not asked, and what was paid for once is not lost by asking for something else.
 */
export function withEarlier(result: KnownResult, earlier: KnownResult | undefined): KnownResult {
  const { person } = result;
  const before = earlier?.person;
  if (!person || !before || person.id !== before.id) return result;
  const phones = [...(person.phones ?? [])];
  for (const phone of before.phones ?? []) {
    if (!phones.some(({ number }) => number === phone.number)) phones.push(phone);
  }
  const late = result.late ?? earlier.late;
  return {
    ...result,
    person: {
      ...person,
      ...(!person.email && pick(before, 'email', 'emailStatus')),
      ...(!person.personalEmails && pick(before, 'personalEmails')),
      ...(phones.length > 0 && { phones }),
    },
    reveal: {
      personalEmails: result.reveal.personalEmails || earlier.reveal.personalEmails,
      phones: result.reveal.phones || earlier.reveal.phones,
      waterfall: result.reveal.waterfall || earlier.reveal.waterfall,
    },
    ...(late && { late }),
  };
}

function pick(person: Person, ...names: readonly (keyof Person)[]): Partial<Person> {
  return Object.fromEntries(
    names.flatMap((name) => (person[name] === undefined ? [] : [[name, person[name]]])),
  );
}

function scoped(workspace: string, key: string): string {
  return `${encodeURIComponent(workspace)}/${key}`;
}
