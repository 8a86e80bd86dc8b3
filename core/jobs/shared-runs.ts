import { randomUUID } from 'node:crypto';
import type { ChunkWorker, Collection, JobRun, Ports, Shared } from '../ports.ts';
import type { JobBook } from './job-book.ts';
import type { JobWork } from './job-work.ts';
import type { ProgressBook } from './progress-book.ts';
import type { Halt, Running } from './running.ts';
import { pauseIfDead, type Runs } from './runs.ts';
import type { Job } from './types.ts';

/** How often somebody who waits for a job looks at it, ms. */
const LOOK_EVERY_MS = 100;
/** Every so many looks they ask whether anybody will finish it. */
const LOOKS_AT_LIFE = 20;

/** One running of a job, for all processes. */
interface RunRecord {
  readonly run: string;
  /** ms since the epoch. */
  readonly since: number;
  /** Why it is to stop. */
  readonly halt?: Halt;
}

/** What this process does for a job. */
interface LocalRun {
  readonly workspace: string;
  readonly running: Running;
  /** How many pieces of its work are under way here. */
  pieces: number;
}

export interface SharedRunsOptions {
  readonly ports: Ports;
  readonly shared: Shared;
  readonly book: JobBook;
  readonly progress: ProgressBook;
  readonly work: JobWork;
  /** Counts the calls of processes that died as in doubt. */
  readonly settleLost: () => Promise<void>;
  readonly retentionMs: number;
}

/** Jobs whose chunks are worked on by several processes, any of which may die, start, pause or cancel. */
export class SharedRuns implements Runs, ChunkWorker {
  readonly #options: SharedRunsOptions;
  readonly #records: Collection<RunRecord>;
  readonly #local = new Map<string, LocalRun>();
  #stopServing: (() => Promise<void>) | undefined;
  #closed = false;

  constructor(options: SharedRunsOptions) {
    this.#options = options;
    const { ports, shared } = options;
    this.#records = ports.store.collection<RunRecord>('runs');
    shared.hear('jobs', (id) => {
      this.#hearHalt(id).catch((error) =>
        ports.log.error('A job could not be stopped here', { job: id, error }),
      );
    });
  }

  serve(): void {
    this.#serve('always');
  }

  #serve(when: Shared['works']): void {
    const { works, chunks } = this.#options.shared;
    if (works !== when || this.#stopServing || this.#closed) return;
    this.#stopServing = chunks.serve(this);
  }

  /** Gives the chunks that are left to whoever takes them. */
  async start(job: Job): Promise<void> {
    const { ports, retentionMs, shared, work } = this.#options;
    const run = randomUUID();
    await this.#records.set(job.id, { run, since: ports.clock.now() }, { ttlMs: retentionMs });
    await shared.chunks.add({ job: job.id, run }, await work.chunksLeft(job));
    this.#serve('once-started');
  }

  async isAlive(id: string): Promise<boolean> {
    const record = await this.#records.get(id);
    return record !== undefined && (await this.#options.shared.chunks.has({ job: id, run: record.run }));
  }

  async halt(id: string, halt: Halt): Promise<boolean> {
    const record = await this.#records.get(id);
    if (!record) return false;
    // Who cancels means it, also while the job is still pausing.
    if (record.halt === undefined || halt === 'cancel') await this.#records.set(id, { ...record, halt });
    this.#options.shared.tell('jobs', id);
    await this.#hearHalt(id);
    return true;
  }

  async settled(id: string): Promise<void> {
    const { book, ports, shared } = this.#options;
    for (let looks = 1; ; looks += 1) {
      const job = await book.find(id);
      if (job?.state !== 'running') return;
      const record = await this.#records.get(id);
      if (record?.halt && !(await shared.chunks.isServed())) {
        // Nobody is there to finish it.
        await this.finish({ job: id, run: record.run });
        continue;
      }
      // As when its end could not be stored, or Redis lost what was written last.
      if (looks % LOOKS_AT_LIFE === 0) await pauseIfDead(id, this, book);
      await ports.clock.sleep(LOOK_EVERY_MS);
    }
  }

  async ranMs(id: string): Promise<number> {
    const record = await this.#records.get(id);
    return record ? Math.max(0, this.#options.ports.clock.now() - record.since) : 0;
  }

  workspaces(): Set<string> {
    return new Set([...this.#local.values()].map(({ workspace }) => workspace));
  }

  async remove(id: string): Promise<void> {
    await this.#records.delete(id);
  }

  async chunk(run: JobRun, number: number): Promise<'done' | 'again'> {
    if (this.#closed) return 'again';
    const { job, record } = await this.#current(run);
    if (!job || record?.halt) return 'done';
    const running = this.#enter(job);
    try {
      await this.#options.work.chunk(job, running, number);
    } catch (error) {
      this.#options.progress.foundAhead(job.id, number, undefined);
      // As after Redis was away for longer than a lock lives. What was answered is known.
      if (isLockLost(error)) return 'again';
      this.#logStopped(job, error);
      await this.halt(job.id, 'interrupted');
    } finally {
      this.#leave(job.id);
    }
    return this.#closed && running.signal.aborted ? 'again' : 'done';
  }

  async finish(run: JobRun): Promise<'done' | 'again'> {
    if (this.#closed) return 'again';
    const { job, record } = await this.#current(run);
    if (!job || !record) return 'done';
    const { ports, settleLost, work } = this.#options;
    const running = this.#enter(job);
    let halt = record.halt;
    try {
      if (!halt && (await work.chunksLeft(job)).length > 0) halt = 'interrupted';
      if (!halt) {
        // Whoever is told that the list is done is told of every doubt as well.
        await settleLost();
        await work.afterChunks(job, running);
      }
    } catch (error) {
      if (isLockLost(error)) {
        this.#leave(job.id);
        return 'again';
      }
      halt = 'interrupted';
      this.#logStopped(job, error);
    }
    try {
      if (this.#closed && running.signal.aborted) return 'again';
      const workedMs = job.workedMs + (ports.clock.now() - record.since);
      await work.finish(job, running.stopped ?? halt, workedMs, () => undefined);
    } finally {
      this.#leave(job.id);
    }
    return 'done';
  }

  #logStopped({ id }: Job, error: unknown): void {
    this.#options.ports.log.error('A job stopped because of an error; it can be resumed', {
      job: id,
      error,
    });
  }

  /** Lets others have what this process works on, and resolves when it has let go of it. */
  async close(): Promise<void> {
    this.#closed = true;
    const stopped = this.#stopServing?.();
    for (const { running } of this.#local.values()) running.stop('shutdown');
    await stopped;
  }

  /** The job, unless this run of it is over. */
  async #current({ job: id, run }: JobRun): Promise<{ job?: Job; record?: RunRecord }> {
    const [job, record] = await Promise.all([this.#options.book.find(id), this.#records.get(id)]);
    return job?.state === 'running' && record?.run === run ? { job, record } : {};
  }

  #enter({ id, workspace }: Job): Running {
    const local = this.#local.get(id) ?? {
      workspace,
      running: this.#options.work.begin(id, (halt) => this.halt(id, halt)),
      pieces: 0,
    };
    this.#local.set(id, local);
    local.pieces += 1;
    return local.running;
  }

  #leave(id: string): void {
    const local = this.#local.get(id);
    if (!local) return;
    local.pieces -= 1;
    if (local.pieces > 0) return;
    this.#local.delete(id);
    this.#options.progress.close(id);
  }

  async #hearHalt(id: string): Promise<void> {
    const record = await this.#records.get(id);
    if (record?.halt) this.#local.get(id)?.running.stop(record.halt);
  }
}

/** See `Coordination.exclusive`. */
function isLockLost(error: unknown): boolean {
  return error instanceof Error && error.name === 'LockLost';
}
