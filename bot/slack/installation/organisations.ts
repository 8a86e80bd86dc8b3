import type { Collection, Store } from '@connectionsphere/core';

/**
 * Which organisation's installation serves which workspaces. Requests name both; what the bot says by itself knows
 * the workspace alone, and the organisation's removal of the app names the organisation alone.
 */
export class Organisations {
  readonly #stored: Collection<string>;

  constructor(store: Store) {
    this.#stored = store.collection('slack-organisations');
  }

  /** `organisation`: `undefined` for a workspace that has installed the app itself. */
  async note(workspace: string, organisation: string | undefined): Promise<void> {
    if ((await this.of(workspace)) === organisation) return;
    if (organisation === undefined) await this.remove(workspace);
    else await this.#stored.set(workspace, organisation);
  }

  async of(workspace: string): Promise<string | undefined> {
    return await this.#stored.get(workspace);
  }

  async workspaces(organisation: string): Promise<string[]> {
    const found: string[] = [];
    for await (const [workspace, of] of this.#stored.entries())
      if (of === organisation) found.push(workspace);
    return found;
  }

  async remove(workspace: string): Promise<void> {
    await this.#stored.delete(workspace);
  }
}
