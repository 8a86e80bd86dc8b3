import { bestFirst } from '../apollo/index.ts';
import type { Company, Person, Reveal } from '../apollo/types.ts';
import type { Identity, Lead } from '../leads/index.ts';
import { type Collection, deleteAll, type Store } from '../ports.ts';
import type { ForgottenMarks } from './forgotten-marks.ts';
import { covers, NOTHING_LATE } from './options.ts';
import { sameSubject } from './subject.ts';
import { isAbout, verdictOn } from './verdict.ts';

/** The late part of a result: phones or a waterfall's finds that Apollo sends after the answer. */
interface LatePart {
  readonly requestId: string;
  readonly state: 'pending' | 'ready' | 'gone';
  /** This result's share of what came late, once it came, credits. */
  readonly credits?: number;
}

/** What Apollo answered about one person or company. The ledger: what is in it is never paid for again. */
export interface KnownResult {
  readonly outcome: 'matched' | 'review' | 'unmatched';
  readonly person?: Person;
  readonly company?: Company;
  /**
   * Every key under which the subject is known, that of the look-up first. Of an answer that contradicts what was
   * asked: its own keys alone.
   */
  readonly keys: Identity;
  /** First key of the lead whose question an answer contradicts; it is remembered beside, see {@link Review}. */
  readonly askedAs?: string;
  /** Somebody looked at the answer and said that it is the person meant by these keys. */
  readonly accepted?: Decision & { readonly keys: Identity };
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

/** Who decided about an answer, and when (ms since the epoch). */
interface Decision {
  readonly by: string;
  readonly at: number;
}

/**
 * An answer that contradicts what was asked: so that the same question is not paid for again, and for somebody to
 * decide. The data stands under the keys of the person in it, never under those of the lead.
 */
export interface Review {
  /** First key of the result. */
  readonly result: string;
  /** Apollo's id of whom it answered with. */
  readonly id: string;
  readonly at: number;
  readonly by: KnownResult['by'];
  readonly reveal: Reveal;
  readonly credits: number;
  readonly decision?: Decision & { readonly verdict: 'accept' | 'reject' };
}

/** A lead to be found among what is known. */
export interface Asked {
  readonly identity: Identity;
  readonly lead: Lead;
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
  /** By the first key of the lead. */
  readonly #reviews: Collection<Review>;
  readonly #retentionMs: number;
  readonly #forgotten: ForgottenMarks | undefined;

  /** `forgotten`: whose answers are not kept, whenever they come. */
  constructor(store: Store, retentionMs: number, forgotten?: ForgottenMarks) {
    this.#forgotten = forgotten;
    this.#results = store.collection<KnownResult>('results');
    this.#aliases = store.collection<string>('aliases');
    this.#reviews = store.collection<Review>('reviews');
    this.#retentionMs = retentionMs;
  }

  /**
   * What is known about each, whatever its age, in order. What stands under a lead's keys and is about somebody else,
   * as earlier versions kept it, is left out.
   */
  async find(workspace: string, asked: readonly Asked[]): Promise<(KnownResult | undefined)[]> {
    const direct = await this.getMany(
      workspace,
      asked.map(({ identity: [key] }) => key),
    );
    const found = asked.map((each, index) => usable(each, direct[index]));
    await this.#findByAlias(workspace, asked, found);
    await this.#findReviewed(workspace, asked, found);
    return found;
  }

  async #findByAlias(
    workspace: string,
    asked: readonly Asked[],
    found: (KnownResult | undefined)[],
  ): Promise<void> {
    const missing = asked.flatMap((each, index) => (found[index] ? [] : [{ ...each, index }]));
    const keys = missing.flatMap(({ identity }) => identity);
    if (keys.length === 0) return;
    const aliases = await this.#aliases.getMany(allScoped(workspace, keys));
    const wanted = [...new Set(aliases.filter((alias) => alias !== undefined))];
    if (wanted.length === 0) return;
    const targets = new Map(keys.map((key, index) => [key, aliases[index]]));
    const byKey = await this.byKey(workspace, wanted);
    for (const { identity, lead, index } of missing) {
      for (const key of identity) {
        const result = usable({ identity, lead }, byKey.get(targets.get(key) ?? ''));
        if (!result || !sameSubject(identity, result.keys)) continue;
        found[index] = result;
        break;
      }
    }
  }

  /** Questions that were answered with somebody else, and what was decided about them. */
  async #findReviewed(
    workspace: string,
    asked: readonly Asked[],
    found: (KnownResult | undefined)[],
  ): Promise<void> {
    const open = asked.flatMap((each, index) => {
      const result = found[index];
      const isDoubtful = !result || verdictOn(each, result).outcome === 'review';
      return isDoubtful ? [{ ...each, index }] : [];
    });
    if (open.length === 0) return;
    const reviews = await this.reviews(
      workspace,
      open.map(({ identity }) => identity[0]),
    );
    const results = await this.byKey(
      workspace,
      reviews.flatMap((review) => review?.result ?? []),
    );
    for (const [at, { identity, index }] of open.entries()) {
      const review = reviews[at];
      const result = review && results.get(review.result);
      if (result) found[index] = reviewed(identity, review, result);
    }
  }

  /** Answers that contradict what was asked, by the first key of the lead that asked, in order. */
  reviews(workspace: string, keys: readonly string[]): Promise<(Review | undefined)[]> {
    return this.#reviews.getMany(allScoped(workspace, keys));
  }

  /**
   * The answer to the question of this first key, `result` being the key under which it is known: as it was remembered,
   * or, where it was known before that question, as it stands. `undefined`: it has expired.
   */
  async review(workspace: string, question: string, result: string): Promise<Review | undefined> {
    const [review] = await this.reviews(workspace, [question]);
    const known = review ? undefined : (await this.getMany(workspace, [result]))[0];
    return review ?? (known && reviewOf(known));
  }

  /**
   * Remembers what somebody decided about the answer to a lead: accepted, it is the answer to each of the lead's keys;
   * rejected, it is not offered again for this lead. The last decision holds.
   */
  async decide(
    workspace: string,
    identity: Identity,
    review: Review,
    decision: NonNullable<Review['decision']>,
  ): Promise<void> {
    const [first, ...others] = identity;
    const keys = decision.verdict === 'accept' ? identity : [first];
    const [standing] = await this.getMany(workspace, [first]);
    // What followed from an earlier decision.
    if (standing && (standing.accepted || standing.outcome === 'unmatched'))
      await this.drop(workspace, [first]);
    await this.#reviews.deleteMany(allScoped(workspace, others));
    await this.#reviews.setMany(
      keys.map((key) => [scoped(workspace, key), { ...review, decision }] as const),
      { ttlMs: this.#retentionMs },
    );
  }

  /** Results by their first key. */
  getMany(workspace: string, keys: readonly string[]): Promise<(KnownResult | undefined)[]> {
    return this.#results.getMany(allScoped(workspace, keys));
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

  /**
   * Stores results and, for those of somebody, their aliases; not those of people who were forgotten meanwhile. Durable
   * when it resolves.
   */
  async remember(workspace: string, answered: readonly KnownResult[]): Promise<void> {
    const isForgotten = await this.areForgotten(
      workspace,
      answered.map(({ keys }) => keys),
    );
    const results = answered.filter((_, index) => !isForgotten[index]);
    const ttl = { ttlMs: this.#retentionMs };
    const entries = results.map((result) => [scoped(workspace, result.keys[0]), asStored(result)] as const);
    const aliases = results.flatMap(({ outcome, keys: [first, ...others] }) =>
      outcome === 'unmatched' ? [] : others.map((key) => [scoped(workspace, key), first] as const),
    );
    const reviews = results.flatMap((result) =>
      result.askedAs === undefined ? [] : [[scoped(workspace, result.askedAs), reviewOf(result)] as const],
    );
    await Promise.all([
      this.#results.setMany(entries, ttl),
      aliases.length > 0 ? this.#aliases.setMany(aliases, ttl) : undefined,
      reviews.length > 0 ? this.#reviews.setMany(reviews, ttl) : undefined,
    ]);
  }

  /** Removes what is known under these keys alone, whoever it is about. */
  async drop(workspace: string, keys: readonly string[]): Promise<void> {
    const all = allScoped(workspace, keys);
    await Promise.all([this.#results.deleteMany(all), this.#aliases.deleteMany(all)]);
  }

  /** For each set of keys, whether whoever has one of them was forgotten. */
  async areForgotten(workspace: string, subjects: readonly (readonly string[])[]): Promise<boolean[]> {
    return (await this.#forgotten?.among(workspace, subjects)) ?? subjects.map(() => false);
  }

  /** Every result of the workspace. On Redis all keys are gone through, so it is for what is done seldom. */
  async *all(workspace: string): AsyncGenerator<KnownResult, void> {
    for await (const [, result] of this.#results.entries(scoped(workspace, ''))) yield result;
  }

  /** First keys of the leads whose answers somebody is to look at, or did. Reads all of them. */
  async *reviewed(workspace: string): AsyncGenerator<string, void> {
    const prefix = scoped(workspace, '');
    for await (const [key] of this.#reviews.entries(prefix)) yield key.slice(prefix.length);
  }

  /** Removes everything that the workspace knows. */
  async forgetAll(workspace: string): Promise<void> {
    await Promise.all([
      deleteAll(this.#results, scoped(workspace, '')),
      deleteAll(this.#aliases, scoped(workspace, '')),
      deleteAll(this.#reviews, scoped(workspace, '')),
    ]);
  }

  /** Removes a subject under all its keys. */
  async forget(workspace: string, keys: readonly string[]): Promise<void> {
    const all = allScoped(workspace, keys);
    await Promise.all([
      this.#results.deleteMany(all),
      this.#aliases.deleteMany(all),
      this.#reviews.deleteMany(all),
    ]);
  }
}

/** What an answer under review is to the lead: open, or as somebody decided. */
function reviewed(identity: Identity, review: Review, result: KnownResult): KnownResult {
  const { at, by, reveal, credits, decision } = review;
  if (decision?.verdict === 'accept') return { ...result, accepted: { ...decision, keys: identity } };
  const base = { at, by, reveal, credits };
  if (decision) return { ...base, at: decision.at, keys: identity, outcome: 'unmatched' };
  return { ...result, ...base, outcome: 'review', askedAs: identity[0] };
}

function usable(asked: Asked, result: KnownResult | undefined): KnownResult | undefined {
  return result && isAbout(asked, result) ? result : undefined;
}

/** An answer that contradicts a question is stored as what it is: one about the person in it. */
function asStored({ askedAs, ...result }: KnownResult): KnownResult {
  return askedAs === undefined ? result : { ...result, outcome: 'matched' };
}

function reviewOf({ keys, person, company, at, by, reveal, credits }: KnownResult): Review {
  return { result: keys[0], id: person?.id ?? company?.id ?? '', at, by, reveal, credits };
}

/** Whether a known result makes a look-up unnecessary. */
export function answers(known: KnownResult, wanted: Reveal, freshness: Freshness, now: number): boolean {
  const { notBefore, source } = freshness;
  const own = source !== undefined && known.by.source === source;
  // Dated by a clock that was set right since: how old it is, nobody can say.
  const undated = known.at > now + CLOCKS_DIFFER_MS;
  const oldest = known.outcome === 'unmatched' ? freshness.unmatchedForMs : freshness.matchedForMs;
  const stale = undated || now - known.at > oldest || (notBefore !== undefined && known.at < notBefore);
  if (stale && !own) return false;
  // Nothing more is ever bought for somebody who may be another.
  if (known.outcome === 'review') return true;
  if (known.outcome === 'matched') return covers(known.reveal, wanted);
  // Who is not in Apollo's data has no phone there either; a waterfall asks others.
  const asked = { ...known.reveal, personalEmails: true, phones: true };
  return covers(asked, wanted);
}

/**
 * What is still to be asked of what is `wanted`: neither phones nor a waterfall's e-mail that an earlier answer has
 * brought, or is about to, are paid for again when more is wanted now.
 */
export function stillWanted(known: KnownResult, wanted: Reveal, freshness: Freshness, now: number): Reveal {
  if (known.outcome !== 'matched' || !answers(known, NOTHING_LATE, freshness, now)) return wanted;
  const phones = wanted.phones && !hasPhones(known, wanted);
  const isEmailKnown = wanted.waterfall && known.reveal.waterfall && hasRun(known);
  if (!isEmailKnown) return { ...wanted, phones };
  return phones ? { ...wanted, emailKnown: true } : { ...wanted, phones, waterfall: false };
}

/** Whether phones have come, or whoever would be asked for them was asked. */
function hasPhones(known: KnownResult, wanted: Reveal): boolean {
  if (!known.reveal.phones) return false;
  if ((known.person?.phones ?? []).length > 0) return true;
  return (
    hasRun(known) && covers(known.reveal, { ...NOTHING_LATE, phones: true, waterfall: wanted.waterfall })
  );
}

/** Whether what comes late has come, or will. */
function hasRun({ late }: KnownResult): boolean {
  return late?.state === 'ready' || late?.state === 'pending';
}

/**
 * A new result about the same person with what was found before and is not in it: an answer says nothing about
 * what was not asked, and what was paid for once is not lost by asking for something else.
 */
export function withEarlier(result: KnownResult, earlier: KnownResult | undefined): KnownResult {
  const { person } = result;
  const before = earlier?.person;
  if (!person || !before || person.id !== before.id) return result;
  const phones = bestFirst([
    ...(person.phones ?? []),
    ...(before.phones ?? []).filter(({ number }) => !person.phones?.some((phone) => phone.number === number)),
  ]);
  const late = result.late ?? earlier.late;
  return {
    ...result,
    person: {
      ...person,
      ...(!person.email && pick(before, 'email', 'emailStatus', 'emailConfidence')),
      ...(!person.companyPhone && pick(before, 'companyPhone')),
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

function allScoped(workspace: string, keys: readonly string[]): string[] {
  const scope = scoped(workspace, '');
  return keys.map((key) => scope + key);
}
