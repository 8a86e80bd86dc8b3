import { randomBytes } from 'node:crypto';
import type { Collection, Coordination, Ports, Store, Vault } from '@connectionsphere/core';
import type {
  Installation,
  InstallationQuery,
  InstallationStore,
  InstallURLOptions,
  StateStore,
} from '@slack/bolt';
import { SecretBook } from '../../secret-book.ts';
import { SLACK_INSTALLATIONS } from '../../workspaces.ts';
import type { InstalledHow } from '../people/page-people.ts';
import { NotInstalled, type TokenOf } from '../transport/clients.ts';
import { Organisations } from './organisations.ts';

/** What the bot asks every workspace for; `manifest.yml` says the same, and why. */
export const SCOPES: readonly string[] = [
  'commands',
  'app_mentions:read',
  'im:history',
  'chat:write',
  'files:read',
  'files:write',
  'users:read',
];

/** The workspaces in which the app is installed, each with its tokens, which are encrypted as Apollo keys are. */
export class InstallationBook implements InstallationStore {
  readonly secrets: SecretBook;
  readonly #organisations: Organisations;

  constructor(ports: Pick<Ports, 'store' | 'coordination'>, vault: Vault) {
    this.#organisations = new Organisations(ports.store);
    this.secrets = new SecretBook(ports, vault, {
      name: SLACK_INSTALLATIONS,
      remedy: 'Install the app there again.',
    });
  }

  async storeInstallation<V extends 'v1' | 'v2'>(installation: Installation<V, boolean>): Promise<void> {
    const workspace = installation.isEnterpriseInstall ? installation.enterprise?.id : installation.team?.id;
    if (workspace === undefined)
      throw new Error('Slack did not say for which workspace the installation is.');
    await this.secrets.exclusively(workspace, () =>
      this.secrets.set(workspace, JSON.stringify(installation)),
    );
  }

  async fetchInstallation(query: InstallationQuery<boolean>): Promise<Installation<'v1' | 'v2', boolean>> {
    const installation = await this.#find(query.isEnterpriseInstall ? query.enterpriseId : query.teamId);
    if (!installation) throw new NotInstalled('The app is not installed in this workspace.');
    return installation;
  }

  async deleteInstallation(query: InstallationQuery<boolean>): Promise<void> {
    const workspace = query.isEnterpriseInstall ? query.enterpriseId : query.teamId;
    if (workspace !== undefined) await this.remove(workspace);
  }

  async remove(workspace: string): Promise<void> {
    await this.secrets.exclusively(workspace, () => this.secrets.delete(workspace));
  }

  readonly tokenOf: TokenOf = async (workspace) => {
    // The organisation's first: by it Slack sent what came last.
    const organisation = await this.#organisations.of(workspace);
    const installation = (await this.#find(organisation)) ?? (await this.#find(workspace));
    const token = installation?.bot?.token;
    if (token === undefined) throw new NotInstalled('The app is not installed in this workspace.');
    return token;
  };

  readonly installed: InstalledHow = async (workspace) => {
    const organisation = await this.#organisations.of(workspace);
    if (organisation !== undefined && (await this.#find(organisation))) return { organisation };
    return (await this.#find(workspace)) ? {} : undefined;
  };

  async #find(workspace: string | undefined): Promise<Installation<'v1' | 'v2', boolean> | undefined> {
    const secret = workspace === undefined ? undefined : await this.secrets.get(workspace);
    return secret === undefined ? undefined : JSON.parse(secret);
  }
}

/** An installation that takes longer was left by its browser. */
const STATE_KEPT_MS = 10 * 60_000;

/** Ties the answer of Slack's consent page to the browser that was sent there. Each state works once. */
export class StateBook implements StateStore {
  readonly #stored: Collection<InstallURLOptions>;
  readonly #coordination: Coordination;

  constructor(store: Store, coordination: Coordination) {
    this.#stored = store.collection('slack-oauth-states');
    this.#coordination = coordination;
  }

  async generateStateParam(options: InstallURLOptions): Promise<string> {
    const state = randomBytes(32).toString('base64url');
    await this.#stored.set(state, options, { ttlMs: STATE_KEPT_MS });
    return state;
  }

  async verifyStateParam(_: Date, state: string): Promise<InstallURLOptions> {
    // Two requests with one state may come at once, also to two processes.
    return await this.#coordination.exclusive(`slack-oauth-state:${state}`, async () => {
      const options = await this.#stored.get(state);
      if (!options) throw new Error('This installation link was used already or is too old. Start again.');
      await this.#stored.delete(state);
      return options;
    });
  }
}
