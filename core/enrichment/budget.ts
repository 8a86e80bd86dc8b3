/** Rounds off what adding fractions leaves behind; Apollo's credits have few decimals. */
export function roundCredits(credits: number): number {
  return Math.round(credits * 1e4) / 1e4;
}

/** Credits in so many parts that, rounded as {@link roundCredits} does, still add up to the whole. */
export function splitCredits(credits: number, parts: number): number[] {
  const upTo = (part: number) => roundCredits((credits * part) / parts);
  return Array.from({ length: parts }, (_, part) => roundCredits(upTo(part + 1) - upTo(part)));
}

/**
 * A limit on credits with what is spent and what is set aside for calls that may still cost. The greatest
 * cost of a look-up is reserved before it may leave, so the limit holds whatever Apollo charges.
 */
export class Budget {
  /** Credits; none: no limit. */
  limit: number | undefined;
  #spent: number;
  #reserved = 0;
  /** Of what is reserved: what late parts may still cost, by who pays. */
  readonly #held = new Map<string, number>();
  #waiting: (() => void)[] = [];

  constructor(limit: number | undefined, spent: number) {
    this.limit = limit;
    this.#spent = spent;
  }

  /** `wait`: there may be room once something reserved is given back; `never`: there will not. */
  check(credits: number): 'room' | 'wait' | 'never' {
    if (this.limit === undefined || this.#spent + this.#reserved + credits <= this.limit) return 'room';
    return this.#spent + credits > this.limit ? 'never' : 'wait';
  }

  reserve(credits: number): void {
    this.#reserved += credits;
  }

  /** Less than nothing: it was not, after all. */
  spend(credits: number): void {
    this.#spent = roundCredits(this.#spent + credits);
  }

  /** Gives a reservation back. */
  release(reserved: number): void {
    this.#reserved = Math.max(0, roundCredits(this.#reserved - reserved));
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Goes on keeping what is reserved, for a late part. */
  hold(source: string, credits: number): void {
    if (credits > 0) this.#held.set(source, roundCredits(this.#heldFor(source) + credits));
  }

  /** After a start or resume: reserves what is missing of what late parts may still cost. */
  holdAgain(source: string, credits: number): void {
    const missing = roundCredits(credits - this.#heldFor(source));
    if (missing <= 0) return;
    this.reserve(missing);
    this.#held.set(source, credits);
  }

  /** A late part has come, or never will. */
  unhold(source: string, credits: number): void {
    const held = this.#heldFor(source);
    // Held in another month, it is not held in this one.
    const own = Math.min(credits, held);
    if (own === held) this.#held.delete(source);
    else this.#held.set(source, roundCredits(held - own));
    this.release(own);
  }

  #heldFor(source: string): number {
    return this.#held.get(source) ?? 0;
  }

  /** Resolves at the next release. */
  released(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/**
 * Reserves in all budgets or in none, waiting for room while there may be some. `false`: one of them has
 * no room left, or `signal` aborted.
 */
export async function reserveInAll(
  budgets: readonly Budget[],
  credits: number,
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    if (signal.aborted) return false;
    const checks = budgets.map((budget) => budget.check(credits));
    if (checks.includes('never')) return false;
    const full = budgets[checks.indexOf('wait')];
    if (!full) break;
    await Promise.race([full.released(), aborted(signal)]);
  }
  for (const budget of budgets) budget.reserve(credits);
  return true;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
