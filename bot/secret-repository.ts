import {
  type Collection,
  type Coordination,
  EncryptionKeyMissing,
  type Ports,
  SealBroken,
  type Sealed,
  type Vault,
} from '@connectionsphere/core';

interface SecretKind {
  /** Of the collection. */
  readonly name: string;
  /** What to do about one that cannot be decrypted, as a sentence. */
  readonly remedy: string;
  /** How long one is kept, ms; for ever unless given. */
  readonly ttlMs?: number;
}

/** What became of stored secrets when the encryption key was changed. */
export interface SecretRotation {
  readonly resealed: number;
  readonly alreadyCurrent: number;
  readonly unreadable: readonly { readonly id: string; readonly reason: string }[];
}

/** A stored secret cannot be decrypted; the message says why and what to do. */
export class SecretUnreadable extends Error {
  override readonly name = 'SecretUnreadable';
}

/** Secrets of one kind by id, encrypted as Apollo keys are. */
export class SecretRepository {
  readonly #stored: Collection<Sealed>;
  readonly #coordination: Coordination;
  readonly #vault: Vault;
  readonly #kind: SecretKind;

  constructor(
    { store, coordination }: Pick<Ports, 'store' | 'coordination'>,
    vault: Vault,
    kind: SecretKind,
  ) {
    this.#stored = store.collection(kind.name);
    this.#coordination = coordination;
    this.#vault = vault;
    this.#kind = kind;
  }

  async set(id: string, secret: string): Promise<void> {
    const { ttlMs } = this.#kind;
    const sealed = this.#vault.seal(secret, this.#context(id));
    await this.#stored.set(id, sealed, ttlMs === undefined ? undefined : { ttlMs });
  }

  /** Throws {@link SecretUnreadable}. */
  async get(id: string): Promise<string | undefined> {
    const sealed = await this.#stored.get(id);
    return sealed && this.#open(id, sealed);
  }

  async delete(id: string): Promise<void> {
    await this.#stored.delete(id);
  }

  /** Seals anew what is not sealed with the current encryption key. Safe to repeat. */
  async rotate(): Promise<SecretRotation> {
    let resealed = 0;
    let alreadyCurrent = 0;
    const unreadable: { id: string; reason: string }[] = [];
    const ids: string[] = [];
    for await (const [id] of this.#stored.entries()) ids.push(id);
    for (const id of ids) {
      await this.exclusively(id, async () => {
        const sealed = await this.#stored.get(id);
        if (!sealed) return;
        if (this.#vault.isCurrent(sealed)) {
          alreadyCurrent += 1;
          return;
        }
        try {
          await this.set(id, this.#open(id, sealed));
          resealed += 1;
        } catch (error) {
          if (!(error instanceof SecretUnreadable)) throw error;
          unreadable.push({ id, reason: error.message });
        }
      });
    }
    return { resealed, alreadyCurrent, unreadable };
  }

  /** Keeps others from changing this secret meanwhile. */
  exclusively<T>(id: string, work: () => Promise<T>): Promise<T> {
    return this.#coordination.exclusive(`${this.#kind.name}:${id}`, work);
  }

  #open(id: string, sealed: Sealed): string {
    try {
      return this.#vault.open(sealed, this.#context(id));
    } catch (error) {
      if (error instanceof EncryptionKeyMissing) {
        throw new SecretUnreadable(
          `Encryption key "${error.keyId}" is missing. Add it to ENCRYPTION_KEYS, or: ${this.#kind.remedy}`,
        );
      }
      if (error instanceof SealBroken) {
        throw new SecretUnreadable(`What is stored cannot be decrypted. ${this.#kind.remedy}`);
      }
      throw error;
    }
  }

  /** No slot has the number 0, so a secret can never be put in the place of a key, nor of one of another kind. */
  #context(id: string) {
    return { workspace: `${this.#kind.name}/${id}`, slot: 0 };
  }
}
