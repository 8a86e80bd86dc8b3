import type { Store } from '../ports.ts';

/** An entry as it is stored, of whichever collection: its value is JSON as text. */
export interface StoredEntry {
  readonly collection: string;
  /** It is one of the counters of that name, its text their fields. */
  readonly counted?: boolean;
  readonly key: string;
  readonly text: string;
  /** ms that it has left to live; none: it stays. */
  readonly ttlMs: number | undefined;
}

/** A store whose whole content can be taken to another one. */
export interface MovableStore extends Store {
  /** Every entry at least once, some at a time. */
  stored(): AsyncIterable<StoredEntry[]>;
  restore(entries: readonly StoredEntry[]): Promise<void>;
}

/** A store that can be copied while it is in use. */
export interface CopiedStore extends Store {
  /** Copies everything into a new file that only its owner may read; resolves when it is on the disk. */
  copyTo(path: string): Promise<void>;
}
