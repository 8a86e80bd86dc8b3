import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Audit, Clock, Collection, Store } from '@connectionsphere/core';

/**
 * What a token, or whoever is signed in to the page, may do. `connect` and `disconnect`: keys in self-service slots.
 * `administer`: tokens and limits. `operator`: what the ConnectionSphere team does, in every workspace.
 */
export const SCOPES = [
  'enrich',
  'read',
  'forget',
  'hooks',
  'connect',
  'disconnect',
  'administer',
  'operator',
] as const;
export type Scope = (typeof SCOPES)[number];
export const DEFAULT_SCOPES: readonly Scope[] = ['enrich', 'read', 'hooks', 'forget'];

/** A token as everybody may see it: the secret is not in it. */
export interface Token {
  readonly id: string;
  readonly workspace: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** ms since the epoch. */
  readonly createdAt: number;
  /** To the minute, ms since the epoch. */
  readonly lastUsedAt?: number;
  /** It is refused from then on, ms since the epoch; none: it has no end. */
  readonly endsAt?: number;
}

type NewToken = Pick<Token, 'workspace' | 'name' | 'scopes' | 'endsAt'>;

interface StoredToken extends Token {
  /** SHA-256 of the whole token, hex. The secret has 256 random bits, so no slow hash is needed. */
  readonly hash: string;
}

const SHAPE = /^csa_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;
/** The last use is for people: written once a minute at most. */
const LAST_USE_EVERY_MS = 60_000;

/** Bearer tokens of workspaces. Only hashes are kept; a token is shown when it is made and never again. */
export class Tokens {
  readonly #stored: Collection<StoredToken>;
  readonly #clock: Clock;
  readonly #audit: Audit;

  constructor({ store, clock }: { store: Store; clock: Clock }, audit: Audit) {
    this.#stored = store.collection('tokens');
    this.#clock = clock;
    this.#audit = audit;
  }

  /** Makes a token; `secret` is the whole of it, to be shown once. */
  async create(request: NewToken): Promise<Token & { secret: string }> {
    const id = randomBytes(6).toString('hex');
    const secret = `csa_${id}_${randomBytes(32).toString('base64url')}`;
    const token: Token = { ...request, id, createdAt: this.#clock.now() };
    const stored = { ...token, hash: hashOf(secret).toString('hex') };
    await this.#audit.done(
      token.workspace,
      'token.create',
      () => this.#stored.set(id, stored),
      () => factsOf(token),
    );
    return { ...token, secret };
  }

  /**
   * Makes another token in the place of one: of the same name and scopes, and for as long. The old one goes on for
   * `overlapMs`, so that programs can be given the new one meanwhile. `undefined`: the workspace has no such token.
   */
  async roll(
    workspace: string,
    id: string,
    overlapMs: number,
  ): Promise<{ made: Token & { secret: string }; before: Token } | undefined> {
    const stored = await this.#stored.get(id);
    if (stored?.workspace !== workspace || this.#isOver(stored)) return undefined;
    const now = this.#clock.now();
    const { name, scopes, createdAt, endsAt } = stored;
    const made = await this.create({
      workspace,
      name,
      scopes,
      ...(endsAt !== undefined && { endsAt: now + (endsAt - createdAt) }),
    });
    const before = { ...stored, endsAt: Math.min(endsAt ?? Number.POSITIVE_INFINITY, now + overlapMs) };
    await this.#audit.done(
      workspace,
      'token.roll',
      () => this.#stored.set(id, before),
      () => factsOf(before),
    );
    return { made, before: shown(before) };
  }

  /** A workspace's tokens, the newest first; those that have ended stay listed until they are revoked. */
  async list(workspace: string): Promise<Token[]> {
    const tokens: Token[] = [];
    for await (const [, stored] of this.#stored.entries()) {
      if (stored.workspace === workspace) tokens.push(shown(stored));
    }
    return tokens.sort((a, b) => b.createdAt - a.createdAt || a.id.localeCompare(b.id));
  }

  /** `undefined`: revoked, over, or there never was one. */
  async find(id: string): Promise<Token | undefined> {
    const stored = await this.#stored.get(id);
    return stored && !this.#isOver(stored) ? shown(stored) : undefined;
  }

  /** Those that have a token. */
  async workspaces(): Promise<Set<string>> {
    const workspaces = new Set<string>();
    for await (const [, { workspace }] of this.#stored.entries()) workspaces.add(workspace);
    return workspaces;
  }

  /** Holds from the next request on. `undefined`: the workspace has no such token. */
  async revoke(workspace: string, id: string): Promise<Token | undefined> {
    const stored = await this.#stored.get(id);
    if (stored?.workspace !== workspace) return undefined;
    await this.#audit.done(
      workspace,
      'token.revoke',
      () => this.#stored.delete(id),
      () => factsOf(stored),
    );
    return shown(stored);
  }

  /** The token that this text is; `undefined` for anything else, one that is revoked or over included. */
  async verify(text: string): Promise<Token | undefined> {
    const id = SHAPE.exec(text)?.[1];
    const stored = id === undefined ? undefined : await this.#stored.get(id);
    if (!stored || !timingSafeEqual(hashOf(text), Buffer.from(stored.hash, 'hex'))) return undefined;
    if (this.#isOver(stored)) return undefined;
    const now = this.#clock.now();
    if (stored.lastUsedAt !== undefined && now - stored.lastUsedAt < LAST_USE_EVERY_MS) return shown(stored);
    const used = { ...stored, lastUsedAt: now };
    await this.#stored.set(stored.id, used);
    return shown(used);
  }

  #isOver({ endsAt }: Token): boolean {
    return endsAt !== undefined && endsAt <= this.#clock.now();
  }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function factsOf({ id, name, scopes }: Token) {
  return { client: id, name, scopes };
}

function shown({ hash: _, ...token }: StoredToken): Token {
  return token;
}
