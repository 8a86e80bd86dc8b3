/**
 * Why a slot was not connected, replaced or emptied. The message is for the person who asked: what
 * happened, to which slot, and what to do next. It never holds a key.
 */
import type { ApolloError } from '../apollo/errors.ts';
import { kindName } from './notation.ts';
import type { Connection, SlotKind } from './types.ts';

export abstract class SlotsError extends Error {}

/** What was given cannot be an Apollo key; Apollo was not asked. */
export class KeyMalformed extends SlotsError {
  override readonly name = 'KeyMalformed';
  constructor() {
    super(
      'This does not look like an Apollo API key: a key is one long word without spaces. Copy it again from Apollo under Settings, Integrations, API keys. Nothing was stored.',
    );
  }
}

/** Apollo answered 401. */
export class KeyRefusedByApollo extends SlotsError {
  override readonly name = 'KeyRefusedByApollo';
  constructor(cause: ApolloError) {
    super(
      'Apollo refuses this key: it is mistyped, revoked or not active. Copy it again from Apollo, or make a new one there. Nothing was stored.',
      { cause },
    );
  }
}

/** Apollo gave no usable answer, so nobody knows whether the key is good. */
export class KeyNotChecked extends SlotsError {
  override readonly name = 'KeyNotChecked';
  constructor(cause: ApolloError) {
    super(
      `The key could not be checked with Apollo, so nothing was stored. Try again in a minute. (${cause.message})`,
      {
        cause,
      },
    );
  }
}

/** The workspace has this key in a slot already. */
export class KeyAlreadyConnected extends SlotsError {
  override readonly name = 'KeyAlreadyConnected';
  readonly slot: number;
  constructor(holder: Connection) {
    super(`This key is connected already: ${occupant(holder)}. A key adds nothing in a second slot.`);
    this.slot = holder.slot;
  }
}

export class SlotTaken extends SlotsError {
  override readonly name = 'SlotTaken';
  readonly slot: number;
  constructor(holder: Connection) {
    const way = holder.kind === 'self' ? 'Replace or disconnect that key' : 'Clear that slot';
    super(`Slot ${holder.slot} is taken: ${occupant(holder)}. ${way} first, or choose another slot.`);
    this.slot = holder.slot;
  }
}

/** A workspace reached for a slot that the ConnectionSphere team fills, or the other way round. */
export class SlotNotYours extends SlotsError {
  override readonly name = 'SlotNotYours';
  readonly slot: number;
  constructor(slot: number, kind: SlotKind) {
    super(
      kind === 'dfy'
        ? `Slot ${slot} is a done-for-you slot: the ConnectionSphere team fills and clears it. Choose a self-service slot, or ask the team.`
        : `Slot ${slot} is a self-service slot: only the workspace itself connects and disconnects it. Choose a done-for-you slot.`,
    );
    this.slot = slot;
  }
}

export class NoFreeSlot extends SlotsError {
  override readonly name = 'NoFreeSlot';
  constructor(kind: SlotKind, holders: readonly Connection[]) {
    const way = kind === 'self' ? 'Replace or disconnect one of them' : 'Clear one of them';
    super(
      holders.length === 0
        ? `This workspace has no ${kindName(kind)} slots.`
        : `No ${kindName(kind)} slot is free: ${holders.map(occupant).join('; ')}. ${way} first.`,
    );
  }
}

export class NoSuchSlot extends SlotsError {
  override readonly name = 'NoSuchSlot';
  readonly slot: number;
  constructor(slot: number, slots: readonly number[]) {
    super(`There is no slot ${slot}. This workspace has these slots: ${slots.join(', ')}.`);
    this.slot = slot;
  }
}

/** The slot is free, so there is nothing to disconnect, clear or replace. */
export class NothingConnected extends SlotsError {
  override readonly name = 'NothingConnected';
  readonly slot: number;
  constructor(slot: number, kind: SlotKind) {
    super(
      `Slot ${slot} is free: nothing is connected there. To put a key in, ${kind === 'self' ? 'connect' : 'fill'} it.`,
    );
    this.slot = slot;
  }
}

/** More than ten minutes have passed, or the workspace disconnected nothing there. */
export class NothingToRestore extends SlotsError {
  override readonly name = 'NothingToRestore';
  readonly slot: number;
  constructor(slot: number) {
    super(
      `Nothing can be put back into slot ${slot}: a disconnected key is kept for ten minutes, then deleted for good. Connect it again.`,
    );
    this.slot = slot;
  }
}

function occupant({ slot, label, last4 }: Connection): string {
  return `slot ${slot} holds "${label}" (key ending in ${last4})`;
}
