import type { Apollo, LatePerson, LatePoll, Person } from '../apollo/index.ts';
import { ApolloError, bestFirst, parseLateResult } from '../apollo/index.ts';
import type { Collection, Ports } from '../ports.ts';
import type { UsableConnection } from '../slots/types.ts';
import { type Accounts, withCosts } from './accounts.ts';
import { splitCredits } from './budget.ts';
import type { KnownResults } from './known.ts';
import { type LateAddress, LateAddresses } from './late-address.ts';
import { type Awaited, LateBook, type LateRequest } from './late-book.ts';

type Asker = Pick<LateRequest, 'team' | 'workspace'>;

/** Who asks Apollo what became of a request. */
export interface LatePolls {
  /** Whether a key of the team that asked is connected. */
  canRun(request: Asker): Promise<boolean>;
  /** Runs one free call within the limits of that team; does nothing where no key can do it now. */
  run(
    request: Asker,
    signal: AbortSignal,
    call: (connection: UsableConnection) => Promise<{ limits: LatePoll['limits']; error?: ApolloError }>,
  ): Promise<unknown>;
}

/** What became of a pushed result. `unknown`: nobody was given such an address. */
export type LateArrival = 'taken' | 'unknown' | 'malformed';

interface Came {
  readonly people: readonly LatePerson[];
  readonly credits: number;
}

/** First poll so long after the request, ms: Apollo needs seconds to minutes. */
const FIRST_POLL_MS = 1000;
/** Where Apollo can push, it is polled only when that took too long, ms. */
const PUSH_PATIENCE_MS = 90_000;
/** A poll is repeated after this, ms, and the later the older the request is. */
const POLL_AGAIN_MS = 5000;
const POLL_AGAIN_SHARE = 0.1;
const MOST_POLL_AGAIN_MS = 15 * 60_000;
/** What another process took is seen after this, ms. */
const LOOK_AGAIN_MS = 5000;
/** Results that come within this, ms, are looked at together. */
const TOGETHER_MS = 200;
/** Polls under way at once. */
const MOST_POLLS = 8;
/** A push may come before the answer that it belongs to is stored; it waits so long, ms. */
const EARLY_KEPT_MS = 86_400_000;

/** The late part of phone and waterfall requests: remembered, taken or polled for, and added to the results. */
export class LateRequests {
  readonly #book: LateBook;
  readonly #early: Collection<Came>;
  /** By request; monotonic ms, so that a clock that is set neither delays nor hastens a poll. */
  readonly #nextPoll = new Map<string, number>();
  readonly #addresses: LateAddresses;
  readonly #ports: Ports;
  readonly #apollo: Apollo;
  readonly #known: KnownResults;
  readonly #accounts: Accounts;
  readonly #telling = new Set<Promise<void>>();
  #arrived = new AbortController();
  #listener: ((source: string) => Promise<void>) | undefined;

  /** `publicUrl`: where Apollo reaches this program; without it late results are polled for. */
  constructor(
    ports: Ports,
    apollo: Apollo,
    known: KnownResults,
    accounts: Accounts,
    publicUrl: string | undefined,
  ) {
    this.#ports = ports;
    this.#apollo = apollo;
    this.#known = known;
    this.#accounts = accounts;
    this.#addresses = new LateAddresses(ports, publicUrl);
    this.#book = new LateBook(ports);
    this.#early = ports.store.collection<Came>('late-early');
  }

  /** Hears of every source for which something came. */
  onNews(listener: (source: string) => Promise<void>): void {
    this.#listener = listener;
  }

  nextAddress(): Promise<LateAddress> {
    return this.#addresses.next();
  }

  /** Remembers that a late part will come; {@link expected} has to follow when that is durable. */
  async expect(request: LateRequest): Promise<void> {
    await this.#book.add(request);
  }

  /** Takes what came before the request was remembered. */
  async expected(address: string): Promise<void> {
    const early = await this.#early.get(address);
    const requestId = early && (await this.#book.forAddress(address));
    if (!early || requestId === undefined) return;
    await this.#complete(requestId, early);
    await this.#early.delete(address);
  }

  /** Apollo looks for these people already, for an earlier request of the team: what that brings is theirs too. */
  async join(
    team: string,
    workspace: string,
    people: readonly Pick<Awaited, 'id' | 'key' | 'source'>[],
  ): Promise<void> {
    await this.#book.join(team, workspace, people);
  }

  /** Nothing that comes late is anybody's of this workspace any more. */
  async forgetAll(workspace: string): Promise<void> {
    for (const requestId of await this.#book.forgetAll(workspace)) this.#nextPoll.delete(requestId);
  }

  /** Requests in which this source has somebody. */
  pending(source: string): Promise<LateRequest[]> {
    return this.#book.filter(({ people }) => people.some((person) => person.source === source));
  }

  /** Sources for which something came that has not been counted. */
  news(): Promise<string[]> {
    return this.#book.news();
  }

  /** What came for the source is counted from here on; {@link uncounted} takes that back. */
  async counted(source: string): Promise<void> {
    await this.#book.removeNews(source);
  }

  async uncounted(source: string): Promise<void> {
    await this.#book.addNews(source);
  }

  /**
   * Sees to it that what late parts may still cost is set aside, also where a former process asked for them:
   * for the source, or for all of them.
   */
  async holdAgain(source?: string): Promise<void> {
    const held = new Map<string, { workspace: string; credits: number; bySlot: Map<number, number> }>();
    for (const { people, slot, workspace } of await this.#book.filter(() => true)) {
      for (const person of people) {
        if (source !== undefined && person.source !== source) continue;
        const { credits = 0, bySlot = new Map<number, number>() } = held.get(person.source) ?? {};
        bySlot.set(slot, (bySlot.get(slot) ?? 0) + person.held);
        held.set(person.source, { workspace, credits: credits + person.held, bySlot });
      }
    }
    for (const [payer, { workspace, credits, bySlot }] of held) {
      (await this.#accounts.purse(workspace, payer)).holdAgain(credits);
      for (const [slot, ofSlot] of bySlot) {
        (await this.#accounts.slotPurse(workspace, slot)).holdAgain(payer, ofSlot);
      }
    }
  }

  /** Credits that are set aside for what may still come for the source. */
  async heldFor(source: string): Promise<number> {
    let held = 0;
    for (const { people } of await this.pending(source)) {
      for (const person of people) if (person.source === source) held += person.held;
    }
    return held;
  }

  /**
   * Takes what Apollo posted to one of our addresses (`ticket`: what stands after its path). May come twice,
   * in any order, before the request is remembered and after its job has ended.
   */
  async push(ticket: string, read: () => Promise<string>): Promise<LateArrival> {
    const address = await this.#addresses.idOf(ticket);
    if (address === undefined) return 'unknown';
    const result = parseLateResult(await read());
    if (!result) return 'malformed';
    const came: Came = { people: result.people, credits: result.credits ?? 0 };
    // Written before it is looked for, and the other way round by `expect`: so one of the two sees both.
    await this.#early.set(address, came, { ttlMs: EARLY_KEPT_MS });
    await this.expected(address);
    return 'taken';
  }

  /**
   * Waits until everything of this source has come or can no longer come, until nobody is left who could ask
   * for it, until `waitMs` are over, or until the signal aborts; polls for what is due. Gives how many requests are still open.
   */
  async collect(source: string, waitMs: number, signal: AbortSignal, polls: LatePolls): Promise<number> {
    const { clock } = this.#ports;
    const until = clock.monotonic() + waitMs;
    for (;;) {
      const arrived = this.#arrived.signal;
      const pending = await this.pending(source);
      const now = clock.monotonic();
      if (pending.length === 0 || signal.aborted || now >= until) return pending.length;
      if (await this.#areOutOfReach(pending, polls)) return pending.length;
      const polled = await this.#pollDue(pending, signal, polls);
      if (polled > 0) continue;
      const next = Math.min(until, ...pending.map((request) => this.#due(request)));
      const wait = Math.max(1, Math.min(next - clock.monotonic(), LOOK_AGAIN_MS));
      await clock.sleep(wait, AbortSignal.any([signal, arrived]));
      // More comes right after: looking again for each of them would cost more than they do.
      if (arrived.aborted) await clock.sleep(TOGETHER_MS, signal);
    }
  }

  /** Polls once for whatever is due, whoever asked for it. Gives how many polls were made. */
  async poll(signal: AbortSignal, polls: LatePolls): Promise<number> {
    return await this.#pollDue(await this.#book.filter(() => true), signal, polls);
  }

  async #pollDue(pending: readonly LateRequest[], signal: AbortSignal, polls: LatePolls): Promise<number> {
    const now = this.#ports.clock.monotonic();
    const due = pending.filter((request) => this.#due(request) <= now).slice(0, MOST_POLLS);
    await Promise.all(due.map((request) => this.#poll(request, signal, polls)));
    return due.length;
  }

  /** Monotonic ms. */
  #due(request: LateRequest): number {
    const { requestId, askedAt } = request;
    const known = this.#nextPoll.get(requestId);
    if (known !== undefined) return known;
    const { clock } = this.#ports;
    const first = this.#canBePushed(request) ? PUSH_PATIENCE_MS : FIRST_POLL_MS;
    const due = clock.monotonic() + Math.min(first, Math.max(0, askedAt + first - clock.now()));
    this.#nextPoll.set(requestId, due);
    return due;
  }

  async #poll(request: LateRequest, signal: AbortSignal, polls: LatePolls): Promise<void> {
    const { clock } = this.#ports;
    const { requestId } = request;
    const rest = Math.max(POLL_AGAIN_MS, (clock.now() - request.askedAt) * POLL_AGAIN_SHARE);
    this.#nextPoll.set(requestId, clock.monotonic() + Math.min(rest, MOST_POLL_AGAIN_MS));
    await polls.run(request, signal, async (connection) => {
      try {
        const poll = await this.#apollo.lateResult(requestId, { key: connection.key() });
        if (poll.state === 'pending') this.#nextPoll.set(requestId, clock.monotonic() + poll.retryAfterMs);
        else if (poll.state === 'gone') await this.#complete(requestId, { people: [], credits: 0 });
        else {
          const { people, credits = 0 } = poll.result;
          await this.#complete(requestId, { people, credits });
        }
        return { limits: poll.limits };
      } catch (error) {
        if (error instanceof ApolloError) return { limits: error.limits, error };
        throw error;
      }
    });
  }

  /** Whether nobody can learn what became of these: no key of their teams is left, and Apollo cannot push. */
  async #areOutOfReach(requests: readonly LateRequest[], polls: LatePolls): Promise<boolean> {
    if (requests.some((request) => this.#canBePushed(request))) return false;
    const askers = new Map(requests.map((asker) => [`${asker.workspace} ${asker.team}`, asker]));
    for (const asker of askers.values()) if (await polls.canRun(asker)) return false;
    return true;
  }

  #canBePushed({ address }: LateRequest): boolean {
    return this.#addresses.arePublic && address !== undefined;
  }

  /** Adds what came to the results and settles what it cost, all or nothing, once. */
  async #complete(requestId: string, { people: came, credits }: Came): Promise<void> {
    const sources = new Set<string>();
    await this.#book.exclusively(requestId, async (request) => {
      const { workspace, people, slot, team } = request;
      const byId = new Map(came.map((person) => [person.id, person]));
      const own = people.filter(({ joined }) => !joined);
      const found = own.filter(({ id }) => byId.has(id));
      const payers = found.length > 0 ? found : own;
      const shares = splitCredits(credits, payers.length);
      const others = (await this.#book.withAny(team, [...people, ...came])).filter(
        (other) => other.requestId !== requestId,
      );
      await withCosts(this.#ports.store, this.#accounts, async ({ add, spend }) => {
        // Numbers name no request: they are those of the person, for whoever awaits them.
        const awaited = [request, ...others].flatMap((each) =>
          each.people.flatMap((person) => {
            const late = byId.get(person.id);
            if (!late && each !== request) return [];
            return [{ person, late, workspace: person.workspace ?? each.workspace }];
          }),
        );
        for (const { person, late, workspace: of } of awaited) {
          sources.add(person.source);
          const share = shares[payers.indexOf(person)] ?? 0;
          await this.#add(of, person.key, requestId, late, share);
        }
        for (const source of sources) await this.#book.addNews(source);
        // Once for each source: what is being written is not read again.
        for (const source of new Set(payers.map((payer) => payer.source))) {
          const own = payers.reduce(
            (sum, payer, index) => sum + (payer.source === source ? (shares[index] ?? 0) : 0),
            0,
          );
          await add(source, { credits: own });
        }
        await spend(workspace, slot, { credits, inDoubtCredits: 0 });
        for (const { source, held } of own) {
          await (await this.#accounts.purse(workspace, source, slot)).unhold(held);
        }
        await this.#book.close(request, others);
        await this.#book.passOn(
          people.filter(({ id }) => !byId.has(id)),
          workspace,
          others,
        );
      });
      this.#nextPoll.delete(requestId);
      if (credits > 0) this.#ports.meter?.spent(credits);
      for (const { source, held } of own) {
        (await this.#accounts.purse(workspace, source, slot)).unheld(held);
      }
    });
    this.#arrived.abort();
    this.#arrived = new AbortController();
    for (const source of sources) this.#tell(source);
  }

  /** Not waited for: whoever posted a result is answered as soon as it is stored. */
  #tell(source: string): void {
    const told = this.#listener?.(source).catch((error) => {
      this.#ports.log.error('What came late could not be counted; it is tried again', {
        error,
      });
    });
    if (!told) return;
    this.#telling.add(told);
    void told.finally(() => this.#telling.delete(told));
  }

  /** Resolves when whoever listens is through with everything that came so far. */
  async settled(): Promise<void> {
    await Promise.all(this.#telling);
  }

  /** Completes one known result. */
  async #add(
    workspace: string,
    key: string,
    requestId: string,
    late: LatePerson | undefined,
    credits: number,
  ): Promise<void> {
    const [result] = await this.#known.getMany(workspace, [key]);
    // Forgotten, or expired, in the meantime.
    if (!result?.person || (!late && result.late?.state === 'ready')) return;
    const state = late ? ('ready' as const) : ('gone' as const);
    const person = late ? withLate(result.person, late) : result.person;
    await this.#known.remember(workspace, [{ ...result, person, late: { requestId, state, credits } }]);
  }
}

function withLate(person: Person, { phones, companyPhone, emails }: LatePerson): Person {
  const [email] = emails;
  // What came late says more about a number than the first answer did.
  const known = (person.phones ?? []).filter(
    ({ number }) => !phones.some((phone) => phone.number === number),
  );
  return {
    ...person,
    phones: bestFirst([...phones, ...known]),
    ...(companyPhone !== undefined && !person.companyPhone && { companyPhone }),
    // A vendor's find is not Apollo's verification.
    ...(!person.email && email && { email, emailStatus: 'unverified' }),
  };
}
