import type { Fields } from '../ports.ts';

/** One entry to set, or, without a value, to delete. */
export interface Write {
  readonly namespace: string;
  readonly key: string;
  readonly value: string | undefined;
  /** ms since the epoch; undefined: never. */
  readonly expires: number | undefined;
}

/** What is added to the numbers of an entry. */
export interface Addition {
  readonly namespace: string;
  readonly key: string;
  readonly change: Fields;
  /** ms since the epoch; undefined: as before. */
  readonly expires: number | undefined;
}

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
  /** Those that ended while this one was open. */
  readonly #ended: WriteBatch[] = [];
  /** What is added to numbers, which others may add to meanwhile. */
  readonly additions: Addition[] = [];
  #open = true;
  #isLost = false;

  /** False once the work is done: what it left running writes for itself. */
  get open(): boolean {
    return this.#open;
  }

  add(write: Write): void {
    const ofNamespace = this.#writes.get(write.namespace) ?? new Map<string, Held>();
    begun += 1;
    this.#writes.set(write.namespace, ofNamespace.set(write.key, { write, order: begun }));
  }

  /** `ended` is written before this one. What it began to write later holds, unless it is lost. */
  follow(ended: WriteBatch): void {
    this.#ended.push(ended);
  }

  /** It could not be written. */
  lose(): void {
    this.#isLost = true;
  }

  /** The write of this key in the batch, if there is one. */
  find(namespace: string, key: string): Write | undefined {
    return this.#writes.get(namespace)?.get(key)?.write;
  }

  of(namespace: string): Write[] {
    return Array.from(this.#writes.get(namespace)?.values() ?? [], ({ write }) => write);
  }

  /** Takes no more, and gives what it has. */
  close(): Write[] {
    this.#open = false;
    for (const ended of this.#ended.splice(0)) if (!ended.#isLost) this.#giveWay(ended);
    return [...this.#writes.keys()].flatMap((namespace) => this.of(namespace));
  }

  #giveWay(ended: WriteBatch): void {
    for (const [namespace, held] of this.#writes) {
      const newer = ended.#writes.get(namespace);
      if (!newer) continue;
      for (const [key, { order }] of held) {
        if (order < (newer.get(key)?.order ?? 0)) held.delete(key);
      }
    }
  }
}
