import { randomInt } from 'node:crypto';
import { type ApolloError, KeyNotAllowed, KeyRefused, OutOfCredits, RateLimited } from '../apollo/errors.ts';
import type { Endpoint, LimitReadings, WindowName } from '../apollo/types.ts';
import type { Collection, Ports, RequestWatch } from '../ports.ts';
import type { UsableConnection } from '../slots/types.ts';
import {
  Allowance,
  type AllowanceSnapshot,
  type AllowanceTicket,
  type MinuteMs,
  type WindowUse,
} from './allowance.ts';
import { Lane, laneId } from './lane.ts';
import { type Waiting, type Work, WorkQueue } from './queue.ts';
import { SharedAllowance } from './shared-allowance.ts';
import { type Flight, Traffic } from './traffic.ts';

/** People or companies in one Apollo call at most (Apollo: `RECORD_LIMIT_EXCEEDED` beyond). */
export const BATCH_SIZE = 10;
/** How long a batch waits to be filled up, ms: a few turns of the event loop, nothing that anybody notices. */
const LINGER_MS = 5;
/** Pieces of one source that keep every lane busy until more is read: calls for one lane at its fastest. */
const FED_PIECES = 640;
/** Calls that leave together; between them the answers to earlier ones are read. */
const TOGETHER = 8;
/** The pause in which they are, ms: the shortest sleep that there is. */
const BREATH_MS = 1;
/** How long a slot at its monthly limit is passed over before it is asked again, ms: others may give back. */
const LIMIT_REST_MS = 250;

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
  /** The slot's monthly limit left no room: until calls under way give some back, or for good. */
  readonly atLimit?: 'for-now' | 'for-good';
}

/** Where the pool's keys come from and where it reports what it learns of them. */
interface Connections {
  /** Every connection of every workspace that is healthy now. */
  healthy(): Promise<readonly UsableConnection[]>;
  /** The key failed: keep it from being used until its reason is gone. */
  failed(connection: UsableConnection, error: KeyRefused | KeyNotAllowed | OutOfCredits): Promise<void>;
  /** The team's allowance of an hour or a day is used up until `until`, ms since the epoch. */
  limited(team: string, window: WindowName, until: number): Promise<void>;
  onChange(listener: () => void): void;
}

export interface PoolOptions<W extends Work> {
  readonly ports: Ports;
  readonly connections: Connections;
  /** Length of Apollo's minute window, ms. */
  readonly minuteMs: MinuteMs;
  /** Makes the call. Must not throw: every failure is an {@link Answer}. */
  readonly call: (call: Call<W>) => Promise<Called<W>>;
  /** Work that no connected key can do now; it has been taken out of the queue. */
  readonly starved: (work: readonly W[], reason: 'no-slot' | 'slot-limit') => void;
}

/** A lane as people may see it. */
export interface LaneStatus {
  readonly team: string;
  readonly endpoint: Endpoint;
  readonly windows: readonly WindowUse[];
}

/** One call that is not a batch of work, such as polling for a late result. */
export interface Errand {
  readonly team: string;
  readonly workspace: string;
  readonly endpoint: Endpoint;
  readonly signal: AbortSignal;
  run(connection: UsableConnection): Promise<{ limits: LimitReadings; error?: ApolloError }>;
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
}

const BULK: Record<Work['kind'], Endpoint> = {
  person: 'people/bulk_match',
  company: 'organizations/bulk_enrich',
};
const SINGLE: Record<Work['kind'], Endpoint> = { person: 'people/match', company: 'organizations/enrich' };

/**
 * Who calls Apollo when. Every Apollo team has a lane per endpoint; a lane takes the next batch when its
 * allowance and its concurrency have room. Nothing is assigned in advance, so a slow, spent or refused
 * key delays nobody.
 */
export class Pool<W extends Work> {
  readonly #options: PoolOptions<W>;
  readonly #queue: WorkQueue<W>;
  readonly #lanes = new Map<string, Lane>();
  readonly #snapshots: Collection<AllowanceSnapshot>;
  readonly #alarm = new Map<number, AbortController>();
  /** Failures of keys that are being stored. */
  readonly #reporting = new Set<Promise<void>>();
  /** Slots that were found at their monthly limit, by workspace and slot; until monotonic ms. */
  readonly #atLimit = new Map<string, { readonly until: number; readonly forGood: boolean }>();
  #healthy: readonly UsableConnection[] = [];
  #loading: Promise<void> | undefined;
  #stale = true;
  #stopped = false;
  #idle: (() => void)[] = [];
  #rateLimited = 0;
  /** Calls so far. */
  #served = 0;
  readonly #traffic: Traffic;

  constructor(options: PoolOptions<W>) {
    this.#options = options;
    this.#traffic = new Traffic(options.ports.http.atOnce ?? Number.POSITIVE_INFINITY, () => this.#now());
    this.#queue = new WorkQueue<W>(BATCH_SIZE, LINGER_MS);
    this.#snapshots = options.ports.store.collection<AllowanceSnapshot>('allowances');
    options.connections.onChange(() => this.refresh());
    options.ports.shared?.hear('slots', () => this.refresh());
    options.ports.shared?.hear('lanes', (id) => {
      const allowance = this.#lanes.get(id)?.allowance;
      if (allowance instanceof SharedAllowance) allowance.told();
    });
  }

  /** 429s since the start: each one a defect of our pacing, or another client's doing. */
  get rateLimited(): number {
    return this.#rateLimited;
  }

  /** `more` is to follow at once, so that even urgent work leaves in full batches. */
  add(works: readonly W[], more = false): void {
    // A piece that fills no ten changes nothing: the one that began it arranged for its leaving.
    if (this.#queue.add(works, this.#now(), more)) this.#pump();
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
    return this.#queue.waiting().reduce((sum, { pieces }) => sum + pieces, 0);
  }

  /** Reads the connections again, as when one was added, its health changed or its slot's limit. */
  refresh(): void {
    this.#stale = true;
    this.#atLimit.clear();
    this.#pump();
  }

  /** The lanes as they are now; where several processes use them, with what all of them have used. */
  async status(): Promise<LaneStatus[]> {
    if (this.#options.ports.shared) {
      await this.#ready();
      await Promise.all(
        [...this.#lanes.values()].map(
          ({ allowance }) => allowance instanceof SharedAllowance && allowance.refresh(),
        ),
      );
    }
    const now = this.#now();
    return [...this.#lanes.values()].map(({ team, endpoint, allowance }) => ({
      team,
      endpoint,
      windows: allowance.uses(now),
    }));
  }

  /** Calls under way in this process, by endpoint. */
  underWay(): ReadonlyMap<Endpoint, number> {
    const calls = new Map<Endpoint, number>();
    for (const { endpoint, underWay } of this.#lanes.values()) {
      calls.set(endpoint, (calls.get(endpoint) ?? 0) + underWay);
    }
    return calls;
  }

  /** Resolves when no call is under way. Nothing new starts after `stop`. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const alarm of this.#alarm.values()) alarm.abort();
    if (!this.#traffic.isEmpty) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await Promise.all(this.#reporting);
    for (const { allowance } of this.#lanes.values()) {
      if (allowance instanceof SharedAllowance) await allowance.settled();
    }
  }

  /**
   * Runs one call within the team's allowance for its endpoint, waiting for room. Gives `undefined` when
   * the signal aborted first, or when no healthy key of that team is connected in the workspace.
   */
  async errand(errand: Errand): Promise<{ error?: ApolloError } | undefined> {
    await this.#ready();
    const lane = await this.#lane(errand.team, errand.endpoint);
    for (;;) {
      if (errand.signal.aborted || this.#stopped) return undefined;
      const now = this.#now();
      lane.request(1, now);
      const room = lane.room(now);
      if (room.free > 0) break;
      const wait = room.at === undefined ? LINGER_MS : Math.max(1, room.at - now);
      await this.#options.ports.clock.sleep(wait, errand.signal);
    }
    const connection = lane.connectionFor(errand.workspace);
    if (!connection) return undefined;
    const departed = this.#depart(lane, connection);
    const { limits, error } = await errand.run(connection);
    this.#answered(departed, { limits, sent: true, ...(error && { error }) });
    await this.#land(departed);
    return error ? { error } : {};
  }

  #now(): number {
    return this.#options.ports.clock.monotonic();
  }

  /** Starts every call that may start now, and arranges to look again when the next one may. */
  #pump(): void {
    if (this.#stopped || this.#queue.isEmpty) return;
    if (this.#stale || this.#loading) {
      // Half-read connections would look as if there were none.
      void this.#ready()
        .catch((error) =>
          this.#options.ports.log.error('The connected keys could not be read; those known before are used', {
            error: String(error),
          }),
        )
        .then(() => this.#pump());
      return;
    }
    const now = this.#now();
    let next = Number.POSITIVE_INFINITY;
    const turns: Turn[] = [];
    for (const waiting of this.#queue.waiting()) {
      const lanes = this.#lanesFor(waiting);
      if (lanes.length === 0) {
        // Whoever is told asks why, and must find the reason written. The report's end pumps again.
        if (this.#reporting.size > 0) continue;
        const limited = this.#limitedSlots(waiting.workspace, now);
        if (limited.some(({ forGood }) => !forGood)) continue;
        const reason = limited.length > 0 ? 'slot-limit' : 'no-slot';
        this.#options.starved(this.#queue.withdrawKind(waiting.workspace, waiting.kind), reason);
        continue;
      }
      if (waiting.ripeAt > now) {
        next = Math.min(next, waiting.ripeAt);
        continue;
      }
      let bulkSoon = false;
      for (const lane of lanes) {
        // Ten together go with the next call that lands, sooner than one by one.
        if (bulkSoon && !isBulk(lane.endpoint) && waiting.pieces >= BATCH_SIZE) continue;
        lane.request(Math.ceil(waiting.pieces / (isBulk(lane.endpoint) ? BATCH_SIZE : 1)), now);
        const room = lane.room(now);
        bulkSoon ||= isBulk(lane.endpoint) && room.at === undefined;
        if (room.free === 0 && room.at !== undefined) {
          next = Math.min(next, room.at);
          this.#tellLimit(lane, now);
        }
        const turn = { lane, flavour: waiting.flavour };
        if (!waiting.urgent) turns.push(turn);
        else while (this.#take(turn, now));
      }
    }
    if (this.#takeTurns(turns, now)) next = Math.min(next, now + BREATH_MS);
    // What is left of a flavour after full batches were taken may have to linger, or has a lane with room.
    for (const left of this.#queue.waiting()) {
      if (left.ripeAt > now) next = Math.min(next, left.ripeAt);
    }
    for (const { until } of this.#atLimit.values()) if (until > now) next = Math.min(next, until);
    this.#wakeAt(next);
  }

  /** A key of `workspace` that this lane may use now and whose slot is not known to be at its limit. */
  #payingConnection(lane: Lane, workspace: string): UsableConnection | undefined {
    const now = this.#now();
    return lane.connections.find(
      (connection) =>
        connection.workspace === workspace && (this.#atLimit.get(slotId(connection))?.until ?? 0) <= now,
    );
  }

  #limitedSlots(workspace: string, now: number): { forGood: boolean }[] {
    const slots = new Set(this.#healthy.filter((each) => each.workspace === workspace).map(slotId));
    return [...slots].flatMap((slot) => {
      const limit = this.#atLimit.get(slot);
      return limit && limit.until > now ? [limit] : [];
    });
  }

  /**
   * A call each, and again: a team's window opens with its first call, and none should wait for all calls of
   * another. No more than {@link TOGETHER} though, since a window ends as late as its first answer is seen; true
   * when some are left.
   */
  #takeTurns(turns: readonly Turn[], now: number): boolean {
    let left = turns.toSorted((a, b) => a.lane.served - b.lane.served);
    for (let taken = 0; taken < TOGETHER; taken += left.length) {
      left = left.filter((turn) => this.#take(turn, now));
      if (left.length === 0) return false;
    }
    return true;
  }

  /** Lets the lane make its next call, if it has room and there is work for one. */
  #take({ lane, flavour }: Turn, now: number): boolean {
    if (!this.#isFree(lane) || lane.room(now).free === 0) return false;
    const batch = this.#queue.take(flavour, isBulk(lane.endpoint) ? BATCH_SIZE : 1, now);
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

  /**
   * The lanes that may serve this work, best first. The single endpoints have an allowance of their own:
   * it is kept for people who wait, and for keys whose scope leaves the bulk endpoint out.
   */
  #lanesFor({ workspace, kind, urgent, pieces }: Waiting): Lane[] {
    const lanes = (endpoint: Endpoint) =>
      [...this.#lanes.values()].filter(
        (lane) => lane.endpoint === endpoint && this.#payingConnection(lane, workspace) !== undefined,
      );
    const bulk = lanes(BULK[kind]);
    if (!urgent) return bulk.length > 0 ? bulk : lanes(SINGLE[kind]);
    return pieces === 1 ? [...lanes(SINGLE[kind]), ...bulk] : [...bulk, ...lanes(SINGLE[kind])];
  }

  async #call(lane: Lane, batch: W[]): Promise<void> {
    const [first] = batch;
    const connection = first && this.#payingConnection(lane, first.workspace);
    if (!connection) {
      this.#queue.addAgain([batch]);
      return;
    }
    const departed = this.#depart(lane, connection);
    const { again, atLimit } = await this.#options.call({
      connection,
      endpoint: lane.endpoint,
      batch,
      watch: this.#traffic.watch(departed.flight),
      answered: (answer) => this.#answered(departed, answer),
    });
    this.#queue.addAgain(again);
    if (atLimit) {
      const until = this.#now() + LIMIT_REST_MS;
      this.#atLimit.set(slotId(connection), { until, forGood: atLimit === 'for-good' });
    }
    await this.#land(departed);
  }

  #depart(lane: Lane, connection: UsableConnection): Departed {
    const at = this.#now();
    const ticket = lane.allowance.send(at);
    const flight = this.#traffic.begin(at);
    lane.underWay += 1;
    this.#remember(lane, at);
    return { lane, connection, ticket, flight };
  }

  /** At once, while the caller stores the answer: whatever is seen later makes a window end later. */
  #answered(departed: Departed, answer: Answer): void {
    if (departed.answered) return;
    const { lane, connection, ticket, flight } = departed;
    const { error, limits, sent } = answer;
    const now = this.#now();
    this.#traffic.read(flight);
    if (sent) lane.allowance.settle(ticket, now, limits, flight);
    else lane.allowance.withdraw(ticket, now);
    let reported = Promise.resolve();
    if (error instanceof RateLimited) {
      this.#rateLimited += 1;
      lane.allowance.block(error.window, now, error.retryAfterMs);
    } else if (
      error instanceof KeyRefused ||
      error instanceof KeyNotAllowed ||
      error instanceof OutOfCredits
    ) {
      this.#exclude(connection, error);
      reported = this.#report(connection, error);
    } else if (error && (error.inDoubt || error.name === 'ApolloInTrouble')) {
      lane.troubled(now, randomInt(1000) / 1000);
    } else if (sent) {
      lane.answered((flight.headAt ?? now) - (flight.leftAt ?? flight.at));
    }
    departed.answered = reported;
    this.#remember(lane, now);
    this.#pump();
  }

  /** Its place among the calls under way is free only now: what is being stored is in doubt, and in memory. */
  async #land(departed: Departed): Promise<void> {
    this.#answered(departed, { limits: {}, sent: false });
    departed.lane.underWay -= 1;
    this.#traffic.end(departed.flight);
    await departed.answered;
    this.#pump();
    if (this.#stopped && this.#traffic.isEmpty) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Says once that work waits for longer than a minute: people should know why nothing moves. */
  #tellLimit(lane: Lane, now: number): void {
    const limit = lane.allowance.limitedBy(now);
    if (!limit || limit.window === 'minute') return;
    // What processes share has a time that is adjusted now and then, by fractions of a second.
    if (Math.abs(limit.until - (lane.toldUntil ?? Number.NEGATIVE_INFINITY)) < 1000) return;
    lane.toldUntil = limit.until;
    this.#options.connections
      .limited(lane.team, limit.window, Math.round(limit.until + this.#wallOffset()))
      .catch((error) =>
        this.#options.ports.log.error('A limit could not be stored', { error: String(error) }),
      );
  }

  /** Never throws: that a key failed is learnt again by its next call. */
  async #report(
    connection: UsableConnection,
    error: KeyRefused | KeyNotAllowed | OutOfCredits,
  ): Promise<void> {
    const reported = this.#options.connections
      .failed(connection, error)
      .catch((failure) =>
        this.#options.ports.log.error('The failure of a key could not be stored', { error: String(failure) }),
      );
    this.#reporting.add(reported);
    await reported;
    this.#reporting.delete(reported);
  }

  /** At once, so that no further batch leaves with a key that failed while its health is being stored. */
  #exclude(failed: UsableConnection, error: KeyRefused | KeyNotAllowed | OutOfCredits): void {
    const concerned = (other: UsableConnection, lane: Lane) => {
      if (error instanceof OutOfCredits) return other.team === failed.team;
      const same = other.workspace === failed.workspace && other.slot === failed.slot;
      return same && (error instanceof KeyRefused || lane.endpoint === error.endpoint);
    };
    for (const lane of this.#lanes.values()) {
      lane.connections = lane.connections.filter((other) => !concerned(other, lane));
    }
  }

  /** Durable with the caller's next write: both are begun in one turn of the event loop. */
  #remember(lane: Lane, now: number): void {
    if (!(lane.allowance instanceof Allowance)) return;
    const snapshot = lane.allowance.snapshot(now, this.#wallOffset());
    void this.#snapshots
      .set(lane.id, snapshot)
      .catch((error) =>
        this.#options.ports.log.error('An allowance could not be stored', { error: String(error) }),
      );
  }

  #wallOffset(): number {
    return this.#options.ports.clock.now() - this.#now();
  }

  async #ready(): Promise<void> {
    while (this.#stale || this.#loading) {
      this.#loading ??= this.#load().finally(() => {
        this.#loading = undefined;
      });
      await this.#loading;
    }
  }

  async #load(): Promise<void> {
    this.#stale = false;
    this.#healthy = await this.#options.connections.healthy();
    for (const endpoint of [...Object.values(BULK), ...Object.values(SINGLE)]) {
      for (const team of new Set(this.#healthy.map((connection) => connection.team))) {
        await this.#lane(team, endpoint);
      }
    }
    for (const lane of this.#lanes.values()) lane.connections = this.#connectionsOf(lane);
  }

  #connectionsOf(lane: Lane): UsableConnection[] {
    return this.#healthy.filter(
      (connection) => connection.team === lane.team && !connection.notAllowed?.includes(lane.endpoint),
    );
  }

  async #lane(team: string, endpoint: Endpoint): Promise<Lane> {
    const id = laneId(team, endpoint);
    const known = this.#lanes.get(id);
    if (known) return known;
    const snapshot = await this.#snapshots.get(id);
    const now = this.#now();
    const allowance = this.#allowance(id);
    const lane = new Lane(team, endpoint, allowance);
    if (snapshot && allowance instanceof Allowance) allowance.restore(snapshot, now, this.#wallOffset());
    lane.connections = this.#connectionsOf(lane);
    const limits = lane.connections.find((connection) => connection.limits?.[endpoint])?.limits?.[endpoint];
    // Only the limits: the usage read when the key was connected is of a window that is long over.
    if (limits) lane.allowance.learn(limitsOnly(limits), now);
    const raced = this.#lanes.get(lane.id);
    if (raced) return raced;
    this.#lanes.set(lane.id, lane);
    return lane;
  }

  #allowance(id: string): Allowance | SharedAllowance {
    const { minuteMs, ports } = this.#options;
    const { shared, clock, log } = ports;
    if (!shared) return new Allowance(minuteMs);
    return new SharedAllowance({ id, minuteMs, shared, clock, log, onRoom: () => this.#pump() });
  }

  /** Looks again at monotonic time `at`, once; an earlier alarm that is already set serves as well. */
  #wakeAt(at: number): void {
    if (at === Number.POSITIVE_INFINITY) return;
    for (const [time, alarm] of this.#alarm) {
      if (time <= at) return;
      alarm.abort();
      // Here and not when its sleep ends: until then it would pass for one that is still to come.
      this.#alarm.delete(time);
    }
    const alarm = new AbortController();
    this.#alarm.set(at, alarm);
    void this.#options.ports.clock.sleep(Math.max(0, at - this.#now()), alarm.signal).then(() => {
      if (alarm.signal.aborted) return;
      this.#alarm.delete(at);
      this.#pump();
    });
  }
}

function slotId({ workspace, slot }: UsableConnection): string {
  return `${workspace}/${slot}`;
}

function isBulk(endpoint: Endpoint): boolean {
  return endpoint === BULK.person || endpoint === BULK.company;
}

function limitsOnly(readings: LimitReadings): LimitReadings {
  return Object.fromEntries(Object.entries(readings).map(([window, { limit }]) => [window, { limit }]));
}
