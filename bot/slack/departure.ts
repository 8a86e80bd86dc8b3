import { type Core, JobError, type Log } from '@connectionsphere/core';
import type { Tokens } from '../api/tokens.ts';
import type { JobBook } from './job-book.ts';
import type { InstallationBook } from './many-workspaces.ts';
import type { Outbox } from './outbox.ts';
import type { SettingsBook } from './settings.ts';

export interface DepartureOptions {
  readonly core: Core;
  readonly tokens: Tokens;
  readonly settings: SettingsBook;
  readonly book: JobBook;
  readonly outbox: Pick<Outbox<never>, 'remove'>;
  /** Where the app is installed in many workspaces. */
  readonly installations: Pick<InstallationBook, 'remove'> | undefined;
  readonly log: Log;
}

/**
 * A workspace removed the app. Its lists end, its keys and API tokens are deleted, and so is what was still to
 * be said. Slack tells of it in two events, in any order: doing it twice does no harm.
 */
export class Departure {
  readonly #options: DepartureOptions;

  constructor(options: DepartureOptions) {
    this.#options = options;
  }

  async of(workspace: string): Promise<void> {
    const { core, tokens, settings, book, outbox, log } = this.#options;
    await outbox.remove(workspace);
    await book.removeAll(workspace);
    for (const job of await core.jobs.list(workspace)) await this.#end(job);
    for (const slot of (await core.slots.list(workspace)).slots) {
      if (slot.state === 'free') continue;
      const address = { workspace, slot: slot.number };
      if (slot.kind === 'self') await core.slots.disconnect(address);
      else await core.slots.clear(address);
    }
    for (const { id } of await tokens.list(workspace)) await tokens.revoke(workspace, id);
    await settings.remove(workspace);
    await this.#options.installations?.remove(workspace);
    log.info('A workspace removed the Slack app: its keys and tokens are deleted', { workspace });
  }

  async #end({ id, state }: { readonly id: string; readonly state: string }): Promise<void> {
    const { jobs } = this.#options.core;
    try {
      if (state === 'ready') await jobs.discard(id);
      else if (state === 'running' || state === 'paused') await jobs.cancel(id);
    } catch (error) {
      // It ended by itself meanwhile.
      if (!(error instanceof JobError)) throw error;
    }
  }
}
