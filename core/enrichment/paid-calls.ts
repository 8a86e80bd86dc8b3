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
  RequestRefused,
  type Reveal,
} from '../apollo/index.ts';
import type { Identity } from '../leads/index.ts';
import { alike } from '../leads/same-name.ts';
import type { Call, Called, NoCapacity } from '../limits/index.ts';
import type { Ports } from '../ports.ts';
import { retryWhileRefused } from '../refused-writes.ts';
import type { Accounts } from './accounts.ts';
import { type Aligned, align, FIT, type Fit } from './align.ts';
import { bearsNameOf, compareCompany, comparePerson, resembles, sharesKey } from './compare.ts';
import { roundCredits, splitCredits } from './credits.ts';
import type { Journal } from './journal.ts';
import { type KnownResult, type KnownResults, type Review, withEarlier } from './known.ts';
import type { LateRequests } from './late.ts';
import type { LateAddress } from './late-address.ts';
import type { Awaited } from './late-requests-repository.ts';
import { aborted, type Found, giveBack, type Lookup, type Wanted } from './lookup.ts';
import type { LostAnswersRepository } from './lost-answers.ts';
import { comesLate, prepaidLate } from './options.ts';
import { keysOfCompany, keysOfPerson, mergeKeys } from './subject.ts';

/** Apollo in trouble: so many calls for one lead before it is given up, with a rest between (see limiters). */
const MOST_ATTEMPTS = 6;
/**
 * So long a lead is tried, ms, where something on the way (Cloudflare, a proxy) answers in Apollo's place or Apollo
 * cannot be reached: that ends by itself.
 */
const PATIENCE_MS = 60_000;
/**
 * Answers that were lost or are nobody's, for one lead of a job, before it is given up: each may have been charged. One
 * more where something on the way lost the last of them, since that passes: by then it is over.
 */
const MOST_LOST = 2;
const MOST_LOST_ON_THE_WAY = 3;
/**
 * The rest, ms, before a lead is asked for again whose answer was lost on the way, for the first time and from then on.
 * Together longer than what lasts some seconds, and no longer than somebody who waits for one lead bears.
 */
const FIRST_LOST_REST_MS = 2_000;
const LOST_REST_MS = 12_000;

/**
 * So long an answer is kept that the store does not take, ms: by a process that lives long, and by a command, whose person
 * is told instead.
 */
const KEPT_LONG_MS = 3_600_000;
const KEPT_MS = 1_000;

export interface PaidCallsOptions {
  readonly ports: Ports;
  readonly apollo: Apollo;
  readonly known: KnownResults;
  readonly accounts: Accounts;
  readonly journal: Journal;
  readonly late: LateRequests;
  readonly lostAnswers: LostAnswersRepository;
}

/**
 * Makes the calls that cost credits: each is in the journal before it leaves, and its answer is stored, with
 * what it cost, before anybody hears of it.
 */
export class PaidCalls {
  readonly #options: PaidCallsOptions;
  /** The longest wait of each source somebody waits for, ms. */
  readonly #waits = new Map<string, number>();
  /** When Apollo last answered anybody, monotonic ms. */
  #answeredAt = Number.NEGATIVE_INFINITY;
  readonly #closing = new AbortController();
  #keptMs = KEPT_MS;
  /** What each answer that is kept waits for. */
  readonly #kept = new Set<{ readonly for: 'disk' | 'redis' }>();

  constructor(options: PaidCallsOptions) {
    this.#options = options;
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

  /** Work that no key can do now. */
  readonly noCapacity = (lookups: readonly Lookup[], reason: NoCapacity, until: number | undefined): void => {
    const found: Found =
      reason === 'no-mobile' ? { state: 'no-mobile', until } : { state: 'stopped', reason };
    for (const lookup of lookups) giveBack(lookup, found);
  };

  /** Makes one Apollo call for the pool, with as much of the batch as the slot may pay for. Never throws. */
  readonly call = async (call: Call<Lookup>): Promise<Called<Lookup>> => {
    const { accounts, ports } = this.#options;
    const { connection, batch } = call;
    // All of a batch want the same, so they cost the same at most.
    const each = batch[0]?.reserved ?? 0;
    try {
      const slotSpending = await accounts.slotSpending(connection.workspace, connection.slot);
      const { times, never } = await slotSpending.reserve(each, batch.length);
      const over = this.#stillWanted(times < batch.length ? [batch.slice(times)] : []);
      if (times === 0) {
        return { again: over, atLimit: never ? 'for-good' : 'for-now' };
      }
      const paid = batch.slice(0, times);
      const called = await this.#callPaid({ ...call, batch: paid });
      slotSpending.release(times * each);
      return { ...called, again: [...called.again, ...over] };
    } catch (error) {
      ports.log.error("A slot's monthly limit could not be read", { error });
      for (const lookup of batch) giveBack(lookup, Promise.reject(error));
      return { again: [] };
    }
  };

  async #callPaid(call: Call<Lookup>): Promise<Called<Lookup>> {
    const { clock, log } = this.#options.ports;
    const id = randomUUID();
    const { endpoint, connection, batch } = call;
    const { workspace, slot } = connection;
    const { journal } = this.#options;
    this.#countWaits(batch, clock.monotonic());
    try {
      const costs = bySource(batch, (lookup) => lookup.reserved);
      await journal.begin(id, { endpoint, at: clock.now(), workspace, slot, costs });
      const claimed = await this.#claimed(batch);
      if (claimed.length < batch.length) return { again: await this.#takenBack(id, call, claimed) };
      const address = comesLate(revealOf(batch)) ? await this.#options.late.nextAddress() : undefined;
      try {
        const answer = await this.#ask(call, address);
        call.answered({ limits: answer.limits, sent: true });
        this.#answeredAt = clock.monotonic();
        const again = await this.#answered(id, call, answer, address);
        return { again: this.#stillWanted(again) };
      } catch (error) {
        if (!(error instanceof ApolloError)) throw error;
        call.answered({ limits: error.limits, sent: error.reached, error });
        const { again, stop, restMs } = await this.#refused(id, call, error);
        const drop = (lookups: readonly Lookup[]) => {
          for (const lookup of lookups) giveBack(lookup, stopped(stop ?? 'apollo-trouble', error));
        };
        return { again: this.#stillWanted(again), ...(restMs && { restMs }), ...(stop && { drop }) };
      }
    } catch (error) {
      // The store failed: what Apollo answered could not be kept, so nothing is reported as found. Whoever
      // asked stops, and asks again when the store is well; the call is in doubt then.
      log.error('A look-up could not be recorded', { error });
      for (const lookup of call.batch) giveBack(lookup, Promise.reject(error));
      call.answered({ limits: {}, sent: true });
      return { again: [] };
    } finally {
      journal.leave(id);
    }
  }

  /**
   * Those that no other process asks for. Where this one stood still while they waited, others have counted it as dead and
   * ask for them, or have been answered. To be looked at once the call is in the journal: whoever counts this process as
   * dead from then on counts the call as in doubt.
   */
  async #claimed(batch: readonly Lookup[]): Promise<readonly Lookup[]> {
    const { claims, isAlone } = this.#options.ports.shared;
    if (isAlone) return batch;
    const held = await claims.areHeld(batch.map((lookup) => lookup.claims));
    return batch.filter((_, index) => held[index]);
  }

  /** The call does not leave: those who are claimed wait for another, and the others are found anew. */
  async #takenBack(id: string, call: Call<Lookup>, claimed: readonly Lookup[]): Promise<Lookup[][]> {
    await this.#record(id, call, { isSent: false });
    for (const lookup of call.batch) {
      if (claimed.includes(lookup)) continue;
      giveBack(lookup, lookup.wanted.signal.aborted ? aborted() : lookup.beginAnew());
    }
    return this.#stillWanted([claimed]);
  }

  #countWaits(batch: readonly Lookup[], now: number): void {
    for (const { urgent, source, queuedAt } of batch) {
      if (urgent) this.#waits.set(source, Math.max(now - queuedAt, this.#waits.get(source) ?? 0));
    }
  }

  #ask(
    { connection, endpoint, batch, watch }: Call<Lookup>,
    address: LateAddress | undefined,
  ): Promise<PeopleAnswer | CompaniesAnswer> {
    const { apollo } = this.#options;
    const leads = batch.map(({ wanted: { apolloId, lead } }) =>
      apolloId === undefined ? lead : { apolloId },
    );
    const [lead = {}] = leads;
    const reveal = revealOf(batch);
    const key = connection.key();
    const people = { key, watch, reveal, ...(address && { webhookUrl: address.url }) };
    if (endpoint === 'people/match') return apollo.matchPerson(lead, people);
    if (endpoint === 'people/bulk_match') return apollo.matchPeople(leads, people);
    if (endpoint === 'organizations/enrich') return apollo.enrichCompany(lead, { key, watch });
    return apollo.enrichCompanies(leads, { key, watch });
  }

  /** Stores an answer, then tells those who wait for it. Gives what has to be asked for singly. */
  async #answered(
    id: string,
    call: Call<Lookup>,
    answer: PeopleAnswer | CompaniesAnswer,
    address: LateAddress | undefined,
  ): Promise<Lookup[][]> {
    const { batch, connection } = call;
    const aligned: readonly Aligned<Person | Company>[] =
      'people' in answer
        ? align(
            batch.length,
            answer.people,
            (lead, person) => fitOfPerson(batch[lead], person),
            (lead, person) => mostFitOfPerson(batch[lead], person),
          )
        : align(batch.length, answer.companies, (lead, company) => fitOfCompany(batch[lead], company));
    const requestId = 'requestId' in answer ? answer.requestId : undefined;
    const matched = aligned.filter((each) => 'found' in each && each.found !== null).length;
    const at = this.#options.ports.clock.now();
    const done: { lookup: Lookup; found: Found; held: number; prepaid?: number }[] = [];
    const again: Lookup[][] = [];
    const costs = new Map<Lookup, number>();
    const workspace = connection.workspace;
    const before = await this.#knownBefore(workspace, batch, aligned);
    // Charged for those found; where none was given out, all share it.
    const shares = splitCredits(answer.credits, matched === 0 ? batch.length : matched);
    for (const [index, lookup] of batch.entries()) {
      const each = aligned[index];
      const found = each && 'found' in each ? each.found : undefined;
      const cost = matched === 0 || found ? (shares.pop() ?? 0) : 0;
      costs.set(lookup, cost);
      if (found === undefined) {
        lookup.lost += 1;
        if (lookup.lost < MOST_LOST) again.push([lookup]);
        else done.push({ lookup, found: failed(UNCLEAR), held: 0 });
        continue;
      }
      const result = resultOf(found, lookup, { credits: cost, at, requestId }, before.get(lookup));
      const isLate = requestId !== undefined && result.late?.requestId === requestId;
      const held = isLate ? Math.max(0, lookup.reserved - cost) : 0;
      const prepaid = isLate ? prepaidLate(cost) : 0;
      done.push({ lookup, found: { state: 'answered', result, how: 'lookup' }, held, prepaid });
    }
    const results = done.flatMap(({ found }) => (found.state === 'answered' ? [found.result] : []));
    const { late } = this.#options;
    const outdated = done.flatMap(({ lookup, found }) =>
      found.state === 'answered' &&
      found.result.askedAs !== undefined &&
      !found.result.keys.includes(lookup.wanted.identity[0])
        ? [lookup.wanted.identity[0]]
        : [],
    );
    const people = done.flatMap(({ lookup, found, held, prepaid }): Awaited[] => {
      if (found.state !== 'answered' || !found.result.person) return [];
      const { person, keys } = found.result;
      return [{ id: person.id, key: keys[0], source: lookup.source, held, ...(prepaid && { prepaid }) }];
    });
    const { team, slot } = connection;
    const charged = { credits: bySource(batch, (lookup) => costs.get(lookup) ?? 0) };
    const heldOf = new Map(done.map(({ lookup, held }) => [lookup, held]));
    const heldBy = bySource(batch, (lookup) => heldOf.get(lookup) ?? 0);
    await this.#record(id, call, charged, async () => {
      await this.#options.known.remember(workspace, results);
      await this.#options.known.drop(workspace, outdated);
      await this.#countLost(batch, done);
      if (!requestId) return;
      for (const [source, held] of Object.entries(heldBy)) {
        await this.#options.accounts.spending({ workspace, source, slot, at }).hold(held);
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
    else if (!requestId && people.length > 0 && comesLate(revealOf(batch)))
      await late.join(team, workspace, people);
    for (const { lookup, found } of done) giveBack(lookup, found);
    return await this.#renewed(again);
  }

  /** What an answer must not overwrite, and what somebody decided about the same question. */
  async #knownBefore(
    workspace: string,
    batch: readonly Lookup[],
    aligned: readonly Aligned<Person | Company>[],
  ): Promise<Map<Lookup, Before>> {
    const { known } = this.#options;
    const contradicted = batch.flatMap((lookup, index) => {
      const each = aligned[index];
      const found = each && 'found' in each ? each.found : undefined;
      return found && isContradicted(lookup, found) ? [{ lookup, keys: keysOf(lookup, found) }] : [];
    });
    const before = new Map<Lookup, Before>();
    const again = batch.filter(({ wasKnown }) => wasKnown);
    if (again.length > 0) {
      const results = await known.find(
        workspace,
        again.map(({ wanted }) => wanted),
      );
      for (const [index, lookup] of again.entries()) before.set(lookup, { earlier: results[index] });
    }
    if (contradicted.length > 0) {
      const results = await known.find(
        workspace,
        contradicted.map(({ keys }) => ({ identity: keys, lead: {} })),
      );
      const reviews = await known.reviews(
        workspace,
        contradicted.map(({ lookup }) => lookup.wanted.identity[0]),
      );
      for (const [index, { lookup }] of contradicted.entries()) {
        before.set(lookup, { earlier: results[index], review: reviews[index] });
      }
    }
    return before;
  }

  /** Sets credits aside for whatever is to be asked again; what there is no room for is stopped. */
  async #renewed(batches: readonly Lookup[][]): Promise<Lookup[][]> {
    const renewed: Lookup[][] = [];
    for (const batch of batches) {
      const still: Lookup[] = [];
      for (const lookup of batch) {
        await lookup.spending.giveBack(lookup.reserved);
        lookup.isGivenBack = true;
        if (await lookup.spending.tryReserve(lookup.reserved)) {
          lookup.isGivenBack = false;
          still.push(lookup);
        } else giveBack(lookup, { state: 'stopped', reason: 'budget' });
      }
      if (still.length > 0) renewed.push(still);
    }
    return renewed;
  }

  /** No usable answer. */
  async #refused(id: string, call: Call<Lookup>, error: ApolloError): Promise<Refused> {
    const { batch } = call;
    if (error.inDoubt) return await this.#lost(id, call, error);
    await this.#record(id, call, { error });
    if (error instanceof BadLead) {
      if (batch.length > 1) {
        const middle = Math.ceil(batch.length / 2);
        return { again: [batch.slice(0, middle), batch.slice(middle)] };
      }
      for (const lookup of batch) giveBack(lookup, failed(error.message));
      return { again: [] };
    }
    if (error instanceof RequestRefused) {
      for (const lookup of batch) giveBack(lookup, stopped('request-refused', error));
      return { again: [], stop: 'request-refused' };
    }
    if (!(error instanceof ApolloInTrouble)) return { again: [[...batch]] };
    const still: Lookup[] = [];
    let stop: Problem | undefined;
    for (const lookup of batch) {
      lookup.attempts += 1;
      const end = this.#endOf(lookup, error);
      if (end) giveBack(lookup, end);
      else still.push(lookup);
      if (end?.state === 'stopped') stop = 'apollo-trouble';
    }
    return { again: still.length > 0 ? [still] : [], ...(stop && { stop }) };
  }

  /** The answer was lost, perhaps after it was charged: a few times only a lead is asked for again. */
  async #lost(id: string, call: Call<Lookup>, error: ApolloError): Promise<Refused> {
    const { batch } = call;
    const now = this.#options.ports.clock.monotonic();
    const most = error.passing ? MOST_LOST_ON_THE_WAY : MOST_LOST;
    const ended: { lookup: Lookup; found: Found }[] = [];
    const still: Lookup[] = [];
    let stop: Problem | undefined;
    let restMs = 0;
    for (const lookup of batch) {
      lookup.lost += 1;
      if (error.passing) {
        lookup.troubledSince ??= now;
        restMs = Math.max(restMs, lookup.lost === 1 ? FIRST_LOST_REST_MS : LOST_REST_MS);
      }
      if (lookup.lost < most) {
        still.push(lookup);
        continue;
      }
      ended.push({ lookup, found: failed(error.message) });
      // Nobody was answered since: whoever is asked for next would be paid for in vain too.
      if (error.passing && this.#answeredAt < (lookup.troubledSince ?? now)) stop = 'apollo-trouble';
    }
    const inDoubt = bySource(batch, (lookup) => lookup.reserved);
    await this.#record(id, call, { inDoubt, error }, () => this.#countLost(batch, ended));
    for (const { lookup, found } of ended) giveBack(lookup, found);
    return { again: await this.#renewed([still]), restMs, ...(stop && { stop }) };
  }

  /** Keeps how often answers about these leads of jobs were lost; what was answered begins anew. */
  async #countLost(
    batch: readonly Lookup[],
    ended: readonly { readonly lookup: Lookup; readonly found: Found }[],
  ): Promise<void> {
    const { lostAnswers } = this.#options;
    const ends = new Map(ended.map(({ lookup, found }) => [lookup, found]));
    const lost = batch.filter((lookup) => lookup.lost > 0 && !lookup.urgent);
    const answered = lost.filter((lookup) => ends.get(lookup)?.state === 'answered');
    await lostAnswers.drop(answered.map(({ wanted }) => wanted));
    await lostAnswers.set(
      lost.flatMap((lookup) => {
        const end = ends.get(lookup);
        if (end?.state === 'answered') return [];
        const givenUp = end?.state === 'failed' && { givenUp: end.reason };
        return [[lookup.wanted, { times: lookup.lost, ...givenUp }] as const];
      }),
    );
  }

  /** What becomes of a look-up after trouble; `undefined`: it is tried again. */
  #endOf(lookup: Lookup, error: ApolloError): Found | undefined {
    if (!error.passing) return lookup.attempts < MOST_ATTEMPTS ? undefined : failed(error.message);
    const now = this.#options.ports.clock.monotonic();
    lookup.troubledSince ??= now;
    if (lookup.attempts < MOST_ATTEMPTS || now - lookup.troubledSince < PATIENCE_MS) return undefined;
    // Where others are answered, it is the lead that nobody lets through.
    return this.#answeredAt > lookup.troubledSince ? failed(error.message) : stopped('apollo-trouble', error);
  }

  /** Writes an answer (or that there is none), its cost and the end of the call, all or nothing. */
  async #record(
    id: string,
    { batch, connection }: Call<Lookup>,
    {
      credits = {},
      inDoubt = {},
      error,
      isSent = error?.reached !== false,
    }: {
      readonly credits?: BySource;
      /** The most that a lost answer may have cost. */
      readonly inDoubt?: BySource;
      readonly error?: ApolloError;
      /** Whether Apollo can have seen it. */
      readonly isSent?: boolean;
    },
    more?: () => Promise<void>,
  ): Promise<void> {
    const { accounts, journal, ports } = this.#options;
    const calls = isSent ? 1 : 0;
    const rateLimited = error instanceof RateLimited ? 1 : 0;
    const inDoubtCalls = error?.inDoubt ? 1 : 0;
    const total = { credits: 0, inDoubtCredits: 0 };
    await this.#written(async () => {
      total.credits = 0;
      total.inDoubtCredits = 0;
      const sources = new Set(batch.map((lookup) => lookup.source));
      // Requests that somebody waits for can be parts of one: added up, each call counts once.
      const counting = batch[0]?.urgent ? [batch[0].source] : [...sources];
      // Another process took this one, which stood still, for dead: it has counted the call as in doubt.
      const wasCounted = !(await journal.has(id));
      const counted = wasCounted ? bySource(batch, (lookup) => lookup.reserved) : {};
      for (const source of sources) {
        const cost = {
          credits: credits[source] ?? 0,
          inDoubtCredits: (inDoubt[source] ?? 0) - (counted[source] ?? 0),
        };
        if (wasCounted) await accounts.add(source, { calls: -1, inDoubtCalls: -1 });
        total.credits += cost.credits;
        total.inDoubtCredits += cost.inDoubtCredits;
        await accounts.add(source, {
          ...cost,
          ...(counting.includes(source) && { calls, inDoubtCalls, rateLimited }),
        });
      }
      await accounts.spend(connection.workspace, connection.slot, { ...total, bySource: credits });
      await more?.();
      await journal.end(id);
    });
    if (total.credits > 0) ports.meter?.spent(total.credits);
  }

  /**
   * Writes all of it or nothing. Where the store takes nothing, because the disk is full or Redis refuses, that ends by
   * itself: what was paid for is kept until then, since what is thrown away is paid for twice.
   */
  async #written(work: () => Promise<void>): Promise<void> {
    const { clock, log, store } = this.#options.ports;
    const until = clock.monotonic() + this.#keptMs;
    let kept: { readonly for: 'disk' | 'redis' } | undefined;
    try {
      await retryWhileRefused(clock, () => store.atomically(work), {
        onRefused: (error, by) => {
          log.error("The store takes nothing; Apollo's answer is kept until it does", { error });
          kept = { for: by };
          this.#kept.add(kept);
        },
        mayWait: () => !this.#closing.signal.aborted && clock.monotonic() < until,
        signal: this.#closing.signal,
      });
    } finally {
      if (kept) this.#kept.delete(kept);
    }
  }

  /** What takes no writes now, so that answers wait for it; none: nothing waits. */
  get unwritable(): 'disk' | 'redis' | undefined {
    const [kept] = this.#kept;
    return kept?.for;
  }

  /** The process lives long: it can wait for a disk to have room again. */
  stay(): void {
    this.#keptMs = KEPT_LONG_MS;
  }

  /** The process ends: an answer that the store does not take now is counted as in doubt. */
  close(): void {
    this.#closing.abort();
  }

  /** Nothing is repeated for a job that was paused or cancelled in the meantime. */
  #stillWanted(batches: readonly (readonly Lookup[])[]): Lookup[][] {
    const wanted: Lookup[][] = [];
    for (const batch of batches) {
      const still = batch.filter(({ wanted: { signal } }) => !signal.aborted);
      if (still.length > 0) wanted.push(still);
      for (const lookup of batch) if (!still.includes(lookup)) giveBack(lookup, aborted());
    }
    return wanted;
  }
}

const UNCLEAR =
  "Apollo's answers did not line up with the leads, so nobody can say whose they are. They may have cost credits; check the usage in Apollo before asking again.";

/** Why nothing of a kind can be asked for now, whoever it is about. */
type Problem = 'request-refused' | 'apollo-trouble';

/** What has to be asked for again, after how long a rest, and why no more of its kind can be asked now. */
interface Refused {
  readonly again: Lookup[][];
  readonly restMs?: number;
  readonly stop?: Problem;
}

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

function stopped(reason: Problem, { message }: ApolloError): Found {
  return { state: 'stopped', reason, problem: message };
}

/** What is known of the person in an answer, and what was decided about the question. */
interface Before {
  readonly earlier?: KnownResult | undefined;
  readonly review?: Review | undefined;
}

function resultOf(
  found: Person | Company | null,
  lookup: Lookup,
  { credits, at, requestId }: { credits: number; at: number; requestId: string | undefined },
  { earlier, review }: Before = {},
): KnownResult {
  const { wanted } = lookup;
  const { kind, identity, reveal, source, row } = wanted;
  const base = { at, reveal, credits, by: { source, row } };
  if (found === null) return { ...base, keys: identity, outcome: 'unmatched' };
  const what = kind === 'company' ? { company: found as Company } : { person: found as Person };
  const late = requestId && kind === 'person' ? { late: { requestId, state: 'pending' as const } } : {};
  const own = keysOf(lookup, found);
  if (!isContradicted(lookup, found)) {
    const keys =
      kind === 'company' ? mergeKeys(identity, own) : mergeKeys(ownKeys(wanted, found as Person, own), own);
    return withEarlier({ ...base, outcome: 'matched', ...what, keys, ...late }, earlier);
  }
  const decision = review?.id === found.id ? review.decision : undefined;
  // Nobody is offered again whom somebody turned down.
  if (decision?.verdict === 'reject') return { ...base, keys: identity, outcome: 'unmatched' };
  const keys = earlier?.person?.id === found.id ? mergeKeys(earlier.keys, own) : own;
  if (decision?.verdict === 'accept') {
    const accepted = { by: decision.by, at: decision.at, keys: identity };
    return withEarlier(
      { ...base, outcome: 'matched', ...what, keys: mergeKeys(identity, own), accepted, ...late },
      earlier,
    );
  }
  return withEarlier({ ...base, outcome: 'review', ...what, keys, askedAs: identity[0], ...late }, earlier);
}

function keysOf({ wanted: { kind, identity } }: Lookup, found: Person | Company): Identity {
  const [first, ...more] = kind === 'company' ? keysOfCompany(found) : keysOfPerson(found as Person);
  const id = `id:${found.id}`;
  return first === undefined ? [kind === 'company' ? identity[0] : id] : [first, ...more];
}

/** Of the lead's keys those that the answer bears; its first one, which asked, in any case. */
function ownKeys({ identity, lead }: Wanted, person: Person, own: readonly string[]): Identity {
  const [first, ...others] = identity;
  const bears = bearsNameOf(lead, person);
  return [first, ...others.filter((key) => own.includes(key) || (bears && /^n[dc]:/.test(key)))];
}

function isContradicted({ wanted }: Lookup, found: Person | Company): boolean {
  if (wanted.apolloId !== undefined) return false;
  const match =
    wanted.kind === 'company'
      ? compareCompany(wanted.lead, found as Company)
      : comparePerson(wanted.lead, found as Person);
  return match.kind === 'conflict';
}

function fitOfPerson(lookup: Lookup | undefined, person: Person): Fit {
  if (!lookup) return FIT.none;
  const { apolloId, lead } = lookup.wanted;
  if (apolloId !== undefined) return apolloId === person.id ? FIT.sure : FIT.none;
  const { kind } = comparePerson(lead, person);
  if (kind === 'exact') return FIT.sure;
  if (kind !== 'conflict') return alike(lead, person) ? FIT.named : FIT.likely;
  return resembles(lead, person) ? FIT.resembles : FIT.none;
}

function mostFitOfPerson(lookup: Lookup | undefined, person: Person): Fit {
  if (!lookup) return FIT.none;
  const { apolloId, lead } = lookup.wanted;
  if (apolloId !== undefined || sharesKey(lead, person)) return FIT.sure;
  return alike(lead, person) ? FIT.named : FIT.likely;
}

/** By keys alone: Apollo gives a company's main name and domain, whatever it was asked by. */
function fitOfCompany(lookup: Lookup | undefined, company: Company): Fit {
  const keys = keysOfCompany(company);
  return lookup?.wanted.identity.some((key) => keys.includes(key)) ? FIT.sure : FIT.none;
}
