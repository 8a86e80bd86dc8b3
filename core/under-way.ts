/** Work that nobody waits for while the program runs, and that must be through before what it uses is closed. */
export class UnderWay {
  readonly #works = new Set<Promise<unknown>>();

  /** Gives the work itself, with its errors. */
  async add<T>(work: Promise<T>): Promise<T> {
    this.#works.add(work);
    try {
      return await work;
    } finally {
      this.#works.delete(work);
    }
  }

  get isEmpty(): boolean {
    return this.#works.size === 0;
  }

  /** Resolves when nothing is under way any more, whatever became of it. */
  async settled(): Promise<void> {
    while (!this.isEmpty) await Promise.allSettled(this.#works);
  }
}
