import type { Collection, Ports, Vault } from '@connectionsphere/core';
import { SecretRepository } from '../secret-repository.ts';
import { newSecret } from './signature.ts';

/** Where a job's own caller wants to be told about it. */
interface Callback {
  readonly url: string;
}

/** Callback addresses by job. */
export class Callbacks {
  readonly #stored: Collection<Callback>;
  readonly #keptMs: number;
  readonly secrets: SecretRepository;

  /** `keptMs`: as long as jobs are kept. */
  constructor(ports: Pick<Ports, 'store' | 'coordination'>, vault: Vault, keptMs: number) {
    this.#stored = ports.store.collection('callbacks');
    this.#keptMs = keptMs;
    this.secrets = new SecretRepository(ports, vault, {
      name: 'callback-secrets',
      remedy: 'Start the job again.',
      ttlMs: keptMs,
    });
  }

  /** Gives the secret that deliveries are signed with. */
  async add(job: string, url: string): Promise<Callback & { readonly secret: string }> {
    const secret = newSecret();
    await this.secrets.set(job, secret);
    await this.#stored.set(job, { url }, { ttlMs: this.#keptMs });
    return { url, secret };
  }

  async of(job: string): Promise<Callback | undefined> {
    return await this.#stored.get(job);
  }
}
