import { type Collection, type Coordination, deleteAll, type Store } from './ports.ts';

/** Answers to requests that may be sent again are kept for so long, ms. */
const KEPT_MS = 24 * 60 * 60 * 1000;

interface KeptAnswer<T> {
  readonly fingerprint: string;
  readonly answer: T;
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
  readonly #kept: Collection<KeptAnswer<unknown>>;
  readonly #coordination: Coordination;

  constructor({ store, coordination }: { store: Store; coordination: Coordination }) {
    this.#kept = store.collection('answers');
    this.#coordination = coordination;
  }

  /**
   * Gives what `work` gave the first time; a repetition that comes meanwhile waits for it. What `work`
   * throws is not kept. `fingerprint` tells whether it is the same request; throws {@link KeyReused} where not.
   */
  async once<T>(
    workspace: string,
    key: string,
    fingerprint: string,
    work: () => Promise<T>,
  ): Promise<{ answer: T; repeated: boolean }> {
    const name = `${encodeURIComponent(workspace)}/${key}`;
    return await this.#coordination.exclusive(`answers:${name}`, async () => {
      const kept = (await this.#kept.get(name)) as KeptAnswer<T> | undefined;
      if (kept && kept.fingerprint !== fingerprint) {
        throw new KeyReused(
          'This key was used for another request already; take a new one for each request.',
        );
      }
      if (kept) return { answer: kept.answer, repeated: true };
      const answer = await work();
      await this.#kept.set(name, { fingerprint, answer }, { ttlMs: KEPT_MS });
      return { answer, repeated: false };
    });
  }

  async forget(workspace: string): Promise<void> {
    await deleteAll(this.#kept, `${encodeURIComponent(workspace)}/`);
  }
}
