import type { Write } from './sqlite-file.ts';

/**
 * The writes of one `atomically`, held back until its work is done. Reads inside the work see them, nobody
 * else does. A write into the batch resolves at once, so that the work may await it.
 */
export class WriteBatch {
  /** Namespace → key → its last write. */
  readonly #writes = new Map<string, Map<string, Write>>();
  #open = true;

  /** False once the work is done: what it left running writes for itself. */
  get open(): boolean {
    return this.#open;
  }

  add(write: Write): void {
    const ofNamespace = this.#writes.get(write.namespace) ?? new Map<string, Write>();
    this.#writes.set(write.namespace, ofNamespace.set(write.key, write));
  }

  /** The write of this key in the batch, if there is one. */
  find(namespace: string, key: string): Write | undefined {
    return this.#writes.get(namespace)?.get(key);
  }

  of(namespace: string): Write[] {
    return [...(this.#writes.get(namespace)?.values() ?? [])];
  }

  /** Takes no more, and gives what it has. */
  close(): Write[] {
    this.#open = false;
    return [...this.#writes.values()].flatMap((ofNamespace) => [...ofNamespace.values()]);
  }
}
