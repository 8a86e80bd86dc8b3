import type { Apollo, LatePerson, OnUnknownFields, Person } from '../apollo/index.ts';
import { bestFirst, parseLateResult } from '../apollo/index.ts';
import type { Collection, Ports } from '../ports.ts';
import type { Vault } from '../slots/index.ts';
import { UnderWay } from '../under-way.ts';
import type { Accounts } from './accounts.ts';
import { roundCredits, splitCredits } from './credits.ts';
import type { KnownResults } from './known.ts';
import { type LateAddress, LateAddresses } from './late-address.ts';
import { LatePolling, type LatePolls } from './late-polling.ts';
import {
  type Awaited,
  type LateRequest,
  LateRequestRepository,
  unreadable,
} from './late-requests-repository.ts';

/** What became of a pushed result. `unknown`: nobody was given such an address. */
export type LateArrival = 'taken' | 'unknown' | 'malformed';

interface Came {
  readonly people: readonly LatePerson[];
  /** What Apollo says that it charged; none where it does not say. */
  readonly credits?: number | undefined;
}

export interface LateRequestsOptions {
  readonly ports: Ports;
  readonly apollo: Apollo;
  readonly known: KnownResults;
  readonly accounts: Accounts;
  /** Where Apollo reaches this program; without it late results are polled for. */
  readonly publicUrl: string | undefined;
  /** Length of Apollo's minute window, ms. */
  readonly minuteMs: number;
  /** Seals what addresses are made with. */
  readonly vault: Vault;
  /** Hears of fields in late results that nobody knows of. */
  readonly onUnknownFields?: OnUnknownFields;
}

/** What another process took is seen after this, ms. */
const LOOK_AGAIN_MS = 5000;
/** Results that come within this, ms, are looked at together. */
const TOGETHER_MS = 200;
/** A push may come before the answer that it belongs to is stored; it waits so long, ms. */
const EARLY_KEPT_MS = 86_400_000;

/** The late part of phone and waterfall requests: remembered, taken or polled for, and added to the results. */
export class LateRequests {
  readonly #repository: LateRequestRepository;
  readonly #early: Collection<Came>;
  readonly #addresses: LateAddresses;
  readonly #polling: LatePolling;
  readonly #ports: Ports;
  readonly #known: KnownResults;
  readonly #accounts: Accounts;
  readonly #onUnknownFields: OnUnknownFields | undefined;
  readonly #telling = new UnderWay();
  #arrived = new AbortController();
  #listener: ((source: string) => Promise<void>) | undefined;

  constructor(options: LateRequestsOptions) {
    const { ports, apollo, known, accounts, publicUrl, minuteMs, vault } = options;
    this.#onUnknownFields = options.onUnknownFields;
    this.#ports = ports;
    this.#known = known;
    this.#accounts = accounts;
    this.#addresses = new LateAddresses(ports, publicUrl, vault);
    this.#repository = new LateRequestRepository(ports);
    this.#early = ports.store.collection<Came>('late-early');
    this.#polling = new LatePolling({
      ports,
      apollo,
      minuteMs,
      isPushed: (request) => this.#canBePushed(request),
      settle: (requestId, polled) => this.#complete(requestId, polled),
    });
  }

  /** Seals what addresses are made with, with the current encryption key. */
  async reseal(): Promise<void> {
    await this.#addresses.reseal();
  }

  /** Whether Apollo sends late parts by itself. */
  get arePushed(): boolean {
    return this.#addresses.arePublic;
  }

  /** Hears of every source for which something came. */
  onNews(listener: (source: string) => Promise<void>): void {
    this.#listener = listener;
  }

  /** Where Apollo is to post the late part of a request; `undefined`: nowhere, it is polled for. */
  nextAddress(): Promise<LateAddress | undefined> {
    return this.#addresses.next();
  }

  /** Remembers that a late part will come; {@link expected} has to follow when that is durable. */
  async expect(request: LateRequest): Promise<void> {
    const { workspace, people } = request;
    // Forgotten while the answer was under way.
    const isForgotten = await this.#known.areForgotten(
      workspace,
      people.map(({ id, key }) => [key, `id:${id}`]),
    );
    await this.#repository.add({
      ...request,
      people: people.map((person, index) => (isForgotten[index] ? unreadable(person) : person)),
    });
  }

  /** Takes what came before the request was remembered. */
  async expected(address: string): Promise<void> {
    const early = await this.#early.get(address);
    const requestId = early && (await this.#repository.forAddress(address));
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
    await this.#repository.join(team, workspace, people);
  }

  /** Nothing that comes late is anybody's of this workspace any more. */
  async forgetAll(workspace: string): Promise<void> {
    await this.#repository.forgetAll(workspace);
  }

  /** Makes people unreadable in what is awaited for the workspace, and in what came already. */
  async forget(workspace: string, keys: ReadonlySet<string>): Promise<void> {
    const ids = new Set(await this.#repository.forget(workspace, keys));
    for (const key of keys) if (key.startsWith('id:')) ids.add(key.slice('id:'.length));
    for await (const [address, came] of this.#early.entries()) {
      const people = came.people.filter(({ id }) => !ids.has(id));
      if (people.length < came.people.length)
        await this.#early.set(address, { ...came, people }, { ttlMs: EARLY_KEPT_MS });
    }
  }

  /** Requests in which this source has somebody. */
  pending(source: string): Promise<LateRequest[]> {
    return this.#repository.of(source);
  }

  /** Sources for which something came that has not been counted. */
  news(): Promise<string[]> {
    return this.#repository.news();
  }

  /** Whether something came for the source that has not been counted. */
  hasNews(source: string): Promise<boolean> {
    return this.#repository.hasNews(source);
  }

  /** What came for the source is counted from here on; {@link uncounted} takes that back. */
  async counted(source: string): Promise<void> {
    await this.#repository.removeNews(source);
  }

  async uncounted(source: string): Promise<void> {
    await this.#repository.addNews(source);
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
    const result = parseLateResult(await read(), this.#onUnknownFields);
    if (!result) return 'malformed';
    const { people, credits } = result;
    const came: Came = credits === undefined ? { people } : { people, credits };
    // Written before it is looked for, and the other way round by `expect`: so one of the two sees both.
    await this.#early.set(address, came, { ttlMs: EARLY_KEPT_MS });
    await this.expected(address);
    return 'taken';
  }

  /**
   * Waits until everything of this source has come or can no longer come, until nobody is left who could ask
   * for it, until nothing came for `patienceMs`, or until the signal aborts; polls for what is due. Gives how many
   * requests are still open.
   */
  async collect(source: string, patienceMs: number, signal: AbortSignal, polls: LatePolls): Promise<number> {
    const { clock } = this.#ports;
    let until = clock.monotonic() + patienceMs;
    let before = Number.POSITIVE_INFINITY;
    for (;;) {
      const arrived = this.#arrived.signal;
      const pending = await this.pending(source);
      if (pending.length < before) until = clock.monotonic() + patienceMs;
      before = pending.length;
      if (pending.length === 0 || signal.aborted || clock.monotonic() >= until) return pending.length;
      if (await this.#areOutOfReach(pending, polls)) return pending.length;
      // The oldest of a team first, whoever waits for it.
      const teams = new Set(pending.map(({ team }) => team));
      const ofTeams = (await this.#repository.open()).filter(({ team }) => teams.has(team));
      const polled = await this.#polling.pollDue(ofTeams, signal, polls);
      if (polled.polls > 0) continue;
      const next = Math.min(until, polled.nextAt);
      const wait = Math.max(1, Math.min(next - clock.monotonic(), LOOK_AGAIN_MS));
      await clock.sleep(wait, AbortSignal.any([signal, arrived]));
      // More comes right after: looking again for each of them would cost more than they do.
      if (arrived.aborted) await clock.sleep(TOGETHER_MS, signal);
    }
  }

  /** Polls for whatever is due, whoever asked for it. Gives how many polls were made. */
  async poll(signal: AbortSignal, polls: LatePolls): Promise<number> {
    const open = await this.#repository.open();
    return (await this.#polling.pollDue(open, signal, polls)).polls;
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

  /**
   * Adds what came to the results and settles what it cost, all or nothing, once. `came` is none where nothing will
   * ever come: nobody can say then that it was not charged, nor where Apollo does not say what it charged.
   */
  async #complete(requestId: string, came: Came | undefined): Promise<void> {
    const sources = new Set<string>();
    await this.#repository.exclusively(requestId, async (request) => {
      const { askedAt, workspace, people, slot, team } = request;
      const arrived = came?.people ?? [];
      const byId = new Map(arrived.map((person) => [person.id, person]));
      const own = people.filter(({ joined }) => !joined);
      const found = own.filter(({ id }) => byId.has(id));
      const payers = found.length > 0 ? found : own;
      const credits = chargedNow(came?.credits ?? 0, own);
      const shares = splitCredits(credits, payers.length);
      const isInDoubt = came?.credits === undefined;
      const others = (await this.#repository.withAny(team, [...people, ...arrived])).filter(
        (other) => other.requestId !== requestId,
      );
      await this.#ports.store.atomically(async () => {
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
        for (const source of sources) await this.#repository.addNews(source);
        let inDoubtCredits = 0;
        const bySource: Record<string, number> = {};
        for (const source of new Set(own.map((payer) => payer.source))) {
          const charged = sumOf(payers, source, (_, index) => shares[index] ?? 0);
          const held = sumOf(own, source, (payer) => payer.held);
          const doubtful = isInDoubt ? held : 0;
          inDoubtCredits += doubtful;
          bySource[source] = charged;
          await this.#accounts.add(source, {
            credits: charged,
            ...(doubtful > 0 && { inDoubtCalls: 1, inDoubtCredits: doubtful }),
          });
          await this.#accounts.spending({ workspace, source, slot, at: askedAt }).hold(-held);
        }
        await this.#accounts.spend(workspace, slot, { credits, inDoubtCredits, bySource });
        await this.#repository.close(request, others);
        await this.#repository.passOn(
          people.filter(({ id }) => !byId.has(id)),
          workspace,
          others,
        );
      });
      if (credits > 0) this.#ports.meter?.spent(credits);
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
    void this.#telling.add(told);
  }

  /** Resolves when whoever listens is through with everything that came so far. */
  async settled(): Promise<void> {
    await this.#telling.settled();
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
    if (!result?.person) return;
    const isThere = result.late?.state === 'ready' || (result.person.phones?.length ?? 0) > 0;
    // A miss takes away nothing that another request has found.
    const state = late || isThere ? ('ready' as const) : ('gone' as const);
    if (!late && result.late?.state === state) return;
    const person = late ? withLate(result.person, late) : result.person;
    await this.#known.remember(workspace, [{ ...result, person, late: { requestId, state, credits } }]);
  }
}

/**
 * What a late part cost beside what its request cost. Some accounts are charged when the request is accepted, and the
 * result may name the same credits again.
 */
function chargedNow(credits: number, people: readonly Awaited[]): number {
  return roundCredits(Math.max(0, credits - people.reduce((sum, { prepaid = 0 }) => sum + prepaid, 0)));
}

function sumOf(
  people: readonly Awaited[],
  source: string,
  credits: (person: Awaited, index: number) => number,
): number {
  return roundCredits(
    people.reduce((sum, person, index) => sum + (person.source === source ? credits(person, index) : 0), 0),
  );
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
