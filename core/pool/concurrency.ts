/** More under way than this at one endpoint never helped; Apollo's limits bind long before. */
const MOST = 64;
const FIRST = 4;

/**
 * How many calls may be under way in one lane: one more with every quick answer, half as many when Apollo
 * is in trouble, one fewer when answers get slow (additive increase, multiplicative decrease, as TCP does).
 */
export class Concurrency {
  #limit = FIRST;
  /** The quickest answer lately, ms; forgets slowly, so that a change of Apollo's pace becomes the norm. */
  #quickest = Number.POSITIVE_INFINITY;

  /** Calls that may be under way. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** An answer came after `latency` ms. */
  answered(latency: number): void {
    this.#quickest = Math.min(this.#quickest * 1.01, Math.max(latency, 1));
    if (latency <= this.#quickest * 2 + 50) this.#limit = Math.min(MOST, this.#limit + 1);
    else this.#limit = Math.max(FIRST, this.#limit - 0.5);
  }

  /** A call failed because Apollo is in trouble, or its answer was lost. */
  troubled(): void {
    this.#limit = Math.max(1, this.#limit / 2);
  }
}
