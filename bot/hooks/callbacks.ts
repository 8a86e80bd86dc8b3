import type { Collection, Store } from '@connectionsphere/core';
import { newSecret } from './signature.ts';

/** Where a job's own caller wants to be told about it. */
export interface Callback {
  readonly url: string;
  /** What deliveries are signed with. */
  readonly secret: string;
}

/** Callback addresses by job. */
export class Callbacks {
  readonly #stored: Collection<Callback>;
  readonly #keptMs: number;

  /** `keptMs`: as long as jobs are kept. */
  constructor({ store }: { store: Store }, keptMs: number) {
    this.#stored = store.collection('callbacks');
    this.#keptMs = keptMs;
  }

  async add(job: string, url: string): Promise<Callback> {
    const callback = { url, secret: newSecret() };
    await this.#stored.set(job, callback, { ttlMs: this.#keptMs });
    return callback;
  }

  async of(job: string): Promise<Callback | undefined> {
    return await this.#stored.get(job);
  }
}
