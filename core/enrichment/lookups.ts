import { randomUUID } from 'node:crypto';
import {
  type Apollo,
  ApolloError,
  ApolloInTrouble,
  BadLead,
  type CompaniesAnswer,
  type Company,
  type PeopleAnswer,
  type Person,
  RateLimited,
  type Reveal,
} from '../apollo/index.ts';
import type { Identity, Lead } from '../leads/index.ts';
import type { Call, Called, Pool, Work } from '../pool/index.ts';
import { HttpFailure, type Ports } from '../ports.ts';
import type { Accounts, Purse, SlotPurse } from './account.ts';
import { align } from './align.ts';
import { roundCredits, splitCredits } from './budget.ts';
import type { Journal } from './journal.ts';
import { answers, type Freshness, type KnownResult, type KnownResults, withEarlier } from './known.ts';
import type { LateRequests } from './late.ts';
import type { LateAddress } from './late-address.ts';
import { comesLate, covers, mostCredits } from './options.ts';
import { keysOfCompany, keysOfPerson, mergeKeys, type SubjectKind, sameSubject } from './subject.ts';

/** Apollo in trouble: so many calls for one lead before it is given up, with a rest between (see lanes). */
const MOST_ATTEMPTS = 6;
/** Answers that were lost or are nobody's, for one lead, before it is given up: each may have been charged. */
const MOST_UNUSABLE = 2;

/** How often it is looked whether another process has found somebody out, ms: more seldom each time. */
const FIRST_CLAIM_WAIT_MS = 25;
const LONGEST_CLAIM_WAIT_MS = 500;

/** One lead to be looked up, if nobody knows it yet. */
export interface Wanted {
  readonly workspace: string;
  readonly kind: SubjectKind;
  readonly identity: Identity;
  readonly lead: Lead;
  readonly reveal: Reveal;
  readonly freshness: Freshness;
  /** The job or request that pays. */
  readonly source: string;
  /** Row in the job's list. */
  readonly row: number;
  readonly urgent: boolean;
  readonly signal: AbortSignal;
}

/**
 * What came of it. `how`: `lookup` asked Apollo for this very lead, `duplicate` shared the look-up of
 * another lead of the same source, `known` was known before or looked up for somebody else.
 * `stopped`: nothing was decided; no slot, no credits, or the limit reached. Ask again when that is gone.
 */
export type Found =
  | {
      readonly state: 'answered';
      readonly result: KnownResult;
      readonly how: 'lookup' | 'duplicate' | 'known';
    }
  | { readonly state: 'failed'; readonly reason: string; readonly partial?: KnownResult }
  | { readonly state: 'stopped'; readonly reason: 'no-slot' | 'slot-limit' | 'budget' | 'aborted' };

/** Tells those who wait; a promise that rejects, when the store cannot keep what was found. */
type Settle = (found: Found | Promise<never>) => void;

/** A look-up on its way through the pool. */
interface Lookup extends Work {
  readonly wanted: Wanted;
  readonly purse: Purse;
  readonly reserved: number;
  readonly settle: Settle;
  /** Something was known, but too old or not enough. */
  readonly wasKnown: boolean;
  /** Monotonic ms at which it began to wait for a lane. */
  readonly queuedAt: number;
  attempts: number;
  unusable: number;
}

/** A call whose credits its slot has set aside. */
interface PaidCall extends Call<Lookup> {
  readonly slotPurse: SlotPurse;
  /** What each look-up used up of them, and what stays aside for a late part of it. */
  readonly used: Map<Lookup, { readonly spent: number; readonly held: number }>;
}

/** Somebody being asked for right now, under each of the subject's keys. */
interface UnderWay {
  readonly identity: Identity;
  readonly wanted: Wanted;
  readonly found: Promise<Found>;
}

/** Somebody whom nobody in this process is being asked for yet. */
interface Fresh {
  readonly wanted: Wanted;
  readonly settle: Settle;
  /** What no other process may ask for meanwhile. */
  readonly claims: readonly string[];
  wasKnown: boolean;
}

export interface LookupsOptions {
  readonly ports: Ports;
  readonly apollo: Apollo;
  readonly known: KnownResults;
  readonly accounts: Accounts;
  readonly journal: Journal;
  readonly late: LateRequests;
}

/**
 * Asks Apollo for leads, each subject once: whoever is known is not asked for, whoever is being asked for
 * is not asked for again, and every answer is stored before anybody hears of it.
 */
export class Lookups {
  readonly #options: LookupsOptions;
  readonly #underWay = new Map<string, UnderWay>();
  readonly #released: string[] = [];
  /** The longest wait of each source somebody waits for, ms. */
  readonly #waits = new Map<string, number>();
  #pool: Pool<Lookup> | undefined;

  constructor(options: LookupsOptions) {
    this.#options = options;
  }

  /** The pool calls back into {@link call} and {@link starved}; so it is made second and handed in. */
  use(pool: Pool<Lookup>): void {
    this.#pool = pool;
  }

  /**
   * Finds every one of the leads, in order. Those of one call must be of one workspace and kind. `onFound`
   * hears of each as it is found, `onAsked` when all that is known is found and the rest waits for Apollo.
   */
  async find(
    wanted: readonly Wanted[],
    onFound?: (found: Found) => void,
    onAsked?: () => void,
  ): Promise<Found[]> {
    const fresh: Fresh[] = [];
    // One synchronous pass: two leads of one subject, in whichever jobs, never both start a look-up.
    const shared = wanted.map((each) => this.#join(each, fresh));
    // Waited for below; until then a rejection must not end the process as one that nobody waits for.
    for (const each of shared) each.then(onFound).catch(() => undefined);
    await this.#start(fresh).catch((error) => {
      for (const { settle } of fresh) settle(Promise.reject(error));
    });
    onAsked?.();
    return Promise.all(shared);
  }

  /** Work that no key can do now. */
  readonly starved = (lookups: readonly Lookup[], reason: 'no-slot' | 'slot-limit'): void => {
    for (const lookup of lookups) this.#giveBack(lookup, { state: 'stopped', reason });
  };

  /** Takes back what of this source has not left yet. */
  withdraw(source: string): void {
    for (const lookup of this.#pool?.withdraw(source) ?? []) {
      this.#giveBack(lookup, { state: 'stopped', reason: 'aborted' });
    }
  }

  /** Look-ups of this source that wait for a lane. */
  waiting(source: string): number {
    return this.#pool?.waiting(source) ?? 0;
  }

  /**
   * The longest that an urgent look-up of this source waited for its turn, ms: for Apollo's limits, or for others.
   * Forgotten once told.
   */
  takeWait(source: string): number {
    const wait = this.#waits.get(source) ?? 0;
    this.#waits.delete(source);
    return wait;
  }

  /** Makes one Apollo call for the pool, with as much of the batch as the slot may pay for. Never throws. */
  readonly call = async (call: Call<Lookup>): Promise<Called<Lookup>> => {
    const { accounts, ports } = this.#options;
    const { connection, batch } = call;
    // All of a batch want the same, so they cost the same at most.
    const each = batch[0]?.reserved ?? 0;
    try {
      const slotPurse = await accounts.slotPurse(connection.workspace, connection.slot);
      const { times, never } = await slotPurse.reserve(each, batch.length);
      const over = this.#stillWanted(times < batch.length ? [batch.slice(times)] : []);
      if (times === 0) {
        return { again: over, atLimit: never ? 'for-good' : 'for-now' };
      }
      const paid = batch.slice(0, times);
      const used: PaidCall['used'] = new Map();
      const called = await this.#callPaid({ ...call, batch: paid, slotPurse, used });
      for (const lookup of paid) {
        const { spent, held } = used.get(lookup) ?? { spent: 0, held: 0 };
        slotPurse.release(lookup.source, lookup.reserved, spent, held);
      }
      return { ...called, again: [...called.again, ...over] };
    } catch (error) {
      ports.log.error("A slot's monthly limit could not be read", { error: String(error) });
      for (const lookup of batch) this.#giveBack(lookup, Promise.reject(error));
      return { again: [] };
    }
  };

  async #callPaid(call: PaidCall): Promise<Called<Lookup>> {
    const { clock, log } = this.#options.ports;
    const id = randomUUID();
    const { endpoint, connection, batch } = call;
    const { workspace, slot } = connection;
    const { journal } = this.#options;
    this.#countWaits(batch, clock.monotonic());
    try {
      const costs = bySource(batch, (lookup) => lookup.reserved);
      await journal.begin(id, { endpoint, at: clock.now(), workspace, slot, costs });
      const address = comesLate(revealOf(batch)) ? await this.#options.late.nextAddress() : undefined;
      try {
        const answer = await this.#ask(call, address);
        call.answered({ limits: answer.limits, sent: true });
        const again = await this.#answered(id, call, answer, address);
        return { again: this.#stillWanted(again) };
      } catch (error) {
        if (!(error instanceof ApolloError)) throw error;
        call.answered({ limits: error.limits, sent: !neverLeft(error), error });
        const again = await this.#refused(id, call, error);
        return { again: this.#stillWanted(again) };
      }
    } catch (error) {
      // The store failed: what Apollo answered could not be kept, so nothing is reported as found. Whoever
      // asked stops, and asks again when the store is well; the call is in doubt then.
      log.error('A look-up could not be recorded', { error: String(error) });
      for (const lookup of call.batch) this.#giveBack(lookup, Promise.reject(error));
      call.answered({ limits: {}, sent: true });
      return { again: [] };
    } finally {
      journal.leave(id);
    }
  }

  #countWaits(batch: readonly Lookup[], now: number): void {
    for (const { urgent, source, queuedAt } of batch) {
      if (urgent) this.#waits.set(source, Math.max(now - queuedAt, this.#waits.get(source) ?? 0));
    }
  }

  #join(wanted: Wanted, fresh: Fresh[]): Promise<Found> {
    for (const key of wanted.identity) {
      const other = this.#underWay.get(scoped(wanted, key));
      if (!other || !sameSubject(wanted.identity, other.identity)) continue;
      if (!covers(other.wanted.reveal, wanted.reveal)) {
        // It asks for less than is wanted here: wait for it, then ask for the rest with what it found.
        return other.found.then(() => this.find([wanted])).then(([found]) => found ?? aborted());
      }
      return other.found.then((found) => this.#share(found, wanted, other.wanted));
    }
    const { promise, resolve } = Promise.withResolvers<Found>();
    const entry: UnderWay = { identity: wanted.identity, wanted, found: promise };
    const keys = wanted.identity.map((key) => scoped(wanted, key)).filter((key) => !this.#underWay.has(key));
    for (const key of keys) this.#underWay.set(key, entry);
    const settle: Settle = (found) => {
      for (const key of keys) if (this.#underWay.get(key) === entry) this.#underWay.delete(key);
      this.#releaseSoon(keys);
      resolve(found);
    };
    fresh.push({ wanted, settle, claims: keys, wasKnown: false });
    return promise;
  }

  /** What was settled in one turn is released together. */
  #releaseSoon(claims: readonly string[]): void {
    const { shared, log } = this.#options.ports;
    if (!shared) return;
    this.#released.push(...claims);
    if (this.#released.length > claims.length) return;
    Promise.resolve()
      .then(() => shared.claims.release(this.#released.splice(0)))
      .catch((error) => log.warn('A claim could not be released', { error: String(error) }));
  }

  /** Another's look-up ended. If it was stopped for reasons of its own, this one asks by itself. */
  async #share(found: Found, wanted: Wanted, other: Wanted): Promise<Found> {
    if (found.state === 'answered') {
      return { ...found, how: wanted.source === other.source ? 'duplicate' : 'known' };
    }
    if (wanted.source === other.source) return found;
    const [own] = await this.find([wanted]);
    return own ?? aborted();
  }

  async #start(fresh: readonly Fresh[]): Promise<void> {
    const [first] = fresh;
    if (!first) return;
    const purse = await this.#options.accounts.purse(first.wanted.workspace, first.wanted.source);
    const { shared } = this.#options.ports;
    let unknown = await this.#settleKnown(fresh);
    if (!shared) return await this.#send(unknown, purse);
    for (
      let wait = FIRST_CLAIM_WAIT_MS;
      unknown.length > 0;
      wait = Math.min(LONGEST_CLAIM_WAIT_MS, wait * 2)
    ) {
      const taken = await shared.claims.take(unknown.map(({ claims }) => claims));
      const own = unknown.filter((_, index) => taken[index]);
      // Another process may have found out between our look at what is known and the claim.
      await this.#send(own.length > 0 ? await this.#settleKnown(own) : [], purse);
      const others = unknown.filter((_, index) => !taken[index]);
      if (others.length === 0) return;
      await this.#options.ports.clock.sleep(wait, first.wanted.signal);
      if (first.wanted.signal.aborted) {
        for (const { settle } of others) settle(aborted());
        return;
      }
      unknown = await this.#settleKnown(others);
    }
  }

  /** Settles those whose answer is known, and gives the others. */
  async #settleKnown(fresh: readonly Fresh[]): Promise<Fresh[]> {
    const { known, ports } = this.#options;
    const results = await known.find(
      fresh[0]?.wanted.workspace ?? '',
      fresh.map(({ wanted }) => wanted.identity),
    );
    return fresh.filter((each, index) => {
      const { wanted, settle } = each;
      const result = results[index];
      each.wasKnown = result !== undefined;
      if (!result || !answers(result, wanted.reveal, wanted.freshness, ports.clock.now())) return true;
      settle({ state: 'answered', result, how: ownership(result, wanted) });
      return false;
    });
  }

  /** Hands look-ups to the pool as far as their credits can be set aside. */
  async #send(fresh: readonly Fresh[], purse: Purse): Promise<void> {
    for (const [index, { wanted, settle, wasKnown }] of fresh.entries()) {
      const reserved = mostCredits(wanted.kind, wanted.reveal);
      if (!(await purse.reserve(reserved, wanted.signal, fresh.length - index - 1))) {
        settle({ state: 'stopped', reason: wanted.signal.aborted ? 'aborted' : 'budget' });
        continue;
      }
      const { workspace, source, kind, urgent } = wanted;
      const { personalEmails, phones, waterfall } = wanted.reveal;
      const flavour = `${workspace}|${kind}|${urgent}|${personalEmails}|${phones}|${waterfall}`;
      const work = { workspace, source, kind, urgent, flavour };
      const more = index < fresh.length - 1;
      const queuedAt = this.#options.ports.clock.monotonic();
      const history = { wasKnown, queuedAt, attempts: 0, unusable: 0 };
      this.#pool?.add([{ ...work, wanted, purse, reserved, settle, ...history }], more);
    }
    purse.rest();
  }

  #ask(
    { connection, endpoint, batch }: Call<Lookup>,
    address: LateAddress | undefined,
  ): Promise<PeopleAnswer | CompaniesAnswer> {
    const { apollo } = this.#options;
    const leads = batch.map(({ wanted }) => wanted.lead);
    const [lead = {}] = leads;
    const reveal = revealOf(batch);
    const key = connection.key();
    const people = { key, reveal, ...(address && { webhookUrl: address.url }) };
    if (endpoint === 'people/match') return apollo.matchPerson(lead, people);
    if (endpoint === 'people/bulk_match') return apollo.matchPeople(leads, people);
    if (endpoint === 'organizations/enrich') return apollo.enrichCompany(lead, { key });
    return apollo.enrichCompanies(leads, { key });
  }

  /** Stores an answer, then tells those who wait for it. Gives what has to be asked for singly. */
  async #answered(
    id: string,
    call: PaidCall,
    answer: PeopleAnswer | CompaniesAnswer,
    address: LateAddress | undefined,
  ): Promise<Lookup[][]> {
    const { batch, connection, slotPurse, used } = call;
    const identities = batch.map(({ wanted }) => wanted.identity);
    const aligned =
      'people' in answer
        ? align<Person | Company>(identities, answer.people, (found) => keysOfPerson(found))
        : align<Person | Company>(identities, answer.companies, keysOfCompany);
    const requestId = 'requestId' in answer ? answer.requestId : undefined;
    const matched = aligned.filter((each) => 'found' in each && each.found !== null).length;
    // Single matches, companies and waterfalls do not say what they cost: one credit for each one found.
    const credits = answer.credits ?? matched;
    const at = this.#options.ports.clock.now();
    const done: { lookup: Lookup; found: Found; held: number }[] = [];
    const again: Lookup[][] = [];
    const costs = new Map<Lookup, number>();
    const earlier = await this.#knownBefore(batch);
    // Charged for those found; where none was given out, all share it.
    const shares = splitCredits(credits, matched === 0 ? batch.length : matched);
    for (const [index, lookup] of batch.entries()) {
      const each = aligned[index];
      const found = each && 'found' in each ? each.found : undefined;
      const cost = matched === 0 || found ? (shares.pop() ?? 0) : 0;
      costs.set(lookup, cost);
      used.set(lookup, { spent: cost, held: 0 });
      if (found === undefined) {
        lookup.unusable += 1;
        if (lookup.unusable < MOST_UNUSABLE) again.push([lookup]);
        else done.push({ lookup, found: failed(UNCLEAR), held: 0 });
        continue;
      }
      const result = withEarlier(resultOf(found, lookup, cost, at, requestId), earlier.get(lookup));
      const isLate = requestId !== undefined && result.late?.requestId === requestId;
      const held = isLate ? Math.max(0, lookup.reserved - cost) : 0;
      used.set(lookup, { spent: cost, held });
      done.push({ lookup, found: { state: 'answered', result, how: 'lookup' }, held });
    }
    const results = done.flatMap(({ found }) => (found.state === 'answered' ? [found.result] : []));
    const workspace = connection.workspace;
    const { late } = this.#options;
    const people = done.flatMap(({ lookup, found, held }) =>
      found.state === 'answered' && found.result.person
        ? [{ id: found.result.person.id, key: found.result.keys[0], source: lookup.source, held }]
        : [],
    );
    const { team, slot } = connection;
    const charged = { credits: bySource(batch, (lookup) => costs.get(lookup) ?? 0) };
    await this.#record(id, call, charged, async () => {
      await this.#options.known.remember(workspace, results);
      if (!requestId) return;
      for (const { lookup, held } of done) {
        await lookup.purse.hold(held);
        await slotPurse.hold(held);
      }
      await late.expect({
        requestId,
        workspace,
        team,
        slot,
        askedAt: at,
        ...(address && { address: address.id }),
        people,
      });
    });
    if (requestId && address) await late.expected(address.id);
    else if (address && people.length > 0) await late.join(team, workspace, people);
    for (const { lookup, found, held } of done) {
      lookup.purse.release(lookup.reserved, costs.get(lookup) ?? 0, held);
      lookup.settle(found);
    }
    return await this.#renewed(again, (lookup) => costs.get(lookup) ?? 0);
  }

  /** What an answer must not overwrite. */
  async #knownBefore(batch: readonly Lookup[]): Promise<Map<Lookup, KnownResult | undefined>> {
    const known = batch.filter(({ wasKnown }) => wasKnown);
    if (known.length === 0) return new Map();
    const results = await this.#options.known.find(
      known[0]?.workspace ?? '',
      known.map(({ wanted }) => wanted.identity),
    );
    return new Map(known.map((lookup, index) => [lookup, results[index]]));
  }

  /** Sets credits aside for whatever is to be asked again; what there is no room for is stopped. */
  async #renewed(batches: readonly Lookup[][], spent: (lookup: Lookup) => number): Promise<Lookup[][]> {
    const renewed: Lookup[][] = [];
    for (const batch of batches) {
      const still: Lookup[] = [];
      for (const lookup of batch) {
        if (await lookup.purse.renew(lookup.reserved, spent(lookup))) still.push(lookup);
        else lookup.settle({ state: 'stopped', reason: 'budget' });
      }
      if (still.length > 0) renewed.push(still);
    }
    return renewed;
  }

  /** No usable answer: what has to be asked for again, and what is given up. */
  async #refused(id: string, call: PaidCall, error: ApolloError): Promise<Lookup[][]> {
    const { batch } = call;
    const inDoubt = error.inDoubt ? bySource(batch, (lookup) => lookup.reserved) : {};
    await this.#record(id, call, { inDoubt, error });
    if (error.inDoubt) for (const lookup of batch) call.used.set(lookup, { spent: lookup.reserved, held: 0 });
    if (error instanceof BadLead) {
      if (batch.length > 1) {
        const middle = Math.ceil(batch.length / 2);
        return [batch.slice(0, middle), batch.slice(middle)];
      }
      for (const lookup of batch) this.#giveBack(lookup, failed(error.message));
      return [];
    }
    const trouble = error instanceof ApolloInTrouble;
    if (!trouble && !error.inDoubt) return [[...batch]];
    const still: Lookup[] = [];
    for (const lookup of batch) {
      if (trouble) lookup.attempts += 1;
      else lookup.unusable += 1;
      if (lookup.attempts < MOST_ATTEMPTS && lookup.unusable < MOST_UNUSABLE) still.push(lookup);
      else this.#giveBack(lookup, failed(error.message), error.inDoubt ? lookup.reserved : 0);
    }
    if (error.inDoubt) return await this.#renewed([still], (lookup) => lookup.reserved);
    return still.length > 0 ? [still] : [];
  }

  /** Writes an answer (or that there is none), its cost and the end of the call, all or nothing. */
  async #record(
    id: string,
    { batch, connection }: Call<Lookup>,
    {
      credits = {},
      inDoubt = {},
      error,
    }: {
      readonly credits?: BySource;
      /** The most that a lost answer may have cost. */
      readonly inDoubt?: BySource;
      readonly error?: ApolloError;
    },
    more?: () => Promise<void>,
  ): Promise<void> {
    const { accounts, journal, ports } = this.#options;
    const calls = error && neverLeft(error) ? 0 : 1;
    const rateLimited = error instanceof RateLimited ? 1 : 0;
    const inDoubtCalls = error?.inDoubt ? 1 : 0;
    const total = { credits: 0, inDoubtCredits: 0 };
    const undo: (() => void)[] = [];
    try {
      await ports.store.atomically(async () => {
        for (const source of new Set(batch.map((lookup) => lookup.source))) {
          const cost = { credits: credits[source] ?? 0, inDoubtCredits: inDoubt[source] ?? 0 };
          total.credits += cost.credits;
          total.inDoubtCredits += cost.inDoubtCredits;
          undo.push(await accounts.add(source, { ...cost, calls, inDoubtCalls, rateLimited }));
        }
        undo.push(await accounts.spend(connection.workspace, connection.slot, total));
        await more?.();
        await journal.end(id);
      });
    } catch (error) {
      for (const each of undo) each();
      throw error;
    }
    if (total.credits > 0) ports.meter?.spent(total.credits);
  }

  /** Nothing is repeated for a job that was paused or cancelled in the meantime. */
  #stillWanted(batches: readonly (readonly Lookup[])[]): Lookup[][] {
    const wanted: Lookup[][] = [];
    for (const batch of batches) {
      const still = batch.filter(({ wanted: { signal } }) => !signal.aborted);
      if (still.length > 0) wanted.push(still);
      for (const lookup of batch) if (!still.includes(lookup)) this.#giveBack(lookup, aborted());
    }
    return wanted;
  }

  #giveBack(lookup: Lookup, found: Found | Promise<never>, spent = 0): void {
    lookup.purse.release(lookup.reserved, spent);
    lookup.settle(found);
  }
}

const UNCLEAR =
  "Apollo's answers did not line up with the leads, so nobody can say whose they are. They may have cost credits; check the usage in Apollo before asking again.";

/** Credits by who pays them. */
type BySource = Readonly<Record<string, number>>;

function bySource(batch: readonly Lookup[], credits: (lookup: Lookup) => number): BySource {
  const sums: Record<string, number> = {};
  for (const lookup of batch) {
    sums[lookup.source] = roundCredits((sums[lookup.source] ?? 0) + credits(lookup));
  }
  return sums;
}

/** All of a batch want the same. */
function revealOf(batch: readonly Lookup[]): Reveal {
  return batch[0]?.wanted.reveal ?? { personalEmails: false, phones: false, waterfall: false };
}

function failed(reason: string): Found {
  return { state: 'failed', reason };
}

function aborted(): Found {
  return { state: 'stopped', reason: 'aborted' };
}

function neverLeft(error: ApolloError): boolean {
  return error.cause instanceof HttpFailure && !error.cause.sent;
}

function scoped(wanted: Wanted, key: string): string {
  return `${wanted.workspace} ${key}`;
}

/** A resumed job meets its own results again: the row that asked for them still counts as the look-up. */
function ownership(result: KnownResult, wanted: Wanted): 'lookup' | 'duplicate' | 'known' {
  if (result.by.source !== wanted.source) return 'known';
  return result.by.row === wanted.row ? 'lookup' : 'duplicate';
}

function resultOf(
  found: Person | Company | null,
  { wanted: { kind, identity, reveal, source, row } }: Lookup,
  credits: number,
  at: number,
  requestId: string | undefined,
): KnownResult {
  const base = { keys: identity, at, reveal, credits, by: { source, row } };
  if (found === null) return { ...base, outcome: 'unmatched' };
  if (kind === 'company') {
    return { ...base, outcome: 'matched', company: found, keys: mergeKeys(identity, keysOfCompany(found)) };
  }
  const keys = mergeKeys(identity, keysOfPerson(found));
  const late = requestId ? { late: { requestId, state: 'pending' as const } } : {};
  return { ...base, outcome: 'matched', person: found, keys, ...late };
}
