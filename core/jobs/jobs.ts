import { randomBytes } from 'node:crypto';
import {
  type Accounts,
  columnsFor,
  countedCredits,
  type Enricher,
  type KnownResults,
  type LatePolls,
  type LateRequests,
  type Lookups,
  mostCredits,
  type RowOutcome,
} from '../enrichment/index.ts';
import type { Events } from '../events.ts';
import { type LeadField, leadFromRow } from '../leads/index.ts';
import { BATCH_SIZE } from '../pool/index.ts';
import type { Collection, Ports } from '../ports.ts';
import { currentHealth, type Slots } from '../slots/index.ts';
import { estimateSeconds } from './duration.ts';
import { JobError } from './errors.ts';
import { CHUNK_ROWS, takeIn } from './intake.ts';
import { LateCollector } from './late-collector.ts';
import { addProgress, NO_PROGRESS, withOutcomes } from './progress.ts';
import { JobRows } from './rows.ts';
import { foundAhead, type Halt, type Running } from './running.ts';
import { SharedRuns } from './shared-runs.ts';
import type { Job, JobStatus, PauseReason, PrepareJob, Progress, ResultRow } from './types.ts';

/** Chunks worked on at once: enough leads under way for every lane, few enough to hold in memory. */
const CHUNKS_AT_ONCE = 24;
/** Between two chunks the process hears of the world, ms: the shortest sleep that there is. */
const BREATH_MS = 1;
/** How long a job waits for late phones before it ends without them, ms; Apollo speaks of minutes. */
const LATE_WAIT_MS = 15 * 60_000;

const PERSON_FIELDS: readonly LeadField[] = [
  'apollo_id',
  'linkedin_url',
  'email',
  'hashed_email',
  'first_name',
  'last_name',
  'name',
];

export interface JobsOptions {
  readonly ports: Ports;
  readonly events: Events;
  readonly slots: Slots;
  readonly known: KnownResults;
  readonly lookups: Lookups;
  readonly enricher: Enricher;
  readonly accounts: Accounts;
  readonly late: LateRequests;
  /** Counts the calls of processes that died as in doubt. */
  readonly settleLost: () => Promise<void>;
  readonly latePolls: LatePolls;
  /** Length of Apollo's minute window, ms. */
  readonly minuteMs: number;
  readonly retentionMs: number;
}

/** Lists as durable work: prepared, run in chunks, paused, resumed, cancelled; they outlive the process. */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #jobs: Collection<Job>;
  readonly #rows: JobRows;
  readonly #progress: Collection<Progress>;
  readonly #running = new Map<string, Running>();
  /** Where other processes work on the same jobs. */
  readonly #shared: SharedRuns | undefined;
  /** Workspaces for which a job ran since somebody asked. */
  readonly #worked = new Set<string>();
  readonly #lateCollector: LateCollector;
  /** Credits being read. */
  readonly #readings = new Set<Promise<unknown>>();
  #closed = false;

  constructor(options: JobsOptions) {
    this.#options = options;
    this.#lateCollector = new LateCollector(options.late, options.latePolls, options.ports);
    const { store } = options.ports;
    this.#jobs = store.collection<Job>('jobs');
    this.#rows = new JobRows(store, options.known, options.retentionMs);
    this.#progress = store.collection<Progress>('progress');
    const { shared } = options.ports;
    this.#shared =
      shared &&
      new SharedRuns(options.ports, shared, {
        get: (id) => this.#jobs.get(id),
        chunk: (job, running, number) =>
          this.#collectingLate(job, running, () => this.#runChunk(job, running, number)),
        chunksLeft: (job) => this.#rows.undecided(job),
        afterChunks: async (job, running) => {
          // Whoever is told that the list is done is told of every doubt as well.
          await options.settleLost();
          await this.#afterChunks(job, running);
        },
        finish: (job, running, workedMs) => this.#finish(job, running, workedMs),
        halt: (id, running, halt) => this.#haltHere(id, running, halt),
      });
  }

  /**
   * Jobs that a dead process left running are paused, so that they can be resumed. Where other processes
   * work on them: only those that nobody will finish. This process then begins to take chunks.
   */
  async recover(): Promise<void> {
    for await (const [id, { state }] of this.#jobs.entries()) {
      if (state !== 'running') continue;
      await this.#exclusively(id, async () => {
        const job = await this.#jobs.get(id);
        if (job?.state !== 'running' || (await this.#shared?.isAlive(id))) return;
        await this.#save({ ...job, state: 'paused', reason: 'interrupted' });
      });
    }
    this.#shared?.serve('always');
  }

  /**
   * Goes on with every paused job whose reason is gone; nothing for those that somebody paused. For whoever
   * lives long enough to have a timer.
   */
  async resumeReady(): Promise<void> {
    for await (const [id, job] of this.#jobs.entries()) {
      if (job.state !== 'paused' || !(await this.#canGoOn(job))) continue;
      // One that cannot, perhaps because somebody cancelled it just now, must not keep the others from it.
      await this.start(id).catch((error) =>
        this.#options.ports.log.warn('A job did not go on', { job: id, error: String(error) }),
      );
    }
  }

  async #canGoOn({ id, workspace, reason, creditLimit, kind, options }: Job): Promise<boolean> {
    // Less than one look-up's reservation would only pause it again.
    const next = mostCredits(kind === 'companies' ? 'company' : 'person', options.reveal);
    const { accounts, late, ports, slots } = this.#options;
    switch (reason) {
      case 'interrupted':
      case 'shutdown':
        return true;
      case 'no-slot':
      case 'no-credits':
        return (await slots.connections(workspace)).some((connection) => {
          const { state } = currentHealth(connection, ports.clock.now());
          return state === 'healthy' || state === 'limited';
        });
      case 'slot-limit': {
        for (const connection of await slots.connections(workspace)) {
          const { state } = currentHealth(connection, ports.clock.now());
          const usable = state === 'healthy' || state === 'limited';
          if (usable && (await accounts.slotLeft(workspace, connection.slot)) >= next) return true;
        }
        return false;
      }
      case 'credit-limit': {
        const counted = countedCredits(await accounts.tally(id));
        return (creditLimit ?? Number.POSITIVE_INFINITY) >= counted + (await late.heldFor(id)) + next;
      }
      case 'monthly-limit': {
        const month = await accounts.month(workspace);
        const counted = countedCredits(month) + (await late.heldFor(id));
        return (month.monthlyLimit ?? Number.POSITIVE_INFINITY) >= counted + next;
      }
      default:
        return false;
    }
  }

  /**
   * Reads a list, keeps it, and says what it would cost. Nothing is spent before {@link start}.
   * Throws {@link JobError} for a list without rows or without a column to identify anybody by.
   */
  async prepare(request: PrepareJob): Promise<Job> {
    const { ports, known } = this.#options;
    const { workspace, mapping, options } = request;
    const fields = Object.keys(mapping.fields);
    if (fields.length === 0) {
      throw new JobError(
        `No column of ${request.name} identifies anybody. Columns: ${mapping.headers.join(', ')}. Map one of them to a field, such as "Contact" to email.`,
      );
    }
    const kind = PERSON_FIELDS.some((field) => fields.includes(field)) ? 'people' : 'companies';
    const createdAt = ports.clock.now();
    const id = `${createdAt.toString(36)}${randomBytes(3).toString('hex')}`;
    const notBefore = request.fresh ? { notBefore: createdAt } : {};
    try {
      const { chunks, estimate } = await takeIn({
        ...request,
        kind,
        known,
        now: createdAt,
        freshness: { ...options, ...notBefore },
        spool: (number, chunk) => this.#rows.keep(id, number, chunk),
      });
      if (estimate.rows === 0) throw new JobError(`${request.name} has no rows. Nothing was done.`);
      const job: Job = {
        id,
        workspace,
        name: request.name,
        state: 'ready',
        kind,
        createdAt,
        workedMs: 0,
        headers: request.headers,
        source: request.source,
        mapping,
        options,
        ...notBefore,
        ...(request.creditLimit !== undefined && { creditLimit: request.creditLimit }),
        rows: estimate.rows,
        chunks,
        estimate: { ...estimate, seconds: await this.#seconds(workspace, kind, estimate.lookups) },
      };
      await this.#save(job);
      return job;
    } catch (error) {
      await this.#rows.remove(id);
      throw error;
    }
  }

  /** Removes a job that was never started, and its data. */
  async discard(id: string): Promise<void> {
    await this.#exclusively(id, async () => {
      const job = await this.#get(id);
      if (job.state !== 'ready') throw new JobError(`Job ${id} was started already; cancel it instead.`);
      await this.#rows.remove(id);
      await this.#jobs.delete(id);
    });
  }

  /** Starts a prepared job or goes on with a paused one; gives when it runs. */
  async start(id: string): Promise<void> {
    await this.#exclusively(id, async () => {
      if (this.#running.has(id)) return;
      const job = await this.#get(id);
      if (!this.#shared) await this.#start(job);
      else if (job.state !== 'running') await this.#startShared(job, this.#shared);
    });
  }

  async #startShared(job: Job, shared: SharedRuns): Promise<void> {
    const { accounts, ports, retentionMs } = this.#options;
    this.#checkStart(job);
    await this.#recheck(job.workspace);
    await accounts.open(job.id, job.creditLimit);
    const { reason: _, partly: __, ...rest } = job;
    await this.#save({ ...rest, state: 'running', startedAt: job.startedAt ?? ports.clock.now() });
    this.#worked.add(job.workspace);
    await shared.start(job, retentionMs);
  }

  #checkStart({ id, state }: Job): void {
    if (state === 'done' || state === 'cancelled') {
      throw new JobError(`Job ${id} is ${state} already; start a new one to enrich the list again.`);
    }
    if (this.#closed) {
      throw new JobError(`Job ${id} was not started: the program is shutting down. Resume it afterwards.`);
    }
  }

  async #start(job: Job): Promise<void> {
    const { id } = job;
    this.#checkStart(job);
    const { accounts, late, ports, settleLost } = this.#options;
    await settleLost();
    await this.#recheck(job.workspace);
    const { reason: _, partly: __, ...rest } = job;
    const started: Job = { ...rest, state: 'running', startedAt: job.startedAt ?? ports.clock.now() };
    const progress = (await this.#progress.get(id)) ?? NO_PROGRESS;
    this.#checkStart(job);
    const controller = new AbortController();
    const { promise, resolve } = Promise.withResolvers<void>();
    const running: Running = {
      workspace: job.workspace,
      controller,
      done: promise,
      progress,
      ahead: new Map(),
      since: ports.clock.monotonic(),
      pause: undefined,
    };
    this.#running.set(id, running);
    this.#worked.add(job.workspace);
    try {
      await accounts.open(id, job.creditLimit);
      await late.holdAgain(id);
      await this.#save(started);
    } catch (error) {
      accounts.close(id);
      this.#running.delete(id);
      resolve();
      throw error;
    }
    void this.#run(started, running).finally(resolve);
  }

  /** Changes a job's credit limit, `undefined` lifting it; a job that runs keeps to it from the next look-up on. */
  async setCreditLimit(id: string, credits: number | undefined): Promise<void> {
    await this.#exclusively(id, async () => {
      const { creditLimit: _, ...rest } = await this.#get(id);
      await this.#save({ ...rest, ...(credits !== undefined && { creditLimit: credits }) });
      if (this.#running.has(id) || this.#shared) await this.#options.accounts.open(id, credits);
    });
  }

  /**
   * Pauses after the calls under way; resolves when it is paused. One that is paused already, and would go
   * on by itself, waits for somebody to say so when a person asks.
   */
  async pause(id: string, reason: PauseReason = 'asked'): Promise<void> {
    const running = await this.#exclusively(id, async () => {
      const found = this.#running.get(id);
      if (found) {
        await this.#halt(id, found, reason);
        return found;
      }
      const job = await this.#jobs.get(id);
      if (job?.state === 'running') await this.#shared?.halt(id, reason);
      if (job?.state === 'paused' && reason === 'asked') await this.#save({ ...job, reason });
      return undefined;
    });
    await (running?.done ?? this.#shared?.settled(id));
  }

  /** Ends a job for good; what was found stays and can still be read. */
  async cancel(id: string): Promise<void> {
    const running = await this.#exclusively(id, async () => {
      const found = this.#running.get(id);
      if (found) {
        await this.#halt(id, found, 'cancel');
        return found;
      }
      const job = await this.#get(id);
      if (job.state === 'running' && this.#shared) return await this.#shared.halt(id, 'cancel');
      if (job.state === 'done' || job.state === 'cancelled') {
        throw new JobError(`Job ${id} is ${job.state} already; there is nothing to cancel.`);
      }
      const { reason: _, ...rest } = job;
      await this.#save({ ...rest, state: 'cancelled', endedAt: this.#options.ports.clock.now() });
      return undefined;
    });
    await (running?.done ?? this.#shared?.settled(id));
  }

  /**
   * Pauses every running job, as before the process ends; none is started afterwards. Where other processes
   * work on the jobs, they go on.
   */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#shared?.close();
    await Promise.all([...this.#running.keys()].map((id) => this.pause(id, 'shutdown')));
    await Promise.all(this.#readings);
  }

  async status(id: string): Promise<JobStatus | undefined> {
    const job = await this.#jobs.get(id);
    return job && this.#withFigures(job);
  }

  /** A workspace's jobs, the newest first: all of them, or at most `limit` of those that come after `after` (an id). */
  async list(
    workspace: string,
    { limit = Number.POSITIVE_INFINITY, after }: { limit?: number; after?: string | undefined } = {},
  ): Promise<JobStatus[]> {
    const jobs: Job[] = [];
    for await (const [, job] of this.#jobs.entries()) if (job.workspace === workspace) jobs.push(job);
    jobs.sort((a, b) => b.createdAt - a.createdAt || b.id.localeCompare(a.id));
    const start = after === undefined ? 0 : jobs.findIndex(({ id }) => id === after) + 1;
    return Promise.all(jobs.slice(start, start + limit).map((job) => this.#withFigures(job)));
  }

  /** Workspaces for which a job ran since this was called last, and whether one still runs. */
  takeWorked(): Map<string, boolean> {
    const running = new Set([...this.#running.values()].map(({ workspace }) => workspace));
    const worked = new Map([...this.#worked].map((workspace) => [workspace, running.has(workspace)]));
    this.#worked.clear();
    for (const workspace of running) this.#worked.add(workspace);
    return worked;
  }

  /** Resolves when the job does not run (any more). */
  async settled(id: string): Promise<JobStatus> {
    await (this.#running.get(id)?.done ?? this.#shared?.settled(id));
    return this.#withFigures(await this.#get(id));
  }

  /** Names of the columns that the job adds. */
  columns(job: Job): readonly string[] {
    return columnsFor(job.options);
  }

  /** Rows from `from` (0: the first) on in input order; one without an outcome yet has an empty `apollo_outcome`. */
  async *results(id: string, from = 0): AsyncIterable<ResultRow> {
    yield* this.#rows.results(await this.#get(id), from);
  }

  /** Removes a person's rows from every list of the workspace: the rows stay, empty. Gives how many. */
  async forget(workspace: string, keys: readonly string[]): Promise<number> {
    let removed = 0;
    for (const job of await this.list(workspace)) removed += await this.#rows.forget(job, keys);
    return removed;
  }

  /** Ends the workspace's jobs and removes their rows and outcomes; gives their ids. */
  async removeAll(workspace: string): Promise<string[]> {
    const jobs = await this.list(workspace);
    for (const { id, state } of jobs) {
      if (state === 'running') await this.#cancelIfRunning(id);
      await this.#exclusively(id, async () => {
        const job = await this.#jobs.get(id);
        if (!job) return;
        await this.#rows.remove(id);
        await this.#progress.delete(id);
        await this.#shared?.remove(id);
        await this.#jobs.delete(id);
      });
    }
    return jobs.map(({ id }) => id);
  }

  async #cancelIfRunning(id: string): Promise<void> {
    await this.cancel(id).catch((error) => {
      // It ended by itself meanwhile.
      if (!(error instanceof JobError)) throw error;
    });
  }

  /** What is asked of one job at the same moment is done one after the other. */
  #exclusively<T>(id: string, work: () => Promise<T>): Promise<T> {
    return this.#options.ports.coordination.exclusive(`job:${id}`, work);
  }

  async #halt(id: string, running: Running, halt: Halt): Promise<void> {
    this.#haltHere(id, running, halt);
    await this.#shared?.halt(id, halt);
  }

  #haltHere(id: string, running: Running, halt: Halt): void {
    // Who cancels means it, also while the job is still pausing.
    running.pause = halt === 'cancel' ? halt : (running.pause ?? halt);
    running.controller.abort();
    this.#options.lookups.withdraw(id);
  }

  /** Works through the chunks, then waits for what comes late; ends done, paused or cancelled. */
  async #run(job: Job, running: Running): Promise<void> {
    const { ports } = this.#options;
    try {
      await this.#collectingLate(job, running, () => this.#runChunks(job, running));
      if (!running.pause) await this.#afterChunks(job, running);
    } catch (error) {
      running.pause ??= 'interrupted';
      ports.log.error('A job stopped because of an error; it can be resumed', {
        job: job.id,
        error: String(error),
      });
    }
    await this.#finish(job, running, Math.round(job.workedMs + (ports.clock.monotonic() - running.since)));
  }

  async #collectingLate(job: Job, running: Running, work: () => Promise<void>): Promise<void> {
    if (!wantsLate(job)) return await work();
    const decided = () => running.progress.finished + foundAhead(running).found;
    let before = decided();
    const stuck = () => {
      // As long as leads are decided, nothing waits for what comes late.
      const now = decided();
      if (now > before) {
        before = now;
        return;
      }
      this.#reasonFor(job, 'budget')
        .then((reason) => this.#halt(job.id, running, reason))
        .catch((error) =>
          this.#options.ports.log.error('A job could not be paused', { job: job.id, error: String(error) }),
        );
    };
    await this.#lateCollector.during(job.id, LATE_WAIT_MS, stuck, work);
  }

  async #afterChunks(job: Job, running: Running): Promise<void> {
    const { late, latePolls } = this.#options;
    await late.collect(job.id, LATE_WAIT_MS, running.controller.signal, latePolls);
    if (wantsLate(job)) {
      // What comes from here on is news again.
      await late.counted(job.id);
      const counts = { ...running.progress.counts, ...(await this.#rows.contacts(job)) };
      running.progress = { ...running.progress, counts };
      await this.#storeContacts(job.id, running.progress);
    }
    if (!running.pause) this.#readCredits(job.workspace);
  }

  /** What the keys have left is another number now, and people look at it next; the list is done without it. */
  #readCredits(workspace: string): void {
    const { ports, slots } = this.#options;
    const reading = slots
      .refresh(workspace)
      .catch((error) =>
        ports.log.warn('What the keys have left could not be read', { workspace, error: String(error) }),
      )
      .finally(() => this.#readings.delete(reading));
    this.#readings.add(reading);
  }

  async #finish(finished: Job, running: Running, workedMs: number): Promise<void> {
    const { accounts, late, ports } = this.#options;
    const { id } = finished;
    await this.#exclusively(id, async () => {
      try {
        // As stored now: its limit may have been changed while it ran.
        const job = await this.#get(id);
        if (job.state !== 'running') return;
        const partly = await this.#rows.decidedPartly(id);
        const ended: Job = {
          ...job,
          ...this.#end(running),
          workedMs,
          ...(partly.length > 0 && { partly: withOutcomes(NO_PROGRESS, partly) }),
        };
        await ports.store.atomically(() => Promise.all([this.#save(ended), this.#announce(ended)]));
      } catch (error) {
        ports.log.error('The end of a job could not be stored; it can be resumed', { error: String(error) });
      } finally {
        accounts.close(id);
        this.#running.delete(id);
      }
    });
    // What came between the count and the end.
    if (wantsLate(finished) && !running.pause && (await late.news()).includes(id)) {
      await this.countLate(id).catch((error) =>
        ports.log.error('What came late could not be counted; it is tried again', { error: String(error) }),
      );
    }
  }

  async #announce({ id, workspace, state, reason }: Job): Promise<void> {
    const { events } = this.#options;
    if (state === 'done') await events.publish(workspace, { type: 'job.finished', job: id });
    if (state === 'paused' && reason)
      await events.publish(workspace, { type: 'job.paused', job: id, reason });
  }

  #end({ pause }: Running): Pick<Job, 'state' | 'reason' | 'endedAt'> {
    const endedAt = this.#options.ports.clock.now();
    if (!pause) return { state: 'done', endedAt };
    if (pause === 'cancel') return { state: 'cancelled', endedAt };
    return { state: 'paused', reason: pause };
  }

  async #runChunks(job: Job, running: Running): Promise<void> {
    const active = new Set<Promise<void>>();
    let failure: unknown;
    for (let number = 0; number < job.chunks && !running.controller.signal.aborted; number += 1) {
      const { promise: asked, resolve: onAsked } = Promise.withResolvers<void>();
      const chunk = this.#runChunk(job, running, number, onAsked)
        .catch((error: unknown) => {
          failure ??= error;
          this.#haltHere(job.id, running, 'interrupted');
        })
        .finally(() => active.delete(chunk));
      active.add(chunk);
      // What is known needs no company: chunk by chunk, it is garbage before the next one needs memory.
      await Promise.race([asked, chunk]);
      // Answers that came meanwhile first: when the first one of a window is seen late, its end is too.
      await this.#options.ports.clock.sleep(BREATH_MS, running.controller.signal);
      if (active.size >= CHUNKS_AT_ONCE) await Promise.race(active);
    }
    await Promise.all(active);
    if (failure) throw failure;
  }

  /** `onAsked`: all that is known in it is found, the rest waits for Apollo. */
  async #runChunk(job: Job, running: Running, number: number, onAsked?: () => void): Promise<void> {
    const { enricher, ports, retentionMs } = this.#options;
    if (await this.#rows.isDecided(job.id, number)) return;
    const chunk = await this.#rows.chunk(job.id, number);
    const duplicates = new Set(chunk.duplicates);
    const rows = chunk.cells.map((cells, index) => ({
      row: number * CHUNK_ROWS + index,
      lead: leadFromRow(cells, job.mapping),
      duplicate: duplicates.has(index),
    }));
    const ahead = { found: 0, lookups: 0 };
    running.ahead.set(number, ahead);
    const { outcomes: rowsDecided, stopped } = await enricher.enrich(rows, {
      workspace: job.workspace,
      source: job.id,
      kind: job.kind === 'companies' ? 'company' : 'person',
      options: job.options,
      notBefore: job.notBefore,
      urgent: false,
      signal: running.controller.signal,
      ...(onAsked && { onAsked }),
      onFound: (found) => {
        if (found.state === 'stopped') return;
        ahead.found += 1;
        if (found.state === 'failed' || found.how === 'lookup') ahead.lookups += 1;
        this.#shared?.tellAhead(job.id);
      },
    });
    running.ahead.delete(number);
    if (stopped) {
      await this.#rows.decidePartly(job.id, number, rowsDecided);
      // Counted with what is decided from now on.
      this.#shared?.tellAhead(job.id, true);
      if (stopped !== 'aborted') await this.#halt(job.id, running, await this.#reasonFor(job, stopped));
      return;
    }
    const outcomes = rowsDecided.filter((outcome) => outcome !== undefined);
    if (this.#shared) return await this.#recordShared(job, number, outcomes, this.#shared);
    running.progress = withOutcomes(running.progress, outcomes);
    const { progress } = running;
    await ports.store.atomically(() =>
      Promise.all([
        this.#rows.decide(job.id, number, outcomes),
        this.#progress.set(job.id, progress, { ttlMs: retentionMs }),
      ]),
    );
  }

  /** A process that stood still may find its chunk done by another: it is counted once. */
  async #recordShared(
    { id }: Job,
    number: number,
    outcomes: readonly RowOutcome[],
    shared: SharedRuns,
  ): Promise<void> {
    const { ports, retentionMs } = this.#options;
    await ports.coordination.exclusive(`chunk:${id}/${number}`, async () => {
      if (await this.#rows.isDecided(id, number)) return;
      await ports.store.atomically(() =>
        Promise.all([
          this.#rows.decide(id, number, outcomes),
          shared.addProgress(id, withOutcomes(NO_PROGRESS, outcomes), retentionMs),
        ]),
      );
    });
    shared.tellAhead(id, true);
  }

  async #reasonFor(job: Job, stopped: 'no-slot' | 'slot-limit' | 'budget'): Promise<PauseReason> {
    const { accounts, ports, slots } = this.#options;
    if (stopped === 'budget') {
      const month = await accounts.month(job.workspace);
      const tally = await accounts.tally(job.id);
      const jobLeft = (job.creditLimit ?? Number.POSITIVE_INFINITY) - countedCredits(tally);
      const monthLeft = (month.monthlyLimit ?? Number.POSITIVE_INFINITY) - countedCredits(month);
      return monthLeft < jobLeft ? 'monthly-limit' : 'credit-limit';
    }
    if (stopped === 'slot-limit') return stopped;
    const connections = await slots.connections(job.workspace);
    const spent = connections.some(
      (connection) => currentHealth(connection, ports.clock.now()).state === 'out-of-credits',
    );
    return spent ? 'no-credits' : 'no-slot';
  }

  /** A key that failed is asked again before work is given to it. */
  async #recheck(workspace: string): Promise<void> {
    const { ports, slots } = this.#options;
    for (const connection of await slots.connections(workspace)) {
      const { state } = currentHealth(connection, ports.clock.now());
      if (state === 'refused' || state === 'out-of-credits') await slots.recheck(connection);
    }
  }

  /**
   * Something came late for a source. Where that is a job that has ended, and nothing more will come, counts
   * its phones and says so. Whoever waits for the job itself counts them at its end.
   */
  async countLate(source: string): Promise<void> {
    const { events, late, ports } = this.#options;
    const job = await this.#jobs.get(source);
    if (!job) return await late.counted(source);
    const ended = job.state === 'done' || job.state === 'cancelled';
    if (!ended || this.#running.has(source) || (await late.pending(source)).length > 0) return;
    await late.counted(source);
    try {
      const progress = (await this.#progress.get(source)) ?? NO_PROGRESS;
      const { phones, emails, verifiedEmails } = await this.#rows.contacts(job);
      // What was decided in chunks that it stopped in is counted beside.
      const beside = job.partly?.counts ?? NO_PROGRESS.counts;
      const counts = {
        ...progress.counts,
        phones: phones - beside.phones,
        emails: emails - beside.emails,
        verifiedEmails: verifiedEmails - beside.verifiedEmails,
      };
      await ports.store.atomically(() =>
        Promise.all([
          this.#storeContacts(source, { ...progress, counts }),
          events.publish(job.workspace, { type: 'job.phones', job: source }),
        ]),
      );
    } catch (error) {
      await late.uncounted(source);
      throw error;
    }
  }

  async #storeContacts(id: string, progress: Progress): Promise<void> {
    const ttl = { ttlMs: this.#options.retentionMs };
    if (!this.#shared) return await this.#progress.set(id, progress, ttl);
    const { counts: before } = await this.#shared.progress(id);
    const { counts: after } = progress;
    const more = {
      phones: after.phones - before.phones,
      emails: after.emails - before.emails,
      verifiedEmails: after.verifiedEmails - before.verifiedEmails,
    };
    await this.#shared.addProgress(id, { counts: more, finished: 0 }, ttl.ttlMs);
  }

  async #withFigures(job: Job): Promise<JobStatus> {
    const running = this.#running.get(job.id);
    const { accounts, late, ports } = this.#options;
    const whole = this.#shared
      ? await this.#shared.progress(job.id)
      : (running?.progress ?? (await this.#progress.get(job.id)) ?? NO_PROGRESS);
    const { counts, finished } = job.partly ? addProgress(whole, job.partly) : whole;
    const pending = wantsLate(job) ? await late.pending(job.id) : [];
    const ahead = foundAhead(running);
    const ranMs = running
      ? ports.clock.monotonic() - running.since
      : job.state === 'running' && this.#shared
        ? await this.#shared.ranMs(job.id)
        : 0;
    return {
      ...job,
      workedMs: job.workedMs + Math.round(ranMs),
      ...(await accounts.tally(job.id)),
      counts: { ...counts, lookups: counts.lookups + ahead.lookups },
      finished: finished + ahead.found,
      latePending: pending.length,
    };
  }

  async #seconds(workspace: string, kind: Job['kind'], lookups: number): Promise<number | undefined> {
    const { slots, minuteMs } = this.#options;
    const endpoint = kind === 'companies' ? 'organizations/bulk_enrich' : 'people/bulk_match';
    const teams = new Map(
      (await slots.connections(workspace)).map(({ team, limits }) => [team, limits?.[endpoint]]),
    );
    return estimateSeconds(Math.ceil(lookups / BATCH_SIZE), [...teams.values()], minuteMs);
  }

  async #get(id: string): Promise<Job> {
    const job = await this.#jobs.get(id);
    if (!job) throw new JobError(`There is no job ${id} (any more).`);
    return job;
  }

  async #save(job: Job): Promise<void> {
    await this.#jobs.set(job.id, job, { ttlMs: this.#options.retentionMs });
  }
}

function wantsLate({ options: { reveal } }: Job): boolean {
  return reveal.phones || reveal.waterfall;
}
