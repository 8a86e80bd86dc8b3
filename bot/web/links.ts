import { createHash, randomBytes } from 'node:crypto';
import {
  type Actor,
  type Audit,
  type AuditFacts,
  type Clock,
  type Collection,
  type Job,
  JobError,
  type Ports,
  type Vault,
} from '@connectionsphere/core';
import { actingAs } from '../acting.ts';
import type { Scope } from '../api/tokens.ts';
import { SecretRepository } from '../secret-repository.ts';
import type { Way } from './sessions.ts';

/** What one link is good for; nothing else. */
export type Purpose =
  /** Put a key into a self-service slot: this one, or the first free one. */
  | { readonly kind: 'connect'; readonly slot?: number | undefined }
  | { readonly kind: 'replace'; readonly slot: number }
  /** For operators: put a key into a done-for-you slot. */
  | { readonly kind: 'fill'; readonly slot?: number | undefined }
  /** Sign in to the page as the person whom another surface knows. */
  | { readonly kind: 'sign-in'; readonly scopes: readonly Scope[]; readonly via: Way }
  /** Read a secret, such as a new API token, once. */
  | { readonly kind: 'show'; readonly title: string }
  /** Get what was found for a list, once. */
  | { readonly kind: 'result'; readonly list: string };

export interface LinkRequest {
  readonly workspace: string;
  /** Who asked for it, as people are named. */
  readonly by: string;
  readonly purpose: Purpose;
  /** What a `show` link shows. */
  readonly secret?: string;
}

export interface Link extends Omit<LinkRequest, 'secret'> {
  /** ms since the epoch. */
  readonly until: number;
}

/** A link as whoever asked for it gets it. */
export interface MadeLink {
  /** Below the address of the server: `/c/…`. */
  readonly path: string;
  /** ms since the epoch. */
  readonly until: number;
}

/**
 * The link was used, is older than thirty minutes, never was one, or what it is about is gone. The message is for
 * whoever opened it.
 */
export class LinkGone extends Error {
  override readonly name = 'LinkGone';
  constructor(
    message = 'This link was used already, or is older than thirty minutes. Ask the sender for a new one.',
  ) {
    super(message);
  }
}

/** There is no result to share yet. The message is for whoever wants to share it. */
export class ListNotStarted extends JobError {
  override readonly name = 'ListNotStarted';
  constructor(list: string) {
    super(`${list} was not started yet, so there is no result to share. Start it first.`);
  }
}

/**
 * Links that one person hands to another, good for one thing, once, for thirty minutes. Looking at one does not use
 * it up: chat programs look at links before people do. Only a hash of a link is kept. Who made one, and that it was used, is in
 * the audit trail.
 */
export class OneTimeLinks {
  static readonly LASTS_MS = 30 * 60_000;
  readonly #stored: Collection<Link>;
  readonly #coordination: Ports['coordination'];
  readonly #clock: Clock;
  readonly #audit: Audit;
  /** What `show` links show. */
  readonly secrets: SecretRepository;

  constructor(ports: Pick<Ports, 'store' | 'coordination' | 'clock'>, vault: Vault, audit: Audit) {
    this.#stored = ports.store.collection('one-time-links');
    this.#coordination = ports.coordination;
    this.#clock = ports.clock;
    this.#audit = audit;
    this.secrets = new SecretRepository(ports, vault, {
      name: 'one-time-link-secrets',
      remedy: 'Ask for a new link.',
      ttlMs: OneTimeLinks.LASTS_MS,
    });
  }

  async make({ secret, ...request }: LinkRequest): Promise<MadeLink> {
    const token = randomBytes(32).toString('base64url');
    const id = idOf(token);
    const until = this.#clock.now() + OneTimeLinks.LASTS_MS;
    if (secret !== undefined) await this.secrets.set(id, secret);
    await this.#audit.done(
      request.workspace,
      'link.create',
      () => this.#stored.set(id, { ...request, until }, { ttlMs: OneTimeLinks.LASTS_MS }),
      () => factsOf(request.purpose),
    );
    return { path: `/c/${token}`, until };
  }

  /**
   * A link to what was found for a list, for a person without an account. `by`: as {@link LinkRequest}. Throws
   * {@link ListNotStarted}.
   */
  async makeForResult({ id, workspace, name, state }: Job, by: string): Promise<MadeLink> {
    if (state === 'ready') throw new ListNotStarted(name);
    return await this.make({ workspace, by, purpose: { kind: 'result', list: id } });
  }

  /** What the link is for. Throws {@link LinkGone}. */
  async look(token: string): Promise<Link> {
    return await this.#find(idOf(token));
  }

  /**
   * Does the link's work and uses the link up; when the work throws, the link stays good, so that a mistyped key can
   * be entered again. Who opened the link is not known: what is done is recorded as its maker's. `secret`: what a
   * `show` link shows. Throws {@link LinkGone} and what `work` throws.
   */
  async use<T>(token: string, work: (link: Link, secret: string | undefined) => Promise<T>): Promise<T> {
    const id = idOf(token);
    return await this.#coordination.exclusive(`link:${id}`, async () => {
      const link = await this.#find(id);
      return await actingAs(makerOf(link), async () => {
        const result = await work(link, await this.secrets.get(id));
        await this.#audit.done(
          link.workspace,
          'link.use',
          async () => {
            await this.#stored.delete(id);
            await this.secrets.delete(id);
          },
          () => factsOf(link.purpose),
        );
        return result;
      });
    });
  }

  async #find(id: string): Promise<Link> {
    const link = await this.#stored.get(id);
    if (!link || link.until <= this.#clock.now()) throw new LinkGone();
    return link;
  }
}

function makerOf({ by }: Link): Actor {
  return { kind: 'person', id: by, name: by, via: 'link' };
}

function factsOf(purpose: Purpose): AuditFacts {
  return {
    purpose: purpose.kind,
    ...('slot' in purpose && { slot: purpose.slot }),
    ...('list' in purpose && { list: purpose.list }),
  };
}

function idOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
