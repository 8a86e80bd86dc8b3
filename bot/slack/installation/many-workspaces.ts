import { randomBytes } from 'node:crypto';
import type { Collection, Coordination, Ports, Store, Vault } from '@connectionsphere/core';
import type {
  Installation,
  InstallationQuery,
  InstallationStore,
  InstallURLOptions,
  StateStore,
} from '@slack/bolt';
import { SecretRepository } from '../../secret-repository.ts';
import { SLACK_INSTALLATIONS } from '../../workspaces.ts';
import type { InstalledHow } from '../people/asking.ts';
import { NotInstalled, type TokenOf } from '../transport/clients.ts';
import { Organisations } from './organisations.ts';
import type { Rotation } from './rotation.ts';

type Stored = Installation<'v1' | 'v2', boolean>;

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
export class InstallationRepository implements InstallationStore {
  readonly secrets: SecretRepository;
  readonly #organisations: Organisations;
  readonly #rotation: Rotation | undefined;

  constructor(ports: Pick<Ports, 'store' | 'coordination'>, vault: Vault, rotation?: Rotation) {
    this.#rotation = rotation;
    this.#organisations = new Organisations(ports.store);
    this.secrets = new SecretRepository(ports, vault, {
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

  readonly installed: InstalledHow = async (workspace, told) => {
    const organisation = await this.#organisations.of(workspace);
    if (organisation !== undefined && (await this.#find(organisation))) return { organisation };
    if (await this.#find(workspace)) return {};
    // Nothing came from the workspace yet that would have shown by whose installation it is served.
    if (told === undefined || !(await this.#find(told))) return undefined;
    await this.#organisations.note(workspace, told);
    return { organisation: told };
  };

  async #find(id: string | undefined): Promise<Stored | undefined> {
    if (id === undefined) return undefined;
    const installation = await this.#read(id);
    return this.#rotation?.isDue(installation?.bot) ? await this.#renewed(id, this.#rotation) : installation;
  }

  async #read(id: string): Promise<Stored | undefined> {
    const secret = await this.secrets.get(id);
    return secret === undefined ? undefined : JSON.parse(secret);
  }

  /** One at a time, also of several processes: a refresh token is good once. */
  async #renewed(id: string, rotation: Rotation): Promise<Stored | undefined> {
    return await this.secrets.exclusively(id, async () => {
      const installation = await this.#read(id);
      const bot = installation?.bot;
      if (!rotation.isDue(bot)) return installation;
      try {
        const renewed = { ...installation, bot: { ...bot, ...(await rotation.next(bot)) } } as Stored;
        await this.secrets.set(id, JSON.stringify(renewed));
        return renewed;
      } catch (error) {
        rotation.log.warn('A Slack token could not be renewed', { installation: id, error });
        // What is left of it is used; Slack says when there is none.
        return installation;
      }
    });
  }
}

/** An installation that takes longer was left by its browser. */
const STATE_KEPT_MS = 10 * 60_000;

/** Ties the answer of Slack's consent page to the browser that was sent there. Each state works once. */
export class StateRepository implements StateStore {
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
