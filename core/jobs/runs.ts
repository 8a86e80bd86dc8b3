import { randomUUID } from 'node:crypto';
import type { ChunkWorker, Collection, JobRun, Ports, Shared } from '../ports.ts';
import type { JobRepository } from './job-repository.ts';
import type { JobWork } from './job-work.ts';
import type { ProgressRepository } from './progress-repository.ts';
import type { Halt, Running } from './running.ts';
import type { Job } from './types.ts';

/** How often a process that waits for a job looks at it, ms. */
const LOOK_EVERY_MS = 100;
/** Every so many looks it asks whether anybody will finish it. */
const LOOKS_AT_LIFE = 20;

/** One running of a job, for all processes. */
interface RunRecord {
  readonly run: string;
  /** `Shared.now`. */
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

export interface RunsOptions {
  readonly ports: Ports;
  readonly repository: JobRepository;
  readonly progress: ProgressRepository;
  readonly work: JobWork;
  /** Counts the calls of processes that died as in doubt. */
  readonly settleLost: () => Promise<void>;
  readonly retentionMs: number;
}

/** Jobs whose chunks are worked on by all processes of a state, any of which may die, start, pause or cancel. */
export class Runs implements ChunkWorker {
  readonly #options: RunsOptions;
  readonly #shared: Shared;
  readonly #records: Collection<RunRecord>;
  readonly #local = new Map<string, LocalRun>();
  #stopServing: ReturnType<Shared['chunks']['serve']> | undefined;
  /** Aborts when a run ends here. */
  #ended = new AbortController();
  #closed = false;

  constructor(options: RunsOptions) {
    this.#options = options;
    const { log, shared, store } = options.ports;
    this.#shared = shared;
    this.#records = store.collection<RunRecord>('runs');
    shared.hear('jobs', (id) => {
      this.#onHaltMessage(id).catch((error) =>
        log.error('A job could not be stopped here', { job: id, error }),
      );
    });
  }

  /** From now on this process works on jobs, if it is one that does. */
  serve(): void {
    this.#serve('always');
  }

  #serve(when: Shared['works']): void {
    const { works, chunks } = this.#shared;
    if (works !== when || this.#stopServing || this.#closed) return;
    this.#stopServing = chunks.serve(this);
  }

  /** Gives the chunks that are left of a job, which is stored as running, to whichever process takes them. */
  async start(job: Job): Promise<void> {
    const { retentionMs, work } = this.#options;
    const run = randomUUID();
    await this.#records.set(job.id, { run, since: this.#shared.now() }, { ttlMs: retentionMs });
    await this.#shared.chunks.add({ job: job.id, run }, await work.chunksLeft(job));
    this.join();
  }

  /**
   * Takes chunks of the lists that run, if this is a process that does once it starts one. The queue may be all that is
   * left of a list that runs: its process was killed.
   */
  join(): void {
    this.#serve('once-started');
  }

  /** Whether a process will finish a job that is stored as running. */
  async isAlive(id: string): Promise<boolean> {
    const record = await this.#records.get(id);
    return record !== undefined && (await this.#shared.chunks.has({ job: id, run: record.run }));
  }

  /** Stops a job; {@link settled} resolves when it has stopped. `false`: no process runs it. */
  async halt(id: string, halt: Halt): Promise<boolean> {
    const record = await this.#records.get(id);
    if (!record || !(await this.#shared.chunks.has({ job: id, run: record.run }))) return false;
    // Here at once; where else it is worked on, once it is stored.
    this.#local.get(id)?.running.stop(record.halt ?? halt);
    // Who cancels means it, also while the job is still pausing.
    if (record.halt === undefined || halt === 'cancel') await this.#records.set(id, { ...record, halt });
    this.#shared.tell('jobs', id);
    await this.#onHaltMessage(id);
    return true;
  }

  /** Pauses a job that is stored as running although no process will finish it, so that it can go on. */
  async pauseIfDead(id: string): Promise<void> {
    const { repository } = this.#options;
    await repository.exclusively(id, async () => {
      const job = await repository.find(id);
      if (job?.state !== 'running' || (await this.isAlive(id))) return;
      await repository.save({ ...job, state: 'paused', reason: 'interrupted' });
    });
  }

  /** Resolves when the job does not run (any more). */
  async settled(id: string): Promise<void> {
    const { repository, ports } = this.#options;
    for (let looks = 1; ; looks += 1) {
      const ended = this.#ended.signal;
      const job = await repository.find(id);
      if (job?.state !== 'running') return;
      const record = await this.#records.get(id);
      if (record?.halt && !(await this.#shared.chunks.isServed())) {
        // No process is there to finish it.
        await this.#end(job, record, record.halt);
        continue;
      }
      // As when its end could not be stored, or Redis lost what was written last.
      if (looks % LOOKS_AT_LIFE === 0) await this.pauseIfDead(id);
      await ports.clock.sleep(LOOK_EVERY_MS, ended);
    }
  }

  /** ms since the present run of a job began; 0 where no process runs it. */
  async ranMs(id: string): Promise<number> {
    const record = await this.#records.get(id);
    return record ? Math.max(0, this.#shared.now() - record.since) : 0;
  }

  /** The workspaces whose jobs this process works on now. */
  workspaces(): Set<string> {
    return new Set([...this.#local.values()].map(({ workspace }) => workspace));
  }

  /** Removes what is left of a job that does not run. */
  async remove(id: string): Promise<void> {
    await this.#records.delete(id);
  }

  mayBegin({ job }: JobRun): 'now' | 'later' | 'never' {
    if (this.#closed || this.#local.get(job)?.running.stopped) return 'never';
    return this.#options.work.isFed(job) ? 'later' : 'now';
  }

  async chunk(run: JobRun, number: number, onAsked: () => void): Promise<'done' | 'again' | 'over'> {
    if (this.#closed) return 'again';
    const { job, record } = await this.#current(run);
    if (!job || record?.halt) return 'over';
    const running = this.#enter(job);
    try {
      // Whoever stopped it between our look and now told nobody here.
      await this.#onHaltMessage(job.id);
      await this.#options.work.chunk(job, running, number, onAsked);
    } catch (error) {
      // As after Redis was away for longer than a lock lives. What was answered is known.
      if (isLockLost(error)) return 'again';
      this.#logStopped(job, error);
      running.stop('interrupted');
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
    const { settleLost, work } = this.#options;
    const running = this.#enter(job);
    try {
      await this.#onHaltMessage(job.id);
      let halt = running.stopped;
      try {
        if (!halt && (await work.chunksLeft(job)).length > 0) halt = 'interrupted';
        if (!halt) {
          // Whoever is told that the list is done is told of every doubt as well.
          await settleLost();
          await work.afterChunks(job, running);
        }
      } catch (error) {
        if (isLockLost(error)) return 'again';
        halt = 'interrupted';
        this.#logStopped(job, error);
      }
      if (this.#closed && running.signal.aborted) return 'again';
      await this.#end(job, record, running.stopped ?? halt);
    } finally {
      this.#leave(job.id);
    }
    return 'done';
  }

  async #end(job: Job, { since }: RunRecord, halt: Halt | undefined): Promise<void> {
    await this.#options.work.finish(job, halt, job.workedMs + Math.max(0, this.#shared.now() - since));
    this.#ended.abort();
    this.#ended = new AbortController();
  }

  #logStopped({ id }: Job, error: unknown): void {
    this.#options.ports.log.error('A job stopped because of an error; it can be resumed', {
      job: id,
      error,
    });
  }

  /**
   * Lets go of every job: other processes go on with it, or, where there is none, it is paused. Resolves when that is
   * stored.
   */
  async close(): Promise<void> {
    this.#closed = true;
    const stopped = this.#stopServing?.();
    for (const { running } of this.#local.values()) running.stop('shutdown');
    for (const run of (await stopped) ?? []) {
      const { job, record } = await this.#current(run);
      if (job && record) await this.#end(job, record, record.halt ?? 'shutdown');
    }
  }

  /** The job, unless this run of it is over. */
  async #current({ job: id, run }: JobRun): Promise<{ job?: Job; record?: RunRecord }> {
    const [job, record] = await Promise.all([this.#options.repository.find(id), this.#records.get(id)]);
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

  async #onHaltMessage(id: string): Promise<void> {
    const record = await this.#records.get(id);
    if (record?.halt) this.#local.get(id)?.running.stop(record.halt);
  }
}

/** See `Coordination.exclusive`. */
function isLockLost(error: unknown): boolean {
  return error instanceof Error && error.name === 'LockLost';
}
