import type { Clock, Log } from '../ports.ts';
import type { JobWork } from './job-work.ts';
import type { ProgressBook } from './progress-book.ts';
import type { Halt, Running } from './running.ts';
import type { Runs } from './runs.ts';
import type { Job } from './types.ts';

/** Chunks worked on at once: enough leads under way for every lane, few enough to hold in memory. */
const CHUNKS_AT_ONCE = 24;
/** Between two chunks the process hears of the world, ms: the shortest sleep that there is. */
const BREATH_MS = 1;
/** Until it is seen again whether a job needs its next chunk, ms. */
const FED_MS = 5;

interface OwnRun {
  readonly workspace: string;
  readonly running: Running;
  /** Resolves when it does not run any more. */
  readonly done: Promise<void>;
}

/** Jobs that this process runs alone, each from its first chunk to its last. */
export class OwnRuns implements Runs {
  readonly #work: JobWork;
  readonly #progress: ProgressBook;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #runs = new Map<string, OwnRun>();

  constructor(work: JobWork, progress: ProgressBook, { clock, log }: { clock: Clock; log: Log }) {
    this.#work = work;
    this.#progress = progress;
    this.#clock = clock;
    this.#log = log;
  }

  serve(): void {}

  async start(job: Job): Promise<void> {
    await this.#progress.open(job.id);
    const running = this.#work.begin(job.id, (halt) => this.halt(job.id, halt));
    const { promise: done, resolve } = Promise.withResolvers<void>();
    this.#runs.set(job.id, { workspace: job.workspace, running, done });
    void this.#run(job, running).finally(resolve);
  }

  async isAlive(id: string): Promise<boolean> {
    return this.#runs.has(id);
  }

  async halt(id: string, halt: Halt): Promise<boolean> {
    const run = this.#runs.get(id);
    run?.running.stop(halt);
    return run !== undefined;
  }

  async settled(id: string): Promise<void> {
    await this.#runs.get(id)?.done;
  }

  async ranMs(id: string): Promise<number> {
    const run = this.#runs.get(id);
    return run ? this.#clock.monotonic() - run.running.since : 0;
  }

  workspaces(): Set<string> {
    return new Set([...this.#runs.values()].map(({ workspace }) => workspace));
  }

  async remove(): Promise<void> {}

  async close(): Promise<void> {
    const runs = [...this.#runs.values()];
    for (const { running } of runs) running.stop('shutdown');
    await Promise.all(runs.map(({ done }) => done));
  }

  /** Works through the chunks, then waits for what comes late; ends done, paused or cancelled. */
  async #run(job: Job, running: Running): Promise<void> {
    try {
      await this.#runChunks(job, running);
      if (!running.stopped) await this.#work.afterChunks(job, running);
    } catch (error) {
      running.stop('interrupted');
      this.#log.error('A job stopped because of an error; it can be resumed', {
        job: job.id,
        error,
      });
    }
    const workedMs = job.workedMs + (this.#clock.monotonic() - running.since);
    await this.#work.finish(job, running.stopped, workedMs, () => {
      this.#progress.close(job.id);
      this.#runs.delete(job.id);
    });
  }

  async #runChunks(job: Job, running: Running): Promise<void> {
    const active = new Set<Promise<void>>();
    let failure: unknown;
    for (let number = 0; number < job.chunks && !running.signal.aborted; number += 1) {
      const { promise: asked, resolve: onAsked } = Promise.withResolvers<void>();
      const chunk = this.#work
        .chunk(job, running, number, onAsked)
        .catch((error: unknown) => {
          failure ??= error;
          running.stop('interrupted');
        })
        .finally(() => active.delete(chunk));
      active.add(chunk);
      // What is known needs no company: chunk by chunk, it is garbage before the next one needs memory.
      await Promise.race([asked, chunk]);
      // Answers that came meanwhile first: when the first one of a window is seen late, its end is too.
      await this.#clock.sleep(BREATH_MS, running.signal);
      // Read ahead when there is nothing else to do, such as while all limits are reached.
      while (this.#work.isFed(job.id) && !running.signal.aborted) {
        await this.#clock.sleep(FED_MS, running.signal);
      }
      if (active.size >= CHUNKS_AT_ONCE) await Promise.race(active);
    }
    await Promise.all(active);
    if (failure) throw failure;
  }
}
