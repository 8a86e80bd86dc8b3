import { type Collection, type Coordination, deleteAll, type Store } from './ports.ts';
import { EncryptionKeyMissing, type Sealed, type Vault } from './slots/index.ts';

/** Answers to requests that may be sent again are kept for so long, ms. */
const KEPT_MS = 24 * 60 * 60 * 1000;

interface KeptAnswer {
  readonly fingerprint: string;
  /** Secrets may stand in it, and people's data. */
  readonly sealed: Sealed;
}

/** A key was used again for another request. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused';
}

/**
 * Carries out a request once, however often it comes: for surfaces whose callers repeat what they got no
 * answer to. Answers may hold people's data, so *forget* removes a workspace's.
 */
export class Answers {
  readonly #kept: Collection<KeptAnswer>;
  readonly #vault: Vault;
  readonly #coordination: Coordination;

  constructor({ store, coordination }: { store: Store; coordination: Coordination }, vault: Vault) {
    this.#vault = vault;
    // Earlier versions kept them in clear, under another name, for a day.
    this.#kept = store.collection('answers-sealed');
    this.#coordination = coordination;
  }

  /**
   * Gives what `work` gave the first time; a repetition that comes meanwhile waits for it. What `work`
   * throws is not kept. `fingerprint` tells whether it is the same request, asked once the work is done or known to be;
   * throws {@link KeyReused} where not.
   */
  async once<T>(
    workspace: string,
    key: string,
    fingerprint: () => Promise<string>,
    work: () => Promise<T>,
  ): Promise<{ answer: T; repeated: boolean }> {
    const name = `${encodeURIComponent(workspace)}/${key}`;
    return await this.#coordination.exclusive(`answers:${name}`, async () => {
      const kept = await this.#kept.get(name);
      const context = { workspace: `answers/${name}`, slot: 0 };
      if (kept && kept.fingerprint !== (await fingerprint())) {
        throw new KeyReused(
          'This key was used for another request already; take a new one for each request.',
        );
      }
      if (kept) return { answer: this.#opened(kept, context) as T, repeated: true };
      const answer = await work();
      const sealed = this.#vault.seal(JSON.stringify(answer), context);
      await this.#kept.set(name, { fingerprint: await fingerprint(), sealed }, { ttlMs: KEPT_MS });
      return { answer, repeated: false };
    });
  }

  #opened({ sealed }: KeptAnswer, context: { workspace: string; slot: number }): unknown {
    try {
      return JSON.parse(this.#vault.open(sealed, context));
    } catch (error) {
      if (!(error instanceof EncryptionKeyMissing)) throw error;
      throw new KeyReused(
        'This request was carried out, but its answer was encrypted with a key that is gone. Look at what it did, or take a new key to do it again.',
      );
    }
  }

  async forget(workspace: string): Promise<void> {
    await deleteAll(this.#kept, `${encodeURIComponent(workspace)}/`);
  }
}
