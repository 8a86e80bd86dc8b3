import type { Clock } from '../../core/ports.ts';

interface Sleeper {
  readonly until: number;
  wake(): void;
}

/** A clock that stands still until a test moves it on. */
export class VirtualClock implements Clock {
  #now = 0;
  readonly #tickMs: number;
  readonly #sleepers = new Set<Sleeper>();
  /** Those whose signal aborted; they learn of it after whoever wakes next, as busy machines have it. */
  readonly #aborted: (() => void)[] = [];

  /** `tickMs`: passes whenever somebody looks, as time does. */
  constructor(tickMs = 0) {
    this.#tickMs = tickMs;
  }

  now(): number {
    return Date.UTC(2026, 10, 23) + this.#now;
  }

  monotonic(): number {
    this.#now += this.#tickMs;
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((wake) => {
      const sleeper = { until: this.#now + ms, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', () => {
        if (this.#sleepers.delete(sleeper)) this.#aborted.push(wake);
      });
    });
  }

  /** Moves on by `ms`, waking sleepers in their order; what they begin is done before the next one wakes. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settled();
      const [next] = [...this.#sleepers].sort((a, b) => a.until - b.until);
      if (!next || next.until > end) break;
      this.#sleepers.delete(next);
      this.#now = Math.max(this.#now, next.until);
      next.wake();
      await settled();
      for (const wake of this.#aborted.splice(0)) wake();
    }
    this.#now = end;
    for (const wake of this.#aborted.splice(0)) wake();
    await settled();
  }
}

/** Lets everything happen that waits for no time. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
}
