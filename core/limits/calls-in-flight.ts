import type { RequestWatch } from '../ports.ts';

/** A request that is under way. Monotonic ms. */
export interface Flight {
  /** When it took its place in an allowance. */
  readonly at: number;
  /** When it left, where that is told. */
  leftAt?: number;
  /** When the head of its answer was there, where that is told. */
  headAt?: number;
}

/** The requests of this process that are under way, from their place in an allowance until their answers are stored. */
export class CallsInFlight {
  readonly #most: () => number;
  readonly #now: () => number;
  readonly #underWay = new Set<Flight>();
  /** Of those that are watched: not left yet, and answered but not read yet. */
  readonly #leaving = new Set<Flight>();
  readonly #unread = new Set<Flight>();

  /** `most`: requests that may be under way. Beyond that they would wait in HTTP, in the order of their coming. */
  constructor(most: () => number, now: () => number) {
    this.#most = most;
    this.#now = now;
  }

  get isEmpty(): boolean {
    return this.#underWay.size === 0;
  }

  get isFull(): boolean {
    return this.#underWay.size >= this.#most();
  }

  /** Some have not left yet. */
  get isLeaving(): boolean {
    return this.#leaving.size > 0;
  }

  /** There are answers that wait to be read. */
  get isUnread(): boolean {
    return this.#unread.size > 0;
  }

  /** `at`: now, as its allowance has it. */
  begin(at: number): Flight {
    const flight = { at };
    this.#underWay.add(flight);
    return flight;
  }

  /** For whoever makes the request; it is about to leave. */
  watch(flight: Flight): RequestWatch {
    this.#leaving.add(flight);
    return {
      leaving: () => {
        flight.leftAt = this.#now();
        this.#leaving.delete(flight);
      },
      answered: () => {
        flight.headAt = this.#now();
      },
      arrived: () => {
        if (this.#underWay.has(flight)) this.#unread.add(flight);
      },
    };
  }

  /** Its answer is read, or none will come. */
  read(flight: Flight): void {
    this.#leaving.delete(flight);
    this.#unread.delete(flight);
  }

  /** All that followed from it is stored. */
  end(flight: Flight): void {
    this.read(flight);
    this.#underWay.delete(flight);
  }
}
