import { type Collection, type Core, freePlace, type Ports, type Store } from '@connectionsphere/core';
import type { Notices } from './hooks/index.ts';

/** Somebody asked the operators to fill a done-for-you slot. */
export interface SlotRequest {
  readonly workspace: string;
  readonly slot: number;
  /** Who asked, as the surface names people. */
  readonly by: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** Requests as they are stored. */
export const wantedSlots = (store: Store): Collection<SlotRequest> => store.collection('slot-requests');

/** Kept for so long, ms: after that it is asked again, or it no longer matters. */
const KEPT_MS = 90 * 86_400_000;

/** Done-for-you slots that workspaces want filled; a request is over as soon as its slot is. */
export class SlotRequests {
  readonly #stored: Collection<SlotRequest>;
  readonly #core: Core;
  readonly #ports: Ports;
  readonly #notices: Notices;

  constructor(core: Core, ports: Ports, notices: Notices) {
    this.#stored = wantedSlots(ports.store);
    this.#core = core;
    this.#ports = ports;
    this.#notices = notices;
  }

  /**
   * Asks for the slot and tells the operators; asked again, gives the first request and tells nobody.
   * Throws `NoSuchSlot`, `SlotNotYours` for a self-service slot and `SlotTaken` for one that is filled.
   */
  async ask({ workspace, slot, by }: Omit<SlotRequest, 'at'>): Promise<SlotRequest> {
    const { slots } = await this.#core.slots.list(workspace);
    freePlace(slots, 'dfy', slot);
    const key = keyOf(workspace, slot);
    return await this.#ports.coordination.exclusive(`slot-request:${key}`, async () => {
      const before = await this.#stored.get(key);
      if (before) return before;
      const request = { workspace, slot, by, at: this.#ports.clock.now() };
      await this.#core.audit.done(
        workspace,
        'slot.request',
        () => this.#stored.set(key, request, { ttlMs: KEPT_MS }),
        () => ({ slot }),
      );
      await this.#notices.tellOperators(request);
      return request;
    });
  }

  /** What is still wanted: in one workspace, or in all of them; the oldest first. */
  async list(workspace?: string): Promise<SlotRequest[]> {
    const wanted: SlotRequest[] = [];
    const prefix = workspace === undefined ? '' : `${encodeURIComponent(workspace)}/`;
    for await (const [key, request] of this.#stored.entries(prefix)) {
      const { slots } = await this.#core.slots.list(request.workspace);
      const isFree = slots.some(({ number, state }) => number === request.slot && state === 'free');
      if (isFree) wanted.push(request);
      else await this.#stored.delete(key);
    }
    return wanted.sort((a, b) => a.at - b.at);
  }
}

function keyOf(workspace: string, slot: number): string {
  return `${encodeURIComponent(workspace)}/${slot}`;
}
