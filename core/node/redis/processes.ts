import { randomBytes } from 'node:crypto';
import type { Log } from '../../ports.ts';
import type { RedisClient } from './client.ts';
import { KEY_PREFIX } from './prefix.ts';
import type { RedisClock } from './redis-clock.ts';

/** How long a dead process is remembered, ms: for those that stood still meanwhile. */
const REMEMBERED_MS = 24 * 3_600_000;

const REGISTRY = `${KEY_PREFIX}processes`;
const MARK = `${KEY_PREFIX}mark`;

/** The key that is there while the process lives. Scripts look at it too. */
export const ALIVE = `${KEY_PREFIX}alive:`;

/** The processes on one Redis: each shows that it lives, and sees when another has died. */
export class Processes {
  readonly self = randomBytes(6).toString('base64url');
  readonly #redis: RedisClient;
  readonly #clock: RedisClock;
  readonly #log: Log;
  readonly #lostAfterMs: number;
  readonly #lost = new Set<string>();
  readonly #alive = new Set<string>([this.self]);
  readonly #listeners = new Set<() => void>();
  #mark: string | undefined;
  #beating: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  /** `lostAfterMs`: a process that has not been heard of for so long has died. */
  constructor(redis: RedisClient, clock: RedisClock, log: Log, lostAfterMs: number) {
    this.#redis = redis;
    this.#clock = clock;
    this.#log = log;
    this.#lostAfterMs = lostAfterMs;
  }

  async start(): Promise<void> {
    await this.#beat();
    this.#timer = setInterval(() => {
      this.#beating = this.#beat().catch((error) =>
        this.#log.warn('This process could not show that it lives', { error }),
      );
    }, this.#lostAfterMs / 5);
    this.#timer.unref();
  }

  /** From here on the others need not wait to see that this process is gone. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
    // In this order: one that is in the registry and shows no life has died.
    await Promise.allSettled([
      this.#redis.zRem(REGISTRY, this.self),
      this.#redis.del(`${ALIVE}${this.self}`),
    ]);
  }

  isLost(process: string): boolean {
    if (this.#lost.has(process)) return true;
    if (!this.#alive.has(process)) void this.#look([process]).catch(() => undefined);
    return false;
  }

  onLost(listener: () => void): void {
    this.#listeners.add(listener);
  }

  async hasOthers(): Promise<boolean> {
    const all = await this.#redis.zRange(REGISTRY, 0, -1);
    const alive = await this.#redis.mGet(all.map((process) => `${ALIVE}${process}`));
    return all.some((process, index) => process !== this.self && alive[index] !== null);
  }

  async #beat(): Promise<void> {
    await this.#checkMark();
    const now = this.#clock.now();
    await Promise.all([
      this.#redis.set(`${ALIVE}${this.self}`, '1', { expiration: { type: 'PX', value: this.#lostAfterMs } }),
      this.#redis.zAdd(REGISTRY, { score: now, value: this.self }),
      this.#redis.zRemRangeByScore(REGISTRY, '-inf', now - REMEMBERED_MS),
    ]);
    await this.#clock.adjust();
    await this.lookForLost();
  }

  async lookForLost(): Promise<void> {
    // One that ended in order is not in the registry any more.
    const all = new Set([...(await this.#redis.zRange(REGISTRY, 0, -1)), ...this.#alive]);
    await this.#look([...all]);
  }

  async #look(processes: readonly string[]): Promise<void> {
    const others = processes.filter((process) => process !== this.self);
    if (others.length === 0) return;
    const alive = await this.#redis.mGet(others.map((process) => `${ALIVE}${process}`));
    let lost = 0;
    for (const [index, process] of others.entries()) {
      if (alive[index] !== null) {
        this.#alive.add(process);
        // It stood still, and what it begins from here on is its own again.
        this.#lost.delete(process);
        continue;
      }
      if (this.#lost.has(process)) continue;
      this.#alive.delete(process);
      this.#lost.add(process);
      lost += 1;
    }
    if (lost > 0) for (const listener of this.#listeners) listener();
  }

  /** A mark that only an emptied (or another) Redis does not have. */
  async #checkMark(): Promise<void> {
    const mark = randomBytes(9).toString('base64url');
    const there = await this.#redis.set(MARK, mark, { condition: 'NX', GET: true });
    const now = there ?? mark;
    if (this.#mark !== undefined && now !== this.#mark) {
      this.#log.error(
        'Redis was emptied while this process ran: slots, jobs and known results are gone. Connect the keys again, or restore Redis from its backup and restart.',
      );
    }
    this.#mark = now;
  }
}
