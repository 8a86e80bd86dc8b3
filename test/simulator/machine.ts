import type { Clock } from '../../core/ports.ts';
import type { Draw } from './draw.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Most timers ring within a ms; on a busy machine it takes longer. */
const LATE_MS = { usual: 0.5, seldom: 40 } as const;
const SELDOM = 0.02;

/** What runs one process: its clock, and whether it lives. */
export class Machine {
  readonly clock: Clock;
  readonly #time: VirtualTime;
  readonly #draw: Draw;
  #isDead = false;
  /** It stands still until then, by the virtual time's `elapsed`. */
  #stillUntil = 0;

  /** `wallOffsetMs`: how far the machine's date is from Apollo's, as often as it is asked. */
  constructor(time: VirtualTime, draw: Draw, wallOffsetMs: () => number) {
    this.#time = time;
    this.#draw = draw;
    const startedAt = time.elapsed;
    // No two processes count from the same moment.
    const origin = draw.between(1, 10_000);
    this.clock = {
      now: () => Math.floor(time.now() + wallOffsetMs()),
      monotonic: () => origin + time.elapsed - startedAt,
      sleep: (ms, signal) => this.#sleep(ms, signal),
    };
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** From now on nothing is done here any more. */
  die(): void {
    this.#isDead = true;
  }

  /** Nothing is done here for so long; what was due meanwhile is done then. */
  standStill(ms: number): void {
    this.#stillUntil = Math.max(this.#stillUntil, this.#time.elapsed + ms);
  }

  /** Does it in this process after so many ms, unless it is dead by then, or what this gives is called before. */
  after(ms: number, work: () => void): () => void {
    let cancel = this.#time.after(ms, () => {
      if (this.#isDead) return;
      const still = this.#stillUntil - this.#time.elapsed;
      if (still > 0) cancel = this.after(still, work);
      else work();
    });
    return () => cancel();
  }

  #sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const late = this.#draw.between(0, this.#draw.happens(SELDOM) ? LATE_MS.seldom : LATE_MS.usual);
      const over = () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      const cancel = this.after(ms + late, over);
      const onAbort = () => {
        cancel();
        over();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
}
