import { once } from 'node:events';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import { Problem } from './problem.ts';

const MINUTE_S = 60;

/** Keeps one token from taking all of the server. */
export class RateLimit {
  readonly #limiter: RateLimiterAbstract;
  readonly #perMinute: number;
  readonly #close: () => void;

  private constructor(limiter: RateLimiterAbstract, perMinute: number, close: () => void) {
    this.#limiter = limiter;
    this.#perMinute = perMinute;
    this.#close = close;
  }

  /** `perMinute`: requests per token in a minute. `redisUrl`: the processes on this Redis count together. */
  static async open(perMinute: number, redisUrl?: string): Promise<RateLimit> {
    const limit = { points: perMinute, duration: MINUTE_S };
    const here = new RateLimiterMemory(limit);
    if (redisUrl === undefined) return new RateLimit(here, perMinute, () => {});
    const { createClient } = await import('@redis/client');
    // No request waits for a Redis that is away: each process counts its own then.
    const redis = createClient({ url: redisUrl, disableOfflineQueue: true });
    redis.on('error', () => {});
    const ready = once(redis, 'ready');
    redis.connect().catch(() => {});
    await ready.catch(() => {});
    const shared = new RateLimiterRedis({
      ...limit,
      storeClient: redis,
      useRedisPackage: true,
      keyPrefix: 'connectionsphere:requests',
      insuranceLimiter: here,
    });
    return new RateLimit(shared, perMinute, () => redis.destroy());
  }

  /** As `RateLimit-Policy` has it (draft-ietf-httpapi-ratelimit-headers). */
  get policy(): string {
    return `"token";q=${this.#perMinute};w=${MINUTE_S}`;
  }

  /** Gives what is left, as `RateLimit` has it. Throws a 429 with the seconds to wait. */
  async take(token: string): Promise<string> {
    try {
      return left(await this.#limiter.consume(token));
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      throw new Problem(
        429,
        'too-many-requests',
        `A token may make ${this.#perMinute.toLocaleString('en-US')} requests a minute.`,
        { retryAfter: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)), rateLimit: left(refused) },
      );
    }
  }

  close(): void {
    this.#close();
  }
}

function left({ remainingPoints, msBeforeNext }: RateLimiterRes): string {
  return `"token";r=${Math.max(0, remainingPoints)};t=${Math.ceil(Math.max(0, msBeforeNext) / 1000)}`;
}
