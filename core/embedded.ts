import { randomUUID } from 'node:crypto';
import { createCoordination } from './coordination.ts';
import type { ChunkQueue, ChunkWorker, Clock, JobRun, Log, Ports, Shared } from './ports.ts';
import { createReservations } from './reservations.ts';
import { UnderWay } from './under-way.ts';

/** Chunks of a run worked on at once: enough leads under way for every limiter, few enough to hold in memory. */
const CHUNKS_AT_ONCE = 24;
/** Between two chunks the process hears of the world, ms: the shortest sleep that there is. */
const BREATH_MS = 1;
/** Until it is seen again whether a run needs its next chunk, ms. */
const FED_MS = 5;

/** The ports of a process that has its state to itself: with nobody to share it, sharing costs nothing. */
export function singleProcess(ports: Omit<Ports, 'coordination' | 'shared'>): Ports {
  const { clock, log, store } = ports;
  const ahead = clock.now() - clock.monotonic();
  const values = new Map<string, unknown>();
  const self = randomUUID();
  const shared: Shared = {
    self,
    isAlone: true,
    works: 'always',
    // It could not have begun while another one lived.
    isLost: (process) => process !== self,
    onLost: () => undefined,
    lookForLost: async () => undefined,
    now: () => clock.monotonic() + ahead,
    update: async <T, R>(key: string, change: (value: T | undefined) => { value: T; result: R }) => {
      const { value, result } = change(values.get(key) as T | undefined);
      values.set(key, value);
      return result;
    },
    reservations: createReservations(store),
    claims: { take: allOurs, areHeld: allOurs, release: async () => undefined },
    chunks: new OwnChunks(clock, log),
    tell: () => undefined,
    hear: () => undefined,
  };
  return { ...ports, coordination: createCoordination(), shared };
}

/** No other process could have any. */
async function allOurs(groups: readonly unknown[]): Promise<boolean[]> {
  return groups.map(() => true);
}

/** The runs of the only process, each from its first chunk to its end. */
class OwnChunks implements ChunkQueue {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #runs = new Map<string, { readonly run: JobRun; readonly chunks: readonly number[] }>();
  readonly #working = new UnderWay();
  #worker: ChunkWorker | undefined;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  async add(run: JobRun, chunks: readonly number[]): Promise<void> {
    this.#runs.set(run.run, { run, chunks });
    if (this.#worker) this.#begin(run, chunks, this.#worker);
  }

  async has({ run }: JobRun): Promise<boolean> {
    return this.#runs.has(run);
  }

  async isServed(): Promise<boolean> {
    return this.#worker !== undefined;
  }

  serve(worker: ChunkWorker): () => Promise<readonly JobRun[]> {
    this.#worker = worker;
    for (const { run, chunks } of this.#runs.values()) this.#begin(run, chunks, worker);
    return async () => {
      this.#worker = undefined;
      await this.#working.settled();
      const left = [...this.#runs.values()].map(({ run }) => run);
      this.#runs.clear();
      return left;
    };
  }

  #begin(run: JobRun, chunks: readonly number[], worker: ChunkWorker): void {
    const working = this.#work(run, chunks, worker).catch((error) => {
      this.#runs.delete(run.run);
      this.#log.error('A job stopped because of an error; it can be resumed', { job: run.job, error });
    });
    void this.#working.add(working);
  }

  async #work(run: JobRun, chunks: readonly number[], worker: ChunkWorker): Promise<void> {
    const active = new Set<Promise<unknown>>();
    const failures: unknown[] = [];
    const isOver = () => this.#worker !== worker || failures.length > 0;
    const mayBegin = () => (isOver() ? 'never' : worker.mayBegin(run));
    for (const number of chunks) {
      if (mayBegin() === 'never') break;
      const { promise: asked, resolve: onAsked } = Promise.withResolvers<void>();
      const chunk = worker
        .chunk(run, number, onAsked)
        .catch((error: unknown) => failures.push(error))
        .finally(() => active.delete(chunk));
      active.add(chunk);
      // What is known needs no company: chunk by chunk, it is garbage before the next one needs memory.
      await Promise.race([asked, chunk]);
      // Answers that came meanwhile first: when the first one of a window is seen late, its end is too.
      await this.#clock.sleep(BREATH_MS);
      // Read ahead when there is nothing else to do, such as while all limits are reached.
      while (mayBegin() === 'later') await this.#clock.sleep(FED_MS);
      if (active.size >= CHUNKS_AT_ONCE) await Promise.race(active);
    }
    await Promise.all(active);
    if (failures.length > 0) throw failures[0];
    if (this.#worker === worker && (await worker.finish(run)) === 'done') this.#runs.delete(run.run);
  }
}
