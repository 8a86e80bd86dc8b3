import { randomBytes } from 'node:crypto';
import type { Audit, Clock, Collection, Ports, Vault } from '@connectionsphere/core';
import { SecretRepository } from '../secret-repository.ts';
import { newSecret } from './signature.ts';

/** What a hook may be told. */
export const HOOK_EVENTS = [
  'job.finished',
  'job.paused',
  'job.phones',
  'schedule.missed',
  'schedule.ended',
  'slot.trouble',
  'slot.credits-low',
  'lead.done',
] as const;
export type HookEvent = (typeof HOOK_EVENTS)[number];

/** A subscription to what happens in a workspace. */
export interface Hook {
  readonly id: string;
  readonly workspace: string;
  readonly url: string;
  readonly events: readonly HookEvent[];
  /** ms since the epoch. */
  readonly createdAt: number;
  /** Since when every delivery was given up, ms since the epoch; none: the last one arrived. */
  readonly failingSince?: number;
  /** Nothing was delivered for so long that nothing is sent any more, ms since the epoch. */
  readonly switchedOffAt?: number;
}

/** A workspace has as many hooks as it may have. The message is for people. */
export class TooManyHooks extends Error {
  override readonly name = 'TooManyHooks';
  constructor() {
    super(`This workspace has ${MOST_HOOKS} hooks already. Delete one that is not needed any more.`);
  }
}

const MOST_HOOKS = 50;
/** Given up for so long, each after a day, a hook is switched off, ms. */
const SWITCHED_OFF_AFTER_MS = 3 * 86_400_000;

/** Subscriptions, by workspace. */
export class Hooks {
  readonly #stored: Collection<Hook>;
  readonly #clock: Clock;
  readonly #audit: Audit;
  /** What deliveries are signed with, by hook. */
  readonly secrets: SecretRepository;

  constructor(ports: Pick<Ports, 'store' | 'coordination' | 'clock'>, vault: Vault, audit: Audit) {
    this.#audit = audit;
    this.#stored = ports.store.collection('hooks');
    this.#clock = ports.clock;
    this.secrets = new SecretRepository(ports, vault, {
      name: 'hook-secrets',
      remedy: 'Make the hook again.',
    });
  }

  /** Gives the secret too: it is shown this once. Throws {@link TooManyHooks}. */
  async add(
    request: Pick<Hook, 'workspace' | 'url' | 'events'> & { readonly secret?: string | undefined },
  ): Promise<Hook & { readonly secret: string }> {
    if ((await this.list(request.workspace)).length >= MOST_HOOKS) throw new TooManyHooks();
    const secret = request.secret ?? newSecret();
    const hook: Hook = {
      id: randomBytes(8).toString('hex'),
      workspace: request.workspace,
      url: request.url,
      events: [...new Set(request.events)],
      createdAt: this.#clock.now(),
    };
    await this.secrets.set(hook.id, secret);
    await this.#audit.done(
      hook.workspace,
      'hook.create',
      () => this.#stored.set(hook.id, hook),
      () => factsOf(hook),
    );
    return { ...hook, secret };
  }

  /** A delivery arrived, or was given up after a day: one that fails for days is switched off. `true`: it is now. */
  async ended(id: string, arrived: boolean): Promise<boolean> {
    const hook = await this.#stored.get(id);
    if (!hook || hook.switchedOffAt !== undefined) return false;
    const { failingSince, ...sound } = hook;
    const now = this.#clock.now();
    if (arrived) {
      if (failingSince !== undefined) await this.#stored.set(id, sound);
      return false;
    }
    const since = failingSince ?? now;
    const isOver = now - since >= SWITCHED_OFF_AFTER_MS;
    const off = isOver && { switchedOffAt: now };
    const after: Hook = { ...hook, failingSince: since, ...off };
    if (!isOver) await this.#stored.set(id, after);
    else {
      await this.#audit.done(
        hook.workspace,
        'hook.switch-off',
        () => this.#stored.set(id, after),
        () => factsOf(after),
      );
    }
    return isOver;
  }

  /** Has one that was switched off told again, from the next event on. `undefined`: the workspace has no such hook. */
  async switchOn(workspace: string, id: string): Promise<Hook | undefined> {
    const hook = await this.#stored.get(id);
    if (hook?.workspace !== workspace) return undefined;
    if (hook.switchedOffAt === undefined) return hook;
    const { failingSince: _, switchedOffAt: __, ...sound } = hook;
    await this.#audit.done(
      workspace,
      'hook.switch-on',
      () => this.#stored.set(id, sound),
      () => factsOf(sound),
    );
    return sound;
  }

  async get(id: string): Promise<Hook | undefined> {
    return await this.#stored.get(id);
  }

  /** Of all workspaces. */
  async all(): Promise<Hook[]> {
    const hooks: Hook[] = [];
    for await (const [, hook] of this.#stored.entries()) hooks.push(hook);
    return hooks;
  }

  /** The oldest first. */
  async list(workspace: string): Promise<Hook[]> {
    const hooks = (await this.all()).filter((hook) => hook.workspace === workspace);
    return hooks.sort((a, b) => a.createdAt - b.createdAt || a.id.localeCompare(b.id));
  }

  /** False when the workspace has no such hook. What was not delivered yet is dropped. */
  async remove(workspace: string, id: string): Promise<boolean> {
    const hook = await this.#stored.get(id);
    if (hook?.workspace !== workspace) return false;
    await this.#audit.done(
      workspace,
      'hook.delete',
      () => this.#stored.delete(id),
      () => factsOf(hook),
    );
    await this.secrets.delete(id);
    return true;
  }
}

/** Where it goes, without what may be a secret in the address. */
function factsOf({ id, url, events }: Hook) {
  return { hook: id, host: URL.parse(url)?.host, events };
}
