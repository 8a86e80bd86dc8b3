import { randomUUID } from 'node:crypto';
import type { ChunkWorker, Collection, Counters, JobRun, Ports, Shared } from '../ports.ts';
import { NO_PROGRESS } from './progress.ts';
import { foundAhead, type Halt, type Running } from './running.ts';
import type { Counts, Job, Progress } from './types.ts';

/** How often somebody who waits for a job looks at it, ms. */
const LOOK_EVERY_MS = 100;
/** How often a process tells how many leads it has found in incomplete chunks, ms. */
const TELL_EVERY_MS = 500;
/** What a process told is believed for so long, ms. */
const BELIEVED_MS = 5_000;

/** One running of a job, for all processes. */
interface RunRecord {
  readonly run: string;
  /** ms since the epoch. */
  readonly since: number;
  /** Why it is to stop. */
  readonly halt?: Halt;
}

/** What a run needs of the jobs. */
export interface RunSteps {
  get(id: string): Promise<Job | undefined>;
  /** Works on one chunk. */
  chunk(job: Job, running: Running, number: number): Promise<void>;
  /** Numbers of the chunks without outcomes. */
  chunksLeft(job: Job): Promise<number[]>;
  /** What follows the last chunk: late results, and what is counted at the end. */
  afterChunks(job: Job, running: Running): Promise<void>;
  /** Stores how the run ended. */
  finish(job: Job, running: Running, workedMs: number): Promise<void>;
  /** Stops what this process does for the job. */
  halt(id: string, running: Running, halt: Halt): void;
}

/** Jobs whose chunks are worked on by several processes, any of which may die, start, pause or cancel. */
export class SharedRuns implements ChunkWorker {
  readonly #ports: Ports;
  readonly #shared: Shared;
  readonly #steps: RunSteps;
  readonly #runs: Collection<RunRecord>;
  readonly #progress: Counters;
  readonly #ahead: Collection<{ found: number; lookups: number }>;
  readonly #local = new Map<string, Running & { chunks: number }>();
  #told = Number.NEGATIVE_INFINITY;
  #stopServing: (() => Promise<void>) | undefined;
  #closed = false;

  constructor(ports: Ports, shared: Shared, steps: RunSteps) {
    this.#ports = ports;
    this.#shared = shared;
    this.#steps = steps;
    this.#runs = ports.store.collection<RunRecord>('runs');
    this.#progress = shared.counters('progress');
    this.#ahead = ports.store.collection('ahead');
    shared.hear('jobs', (id) => {
      this.#hearHalt(id).catch((error) =>
        ports.log.error('A job could not be stopped here', { job: id, error: String(error) }),
      );
    });
  }

  /** From now on this process takes chunks, if it is one that does. */
  serve(when: Shared['works']): void {
    if (this.#shared.works !== when || this.#stopServing || this.#closed) return;
    this.#stopServing = this.#shared.chunks.serve(this);
  }

  /** Gives the chunks that are left to whoever takes them. */
  async start(job: Job, ttlMs: number): Promise<void> {
    const run = randomUUID();
    await this.#runs.set(job.id, { run, since: this.#ports.clock.now() }, { ttlMs });
    await this.#shared.chunks.add({ job: job.id, run }, await this.#steps.chunksLeft(job));
    this.serve('once-started');
  }

  /** Whether somebody will still finish a job that is said to run. */
  async isAlive(id: string): Promise<boolean> {
    const record = await this.#runs.get(id);
    return record !== undefined && (await this.#shared.chunks.has({ job: id, run: record.run }));
  }

  /** Stops a running job in every process; it is stopped when {@link settled} resolves. */
  async halt(id: string, halt: Halt): Promise<void> {
    const record = await this.#runs.get(id);
    if (!record) return;
    // Who cancels means it, also while the job is still pausing.
    if (record.halt === undefined || halt === 'cancel') await this.#runs.set(id, { ...record, halt });
    this.#shared.tell('jobs', id);
    await this.#hearHalt(id);
  }

  /** Resolves when the job does not run any more. */
  async settled(id: string): Promise<void> {
    for (;;) {
      const job = await this.#steps.get(id);
      if (job?.state !== 'running') return;
      const record = await this.#runs.get(id);
      if (record?.halt && !(await this.#shared.chunks.isServed())) {
        // Nobody is there to finish it.
        await this.finish({ job: id, run: record.run });
        continue;
      }
      await this.#ports.clock.sleep(LOOK_EVERY_MS);
    }
  }

  /** Counts of a job, leads in incomplete chunks included in `finished` and `lookups`. */
  async progress(id: string): Promise<Progress> {
    const { finished = 0, ...counted } = await this.#progress.get(id);
    const counts: { -readonly [name in keyof Counts]: number } = { ...NO_PROGRESS.counts, ...counted };
    let ahead = 0;
    for await (const [, { found, lookups }] of this.#ahead.entries(`${id}/`)) {
      ahead += found;
      counts.lookups += lookups;
    }
    return { counts, finished: finished + ahead };
  }

  /** Removes what is left of a job that does not run. */
  async remove(id: string): Promise<void> {
    await this.#runs.delete(id);
    await this.#progress.delete(id);
  }

  /** Adds to the counts; part of the `atomically` around it. */
  async addProgress(
    id: string,
    { counts, finished }: { counts: Partial<Counts>; finished: number },
    ttlMs: number,
  ): Promise<void> {
    await this.#progress.add(id, { ...counts, finished }, { ttlMs });
  }

  /** Tells now and then how many leads are found in chunks that are not complete. */
  tellAhead(id: string, always = false): void {
    const now = this.#ports.clock.monotonic();
    if (!always && now < this.#told + TELL_EVERY_MS) return;
    this.#told = now;
    const ahead = foundAhead(this.#local.get(id));
    const key = `${id}/${this.#shared.self}`;
    const written =
      ahead.found === 0 ? this.#ahead.delete(key) : this.#ahead.set(key, ahead, { ttlMs: BELIEVED_MS });
    written.catch((error) =>
      this.#ports.log.warn('Progress could not be told', { job: id, error: String(error) }),
    );
  }

  /** ms since the present run began. */
  async ranMs(id: string): Promise<number> {
    const record = await this.#runs.get(id);
    return record ? Math.max(0, this.#ports.clock.now() - record.since) : 0;
  }

  async chunk(run: JobRun, number: number): Promise<'done' | 'again'> {
    if (this.#closed) return 'again';
    const { job, record } = await this.#current(run);
    if (!job || record?.halt) return 'done';
    const running = this.#enter(job);
    try {
      await this.#steps.chunk(job, running, number);
    } catch (error) {
      this.#ports.log.error('A job stopped because of an error; it can be resumed', {
        job: job.id,
        error: String(error),
      });
      await this.halt(job.id, 'interrupted');
    } finally {
      this.#leave(job.id);
    }
    const outcome = this.#closed && running.controller.signal.aborted ? 'again' : 'done';
    return outcome;
  }

  async finish(run: JobRun): Promise<'done' | 'again'> {
    if (this.#closed) return 'again';
    const { job, record } = await this.#current(run);
    if (!job || !record) return 'done';
    const running = this.#enter(job);
    running.pause ??= record.halt;
    try {
      if (!running.pause && (await this.#steps.chunksLeft(job)).length > 0) running.pause = 'interrupted';
      if (!running.pause) await this.#steps.afterChunks(job, running);
    } catch (error) {
      running.pause ??= 'interrupted';
      this.#ports.log.error('A job stopped because of an error; it can be resumed', {
        job: job.id,
        error: String(error),
      });
    }
    try {
      if (this.#closed && running.controller.signal.aborted) return 'again';
      const workedMs = job.workedMs + (this.#ports.clock.now() - record.since);
      await this.#steps.finish(job, running, Math.round(workedMs));
    } finally {
      this.#leave(job.id);
    }
    return 'done';
  }

  /** Lets others have what this process works on, and resolves when it has let go of it. */
  async close(): Promise<void> {
    this.#closed = true;
    const stopped = this.#stopServing?.();
    for (const [id, running] of this.#local) this.#steps.halt(id, running, 'shutdown');
    await stopped;
  }

  /** The job, unless this run of it is over. */
  async #current({ job: id, run }: JobRun): Promise<{ job?: Job; record?: RunRecord }> {
    const [job, record] = await Promise.all([this.#steps.get(id), this.#runs.get(id)]);
    return job?.state === 'running' && record?.run === run ? { job, record } : {};
  }

  #enter({ id, workspace }: Job): Running {
    const { promise } = Promise.withResolvers<void>();
    const running = this.#local.get(id) ?? {
      workspace,
      controller: new AbortController(),
      done: promise,
      progress: NO_PROGRESS,
      ahead: new Map(),
      since: this.#ports.clock.monotonic(),
      pause: undefined,
      chunks: 0,
    };
    this.#local.set(id, running);
    running.chunks += 1;
    return running;
  }

  #leave(id: string): void {
    const running = this.#local.get(id);
    if (!running) return;
    running.chunks -= 1;
    if (running.chunks === 0) this.#local.delete(id);
  }

  async #hearHalt(id: string): Promise<void> {
    const record = await this.#runs.get(id);
    const running = this.#local.get(id);
    if (record?.halt && running) this.#steps.halt(id, running, record.halt);
  }
}
