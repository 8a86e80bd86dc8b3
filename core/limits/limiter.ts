import type { Endpoint } from '../apollo/types.ts';
import type { UsableConnection } from '../slots/types.ts';
import type { LimiterAllowance } from './allowance.ts';
import { Concurrency } from './concurrency.ts';
import type { Work } from './queue.ts';

/** People or companies in one Apollo call at most (Apollo: `RECORD_LIMIT_EXCEEDED` beyond). */
export const BATCH_SIZE = 10;

export const BULK: Record<Work['kind'], Endpoint> = {
  person: 'people/bulk_match',
  company: 'organizations/bulk_enrich',
};
export const SINGLE: Record<Work['kind'], Endpoint> = {
  person: 'people/match',
  company: 'organizations/enrich',
};

/** First rest after trouble, ms; doubles with each further trouble. */
const FIRST_REST_MS = 500;
const LONGEST_REST_MS = 30_000;
/** Longer than this nobody is left alone who asked for it, ms: a call that is refused costs nothing. */
const LONGEST_ASKED_REST_MS = 60_000;

/** One Apollo team at one endpoint: its allowance, its pace and the keys that may be used for it. */
export class Limiter {
  readonly team: string;
  readonly endpoint: Endpoint;
  /** The limiter's own, or all processes' together. */
  readonly allowance: LimiterAllowance;
  readonly concurrency = new Concurrency();
  /** The connections of the team that may be used here, by workspace. */
  #connections = new Map<string, UsableConnection[]>();
  underWay = 0;
  /** Among the pool's calls, the number of its last one: the limiter that waited longest is next. */
  served = 0;
  /** The end of a used-up hour or day that people were told of, monotonic ms. */
  toldUntil: number | undefined;
  #troubles = 0;
  #restUntil = Number.NEGATIVE_INFINITY;

  constructor(team: string, endpoint: Endpoint, allowance: LimiterAllowance) {
    this.team = team;
    this.endpoint = endpoint;
    this.allowance = allowance;
  }

  get id(): string {
    return limiterId(this.team, this.endpoint);
  }

  get isBulk(): boolean {
    return this.endpoint === BULK.person || this.endpoint === BULK.company;
  }

  /** People or companies in one of its calls at most. */
  get batchSize(): number {
    return this.isBulk ? BATCH_SIZE : 1;
  }

  /** So many calls would leave if they might: a shared allowance has to be asked before. */
  request(calls: number, now: number): void {
    if (now < this.#restUntil) return;
    this.allowance.request?.(Math.min(calls, this.concurrency.limit - this.underWay));
  }

  /**
   * Calls that may leave now; else when to look again (`undefined`: after an answer of this limiter).
   * All times monotonic ms.
   */
  room(now: number): { free: number; at?: number | undefined } {
    if (now < this.#restUntil) return { free: 0, at: this.#restUntil };
    const concurrent = this.concurrency.limit - this.underWay;
    if (concurrent <= 0) return { free: 0, at: undefined };
    const room = this.allowance.room(now);
    return room.free > 0 ? { free: Math.min(room.free, concurrent) } : room;
  }

  /** Every connection of the team that may be used here, in whichever workspace. */
  set connections(all: readonly UsableConnection[]) {
    this.#connections = Map.groupBy(all, ({ workspace }) => workspace);
  }

  get connections(): readonly UsableConnection[] {
    return [...this.#connections.values()].flat();
  }

  /** Workspaces whose work it may do. */
  get workspaces(): ReadonlyMap<string, unknown> {
    return this.#connections;
  }

  /** The keys of `workspace` that this limiter may use now, healthy ones only. */
  connectionsOf(workspace: string): readonly UsableConnection[] {
    return this.#connections.get(workspace) ?? [];
  }

  answered(latencyMs: number): void {
    this.#troubles = 0;
    this.concurrency.answered(latencyMs);
  }

  /**
   * Apollo, or something before it, is in trouble: rest for a while, longer each time, with `jitter` in [0, 1)
   * spreading the limiters, and not shorter than was asked for.
   */
  troubled(now: number, jitter: number, askedMs = 0): void {
    this.concurrency.troubled();
    const asked = now + Math.min(askedMs, LONGEST_ASKED_REST_MS);
    // Calls that were under way together report the same trouble once each.
    if (now >= this.#restUntil) {
      const rest = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** this.#troubles);
      this.#troubles += 1;
      this.#restUntil = now + rest * (0.5 + jitter / 2);
    }
    this.#restUntil = Math.max(this.#restUntil, asked);
  }
}

export function limiterId(team: string, endpoint: Endpoint): string {
  return `${team}/${endpoint}`;
}
