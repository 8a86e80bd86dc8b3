import type { Clock, Collection, Coordination, Core, Log, Store } from '@connectionsphere/core';
import type { WebClient } from '@slack/web-api';
import type { Tokens } from '../../api/tokens.ts';
import type { Hooks } from '../../hooks/index.ts';
import type { JobRepository } from '../jobs/job-repository.ts';
import type { Outbox } from '../jobs/outbox.ts';
import type { ProgressMessages } from '../jobs/progress-messages.ts';
import type { HomeChoices } from '../people/home-choices.ts';
import type { SettingsRepository } from '../people/settings.ts';
import type { Welcomes } from '../people/welcomes.ts';
import type { Clients } from '../transport/clients.ts';
import type { InstallationRepository } from './many-workspaces.ts';
import type { Organisations } from './organisations.ts';

/** How often it is looked whether a workspace has been away for long enough. */
const LOOK_EVERY_MS = 60 * 60_000;

export interface UninstallationOptions {
  readonly core: Core;
  readonly store: Store;
  readonly clock: Clock;
  readonly coordination: Coordination;
  readonly tokens: Tokens;
  readonly hooks: Hooks;
  readonly settings: SettingsRepository;
  readonly welcomes: Welcomes;
  readonly homeChoices: HomeChoices;
  readonly repository: JobRepository;
  readonly progressMessages: Pick<ProgressMessages, 'watch'>;
  readonly clients: Pick<Clients, 'forget'>;
  readonly outbox: Pick<Outbox<never>, 'remove'>;
  readonly organisations: Organisations;
  /** Where the app is installed in many workspaces. */
  readonly installations: Pick<InstallationRepository, 'remove'> | undefined;
  /** For so long a workspace whose token was revoked keeps what it has. */
  readonly revokedMs: number;
  readonly log: Log;
}

/** Who removed the app, or revoked its token: a workspace, or an organisation with all of its workspaces. */
export type Leaving = { readonly workspace: string } | { readonly organisation: string };

interface Revoked {
  /** ms since the epoch. */
  readonly at: number;
  /** Lists that ran then. */
  readonly jobs: readonly string[];
}

/**
 * The app was removed: keys, API tokens, hooks, lists and everything known about people are deleted, and so is what
 * was still to be said. Its token was revoked: work stops at once, and the same is deleted after some days unless
 * the app is installed again. Slack tells of a removal in two events, in any order; doing it twice does no harm.
 */
export class Uninstallation {
  readonly #options: UninstallationOptions;
  readonly #revoked: Collection<Revoked>;

  constructor(options: UninstallationOptions) {
    this.#options = options;
    this.#revoked = options.store.collection('slack-revoked');
  }

  async removed(leaving: Leaving): Promise<void> {
    await this.#each(leaving, (workspace) => this.#delete(workspace));
  }

  async revoked(leaving: Leaving): Promise<void> {
    if (this.#options.revokedMs <= 0) return await this.removed(leaving);
    await this.#each(leaving, (workspace) => this.#stop(workspace));
  }

  async #each(leaving: Leaving, work: (workspace: string) => Promise<void>): Promise<void> {
    const { installations, organisations } = this.#options;
    if ('workspace' in leaving) return await this.#alone(leaving.workspace, work);
    for (const workspace of await organisations.workspaces(leaving.organisation))
      await this.#alone(workspace, work);
    await installations?.remove(leaving.organisation);
  }

  async #stop(workspace: string): Promise<void> {
    const { core, clients, clock, installations, log, revokedMs } = this.#options;
    if (await this.#revoked.get(workspace)) return;
    const running = (await core.jobs.list(workspace)).filter(({ state }) => state === 'running');
    await this.#revoked.set(workspace, { at: clock.now(), jobs: running.map(({ id }) => id) });
    for (const { id } of running) await core.jobs.pause(id);
    await installations?.remove(workspace);
    clients.forget(workspace);
    log.warn("A workspace's Slack token was revoked: its lists are paused", {
      workspace,
      lists: running.length,
      deletedAfterDays: revokedMs / 86_400_000,
    });
  }

  /** What Slack tells of in two events is done one after the other: a list that is deleted is not paused meanwhile. */
  async #alone(workspace: string, work: (workspace: string) => Promise<void>): Promise<void> {
    await this.#options.coordination.exclusive(`slack-uninstallation:${workspace}`, () => work(workspace));
  }

  /** Something came from a workspace: where its token works again, its lists go on, and nothing is deleted. */
  async heardOf(workspace: string, client: Pick<WebClient, 'auth'>): Promise<void> {
    if (!(await this.#revoked.get(workspace))) return;
    // It may have been on its way already when the token was revoked.
    const isGood = await client.auth.test().then(
      () => true,
      () => false,
    );
    if (!isGood) return;
    await this.#alone(workspace, () => this.#goOn(workspace));
  }

  async #goOn(workspace: string): Promise<void> {
    const { core, progressMessages, repository, log } = this.#options;
    const revoked = await this.#revoked.get(workspace);
    if (!revoked) return;
    await this.#revoked.delete(workspace);
    log.info('A workspace is back: its lists go on', { workspace, lists: revoked.jobs.length });
    for (const id of revoked.jobs) {
      if ((await core.jobs.status(id))?.state !== 'paused') continue;
      await core.jobs.start(id);
      const record = await repository.get(workspace, id);
      if (record) progressMessages.watch(record);
    }
  }

  /** Deletes what its time has come for, now and every hour, until `signal`. */
  async tend(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    while (!signal.aborted) {
      for await (const [workspace] of this.#revoked.entries()) {
        await this.#alone(workspace, (each) => this.#deleteIfDue(each)).catch((error: unknown) =>
          log.error('What a workspace left could not be deleted; it is tried again', { workspace, error }),
        );
      }
      await clock.sleep(LOOK_EVERY_MS, signal);
    }
  }

  /** Looks once it is alone: the workspace may have come back meanwhile. */
  async #deleteIfDue(workspace: string): Promise<void> {
    const { clock, revokedMs } = this.#options;
    const revoked = await this.#revoked.get(workspace);
    if (revoked && clock.now() - revoked.at >= revokedMs) await this.#delete(workspace);
  }

  async #delete(workspace: string): Promise<void> {
    const { core, tokens, hooks, settings, welcomes, homeChoices, repository, outbox, organisations, log } =
      this.#options;
    await outbox.remove(workspace);
    await repository.removeAll(workspace);
    await core.removeWorkspace(workspace);
    for (const { id } of await tokens.list(workspace)) await tokens.revoke(workspace, id);
    for (const { id } of await hooks.list(workspace)) await hooks.remove(workspace, id);
    await settings.remove(workspace);
    await welcomes.remove(workspace);
    await homeChoices.remove(workspace);
    await this.#options.installations?.remove(workspace);
    await organisations.remove(workspace);
    this.#options.clients.forget(workspace);
    await this.#revoked.delete(workspace);
    log.info('A workspace removed the Slack app: its keys, tokens, lists and results are deleted', {
      workspace,
    });
  }
}
