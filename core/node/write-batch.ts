import type { Write } from './sqlite-file.ts';

/** A write and its place in the order in which all writes were begun. */
interface Held {
  readonly write: Write;
  readonly order: number;
}

let begun = 0;

/**
 * The writes of one `atomically`, held back until its work is done. Reads inside the work see them, nobody
 * else does. A write into the batch resolves at once, so that the work may await it.
 */
export class WriteBatch {
  /** Namespace → key → its last write. */
  readonly #writes = new Map<string, Map<string, Held>>();
  #open = true;

  /** False once the work is done: what it left running writes for itself. */
  get open(): boolean {
    return this.#open;
  }

  add(write: Write): void {
    const ofNamespace = this.#writes.get(write.namespace) ?? new Map<string, Held>();
    begun += 1;
    this.#writes.set(write.namespace, ofNamespace.set(write.key, { write, order: begun }));
  }

  /** Drops what `ended`, which is written before this one, has begun to write later: as if it came after. */
  giveWay(ended: WriteBatch): void {
    for (const [namespace, held] of this.#writes) {
      const newer = ended.#writes.get(namespace);
      if (!newer) continue;
      for (const [key, { order }] of held) {
        if (order < (newer.get(key)?.order ?? 0)) held.delete(key);
      }
    }
  }

  /** The write of this key in the batch, if there is one. */
  find(namespace: string, key: string): Write | undefined {
    return this.#writes.get(namespace)?.get(key)?.write;
  }

  of(namespace: string): Write[] {
    return [...(this.#writes.get(namespace)?.values() ?? [])].map(({ write }) => write);
  }

  /** Takes no more, and gives what it has. */
  close(): Write[] {
    this.#open = false;
    return [...this.#writes.keys()].flatMap((namespace) => this.of(namespace));
  }
}
