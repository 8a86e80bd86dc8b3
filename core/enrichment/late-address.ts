import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Collection, Coordination, Store } from '../ports.ts';
import type { Sealed, Vault } from '../slots/index.ts';

/** Below PUBLIC_URL; a ticket follows. */
const PATH = '/apollo/late';
const TICKET = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

const SECRET = 'late-secret';
/** No slot has the number 0: what is sealed here can never be put in the place of a key. */
const CONTEXT = { workspace: SECRET, slot: 0 };

/** An address that is given to Apollo once. */
export interface LateAddress {
  readonly url: string;
  /** Recognises the address; it cannot be made into it. */
  readonly id: string;
}

/**
 * Addresses that nobody can guess: Apollo signs nothing, so who knows the address is who was given it. Each
 * is a random id and its HMAC; only the secret of the HMAC is stored, so that a leaked list of requests
 * opens nothing, and an address is good before anything about it is written.
 */
export class LateAddresses {
  /** Earlier versions kept it in clear. */
  readonly #meta: Collection<Sealed | string>;
  readonly #vault: Vault;
  readonly #coordination: Coordination;
  readonly #base: string | undefined;
  #secret: Promise<string> | undefined;

  constructor(
    ports: { store: Store; coordination: Coordination },
    publicUrl: string | undefined,
    vault: Vault,
  ) {
    this.#vault = vault;
    this.#meta = ports.store.collection('meta');
    this.#coordination = ports.coordination;
    this.#base = publicUrl;
  }

  /** Whether there are any: Apollo can reach this program. */
  get arePublic(): boolean {
    return this.#base !== undefined;
  }

  /** `undefined` where Apollo cannot reach this program, and is asked instead. */
  async next(): Promise<LateAddress | undefined> {
    if (this.#base === undefined) return undefined;
    const id = randomBytes(16).toString('base64url');
    return { url: `${this.#base}${PATH}/${id}.${await this.#mac(id)}`, id };
  }

  /** The id in what stands after the path; `undefined` when we never gave out such an address. */
  async idOf(ticket: string): Promise<string | undefined> {
    const [, id, mac] = TICKET.exec(ticket) ?? [];
    if (id === undefined || mac === undefined) return undefined;
    return timingSafeEqual(Buffer.from(mac), Buffer.from(await this.#mac(id))) ? id : undefined;
  }

  async #mac(id: string): Promise<string> {
    this.#secret ??= this.#readSecret();
    return createHmac('sha256', await this.#secret)
      .update(id)
      .digest('base64url');
  }

  #readSecret(): Promise<string> {
    return this.#coordination.exclusive('late-secret', async () => {
      const stored = await this.#meta.get(SECRET);
      if (stored !== undefined && typeof stored !== 'string') return this.#vault.open(stored, CONTEXT);
      const secret = stored ?? randomBytes(32).toString('base64');
      await this.#keep(secret);
      return secret;
    });
  }

  /** Seals the secret with the current encryption key. */
  async reseal(): Promise<void> {
    const secret = await this.#readSecret();
    await this.#coordination.exclusive('late-secret', () => this.#keep(secret));
  }

  async #keep(secret: string): Promise<void> {
    await this.#meta.set(SECRET, this.#vault.seal(secret, CONTEXT));
  }
}
