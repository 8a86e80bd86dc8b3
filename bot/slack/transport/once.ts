import type { Collection, Coordination, Store } from '@connectionsphere/core';

/** Slack repeats an event for an hour or so; a day is safe. */
const KEPT_MS = 24 * 60 * 60_000;

/**
 * Slack sends an event again when it is not sure that it was heard, and Bolt passes it on. Work is named by
 * what makes it unique (an event's id, a view's id, a step's execution id) and done once.
 */
export class Once {
  readonly #done: Collection<true>;
  readonly #coordination: Coordination;

  constructor(store: Store, coordination: Coordination) {
    this.#done = store.collection('slack-done');
    this.#coordination = coordination;
  }

  /**
   * Does the work unless it was done, by this process or another; gives whether it did. Who asks while it is
   * being done waits for its end. Work that throws counts as not done; so does work that the death of the
   * process cut off.
   */
  async do(name: string, work: () => Promise<unknown>): Promise<boolean> {
    return await this.#coordination.exclusive(`slack-once:${name}`, async () => {
      if (await this.#done.get(name)) return false;
      await work();
      await this.#done.set(name, true, { ttlMs: KEPT_MS });
      return true;
    });
  }

  /**
   * Gives whether nobody has claimed the name before, here or in another process. For what is better lost with
   * the process than done twice.
   */
  async claim(name: string): Promise<boolean> {
    return await this.do(name, async () => {});
  }
}
