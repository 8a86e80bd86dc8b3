import type { Time } from '../sandbox/time.ts';

interface Event {
  readonly at: number;
  /** Which of those at the same time comes first. */
  readonly order: number;
  readonly work: () => void;
  isCancelled: boolean;
}

/** Tuesday, 10 November 2026, 09:00 UTC: in the middle of a month. */
const BEGIN = Date.UTC(2026, 10, 10, 9);

/**
 * Time that passes only when nothing is left to do: whatever happens in a simulation is an event of this queue, and what
 * follows from one, down to the last promise, is done before the next. So one seed gives one course of events.
 */
export class VirtualTime implements Time {
  /** Events so far. */
  steps = 0;
  #elapsed = 0;
  #order = 0;
  /** A binary heap: the next one first. */
  readonly #events: Event[] = [];
  #hash = 0x811c9dc5;

  /** ms since the epoch, by Apollo's clock. */
  now(): number {
    return BEGIN + this.#elapsed;
  }

  /** ms since the beginning. */
  get elapsed(): number {
    return this.#elapsed;
  }

  after(ms: number, work: () => void): () => void {
    this.#order += 1;
    const event = { at: this.#elapsed + Math.max(0, ms), order: this.#order, work, isCancelled: false };
    this.#push(event);
    return () => {
      event.isCancelled = true;
    };
  }

  /** What stands for all that happened so far: the same for the same course of events. */
  get trace(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }

  /** Takes a text into the {@link trace}. */
  mark(text: string): void {
    for (let index = 0; index < text.length; index += 1) {
      this.#hash = Math.imul(this.#hash ^ text.charCodeAt(index), 0x01000193);
    }
  }

  /** Does the next event and what follows from it; `false`: there is none. */
  async step(): Promise<boolean> {
    for (;;) {
      const event = this.#pop();
      if (!event) return false;
      if (event.isCancelled) continue;
      this.#elapsed = Math.max(this.#elapsed, event.at);
      this.steps += 1;
      this.#hash = Math.imul(this.#hash ^ event.order ^ Math.round(this.#elapsed * 1000), 0x01000193);
      event.work();
      // All promises are through when the next turn of the machine's event loop begins.
      await new Promise(setImmediate);
      return true;
    }
  }

  #push(event: Event): void {
    const events = this.#events;
    let at = events.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = events[parent];
      if (!above || !isBefore(event, above)) break;
      events[at] = above;
      at = parent;
    }
    events[at] = event;
  }

  #pop(): Event | undefined {
    const events = this.#events;
    const [first] = events;
    const last = events.pop();
    if (!first || !last || first === last) return first;
    let at = 0;
    for (;;) {
      const [left, right] = [events[2 * at + 1], events[2 * at + 2]];
      if (!left) break;
      const child = right && isBefore(right, left) ? right : left;
      if (!isBefore(child, last)) break;
      events[at] = child;
      at = child === left ? 2 * at + 1 : 2 * at + 2;
    }
    events[at] = last;
    return first;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
