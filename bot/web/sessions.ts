import { createHash, randomBytes } from 'node:crypto';
import type { Clock, Collection, Store } from '@connectionsphere/core';
import type { Scope, Tokens } from '../api/tokens.ts';

/** Whoever looks at the page, as the way in told it. */
export interface Identity {
  readonly workspace: string;
  /** How the person is named: in what is shown, and in what is recorded of a deed. */
  readonly by: string;
  readonly scopes: readonly Scope[];
  /** By which way the person came in. A token's session ends with the token (`token`: its id). */
  readonly via: 'machine' | 'slack' | { readonly token: string };
}

export interface Session extends Identity {
  /** Of the secret in the cookie; names the session where the secret must not stand. */
  readonly id: string;
  /** ms since the epoch. */
  readonly until: number;
}

/** A sentence about what was just done, for the next page. */
export interface Flash {
  readonly kind: 'done' | 'wrong';
  readonly text: string;
}

/** Who is signed in to the page. Only hashes of the cookies' secrets are kept. */
export class Sessions {
  /** ms. */
  static readonly LASTS_MS = 12 * 60 * 60 * 1000;
  readonly #stored: Collection<Session>;
  readonly #flashes: Collection<Flash>;
  readonly #clock: Clock;
  readonly #tokens: Tokens;

  constructor({ store, clock }: { store: Store; clock: Clock }, tokens: Tokens) {
    this.#stored = store.collection('sessions');
    this.#flashes = store.collection('session-flashes');
    this.#clock = clock;
    this.#tokens = tokens;
  }

  /** Gives the secret for the cookie. */
  async begin(identity: Identity): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    const id = idOf(secret);
    const until = this.#clock.now() + Sessions.LASTS_MS;
    await this.#stored.set(id, { ...identity, id, until }, { ttlMs: Sessions.LASTS_MS });
    return secret;
  }

  /** `undefined`: there is none, it is over, or the token that it came from is revoked. */
  async find(secret: string): Promise<Session | undefined> {
    const session = await this.#stored.get(idOf(secret));
    if (!session || session.until <= this.#clock.now()) return undefined;
    if (typeof session.via === 'string') return session;
    const token = await this.#tokens.find(session.via.token);
    return token && { ...session, scopes: token.scopes };
  }

  async end(id: string): Promise<void> {
    await this.#stored.delete(id);
  }

  /** Ends every session of the same person in the same workspace; gives how many. */
  async endAll({ workspace, by }: Pick<Identity, 'workspace' | 'by'>): Promise<number> {
    const ids: string[] = [];
    for await (const [id, session] of this.#stored.entries()) {
      if (session.workspace === workspace && session.by === by) ids.push(id);
    }
    await this.#stored.deleteMany(ids);
    return ids.length;
  }

  async say(session: Session, flash: Flash): Promise<void> {
    await this.#flashes.set(session.id, flash, { ttlMs: 60_000 });
  }

  /** What was said for this page; it is shown once. */
  async heard(session: Session): Promise<Flash | undefined> {
    const flash = await this.#flashes.get(session.id);
    if (flash) await this.#flashes.delete(session.id);
    return flash;
  }
}

function idOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
