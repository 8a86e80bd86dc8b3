/** More under way than this at one endpoint never helped; Apollo's limits bind long before. */
const MOST = 64;
/** Small lists are over before anything could be learnt: 16 at once is what most programs allow themselves. */
const FIRST = 16;
/** Slow answers alone never lead below this: Apollo's answers take as long as they take. */
const LEAST_WHEN_SLOW = 4;

/** How much of an answer's time goes into what is usual, and into what is so now. */
const USUAL = 0.02;
const NOW = 0.2;
/** So many times the usual is slow. Single answers vary by more; the mean of the last few does not. */
const SLOW = 2;

/**
 * How many calls may be under way for one limiter: one more with every answer, half as many when Apollo is in
 * trouble, fewer while answers get slower than they usually are (additive increase, multiplicative decrease,
 * as TCP does).
 */
export class Concurrency {
  #limit = FIRST;
  /** Means of the time to an answer, ms, over many and over few of the last answers. */
  #usual: number | undefined;
  #now: number | undefined;

  /** Calls that may be under way. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** An answer came after `latency` ms. */
  answered(latency: number): void {
    this.#usual = mean(this.#usual, latency, USUAL);
    this.#now = mean(this.#now, latency, NOW);
    if (this.#now <= this.#usual * SLOW) this.#limit = Math.min(MOST, this.#limit + 1);
    else this.#limit = Math.max(Math.min(this.#limit, LEAST_WHEN_SLOW), this.#limit - 0.5);
  }

  /** A call failed because Apollo is in trouble, or its answer was lost. */
  troubled(): void {
    this.#limit = Math.max(1, this.#limit / 2);
  }
}

function mean(before: number | undefined, value: number, weight: number): number {
  return before === undefined ? value : before + (value - before) * weight;
}
