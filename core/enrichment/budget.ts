/** Rounds off what adding fractions leaves behind; Apollo's credits have few decimals. */
export function roundCredits(credits: number): number {
  return Math.round(credits * 1e4) / 1e4;
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
  #waiting: (() => void)[] = [];

  constructor(limit: number | undefined, spent: number) {
    this.limit = limit;
    this.#spent = spent;
  }

  get spent(): number {
    return this.#spent;
  }

  /** `wait`: there may be room once something reserved is given back; `never`: there will not. */
  check(credits: number): 'room' | 'wait' | 'never' {
    if (this.limit === undefined || this.#spent + this.#reserved + credits <= this.limit) return 'room';
    return this.#spent + credits > this.limit ? 'never' : 'wait';
  }

  reserve(credits: number): void {
    this.#reserved += credits;
  }

  /** Gives a reservation back, `spent` of it being used up. */
  release(reserved: number, spent: number): void {
    this.#reserved = Math.max(0, roundCredits(this.#reserved - reserved));
    this.#spent = roundCredits(this.#spent + spent);
    for (const resolve of this.#waiting.splice(0)) resolve();
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
