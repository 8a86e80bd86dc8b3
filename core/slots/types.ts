import type { Endpoint, LimitReadings, WindowName } from '../apollo/types.ts';

/** `self`: the workspace connects its own key. `dfy`: done for you, filled by the ConnectionSphere team. */
export type SlotKind = 'self' | 'dfy';

/** How many slots of each kind a workspace has; at most four together. */
export interface SlotPlan {
  readonly self: number;
  readonly dfy: number;
}

/** Times are ms since the epoch. */
export type Health =
  | { readonly state: 'healthy' }
  | { readonly state: 'limited'; readonly until: number; readonly window: WindowName }
  | { readonly state: 'out-of-credits'; readonly since: number; readonly until?: number }
  | { readonly state: 'refused'; readonly since: number }
  /**
   * The stored key cannot be decrypted, for want of the encryption key `missing`, or because that or what is stored
   * was altered. Seen when the slot is read, never stored.
   */
  | { readonly state: 'locked'; readonly missing?: string };

export interface Credits {
  readonly left: number;
  readonly limit?: number;
  readonly used?: number;
  /** Of what is left, the least of both: what the whole team has left, where another figure than `left`. */
  readonly team?: number;
  /** What the cap of the key's user leaves, where that is less than the team has. */
  readonly user?: number;
  /** Credits for mobile numbers, where they are a pool apart. */
  readonly mobile?: { readonly left: number; readonly limit: number };
  /** When the billing cycle ends. */
  readonly cycleEndsAt?: number;
  readonly readAt: number;
}

/** An occupied slot as everybody may see it: the key itself is not in it. */
export interface Connection {
  /** Random; a key put into the same slot later makes another connection with another id. */
  readonly id: string;
  readonly workspace: string;
  /** 1 to 4, over both kinds: self slots first. */
  readonly slot: number;
  readonly kind: SlotKind;
  readonly label: string;
  readonly last4: string;
  /**
   * Whose allowance the key uses: Apollo's team id, or, when the key may not read its profile, an id made
   * from the key's fingerprint, so that it has a limiter of its own.
   */
  readonly team: string;
  /** False when `team` was made up because Apollo would not tell. */
  readonly teamKnown: boolean;
  readonly connectedBy?: string;
  readonly connectedAt: number;
  readonly health: Health;
  readonly credits?: Credits;
  /** Apollo has no credits for mobile numbers left, but others; until then, ms since the epoch. */
  readonly mobileSpent?: { readonly since: number; readonly until?: number };
  /**
   * Apollo's last refusal for credits: however much the balance says is left, it is tried again `waitMs` after that. Unless
   * it says more than the `left` credits that were known then.
   */
  readonly spentRefusal?: { readonly at: number; readonly waitMs: number; readonly left?: number };
  /** Limits as last read, per endpoint. */
  readonly limits?: Partial<Record<Endpoint, LimitReadings>>;
  /**
   * Percent of the team's rate limits that may be used, 1 to 99; none: all of them. The rest is left to colleagues'
   * other tools. Of the keys of one team the least counts.
   */
  readonly share?: number;
  /** Endpoints that the key may not use, as Apollo said, and until when that is believed. */
  readonly notAllowed?: readonly NotAllowed[];
}

/** Somebody may widen the key or change the plan at any time, and trying costs nothing: so this ends by itself. */
export interface NotAllowed {
  readonly endpoint: Endpoint;
  /** ms since the epoch. */
  readonly until: number;
}

/** A connection with the means to use it. `key()` decrypts at the moment of use; nobody keeps what it gives. */
export interface UsableConnection extends Connection {
  key(): string;
}
