/** Does a few pieces of work in each turn of the event loop, in their order, so that nothing else waits for all of them. */
export class Turns {
  readonly #inATurn: number;
  readonly #waiting: (() => void)[] = [];
  #isPlanned = false;

  constructor(inATurn: number) {
    this.#inATurn = inATurn;
  }

  /** Does it soon, never at once. */
  add(work: () => void): void {
    this.#waiting.push(work);
    this.#plan();
  }

  #plan(): void {
    if (this.#isPlanned || this.#waiting.length === 0) return;
    this.#isPlanned = true;
    setImmediate(() => {
      this.#isPlanned = false;
      for (const work of this.#waiting.splice(0, this.#inATurn)) work();
      this.#plan();
    });
  }
}
