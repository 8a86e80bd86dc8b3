import type { Clock, Collection, Coordination, Log, Store } from '@connectionsphere/core';
import { createCoordination } from '@connectionsphere/core/node';
import { retryAfter } from '../transport/clients.ts';

/** ms. Slack is tried again after 1, 2, 4 … seconds, at most every minute. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** For failures that are neither Slack's nor for good: of a disk, say. */
const MOST_ATTEMPTS = 6;
/** A notice that could not be delivered for so long helps nobody any more. */
const KEPT_MS = 7 * 24 * 60 * 60_000;

export interface Entry {
  /** Adding an entry with an id that is there changes nothing. */
  readonly id: string;
  readonly workspace: string;
}

/** Does one step of a delivery, once: a step that an earlier attempt finished gives what it gave then. */
export type Step = (name: string, work: () => Promise<string>) => Promise<string>;

interface Stored<T> {
  readonly entry: T;
  /** In the order in which they were added. */
  readonly at: number;
  readonly steps: Readonly<Record<string, string>>;
}

export interface OutboxOptions<T extends Entry> {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Two processes never say something for one workspace at the same time. */
  readonly coordination: Coordination;
  /** Says it to Slack, in steps; may be called again for the same entry until it resolves. */
  readonly deliver: (entry: T, step: Step) => Promise<void>;
}

/**
 * What the bot has to say by itself. It is written down first and said afterwards, one after the other for
 * each workspace, again and again while Slack is down or wants us to wait: late perhaps, but not lost, also
 * when the process ends in between. Where several processes share the store, each says what it has added, and
 * what one that died has left is taken up by `resume` in another.
 */
export class Outbox<T extends Entry> {
  readonly #options: OutboxOptions<T>;
  readonly #stored: Collection<Stored<T>>;
  readonly #stopped = new AbortController();
  /** By workspace, in the order in which they were added. */
  readonly #inTurn = createCoordination();
  /** What is still to be said. */
  readonly #open = new Set<Promise<void>>();
  readonly #known = new Set<string>();

  constructor(options: OutboxOptions<T>) {
    this.#options = options;
    this.#stored = options.store.collection('slack-outbox');
  }

  /** Durable when it resolves; said soon afterwards. */
  async add(entry: T): Promise<void> {
    if (this.#known.has(entry.id)) return;
    this.#known.add(entry.id);
    if (await this.#stored.get(entry.id)) return;
    const stored: Stored<T> = { entry, at: this.#options.clock.now(), steps: {} };
    await this.#stored.set(entry.id, stored, { ttlMs: KEPT_MS });
    this.#enqueue(stored);
  }

  /** Goes on with what another process left; what that one says itself meanwhile is not said twice. */
  async resume(): Promise<void> {
    const left: Stored<T>[] = [];
    for await (const [, stored] of this.#stored.entries())
      if (!this.#known.has(stored.entry.id)) left.push(stored);
    for (const stored of left.sort((a, b) => a.at - b.at)) {
      this.#known.add(stored.entry.id);
      this.#enqueue(stored);
    }
  }

  /** Everything of a workspace that is still to be said is taken back. */
  async remove(workspace: string): Promise<void> {
    for await (const [id, stored] of this.#stored.entries()) {
      if (stored.entry.workspace === workspace) await this.#stored.delete(id);
    }
  }

  /** Resolves when everything added so far was said, given up, or put off by `close`. */
  async settled(): Promise<void> {
    await Promise.all(this.#open);
  }

  /** Stops after the step under way; the rest is said by the next process. */
  async close(): Promise<void> {
    this.#stopped.abort();
    await this.settled();
  }

  #enqueue(stored: Stored<T>): void {
    const said = this.#inTurn
      .exclusive(stored.entry.workspace, () => this.#work(stored))
      .finally(() => this.#open.delete(said));
    this.#open.add(said);
  }

  async #work(stored: Stored<T>): Promise<void> {
    const { clock, log } = this.#options;
    const { signal } = this.#stopped;
    const { id } = stored.entry;
    let wait = FIRST_WAIT_MS;
    let attempts = 0;
    while (!signal.aborted) {
      try {
        await this.#attempt(stored);
        this.#known.delete(id);
        return;
      } catch (error) {
        const { again, waitMs } = retryAfter(error);
        const model = { notice: id, workspace: stored.entry.workspace, error };
        attempts += 1;
        if (again === 'never' || (again === 'some' && attempts >= MOST_ATTEMPTS)) {
          log.error('A notice cannot be delivered; it is dropped', model);
          await this.#stored.delete(id).catch(() => {});
          return;
        }
        log.warn('A notice could not be delivered; it is tried again', model);
        await clock.sleep(waitMs ?? wait, signal);
        wait = Math.min(LONGEST_WAIT_MS, wait * 2);
      }
    }
  }

  async #attempt({ entry: { id, workspace } }: Stored<T>): Promise<void> {
    const { coordination, deliver } = this.#options;
    await coordination.exclusive(`slack-outbox:${workspace}`, async () => {
      const stored = await this.#stored.get(id);
      // Said by another process, or taken back, as when the workspace removed the app.
      if (!stored) return;
      let { steps } = stored;
      await deliver(stored.entry, async (name, work) => {
        const before = steps[name];
        if (before !== undefined) return before;
        const result = await work();
        steps = { ...steps, [name]: result };
        await this.#stored.set(id, { ...stored, steps }, { ttlMs: KEPT_MS });
        return result;
      });
      await this.#stored.delete(id);
    });
  }
}
