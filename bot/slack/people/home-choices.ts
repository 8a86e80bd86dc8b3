import type { Collection, Store } from '@connectionsphere/core';

/** `mine`: started by the person, or sent to the person. `all`: everything that the person may see. */
export type HomeLists = 'mine' | 'all';

/** Which lists somebody wants on the Home tab; kept, since the tab is drawn anew by itself when a list ends. */
export class HomeChoices {
  readonly #stored: Collection<HomeLists>;

  constructor(store: Store) {
    this.#stored = store.collection('slack-home');
  }

  /** `mine` until somebody chooses. */
  async of(workspace: string, user: string): Promise<HomeLists> {
    return (await this.#stored.get(`${workspace}/${user}`)) ?? 'mine';
  }

  async set(workspace: string, user: string, lists: HomeLists): Promise<void> {
    await this.#stored.set(`${workspace}/${user}`, lists);
  }

  async remove(workspace: string): Promise<void> {
    for await (const [key] of this.#stored.entries(`${workspace}/`)) await this.#stored.delete(key);
  }
}
