/** What may be asked of slots, and what they tell. */
import type { Unread } from './check.ts';
import type { SlotView } from './notation.ts';
import type { Connection } from './types.ts';

/** All slots of a workspace, in order, with the counts in short and in words. */
export interface SlotsView {
  readonly workspace: string;
  readonly notation: string;
  readonly words: string;
  readonly slots: readonly SlotView[];
}

export interface SlotAddress {
  readonly workspace: string;
  /** Counted from 1 over both kinds. */
  readonly slot: number;
}

export interface ConnectRequest {
  readonly workspace: string;
  /** In the clear; whitespace around it is ignored. */
  readonly key: string;
  /** Made one line and cut to 60 characters; "Slot N" where nothing is left of it. */
  readonly label?: string | undefined;
  /** None: the first free one. */
  readonly slot?: number | undefined;
  /** Who asked, as the surface names people. */
  readonly by?: string | undefined;
}

export type ReplaceRequest = Omit<ConnectRequest, 'slot'> & SlotAddress;

export interface Connected {
  readonly connection: Connection;
  /** Other slots of the workspace whose key is of the same Apollo team. */
  readonly sharesLimitsWith: readonly number[];
  /** Sentences for the person who connected; none when there is nothing to say. */
  readonly remarks: readonly string[];
  /** What this key may not read, or what Apollo could not tell just now. */
  readonly notRead: readonly Unread[];
}

/** Which connection is meant: the id tells it from a later one in the same slot. */
export type ConnectionRef = Pick<Connection, 'workspace' | 'slot' | 'id'>;

/** What was seen while using a connection. `limits` and `notAllowed` add to what is known already. */
export type ConnectionReport = Partial<Pick<Connection, 'health' | 'credits' | 'limits' | 'notAllowed'>>;

/**
 * `changed`: still the same key, but its health, its team or what it may do is another. `credits-low`: its
 * Apollo team has just gone under a tenth of its credits.
 */
export type SlotsChange = SlotAddress & {
  readonly change: 'connected' | 'disconnected' | 'changed' | 'credits-low';
};

export interface Rotation {
  /** Connections that are sealed with the current encryption key now and were not before. */
  readonly resealed: number;
  readonly alreadyCurrent: number;
  /** Those left as they were because they cannot be decrypted, and why. */
  readonly unreadable: readonly (SlotAddress & { readonly reason: string })[];
}
