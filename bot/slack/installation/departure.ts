import type { Core, Log } from '@connectionsphere/core';
import type { Tokens } from '../../api/tokens.ts';
import type { Hooks } from '../../hooks/index.ts';
import type { JobBook } from '../jobs/job-book.ts';
import type { Outbox } from '../jobs/outbox.ts';
import type { SettingsBook } from '../people/settings.ts';
import type { Clients } from '../transport/clients.ts';
import type { InstallationBook } from './many-workspaces.ts';

export interface DepartureOptions {
  readonly core: Core;
  readonly tokens: Tokens;
  readonly hooks: Hooks;
  readonly settings: SettingsBook;
  readonly book: JobBook;
  readonly clients: Pick<Clients, 'forget'>;
  readonly outbox: Pick<Outbox<never>, 'remove'>;
  /** Where the app is installed in many workspaces. */
  readonly installations: Pick<InstallationBook, 'remove'> | undefined;
  readonly log: Log;
}

/**
 * A workspace removed the app. Its keys, API tokens, hooks, lists and everything known about people are deleted,
 * and so is what was still to be said. Slack tells of it in two events, in any order: doing it twice does no harm.
 */
export class Departure {
  readonly #options: DepartureOptions;

  constructor(options: DepartureOptions) {
    this.#options = options;
  }

  async of(workspace: string): Promise<void> {
    const { core, tokens, hooks, settings, book, outbox, log } = this.#options;
    await outbox.remove(workspace);
    await book.removeAll(workspace);
    await core.removeWorkspace(workspace);
    for (const { id } of await tokens.list(workspace)) await tokens.revoke(workspace, id);
    for (const { id } of await hooks.list(workspace)) await hooks.remove(workspace, id);
    await settings.remove(workspace);
    await this.#options.installations?.remove(workspace);
    this.#options.clients.forget(workspace);
    log.info('A workspace removed the Slack app: its keys, tokens, lists and results are deleted', {
      workspace,
    });
  }
}
