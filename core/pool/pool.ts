import { randomInt } from 'node:crypto';
import { type ApolloError, ApolloInTrouble, isKeyFailure, RateLimited } from '../apollo/errors.ts';
import type { Endpoint, LimitReadings } from '../apollo/types.ts';
import type { RequestWatch } from '../ports.ts';
import type { UsableConnection } from '../slots/types.ts';
import { Alarm } from './alarm.ts';
import type { AllowanceTicket } from './allowance.ts';
import { BATCH_SIZE, type Lane } from './lane.ts';
import { type LaneStatus, Lanes, type LanesOptions, type LimitLasts, type Starved } from './lanes.ts';
import { type Waiting, type Work, WorkQueue } from './queue.ts';
import { type Flight, Traffic } from './traffic.ts';

/** How long a batch waits to be filled up, ms: a few turns of the event loop, nothing that anybody notices. */
const LINGER_MS = 5;
/** How often it is looked, so many ms apart, whether room that was asked for is there. */
const LOOKS_FOR_ROOM = 20;
/** Pieces of one source that keep every lane busy until more is read: calls for one lane at its fastest. */
const FED_PIECES = 640;
/** Calls that leave together; between them the answers to earlier ones are read. */
const TOGETHER = 8;
/** The pause in which they are, ms: the shortest sleep that there is. */
const BREATH_MS = 1;
/** Workspaces that are looked at together; with more, the others follow. What an answer costs must not grow with them. */
const MOST_WORKSPACES = 32;
/** Calls that may be in flight: so many in all, and more where there are more teams, each at Apollo's usual pace. */
const MOST_CALLS = { least: 128, perTeam: 8 } as const;

export interface Call<W> {
  readonly connection: UsableConnection;
  readonly endpoint: Endpoint;
  readonly batch: readonly W[];
  /** To be told when the request leaves and is answered: windows open between the two. */
  readonly watch: RequestWatch;
  /**
   * To be told the moment the answer is there, or that none will come, before anything is stored: windows open
   * and end by it. A call that ends without it was never sent.
   */
  readonly answered: (answer: Answer) => void;
}

/** What Apollo made of a request, as far as the pool must know. */
export interface Answer {
  readonly limits: LimitReadings;
  readonly error?: ApolloError;
  /** False when Apollo cannot have seen the request. */
  readonly sent: boolean;
}

/** What a call leaves to do once its answer is stored; the rest is the caller's. */
export interface Called<W> {
  /** Batches to be repeated, by whichever lane comes first. */
  readonly again: readonly (readonly W[])[];
  /** The slot had no room for it. */
  readonly atLimit?: LimitLasts;
  /** Whatever waits and is of its flavour cannot be done either: it is taken out of the queue and handed over. */
  readonly drop?: (work: readonly W[]) => void;
}

export interface PoolOptions<W extends Work> extends LanesOptions {
  /** Makes the call. Must not throw: every failure is an {@link Answer}. */
  readonly call: (call: Call<W>) => Promise<Called<W>>;
  /**
   * Work that no connected key can do now; it has been taken out of the queue. `until`: when that may end, where it is
   * known, ms since the epoch.
   */
  readonly starved: (work: readonly W[], reason: Starved, until: number | undefined) => void;
}

/** One call that is not a batch of work, such as polling for a late result. */
export interface Errand {
  readonly team: string;
  readonly workspace: string;
  readonly endpoint: Endpoint;
  readonly signal: AbortSignal;
  run(connection: UsableConnection): Promise<{ limits: LimitReadings; error?: ApolloError }>;
}

/** What an allowance leaves for errands. */
export interface ErrandRoom {
  /** Calls that may leave now. */
  readonly free: number;
  /** When to look again where that is none, monotonic ms; `undefined`: soon. */
  readonly at?: number;
  /** What the windows of an hour and a day leave; infinite where there is no such limit. */
  readonly left: number;
}

/** A request that took its place in an allowance. */
interface Departed {
  readonly lane: Lane;
  readonly connection: UsableConnection;
  readonly ticket: AllowanceTicket;
  readonly flight: Flight;
  /** Once it is answered; resolves when a failure of its key is stored. */
  answered?: Promise<void>;
}

/** A lane that may serve work of this flavour. */
interface Turn {
  readonly lane: Lane;
  readonly flavour: string;
  readonly workspace: string;
}

/**
 * Who calls Apollo when. Every Apollo team has a lane per endpoint; a lane takes the next batch when its
 * allowance and its concurrency have room. Nothing is assigned in advance, so a slow, spent or refused
 * key delays nobody.
 */
export class Pool<W extends Work> {
  readonly #options: PoolOptions<W>;
  readonly #queue: WorkQueue<W>;
  readonly #lanes: Lanes;
  readonly #traffic: Traffic;
  readonly #alarm: Alarm;
  /** Workspaces whose work may leave now, the one that has waited longest first. */
  readonly #due = new Set<string>();
  /** When work of a workspace may leave next, where that is known; monotonic ms. */
  readonly #lookAt = new Map<string, number>();
  #stopped = false;
  #idle: (() => void)[] = [];
  #rateLimited = 0;
  /** Calls so far. */
  #served = 0;

  constructor(options: PoolOptions<W>) {
    const { connections, ports } = options;
    this.#options = options;
    this.#queue = new WorkQueue<W>(BATCH_SIZE, LINGER_MS);
    this.#lanes = new Lanes(options, (lane) => this.#serve(this.#waitingFor(lane)));
    const atOnce = ports.http.atOnce ?? Number.POSITIVE_INFINITY;
    this.#traffic = new Traffic(
      () => Math.min(atOnce, Math.max(MOST_CALLS.least, MOST_CALLS.perTeam * this.#lanes.teamCount)),
      () => this.#now(),
    );
    this.#alarm = new Alarm(ports.clock, () => this.#serve([]));
    connections.onChange(() => this.refresh());
    ports.shared.hear('slots', () => this.refresh());
  }

  /** 429s since the start: each one a defect of our pacing, or another client's doing. */
  get rateLimited(): number {
    return this.#rateLimited;
  }

  /** `more` is to follow at once, so that even urgent work leaves in full batches. */
  add(works: readonly W[], more = false): void {
    // A piece that fills no ten changes nothing: the one that began it arranged for its leaving.
    if (!this.#queue.add(works, this.#now(), more)) return;
    this.#serve(new Set(works.map(({ workspace }) => workspace)));
  }

  /** Takes out what is waiting for this source; what is under way goes on. */
  withdraw(source: string): W[] {
    return this.#queue.withdraw(source);
  }

  /** Pieces of this source that wait. */
  waiting(source: string): number {
    return this.#queue.of(source);
  }

  /**
   * More of this source would only take memory, and time from the answers that come in: so much of it waits, or no
   * call more can be under way. Or it would take time from calls that have not left yet, and may open windows.
   */
  isFed(source: string): boolean {
    if (this.#traffic.isLeaving || this.#traffic.isFull) return true;
    return !this.#traffic.isEmpty && this.waiting(source) >= FED_PIECES;
  }

  /** Pieces that wait, of all sources. */
  allWaiting(): number {
    return this.#queue.size;
  }

  /** Reads the connections again, as when one was added, its health changed or its slot's limit. */
  refresh(): void {
    this.#lanes.refresh();
    this.#serve(this.#queue.workspaces());
  }

  /** The lanes as they are now; where several processes use them, with what all of them have used. */
  status(): Promise<LaneStatus[]> {
    return this.#lanes.status();
  }

  /** Calls under way in this process, by endpoint. */
  underWay(): ReadonlyMap<Endpoint, number> {
    return this.#lanes.underWay();
  }

  /** Resolves when no call is under way. Nothing new starts after `stop`. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#alarm.off();
    if (!this.#traffic.isEmpty) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await this.#lanes.settled();
  }

  /** What a team's allowance for an endpoint leaves for errands. */
  async roomFor(team: string, endpoint: Endpoint, wanted: number): Promise<ErrandRoom> {
    await this.#lanes.read();
    const lane = await this.#lanes.get(team, endpoint);
    lane.request(wanted, this.#now());
    let room = lane.room(this.#now());
    // What processes share has to be asked for first; what is given is kept for a moment only.
    for (let look = 0; look < LOOKS_FOR_ROOM && room.free === 0 && room.at === undefined; look += 1) {
      await this.#options.ports.clock.sleep(LINGER_MS);
      room = lane.room(this.#now());
    }
    const now = this.#now();
    const { free, at } = room;
    const windows = lane.allowance.uses(now).filter(({ window }) => window !== 'minute');
    const left = Math.min(...windows.map(({ limit, used }) => limit - used));
    return { free, left: Math.max(0, left), ...(at !== undefined && { at }) };
  }

  /**
   * Runs one call within the team's allowance for its endpoint, waiting for room. Gives `undefined` when
   * the signal aborted first, or when no healthy key of that team is connected in the workspace.
   */
  async errand(errand: Errand): Promise<{ error?: ApolloError } | undefined> {
    await this.#lanes.read();
    const lane = await this.#lanes.get(errand.team, errand.endpoint);
    for (;;) {
      if (errand.signal.aborted || this.#stopped) return undefined;
      const now = this.#now();
      lane.request(1, now);
      const room = lane.room(now);
      if (room.free > 0) break;
      const wait = room.at === undefined ? LINGER_MS : Math.max(1, room.at - now);
      await this.#options.ports.clock.sleep(wait, errand.signal);
    }
    const [connection] = lane.connectionsOf(errand.workspace);
    if (!connection) return undefined;
    const departed = this.#depart(lane, connection);
    const { limits, error } = await errand.run(connection);
    this.#answered(departed, { limits, sent: error?.reached ?? true, ...(error && { error }) });
    await this.#land(departed);
    return error ? { error } : {};
  }

  #now(): number {
    return this.#options.ports.clock.monotonic();
  }

  /** The workspaces with work for this lane, of those that it may serve. */
  *#waitingFor(lane: Lane): Generator<string> {
    for (const workspace of lane.workspaces.keys()) if (this.#queue.hasWorkOf(workspace)) yield workspace;
  }

  /**
   * Starts every call that may start now, for these workspaces and for those whose time has come, and arranges to look
   * again when the next one may.
   */
  #serve(workspaces: Iterable<string>): void {
    for (const workspace of workspaces) this.#due.add(workspace);
    if (this.#stopped || this.#queue.isEmpty) return;
    if (!this.#lanes.areRead) {
      void this.#lanes
        .read()
        .catch((error) =>
          this.#options.ports.log.error('The connected keys could not be read; those known before are used', {
            error,
          }),
        )
        .then(() => this.#serve(this.#queue.workspaces()));
      return;
    }
    const now = this.#now();
    for (const [workspace, at] of this.#lookAt) {
      if (at > now) continue;
      this.#lookAt.delete(workspace);
      this.#due.add(workspace);
    }
    // The end of any call looks again.
    if (this.#traffic.isFull) return;
    const served = [...this.#due].slice(0, MOST_WORKSPACES);
    for (const workspace of served) this.#due.delete(workspace);
    const turns: Turn[] = [];
    for (const waiting of this.#queue.waiting(served)) turns.push(...this.#turnsOf(waiting, now));
    for (const workspace of this.#takeTurns(turns, now)) this.#due.add(workspace);
    // What is left of a flavour after full batches were taken may have to linger, or has a lane with room.
    for (const { workspace, ripeAt } of this.#queue.waiting(served)) {
      if (ripeAt > now) this.#lookNotLaterThan(workspace, ripeAt);
      this.#lookNotLaterThan(workspace, this.#lanes.limitsEnd(workspace, now));
    }
    // Where this process has no time for more, the next answer that is read looks again.
    const mayGoOn = this.#due.size > 0 && !this.#traffic.isFull && !this.#traffic.isUnread;
    const again = mayGoOn ? now + BREATH_MS : Number.POSITIVE_INFINITY;
    this.#alarm.setTo(Math.min(again, ...this.#lookAt.values()));
  }

  #lookNotLaterThan(workspace: string, at: number): void {
    if (at === Number.POSITIVE_INFINITY) return;
    this.#lookAt.set(workspace, Math.min(at, this.#lookAt.get(workspace) ?? Number.POSITIVE_INFINITY));
  }

  /** The lanes that may serve this work now, in turns with others; urgent work leaves at once. */
  #turnsOf(waiting: Waiting, now: number): Turn[] {
    const { flavour, pieces, ripeAt, urgent, workspace } = waiting;
    const lanes = this.#lanes.for(waiting, now);
    if (lanes.length === 0) {
      // Whoever is told asks why, and must find the reason written. The report's end looks again.
      if (this.#lanes.areReporting) return [];
      const reason = this.#lanes.whyNone(waiting, now);
      if (reason !== 'limit-for-now') {
        const until = reason === 'no-mobile' ? this.#lanes.mobileSpentUntil(workspace) : undefined;
        this.#options.starved(this.#queue.withdrawFlavour(flavour), reason, until);
      }
      return [];
    }
    if (ripeAt > now) return [];
    const turns: Turn[] = [];
    let bulkSoon = false;
    for (const lane of lanes) {
      // Ten together go with the next call that lands, sooner than one by one.
      if (bulkSoon && !lane.isBulk && pieces >= BATCH_SIZE) continue;
      lane.request(Math.ceil(pieces / lane.batchSize), now);
      const room = lane.room(now);
      bulkSoon ||= lane.isBulk && room.at === undefined;
      if (room.free === 0 && room.at !== undefined) {
        this.#lookNotLaterThan(workspace, room.at);
        this.#lanes.tellLimit(lane);
      }
      const turn = { lane, flavour, workspace };
      if (!urgent) turns.push(turn);
      else while (this.#take(turn, now));
    }
    return turns;
  }

  /**
   * A call each, and again: a team's window opens with its first call, and none should wait for all calls of
   * another. No more than {@link TOGETHER} though, since a window ends as late as its first answer is seen. Gives the
   * workspaces that could make another.
   */
  #takeTurns(turns: readonly Turn[], now: number): Set<string> {
    let left = turns.toSorted((a, b) => a.lane.served - b.lane.served);
    const held = new Set<string>();
    for (let taken = 0; taken < TOGETHER && left.length > 0; taken += left.length) {
      left = left.filter((turn) => {
        if (this.#take(turn, now)) return true;
        // With room, and with work: this process has no time for it now.
        if (!this.#isFree(turn.lane) && turn.lane.room(now).free > 0) held.add(turn.workspace);
        return false;
      });
    }
    for (const { workspace } of left) held.add(workspace);
    return held;
  }

  /** Lets the lane make its next call, if it has room and there is work for one. */
  #take({ lane, flavour }: Turn, now: number): boolean {
    if (!this.#isFree(lane) || lane.room(now).free === 0) return false;
    const batch = this.#queue.take(flavour, lane.batchSize, now);
    if (batch.length === 0) return false;
    lane.served = ++this.#served;
    void this.#call(lane, batch);
    return true;
  }

  /**
   * Whether this process has time for a call more. While answers wait to be read, it would only make their line longer,
   * and a window ends as late as its first answer is seen; but a call that may open a window waits for nobody.
   */
  #isFree(lane: Lane): boolean {
    return !this.#traffic.isFull && (!this.#traffic.isUnread || lane.underWay === 0);
  }

  async #call(lane: Lane, batch: W[]): Promise<void> {
    const [first] = batch;
    const connection = first && this.#lanes.payingConnection(lane, first, this.#now());
    if (!connection) {
      this.#queue.addAgain([batch]);
      if (first) this.#due.add(first.workspace);
      return;
    }
    const departed = this.#depart(lane, connection);
    const { again, atLimit, drop } = await this.#options.call({
      connection,
      endpoint: lane.endpoint,
      batch,
      watch: this.#traffic.watch(departed.flight),
      answered: (answer) => this.#answered(departed, answer),
    });
    this.#queue.addAgain(again);
    drop?.(this.#queue.withdrawFlavour(first.flavour));
    if (atLimit) this.#lanes.reachedLimit(connection, first.flavour, atLimit);
    await this.#land(departed);
  }

  #depart(lane: Lane, connection: UsableConnection): Departed {
    const at = this.#now();
    const ticket = lane.allowance.send(at);
    const flight = this.#traffic.begin(at);
    lane.underWay += 1;
    return { lane, connection, ticket, flight };
  }

  /** At once, while the caller stores the answer: whatever is seen later makes a window end later. */
  #answered(departed: Departed, answer: Answer): void {
    if (departed.answered) return;
    const { lane, connection, ticket, flight } = departed;
    const { error, limits, sent } = answer;
    const now = this.#now();
    this.#traffic.read(flight);
    const { allowance } = lane;
    let reported = Promise.resolve();
    if (error instanceof RateLimited) {
      const { window, retryAfterMs } = error;
      this.#rateLimited += 1;
      allowance.refuse(ticket, now, { window, retryAfterMs, readings: limits }, flight);
    } else if (sent) allowance.settle(ticket, now, limits, flight);
    else allowance.withdraw(ticket, now);
    if (isKeyFailure(error)) {
      reported = this.#lanes.failed(connection, error);
    } else if (error && (error.inDoubt || error instanceof ApolloInTrouble)) {
      lane.troubled(now, randomInt(1000) / 1000, error.retryAfterMs);
    } else if (sent && !(error instanceof RateLimited)) {
      lane.answered((flight.headAt ?? now) - (flight.leftAt ?? flight.at));
    }
    departed.answered = reported;
    this.#serve(this.#waitingFor(lane));
  }

  /** Its place among the calls under way is free only now: what is being stored is in doubt, and in memory. */
  async #land(departed: Departed): Promise<void> {
    this.#answered(departed, { limits: {}, sent: false });
    departed.lane.underWay -= 1;
    this.#traffic.end(departed.flight);
    await departed.answered;
    this.#serve([departed.connection.workspace, ...this.#waitingFor(departed.lane)]);
    if (this.#stopped && this.#traffic.isEmpty) for (const resolve of this.#idle.splice(0)) resolve();
  }
}
