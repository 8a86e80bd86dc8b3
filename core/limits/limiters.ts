import { type KeyFailure, KeyRefused, OutOfCredits } from '../apollo/errors.ts';
import type { Endpoint, LimitReadings, WindowName } from '../apollo/types.ts';
import type { Ports } from '../ports.ts';
import { isCapped } from '../slots/credits.ts';
import { mobileSpentUntil, notAllowedAt } from '../slots/health.ts';
import type { UsableConnection } from '../slots/types.ts';
import { UnderWay } from '../under-way.ts';
import type { LimiterAllowance, MinuteMs, WindowUse } from './allowance.ts';
import { BULK, Limiter, limiterId, SINGLE } from './limiter.ts';
import type { Waiting, Work } from './queue.ts';
import { RememberedAllowance } from './remembered-allowance.ts';
import { SharedAllowance } from './shared-allowance.ts';

/**
 * How long a slot at its monthly limit is passed over before it is asked again, ms: calls under way may give back, or
 * else the month or the limit may change. The latter is longer than it takes to ask all slots of a workspace in turn.
 */
const LIMIT_REST_MS = { 'for-now': 250, 'for-good': 5_000 } as const;

/**
 * Limits of which Apollo tells everybody (docs.apollo.io/reference/rate-limits, the endpoints that are not for
 * enrichment), until an answer tells the team's own.
 */
export const KNOWN_LIMITS: Partial<Record<Endpoint, LimitReadings>> = {
  'webhook_result/show': { minute: { limit: 200 }, hour: { limit: 400 }, day: { limit: 2000 } },
};

/** Where keys come from, and where it is reported what calls teach about them. */
interface Connections {
  /** Every connection of every workspace that Apollo takes calls of now, those without credits included. */
  usable(): Promise<readonly UsableConnection[]>;
  /** The key failed: keep it from being used until its reason is gone. */
  failed(connection: UsableConnection, error: KeyFailure): Promise<void>;
  /** The team's allowance of an hour or a day is used up until `until`, ms since the epoch. */
  limited(team: string, window: WindowName, until: number): Promise<void>;
  onChange(listener: () => void): void;
}

export interface LimitersOptions {
  readonly ports: Ports;
  readonly connections: Connections;
  /** Length of Apollo's minute window, ms. */
  readonly minuteMs: MinuteMs;
}

/** A limiter as people may see it. */
export interface LimiterStatus {
  readonly team: string;
  readonly endpoint: Endpoint;
  readonly windows: readonly WindowUse[];
}

/** What limits the leads of a workspace by one of its teams. All times monotonic ms. */
export interface TeamLimits {
  readonly windows: readonly WindowUse[];
  /** When it may call again, where it may not now. */
  readonly limitedUntil?: number;
  /** Leads in one of its calls at most. */
  readonly batchSize: number;
}

const PAID: ReadonlySet<Endpoint> = new Set([...Object.values(BULK), ...Object.values(SINGLE)]);

/** Why work cannot be done by any key now. `no-mobile`: no key has credits for mobile numbers, but one has others. */
export type NoCapacity = 'no-slot' | 'slot-limit' | 'no-mobile';

/** A slot's monthly limit left no room: until calls under way give some back, or for good. */
export type LimitLasts = keyof typeof LIMIT_REST_MS;

/** What of a piece of work decides whether a slot has room for it. */
type LimitedWork = Pick<Work, 'workspace' | 'batchKey' | 'mobile'>;

interface Limit {
  readonly workspace: string;
  readonly lasts: LimitLasts;
  /** When it is looked at again, monotonic ms. */
  readonly until: number;
}

/** Which limiters there are, one for each Apollo team and endpoint, and which keys they may use. */
export class Limiters {
  readonly #options: LimitersOptions;
  readonly #onRoom: (limiter: Limiter) => void;
  readonly #limiters = new Map<string, Limiter>();
  /** Failures of keys that are being stored. */
  readonly #reporting = new UnderWay();
  /** What else is read and stored while nobody waits for it. */
  readonly #beside = new UnderWay();
  /** Slots without room for what work with a batch key costs, by slot and batch key. */
  readonly #atLimit = new Map<string, Limit>();
  /** Connections that may be used, by workspace and by team; for calls that cost nothing also those without credits. */
  #usable = new Map<string, UsableConnection[]>();
  #ofTeam = new Map<string, UsableConnection[]>();
  /** The teams whose keys each workspace has. */
  #teams = new Map<string, ReadonlySet<string>>();
  #loading: Promise<void> | undefined;
  #stale = true;
  /** When a key may be tried again for what it was not allowed, monotonic ms. */
  #allowedAgainAt = Number.POSITIVE_INFINITY;

  /** `onRoom`: a limiter has room that nobody waited for here, since processes share its allowance. */
  constructor(options: LimitersOptions, onRoom: (limiter: Limiter) => void) {
    this.#options = options;
    this.#onRoom = onRoom;
    options.ports.shared.hear('limiters', (id) => this.#limiters.get(id)?.allowance.told?.());
  }

  /** Half-read connections would look as if there were none. */
  get areRead(): boolean {
    return !this.#stale && !this.#loading && this.#now() < this.#allowedAgainAt;
  }

  /** Whoever asks why a key has failed would not find it written yet. */
  get areReporting(): boolean {
    return !this.#reporting.isEmpty;
  }

  /**
   * When the first of the workspace's slots at their limits, or of the keys that were not allowed something, may be
   * asked again; monotonic ms, as all times here.
   */
  limitsEnd(workspace: string, now: number): number {
    let end = this.#allowedAgainAt;
    for (const limit of this.#atLimit.values()) {
      if (limit.workspace === workspace && limit.until > now) end = Math.min(end, limit.until);
    }
    return end;
  }

  /** They are to be read again: a key was connected, its health changed or its slot's limit. */
  refresh(): void {
    this.#stale = true;
    this.#atLimit.clear();
  }

  /** Reads the connections where they are to be read. Rejects where the store cannot. */
  async read(): Promise<void> {
    while (!this.areRead) {
      this.#loading ??= this.#load().finally(() => {
        this.#loading = undefined;
      });
      await this.#loading;
    }
  }

  /** As {@link read}; where that fails, the connections that are known go on being used. */
  async tryRead(): Promise<void> {
    await this.#beside.add(
      this.read().catch((error) =>
        this.#options.ports.log.error('The connected keys could not be read; those known before are used', {
          error,
        }),
      ),
    );
  }

  async get(team: string, endpoint: Endpoint): Promise<Limiter> {
    const id = limiterId(team, endpoint);
    const known = this.#limiters.get(id);
    if (known) return known;
    const limiter = new Limiter(team, endpoint, await this.#allowance(id));
    const now = this.#now();
    limiter.connections = this.#connectionsOf(limiter);
    limiter.allowance.share = this.#shareOf(team);
    const limits =
      limiter.connections.find((connection) => connection.limits?.[endpoint])?.limits?.[endpoint] ??
      KNOWN_LIMITS[endpoint];
    // Only the limits: the usage read when the key was connected is of a window that is long over.
    if (limits) limiter.allowance.learn(limitsOnly(limits), now);
    const raced = this.#limiters.get(limiter.id);
    if (raced) return raced;
    this.#limiters.set(limiter.id, limiter);
    return limiter;
  }

  /**
   * The limiters that may serve this work, best first. The single endpoints have an allowance of their own:
   * it is kept for people who wait, and for keys whose scope leaves the bulk endpoint out.
   */
  for(waiting: Waiting, now: number): Limiter[] {
    const { kind, urgent, pieces, workspace } = waiting;
    const limiters = (endpoint: Endpoint) =>
      this.#limitersOf(workspace, endpoint).filter((limiter) => this.payingConnection(limiter, waiting, now));
    const bulk = limiters(BULK[kind]);
    if (!urgent) return bulk.length > 0 ? bulk : limiters(SINGLE[kind]);
    return pieces === 1 ? [...limiters(SINGLE[kind]), ...bulk] : [...bulk, ...limiters(SINGLE[kind])];
  }

  /** A key that this limiter may use now for such work, and whose slot is not known to have no room for it. */
  payingConnection(limiter: Limiter, work: LimitedWork, now: number): UsableConnection | undefined {
    return limiter
      .connectionsOf(work.workspace)
      .find((connection) => this.#canPay(connection, work) && !this.#limitOf(connection, work.batchKey, now));
  }

  /** The slot had no room for what work with this batch key costs. */
  reachedLimit(connection: UsableConnection, batchKey: string, lasts: LimitLasts): void {
    const { workspace } = connection;
    const until = this.#now() + LIMIT_REST_MS[lasts];
    this.#atLimit.set(limitId(connection, batchKey), { workspace, lasts, until });
  }

  /**
   * Why such work has no limiter. `limit-for-now`: it soon may have one; `no-mobile`: without phones it may. `now`: the time
   * at which it had none, or a limit that has just ended would be no reason.
   */
  whyNone(work: LimitedWork, now: number): NoCapacity | 'limit-for-now' {
    const connections = (this.#usable.get(work.workspace) ?? []).filter(hasCredits);
    const limits = connections
      .filter((connection) => this.#canPay(connection, work))
      .flatMap((connection) => this.#limitOf(connection, work.batchKey, now) ?? []);
    if (limits.length === 0) {
      return connections.every((connection) => this.#canPay(connection, work)) ? 'no-slot' : 'no-mobile';
    }
    return limits.every(({ lasts }) => lasts === 'for-good') ? 'slot-limit' : 'limit-for-now';
  }

  /**
   * At once, so that no further call leaves with the key; resolves when that it failed is stored. Never rejects:
   * what could not be stored is learnt again by the key's next call.
   */
  async failed(connection: UsableConnection, failure: KeyFailure): Promise<void> {
    this.#exclude(connection, failure);
    const reported = this.#options.connections
      .failed(connection, failure)
      .catch((error) => this.#options.ports.log.error('The failure of a key could not be stored', { error }));
    await this.#reporting.add(reported);
  }

  /** Says once that work waits for longer than a minute: people should know why nothing moves. */
  tellLimit(limiter: Limiter): void {
    const limit = limiter.allowance.limitedBy(this.#now());
    if (!limit || limit.window === 'minute') return;
    // What processes share has a time that is adjusted now and then, by fractions of a second.
    if (Math.abs(limit.until - (limiter.toldUntil ?? Number.NEGATIVE_INFINITY)) < 1000) return;
    limiter.toldUntil = limit.until;
    const stored = this.#options.connections
      .limited(limiter.team, limit.window, Math.round(limit.until + this.#wallOffset()))
      .catch((error) => this.#options.ports.log.error('A limit could not be stored', { error }));
    void this.#beside.add(stored);
  }

  /** As they are now; where several processes use them, with what all of them have used. */
  async status(): Promise<LimiterStatus[]> {
    await this.read();
    await Promise.all(this.#allowances().map((allowance) => allowance.refresh?.()));
    const now = this.#now();
    return [...this.#limiters.values()].map(({ team, endpoint, allowance }) => ({
      team,
      endpoint,
      windows: allowance.uses(now),
    }));
  }

  /** What limits such work of the workspace now, a team each; none where no key may be used for it. */
  async limitsOf(workspace: string, kind: Work['kind']): Promise<TeamLimits[]> {
    await this.tryRead();
    const limitersAt = (endpoint: Endpoint) =>
      this.#limitersOf(workspace, endpoint).filter((limiter) => limiter.connectionsOf(workspace).length > 0);
    const bulk = limitersAt(BULK[kind]);
    const limiters = bulk.length > 0 ? bulk : limitersAt(SINGLE[kind]);
    await Promise.all(limiters.map(({ allowance }) => allowance.refresh?.()));
    const now = this.#now();
    return limiters.map(({ allowance, batchSize }) => {
      const limit = allowance.limitedBy(now);
      return { windows: allowance.uses(now), batchSize, ...(limit && { limitedUntil: limit.until }) };
    });
  }

  /** Apollo teams with a key that may be used now. */
  get teamCount(): number {
    return this.#ofTeam.size;
  }

  /** Calls under way in this process, by endpoint. */
  underWay(): ReadonlyMap<Endpoint, number> {
    const calls = new Map<Endpoint, number>();
    for (const { endpoint, underWay } of this.#limiters.values()) {
      calls.set(endpoint, (calls.get(endpoint) ?? 0) + underWay);
    }
    return calls;
  }

  /** Resolves when nothing is read any more and all that was learnt is stored, or with those who share it. */
  async settled(): Promise<void> {
    await this.#reporting.settled();
    await this.#beside.settled();
    for (const allowance of this.#allowances()) await allowance.settled?.();
  }

  /** When the first of the workspace's keys may have credits for mobile numbers again, ms since the epoch. */
  mobileSpentUntil(workspace: string): number | undefined {
    const now = this.#options.ports.clock.now();
    const ends = (this.#usable.get(workspace) ?? []).flatMap((each) => mobileSpentUntil(each, now) ?? []);
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  #canPay(connection: UsableConnection, { mobile }: LimitedWork): boolean {
    return !mobile || mobileSpentUntil(connection, this.#options.ports.clock.now()) === undefined;
  }

  #limitOf(connection: UsableConnection, batchKey: string, now: number): Limit | undefined {
    const limit = this.#atLimit.get(limitId(connection, batchKey));
    return limit && limit.until > now ? limit : undefined;
  }

  #now(): number {
    return this.#options.ports.clock.monotonic();
  }

  #limitersOf(workspace: string, endpoint: Endpoint): Limiter[] {
    return [...(this.#teams.get(workspace) ?? [])].flatMap(
      (team) => this.#limiters.get(limiterId(team, endpoint)) ?? [],
    );
  }

  #wallOffset(): number {
    return this.#options.ports.clock.now() - this.#now();
  }

  async #load(): Promise<void> {
    this.#stale = false;
    const usable = await this.#options.connections.usable();
    const { clock } = this.#options.ports;
    const ends = usable.flatMap((each) => notAllowedAt(each, clock.now()).map(({ until }) => until));
    this.#allowedAgainAt = Math.min(...ends) - this.#wallOffset();
    this.#usable = Map.groupBy(usable, ({ workspace }) => workspace);
    this.#ofTeam = Map.groupBy(usable, ({ team }) => team);
    for (const endpoint of PAID) {
      for (const [team, connections] of this.#ofTeam) {
        if (connections.some(hasCredits)) await this.get(team, endpoint);
      }
    }
    for (const limiter of this.#limiters.values()) {
      limiter.connections = this.#connectionsOf(limiter);
      limiter.allowance.share = this.#shareOf(limiter.team);
    }
    this.#teams = new Map(
      [...this.#usable].map(([workspace, connections]) => [
        workspace,
        new Set(connections.map(({ team }) => team)),
      ]),
    );
  }

  /** Percent of the team's limits that may be used: the least that any of its keys says. */
  #shareOf(team: string): number {
    return Math.min(100, ...(this.#ofTeam.get(team) ?? []).map(({ share = 100 }) => share));
  }

  #connectionsOf(limiter: Limiter): UsableConnection[] {
    const now = this.#options.ports.clock.now();
    const isFree = !PAID.has(limiter.endpoint);
    return (this.#ofTeam.get(limiter.team) ?? []).filter(
      (connection) =>
        (isFree || hasCredits(connection)) &&
        !notAllowedAt(connection, now).some(({ endpoint }) => endpoint === limiter.endpoint),
    );
  }

  #exclude(failed: UsableConnection, error: KeyFailure): void {
    const concerned = (other: UsableConnection, limiter: Limiter) => {
      if (error instanceof OutOfCredits && !PAID.has(limiter.endpoint)) return false;
      if (error instanceof OutOfCredits && !isCapped(failed)) return other.team === failed.team;
      if (error instanceof OutOfCredits) return other.id === failed.id;
      const same = other.workspace === failed.workspace && other.slot === failed.slot;
      return same && (error instanceof KeyRefused || limiter.endpoint === error.endpoint);
    };
    const mobileSpent =
      error instanceof OutOfCredits && error.spent.pool === 'mobile'
        ? {
            since: this.#options.ports.clock.now(),
            ...(error.spent.until !== undefined && { until: error.spent.until }),
          }
        : undefined;
    for (const limiter of this.#limiters.values()) {
      if (limiter.team !== failed.team) continue;
      limiter.connections = limiter.connections.flatMap((other) => {
        if (!concerned(other, limiter)) return [other];
        return mobileSpent ? [{ ...other, mobileSpent }] : [];
      });
    }
  }

  async #allowance(id: string): Promise<LimiterAllowance> {
    const { minuteMs, ports } = this.#options;
    const { shared, clock, log } = ports;
    if (shared.isAlone) return await new RememberedAllowance(id, minuteMs, ports).open();
    const onRoom = () => {
      const limiter = this.#limiters.get(id);
      if (limiter) this.#onRoom(limiter);
    };
    return new SharedAllowance({ id, minuteMs, shared, clock, log, onRoom });
  }

  #allowances(): LimiterAllowance[] {
    return [...this.#limiters.values()].map(({ allowance }) => allowance);
  }
}

/** Without credits a key may still do what costs none. */
function hasCredits({ health }: UsableConnection): boolean {
  return health.state !== 'out-of-credits';
}

/** All work with one batch key costs the same; other work may cost less, and have room. */
function limitId({ workspace, slot }: UsableConnection, batchKey: string): string {
  return `${workspace}/${slot}/${batchKey}`;
}

function limitsOnly(readings: LimitReadings): LimitReadings {
  return Object.fromEntries(Object.entries(readings).map(([window, { limit }]) => [window, { limit }]));
}
