import type { PauseReason } from './types.ts';

/** Why a job stops. */
export type Halt = PauseReason | 'cancel';

/** One running of a job, as far as this process works on it. */
export class Running {
  /** Stops the job in every process that works on it. */
  readonly halt: (halt: Halt) => Promise<unknown>;
  readonly #onStop: () => void;
  readonly #controller = new AbortController();
  #stopped: Halt | undefined;

  /** `onStop`: takes back what has not left yet. */
  constructor(halt: (halt: Halt) => Promise<unknown>, onStop: () => void) {
    this.halt = halt;
    this.#onStop = onStop;
  }

  /** Aborts when the job is to stop. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why it is to stop; `undefined`: it is not. */
  get stopped(): Halt | undefined {
    return this.#stopped;
  }

  /** Stops what this process does for the job. */
  stop(halt: Halt): void {
    // Who cancels means it, also while the job is still pausing.
    this.#stopped = halt === 'cancel' ? halt : (this.#stopped ?? halt);
    this.#controller.abort();
    this.#onStop();
  }
}
