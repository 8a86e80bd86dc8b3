import type { Collection, Store } from '@connectionsphere/core';

/** Slack repeats an event for an hour or so; a day is safe. */
const KEPT_MS = 24 * 60 * 60_000;

/**
 * Slack sends an event again when it is not sure that it was heard, and Bolt passes it on. Work is named by
 * what makes it unique (an event's id, a view's id, a step's execution id) and done once.
 */
export class Once {
  readonly #done: Collection<true>;
  readonly #underWay = new Set<string>();

  constructor(store: Store) {
    this.#done = store.collection('slack-done');
  }

  /**
   * Does the work unless it was done or is being done; gives whether it did. Work that throws counts as not
   * done; so does work that the death of the process cut off.
   */
  async do(name: string, work: () => Promise<unknown>): Promise<boolean> {
    if (this.#underWay.has(name)) return false;
    this.#underWay.add(name);
    try {
      if (await this.#done.get(name)) return false;
      await work();
      await this.#done.set(name, true, { ttlMs: KEPT_MS });
      return true;
    } finally {
      this.#underWay.delete(name);
    }
  }
}
