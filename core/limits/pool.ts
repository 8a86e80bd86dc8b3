import { randomInt } from 'node:crypto';
import { type ApolloError, ApolloInTrouble, isKeyFailure, RateLimited } from '../apollo/errors.ts';
import type { Endpoint, LimitReadings } from '../apollo/types.ts';
import type { RequestWatch } from '../ports.ts';
import type { UsableConnection } from '../slots/types.ts';
import { Alarm } from './alarm.ts';
import type { AllowanceTicket } from './allowance.ts';
import { CallsInFlight, type Flight } from './calls-in-flight.ts';
import { BATCH_SIZE, type Limiter } from './limiter.ts';
import {
  type LimiterStatus,
  Limiters,
  type LimitersOptions,
  type LimitLasts,
  type NoCapacity,
  type TeamLimits,
} from './limiters.ts';
import { type Waiting, type Work, WorkQueue } from './queue.ts';

/** How long a batch waits to be filled up, ms: a few turns of the event loop, nothing that anybody notices. */
const LINGER_MS = 5;
/** How often it is looked, so many ms apart, whether room that was asked for is there. */
const LOOKS_FOR_ROOM = 20;
/** Pieces of one source that keep every limiter busy until more is read: calls for one limiter at its fastest. */
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
  /** Batches to be repeated, by whichever limiter comes first. */
  readonly again: readonly (readonly W[])[];
  /** They are not repeated before so many ms are over. Default: 0. */
  readonly restMs?: number;
  /** The slot had no room for it. */
  readonly atLimit?: LimitLasts;
  /** Whatever waits with its batch key cannot be done either: it is taken out of the queue and handed over. */
  readonly drop?: (work: readonly W[]) => void;
}

export interface PoolOptions<W extends Work> extends LimitersOptions {
  /** Makes the call. Must not throw: every failure is an {@link Answer}. */
  readonly call: (call: Call<W>) => Promise<Called<W>>;
  /**
   * Work that no connected key can do now; it has been taken out of the queue. `until`: when that may end, where it is
   * known, ms since the epoch.
   */
  readonly noCapacity: (work: readonly W[], reason: NoCapacity, until: number | undefined) => void;
}

/** One call that is not a batch of work, such as polling for a late result. */
export interface BackgroundCall {
  readonly team: string;
  readonly workspace: string;
  readonly endpoint: Endpoint;
  readonly signal: AbortSignal;
  run(connection: UsableConnection): Promise<{ limits: LimitReadings; error?: ApolloError }>;
}

/** What an allowance leaves for background calls. */
export interface BackgroundRoom {
  /** Calls that may leave now. */
  readonly free: number;
  /** When to look again where that is none, monotonic ms; `undefined`: soon. */
  readonly at?: number;
  /** What the windows of an hour and a day leave; infinite where there is no such limit. */
  readonly left: number;
}

/** A request that took its place in an allowance. */
interface Started {
  readonly limiter: Limiter;
  readonly connection: UsableConnection;
  readonly ticket: AllowanceTicket;
  readonly flight: Flight;
  /** Once it is answered; resolves when a failure of its key is stored. */
  answered?: Promise<void>;
}

/** A limiter that may serve work with this batch key. */
interface Turn {
  readonly limiter: Limiter;
  readonly batchKey: string;
  readonly workspace: string;
}

/**
 * Who calls Apollo when. Every Apollo team has a limiter per endpoint; a limiter takes the next batch when its
 * allowance and its concurrency have room. Nothing is assigned in advance, so a slow, spent or refused
 * key delays nobody.
 */
export class Pool<W extends Work> {
  readonly #options: PoolOptions<W>;
  readonly #queue: WorkQueue<W>;
  readonly #limiters: Limiters;
  readonly #callsInFlight: CallsInFlight;
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
    this.#limiters = new Limiters(options, (limiter) => this.#serve(this.#waitingFor(limiter)));
    const atOnce = ports.http.atOnce ?? Number.POSITIVE_INFINITY;
    this.#callsInFlight = new CallsInFlight(
      () => Math.min(atOnce, Math.max(MOST_CALLS.least, MOST_CALLS.perTeam * this.#limiters.teamCount)),
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
    if (this.#callsInFlight.isLeaving || this.#callsInFlight.isFull) return true;
    return !this.#callsInFlight.isEmpty && this.waiting(source) >= FED_PIECES;
  }

  /** Pieces that wait, of all sources. */
  allWaiting(): number {
    return this.#queue.size;
  }

  /** Reads the connections again, as when one was added, its health changed or its slot's limit. */
  refresh(): void {
    this.#limiters.refresh();
    this.#serve(this.#queue.workspaces());
  }

  /** The limiters as they are now; where several processes use them, with what all of them have used. */
  status(): Promise<LimiterStatus[]> {
    return this.#limiters.status();
  }

  /** What limits such work of the workspace now, a team each; none where no key may be used for it. */
  limitsOf(workspace: string, kind: Work['kind']): Promise<TeamLimits[]> {
    return this.#limiters.limitsOf(workspace, kind);
  }

  /** Calls under way in this process, by endpoint. */
  underWay(): ReadonlyMap<Endpoint, number> {
    return this.#limiters.underWay();
  }

  /** Resolves when no call is under way. Nothing new starts after `stop`. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#alarm.off();
    if (!this.#callsInFlight.isEmpty) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await this.#limiters.settled();
  }

  /** What a team's allowance for an endpoint leaves for background calls. */
  async roomFor(team: string, endpoint: Endpoint, wanted: number): Promise<BackgroundRoom> {
    await this.#limiters.read();
    const limiter = await this.#limiters.get(team, endpoint);
    limiter.request(wanted, this.#now());
    let room = limiter.room(this.#now());
    // What processes share has to be asked for first; what is given is kept for a moment only.
    for (let look = 0; look < LOOKS_FOR_ROOM && room.free === 0 && room.at === undefined; look += 1) {
      await this.#options.ports.clock.sleep(LINGER_MS);
      room = limiter.room(this.#now());
    }
    const now = this.#now();
    const { free, at } = room;
    const windows = limiter.allowance.uses(now).filter(({ window }) => window !== 'minute');
    const left = Math.min(...windows.map(({ limit, used }) => limit - used));
    return { free, left: Math.max(0, left), ...(at !== undefined && { at }) };
  }

  /**
   * Runs one call within the team's allowance for its endpoint, waiting for room. Gives `undefined` when
   * the signal aborted first, or when no healthy key of that team is connected in the workspace.
   */
  async backgroundCall(call: BackgroundCall): Promise<{ error?: ApolloError } | undefined> {
    await this.#limiters.read();
    const limiter = await this.#limiters.get(call.team, call.endpoint);
    for (;;) {
      if (call.signal.aborted || this.#stopped) return undefined;
      const now = this.#now();
      limiter.request(1, now);
      const room = limiter.room(now);
      if (room.free > 0) break;
      const wait = room.at === undefined ? LINGER_MS : Math.max(1, room.at - now);
      await this.#options.ports.clock.sleep(wait, call.signal);
    }
    const [connection] = limiter.connectionsOf(call.workspace);
    if (!connection) return undefined;
    const started = this.#start(limiter, connection);
    try {
      const { limits, error } = await call.run(connection);
      this.#answered(started, { limits, sent: error?.reached ?? true, ...(error && { error }) });
      return error ? { error } : {};
    } catch (error) {
      // What Apollo answered could not be stored: it has counted the call all the same.
      this.#answered(started, { limits: {}, sent: true });
      throw error;
    } finally {
      await this.#finish(started);
    }
  }

  #now(): number {
    return this.#options.ports.clock.monotonic();
  }

  /** The workspaces with work for this limiter, of those that it may serve. */
  *#waitingFor(limiter: Limiter): Generator<string> {
    for (const workspace of limiter.workspaces.keys()) if (this.#queue.hasWorkOf(workspace)) yield workspace;
  }

  /**
   * Starts every call that may start now, for these workspaces and for those whose time has come, and arranges to look
   * again when the next one may.
   */
  #serve(workspaces: Iterable<string>): void {
    for (const workspace of workspaces) this.#due.add(workspace);
    if (this.#stopped || this.#queue.isEmpty) return;
    if (!this.#limiters.areRead) {
      void this.#limiters.tryRead().then(() => this.#serve(this.#queue.workspaces()));
      return;
    }
    const now = this.#now();
    for (const [workspace, at] of this.#lookAt) {
      if (at > now) continue;
      this.#lookAt.delete(workspace);
      this.#due.add(workspace);
    }
    // The end of any call looks again.
    if (this.#callsInFlight.isFull) return;
    const served = [...this.#due].slice(0, MOST_WORKSPACES);
    for (const workspace of served) this.#due.delete(workspace);
    const turns: Turn[] = [];
    for (const waiting of this.#queue.waiting(served)) turns.push(...this.#turnsOf(waiting, now));
    for (const workspace of this.#takeTurns(turns, now)) this.#due.add(workspace);
    // What is left of a group after full batches were taken may have to linger, or has a limiter with room.
    for (const { workspace, dueAt } of this.#queue.waiting(served)) {
      if (dueAt > now) this.#lookNotLaterThan(workspace, dueAt);
      this.#lookNotLaterThan(workspace, this.#limiters.limitsEnd(workspace, now));
    }
    // Where this process has no time for more, the next answer that is read looks again.
    const mayGoOn = this.#due.size > 0 && !this.#callsInFlight.isFull && !this.#callsInFlight.isUnread;
    const again = mayGoOn ? now + BREATH_MS : Number.POSITIVE_INFINITY;
    this.#alarm.setTo(Math.min(again, ...this.#lookAt.values()));
  }

  #lookNotLaterThan(workspace: string, at: number): void {
    if (at === Number.POSITIVE_INFINITY) return;
    this.#lookAt.set(workspace, Math.min(at, this.#lookAt.get(workspace) ?? Number.POSITIVE_INFINITY));
  }

  /** The limiters that may serve this work now, in turns with others; urgent work leaves at once. */
  #turnsOf(waiting: Waiting, now: number): Turn[] {
    const { batchKey, pieces, dueAt, urgent, workspace } = waiting;
    const limiters = this.#limiters.for(waiting, now);
    if (limiters.length === 0) {
      // Whoever is told asks why, and must find the reason written. The report's end looks again.
      if (this.#limiters.areReporting) return [];
      const reason = this.#limiters.whyNone(waiting, now);
      if (reason !== 'limit-for-now') {
        const until = reason === 'no-mobile' ? this.#limiters.mobileSpentUntil(workspace) : undefined;
        this.#options.noCapacity(this.#queue.withdrawBatchKey(batchKey), reason, until);
      }
      return [];
    }
    if (dueAt > now) return [];
    const turns: Turn[] = [];
    let bulkSoon = false;
    for (const limiter of limiters) {
      // Ten together go with the next call that ends, sooner than one by one.
      if (bulkSoon && !limiter.isBulk && pieces >= BATCH_SIZE) continue;
      limiter.request(Math.ceil(pieces / limiter.batchSize), now);
      const room = limiter.room(now);
      bulkSoon ||= limiter.isBulk && room.at === undefined;
      if (room.free === 0 && room.at !== undefined) {
        this.#lookNotLaterThan(workspace, room.at);
        this.#limiters.tellLimit(limiter);
      }
      const turn = { limiter, batchKey, workspace };
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
    let left = turns.toSorted((a, b) => a.limiter.served - b.limiter.served);
    const held = new Set<string>();
    for (let taken = 0; taken < TOGETHER && left.length > 0; taken += left.length) {
      left = left.filter((turn) => {
        if (this.#take(turn, now)) return true;
        // With room, and with work: this process has no time for it now.
        if (!this.#isFree(turn.limiter) && turn.limiter.room(now).free > 0) held.add(turn.workspace);
        return false;
      });
    }
    for (const { workspace } of left) held.add(workspace);
    return held;
  }

  /** Lets the limiter make its next call, if it has room and there is work for one. */
  #take({ limiter, batchKey }: Turn, now: number): boolean {
    if (!this.#isFree(limiter) || limiter.room(now).free === 0) return false;
    const batch = this.#queue.take(batchKey, limiter.batchSize, now);
    if (batch.length === 0) return false;
    limiter.served = ++this.#served;
    void this.#call(limiter, batch);
    return true;
  }

  /**
   * Whether this process has time for a call more. While answers wait to be read, it would only make their line longer,
   * and a window ends as late as its first answer is seen; but a call that may open a window waits for nobody.
   */
  #isFree(limiter: Limiter): boolean {
    return !this.#callsInFlight.isFull && (!this.#callsInFlight.isUnread || limiter.underWay === 0);
  }

  async #call(limiter: Limiter, batch: readonly W[]): Promise<void> {
    const [first] = batch;
    const connection = first && this.#limiters.payingConnection(limiter, first, this.#now());
    if (!connection) {
      this.#queue.addAgain([batch]);
      if (first) this.#due.add(first.workspace);
      return;
    }
    const started = this.#start(limiter, connection);
    const {
      again,
      restMs = 0,
      atLimit,
      drop,
    } = await this.#options.call({
      connection,
      endpoint: limiter.endpoint,
      batch,
      watch: this.#callsInFlight.watch(started.flight),
      answered: (answer) => this.#answered(started, answer),
    });
    this.#queue.addAgain(again, this.#now() + restMs);
    drop?.(this.#queue.withdrawBatchKey(first.batchKey));
    if (atLimit) this.#limiters.reachedLimit(connection, first.batchKey, atLimit);
    await this.#finish(started);
  }

  #start(limiter: Limiter, connection: UsableConnection): Started {
    const at = this.#now();
    const ticket = limiter.allowance.send(at);
    const flight = this.#callsInFlight.begin(at);
    limiter.underWay += 1;
    return { limiter, connection, ticket, flight };
  }

  /** At once, while the caller stores the answer: whatever is seen later makes a window end later. */
  #answered(started: Started, answer: Answer): void {
    if (started.answered) return;
    const { limiter, connection, ticket, flight } = started;
    const { error, limits, sent } = answer;
    const now = this.#now();
    this.#callsInFlight.read(flight);
    const { allowance } = limiter;
    let reported = Promise.resolve();
    if (error instanceof RateLimited) {
      const { window, retryAfterMs } = error;
      this.#rateLimited += 1;
      allowance.refuse(ticket, now, { window, retryAfterMs, readings: limits }, flight);
    } else if (sent) allowance.settle(ticket, now, limits, flight);
    else allowance.withdraw(ticket, now);
    if (isKeyFailure(error)) {
      reported = this.#limiters.failed(connection, error);
    } else if (error && (error.inDoubt || error instanceof ApolloInTrouble)) {
      limiter.troubled(now, randomInt(1000) / 1000, error.retryAfterMs);
    } else if (sent && !(error instanceof RateLimited)) {
      limiter.answered((flight.headAt ?? now) - (flight.leftAt ?? flight.at));
    }
    started.answered = reported;
    this.#serve(this.#waitingFor(limiter));
  }

  /** Its place among the calls under way is free only now: what is being stored is in doubt, and in memory. */
  async #finish(started: Started): Promise<void> {
    this.#answered(started, { limits: {}, sent: false });
    started.limiter.underWay -= 1;
    this.#callsInFlight.end(started.flight);
    await started.answered;
    this.#serve([started.connection.workspace, ...this.#waitingFor(started.limiter)]);
    if (this.#stopped && this.#callsInFlight.isEmpty) for (const resolve of this.#idle.splice(0)) resolve();
  }
}
