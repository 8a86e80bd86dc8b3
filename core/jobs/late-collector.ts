import type { LatePolls, LateRequests } from '../enrichment/index.ts';
import type { Ports } from '../ports.ts';

/** How often it is looked whether somebody new is awaited, ms. */
const LOOK_EVERY_MS = 1_000;

interface Collecting {
  /** How many pieces of work go on. */
  works: number;
  readonly over: AbortController;
  readonly stopped: Promise<void>;
}

/**
 * Collects what comes late for a job while its chunks are worked on: until it has come, the credits that it
 * may cost are set aside, and a job at its limit would wait for ever for room that only they can give.
 */
export class LateCollector {
  readonly #late: LateRequests;
  readonly #polls: LatePolls;
  readonly #ports: Pick<Ports, 'clock' | 'log'>;
  readonly #collecting = new Map<string, Collecting>();

  constructor(late: LateRequests, polls: LatePolls, ports: Pick<Ports, 'clock' | 'log'>) {
    this.#late = late;
    this.#polls = polls;
    this.#ports = ports;
  }

  /**
   * Gives what `work` gives. `stuck` hears when so many ms, `patienceMs`, have passed in which something was
   * awaited and nothing came.
   */
  async during<T>(
    source: string,
    patienceMs: number,
    stuck: () => Promise<void>,
    work: () => Promise<T>,
  ): Promise<T> {
    const collecting = this.#collecting.get(source) ?? this.#begin(source, patienceMs, stuck);
    collecting.works += 1;
    try {
      return await work();
    } finally {
      collecting.works -= 1;
      if (collecting.works === 0) {
        this.#collecting.delete(source);
        collecting.over.abort();
        await collecting.stopped;
      }
    }
  }

  #begin(source: string, patienceMs: number, stuck: () => Promise<void>): Collecting {
    const over = new AbortController();
    const stopped = this.#collect(source, patienceMs, stuck, over.signal);
    const collecting = { works: 0, over, stopped };
    this.#collecting.set(source, collecting);
    return collecting;
  }

  /** Never throws: what cannot be collected now is collected later. */
  async #collect(
    source: string,
    patienceMs: number,
    stuck: () => Promise<void>,
    over: AbortSignal,
  ): Promise<void> {
    const { clock, log } = this.#ports;
    while (!over.aborted) {
      try {
        const before = await this.#ids(source);
        const since = clock.monotonic();
        await this.#late.collect(source, patienceMs, over, this.#polls);
        const waited = clock.monotonic() - since >= patienceMs;
        const after = await this.#ids(source);
        if (waited && before.size > 0 && before.isSubsetOf(after)) await stuck();
      } catch (error) {
        log.warn('What comes late could not be collected; it is tried again', { error });
      }
      await clock.sleep(LOOK_EVERY_MS, over);
    }
  }

  async #ids(source: string): Promise<Set<string>> {
    return new Set((await this.#late.pending(source)).map(({ requestId }) => requestId));
  }
}
