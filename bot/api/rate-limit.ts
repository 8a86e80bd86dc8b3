import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from './problem.ts';

/** Keeps one token from taking all of the server. */
export class RateLimit {
  readonly #limiter: RateLimiterMemory;
  readonly #perMinute: number;

  /** `perMinute`: requests per token in a minute. */
  constructor(perMinute: number) {
    this.#perMinute = perMinute;
    this.#limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  }

  /** Throws a 429 with the seconds to wait. */
  async take(token: string): Promise<void> {
    try {
      await this.#limiter.consume(token);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      throw new Problem(
        429,
        'too-many-requests',
        `A token may make ${this.#perMinute.toLocaleString('en-US')} requests a minute.`,
        { retryAfter: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)) },
      );
    }
  }
}
