import { randomUUID } from 'node:crypto';
import type { PauseReason } from './jobs/types.ts';
import type { Clock, Collection, Ports } from './ports.ts';
import type { Health } from './slots/index.ts';

/** Something that people or other programs may want to be told. Holds no key and no lead's data. */
export type CoreEvent = {
  /** Stays the same when the event is delivered again. */
  readonly id: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly workspace: string;
} & EventBody;

export type EventBody =
  | { readonly type: 'job.finished'; readonly job: string }
  | { readonly type: 'job.paused'; readonly job: string; readonly reason: PauseReason }
  /** Late phones (or a waterfall's finds) came after the job had ended; its output is complete now. */
  | { readonly type: 'job.phones'; readonly job: string }
  /** Somebody decided about answers that contradict what was asked; `rows`: counted from 1. `by`: for people to read. */
  | {
      readonly type: 'job.reviewed';
      readonly job: string;
      readonly verdict: 'accept' | 'reject';
      readonly rows: readonly number[];
      readonly by: string;
    }
  /**
   * A list that runs again by itself did not this time (`missed`), or does not any more. `why`: a sentence. `by`: who has
   * set that, as the surface tells them apart.
   */
  | {
      readonly type: 'schedule.missed' | 'schedule.ended';
      readonly job: string;
      readonly why: string;
      readonly by?: string;
    }
  | { readonly type: 'slot.trouble'; readonly slot: number; readonly state: Health['state'] }
  /** Credits of the slot's Apollo team went under a tenth of what its cycle began with. */
  | {
      readonly type: 'slot.credits-low';
      readonly slot: number;
      readonly left: number;
      readonly limit: number;
    };

/** One that nobody wants to hear goes after this, ms. */
const KEPT_MS = 7 * 24 * 3_600_000;
/** What another process publishes is there by then, ms. */
const WRITTEN_MS = 100;

/** Should be quick, and must be able to hear one event twice: it does after a crash in between. */
export type EventHandler = (event: CoreEvent) => Promise<void>;

type EventPorts = Pick<Ports, 'store' | 'clock' | 'log' | 'coordination' | 'shared'>;

/**
 * What happened, written together with what made it happen and kept until every subscriber has heard of
 * it: a process that dies between a job's end and the message about it sends the message when it is back.
 */
export class Events {
  readonly #stored: Collection<CoreEvent>;
  readonly #clock: Clock;
  readonly #ports: EventPorts;
  readonly #handlers = new Set<EventHandler>();
  /** Those kept back, by id. */
  #held: Map<string, CoreEvent> | undefined;
  #delivering: Promise<void> = Promise.resolve();

  constructor(ports: EventPorts) {
    this.#ports = ports;
    this.#stored = ports.store.collection('events');
    this.#clock = ports.clock;
    ports.shared.hear('events', () => {
      this.#clock
        .sleep(WRITTEN_MS)
        .then(() => this.deliverKept())
        .catch((error) => ports.log.error('Events could not be read', { error }));
    });
  }

  /** Durable when it resolves, or with the `atomically` around it; delivered afterwards. */
  async publish(workspace: string, body: EventBody): Promise<void> {
    const { shared } = this.#ports;
    const heardHere = this.#handlers.size > 0;
    // Nobody to tell: a command line shows by itself what happens.
    if (!heardHere && shared.isAlone) return;
    const event: CoreEvent = { id: randomUUID(), at: this.#clock.now(), workspace, ...body };
    await this.#stored.set(event.id, event, { ttlMs: KEPT_MS });
    if (heardHere) this.#deliverSoon(event);
    else shared.tell('events');
  }

  /** Hears everything from now on, and what a former process could not deliver any more. */
  async subscribe(handler: EventHandler): Promise<void> {
    this.#handlers.add(handler);
    await this.deliverKept();
  }

  /** Delivers what is kept because it could not be delivered, here or by another process. */
  async deliverKept(): Promise<void> {
    if (this.#handlers.size === 0) return;
    const waiting: CoreEvent[] = [];
    for await (const [, event] of this.#stored.entries()) waiting.push(event);
    for (const event of waiting.sort((a, b) => a.at - b.at)) this.#deliverSoon(event);
    await this.#delivering;
  }

  /** Nobody is told any more what happened in the workspace. */
  async forget(workspace: string): Promise<void> {
    for await (const [id, event] of this.#stored.entries()) {
      if (event.workspace === workspace) await this.#stored.delete(id);
    }
  }

  /** Resolves when everything published so far has been delivered. */
  async settled(): Promise<void> {
    await this.#delivering;
  }

  /**
   * Keeps deliveries back until the function that it gives is called: for whoever has several subscribers
   * to add, so that none of them misses what the first one was told.
   */
  hold(): () => void {
    this.#held ??= new Map();
    return () => {
      const events = this.#held ?? new Map<string, CoreEvent>();
      this.#held = undefined;
      for (const event of events.values()) this.#deliverSoon(event);
    };
  }

  #deliverSoon(event: CoreEvent): void {
    if (this.#held) {
      this.#held.set(event.id, event);
      return;
    }
    this.#delivering = this.#delivering.then(() => this.#deliverOnce(event));
  }

  /** Of several processes that could, one does. */
  async #deliverOnce(event: CoreEvent): Promise<void> {
    const { coordination, log } = this.#ports;
    try {
      await coordination.exclusive(`event:${event.id}`, async () => {
        if (await this.#stored.get(event.id)) await this.#deliver(event);
      });
    } catch (error) {
      log.error('An event could not be delivered', { event: event.id, error });
    }
  }

  async #deliver(event: CoreEvent): Promise<void> {
    const heard = await Promise.allSettled([...this.#handlers].map((handler) => handler(event)));
    const failed = heard.find((each) => each.status === 'rejected');
    if (failed) {
      // Kept: it is delivered again when it is looked for.
      const { id, type } = event;
      this.#ports.log.error('An event could not be delivered', {
        event: id,
        type,
        error: failed.reason,
      });
      return;
    }
    await this.#stored
      .delete(event.id)
      .catch((error) => this.#ports.log.error('An event could not be removed', { error }));
  }
}
