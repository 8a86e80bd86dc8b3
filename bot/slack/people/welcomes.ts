import type { Clock, Collection, Coordination, Store } from '@connectionsphere/core';

/** Who has been welcomed: once each, however often the conversation is opened. */
export class Welcomes {
  readonly #stored: Collection<number>;
  readonly #coordination: Coordination;
  readonly #clock: Clock;

  constructor(store: Store, coordination: Coordination, clock: Clock) {
    this.#stored = store.collection('slack-welcomed');
    this.#coordination = coordination;
    this.#clock = clock;
  }

  /** Welcomes somebody unless that was done before; one that failed counts as not done. */
  async once(workspace: string, user: string, welcome: () => Promise<unknown>): Promise<void> {
    const key = `${workspace}/${user}`;
    await this.#coordination.exclusive(`slack-welcome:${key}`, async () => {
      if (await this.#stored.get(key)) return;
      await welcome();
      await this.#stored.set(key, this.#clock.now());
    });
  }

  async remove(workspace: string): Promise<void> {
    for await (const [key] of this.#stored.entries(`${workspace}/`)) await this.#stored.delete(key);
  }
}
