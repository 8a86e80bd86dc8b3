import type { RedisClient } from './client.ts';

const SAMPLES = 5;
/** A better sample is not waited for longer than this: the machine's clock drifts, ms. */
const STALE_AFTER_MS = 60_000;

/** The time of the Redis server, so that processes on several machines mean the same by "now". */
export class RedisClock {
  readonly #redis: RedisClient;
  #offset = 0;
  #roundTrip = Number.POSITIVE_INFINITY;
  #sampledAt = Number.NEGATIVE_INFINITY;
  #last = 0;

  constructor(redis: RedisClient) {
    this.#redis = redis;
  }

  /** ms since the epoch by Redis's clock, known as exactly as half a round trip; never backwards. */
  now(): number {
    this.#last = Math.max(this.#last, performance.now() + this.#offset);
    return this.#last;
  }

  async start(): Promise<void> {
    for (let sample = 0; sample < SAMPLES; sample += 1) await this.adjust();
  }

  async adjust(): Promise<void> {
    const asked = performance.now();
    const [seconds, microseconds] = await this.#redis.time();
    const told = performance.now();
    const roundTrip = told - asked;
    const stale = told - this.#sampledAt > STALE_AFTER_MS;
    if (roundTrip > this.#roundTrip && !stale) return;
    this.#roundTrip = roundTrip;
    this.#sampledAt = told;
    this.#offset = Number(seconds) * 1000 + Number(microseconds) / 1000 - (asked + told) / 2;
  }
}
