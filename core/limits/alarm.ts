import type { Clock } from '../ports.ts';

/** Calls back once when the earliest of the times comes that it was set to. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #set: { readonly at: number; readonly sleep: AbortController } | undefined;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** `at`: monotonic ms. Where it is set to an earlier time already, that one serves as well. */
  setTo(at: number): void {
    if (at === Number.POSITIVE_INFINITY || (this.#set && this.#set.at <= at)) return;
    this.off();
    const sleep = new AbortController();
    this.#set = { at, sleep };
    void this.#clock.sleep(Math.max(0, at - this.#clock.monotonic()), sleep.signal).then(() => {
      if (sleep.signal.aborted) return;
      this.#set = undefined;
      this.#ring();
    });
  }

  off(): void {
    this.#set?.sleep.abort();
    this.#set = undefined;
  }
}
