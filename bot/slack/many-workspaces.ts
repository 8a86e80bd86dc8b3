import { randomBytes } from 'node:crypto';
import {
  type Collection,
  type Coordination,
  EncryptionKeyMissing,
  type Ports,
  SealBroken,
  type Sealed,
  type Store,
  type Vault,
} from '@connectionsphere/core';
import type {
  Installation,
  InstallationQuery,
  InstallationStore,
  InstallURLOptions,
  StateStore,
} from '@slack/bolt';
import { NotInstalled, type TokenOf } from './clients.ts';

/** What the bot asks every workspace for; `manifest.yml` says the same, and why. */
export const SCOPES: readonly string[] = [
  'commands',
  'chat:write',
  'files:read',
  'files:write',
  'users:read',
];

/** The workspaces in which the app is installed, each with its tokens, which are encrypted as Apollo keys are. */
export class InstallationBook implements InstallationStore {
  readonly #stored: Collection<Sealed>;
  readonly #coordination: Coordination;
  readonly #vault: Vault;

  constructor({ store, coordination }: Pick<Ports, 'store' | 'coordination'>, vault: Vault) {
    this.#stored = store.collection('slack-installations');
    this.#coordination = coordination;
    this.#vault = vault;
  }

  async storeInstallation<V extends 'v1' | 'v2'>(installation: Installation<V, boolean>): Promise<void> {
    const workspace = installation.isEnterpriseInstall ? installation.enterprise?.id : installation.team?.id;
    if (workspace === undefined)
      throw new Error('Slack did not say for which workspace the installation is.');
    const sealed = this.#vault.seal(JSON.stringify(installation), context(workspace));
    await this.#exclusively(workspace, () => this.#stored.set(workspace, sealed));
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
    await this.#exclusively(workspace, () => this.#stored.delete(workspace));
  }

  /** Seals every workspace's tokens anew that are not sealed with the current encryption key. Safe to repeat. */
  async rotate(): Promise<InstallationRotation> {
    let resealed = 0;
    let alreadyCurrent = 0;
    const unreadable: { workspace: string; reason: string }[] = [];
    const workspaces: string[] = [];
    for await (const [workspace] of this.#stored.entries()) workspaces.push(workspace);
    for (const workspace of workspaces) {
      await this.#exclusively(workspace, async () => {
        const sealed = await this.#stored.get(workspace);
        if (!sealed) return;
        if (this.#vault.isCurrent(sealed)) {
          alreadyCurrent += 1;
          return;
        }
        try {
          const installation = this.#vault.open(sealed, context(workspace));
          await this.#stored.set(workspace, this.#vault.seal(installation, context(workspace)));
          resealed += 1;
        } catch (error) {
          unreadable.push({ workspace, reason: whyUnreadable(error) });
        }
      });
    }
    return { resealed, alreadyCurrent, unreadable };
  }

  #exclusively<T>(workspace: string, work: () => Promise<T>): Promise<T> {
    return this.#coordination.exclusive(`slack-installation:${workspace}`, work);
  }

  readonly tokenOf: TokenOf = async (workspace) => {
    const token = (await this.#find(workspace))?.bot?.token;
    if (token === undefined) throw new NotInstalled('The app is not installed in this workspace.');
    return token;
  };

  async #find(workspace: string | undefined): Promise<Installation<'v1' | 'v2', boolean> | undefined> {
    const sealed = workspace === undefined ? undefined : await this.#stored.get(workspace);
    if (!sealed || workspace === undefined) return undefined;
    return JSON.parse(this.#vault.open(sealed, context(workspace))) as Installation<'v1' | 'v2', boolean>;
  }
}

/** What became of the stored tokens when the encryption key was changed. */
export interface InstallationRotation {
  readonly resealed: number;
  readonly alreadyCurrent: number;
  readonly unreadable: readonly { readonly workspace: string; readonly reason: string }[];
}

/** Anything else, as a disk that is full, is no property of the tokens. */
function whyUnreadable(error: unknown): string {
  if (error instanceof EncryptionKeyMissing) {
    return `Their encryption key "${error.keyId}" is missing. Add it to ENCRYPTION_KEYS, or install the app there again.`;
  }
  if (error instanceof SealBroken) return 'They cannot be decrypted. Install the app there again.';
  throw error;
}

/** No slot has the number 0, so a token can never be put in the place of a key, nor the other way round. */
function context(workspace: string) {
  return { workspace, slot: 0 };
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
