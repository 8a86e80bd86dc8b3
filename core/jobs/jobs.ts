import type { Endpoint, LimitReadings } from '../apollo/index.ts';
import type { Audit } from '../audit.ts';
import {
  type Accounts,
  columnsFor,
  comesLate,
  type Enricher,
  type Forgettable,
  type ForgottenMarks,
  type KnownResults,
  type LatePolls,
  type LateRequests,
  type Lookups,
  textEraser,
} from '../enrichment/index.ts';
import type { Events } from '../events.ts';
import type { OtherRow } from '../leads/index.ts';
import { BATCH_SIZE, KNOWN_LIMITS, type TeamLimits } from '../limits/index.ts';
import type { Ports } from '../ports.ts';
import type { Slots } from '../slots/index.ts';
import { BalanceReadings } from './balance-readings.ts';
import { Decisions, type ReviewVerdict } from './decisions.ts';
import { estimateSeconds } from './duration.ts';

import { JobError, UnclearListError } from './errors.ts';
import { importList } from './intake.ts';
import { JobRepository, newJobId } from './job-repository.ts';
import { DECISIONS_HOLD_MS, JobWork, LATE_WAIT_MS } from './job-work.ts';
import { LateCounts } from './late-counts.ts';
import { expectedCost, MOST_LISTS, means, type PastList, type Planned, withinLimits } from './outlook.ts';
import { Pauses } from './pauses.ts';
import { PhoneRetries } from './phone-retries.ts';
import { addProgress } from './progress.ts';
import { ProgressRepository } from './progress-repository.ts';
import { JobRows } from './rows.ts';
import { Runs } from './runs.ts';
import { ScheduleRepository } from './schedule-repository.ts';
import { ScheduleRuns } from './schedule-runs.ts';
import { Schedules } from './schedules.ts';
import { subjectsOf } from './subjects.ts';
import {
  type Estimate,
  type Job,
  type JobStatus,
  type PauseReason,
  type PrepareJob,
  type ResultRow,
  subjectOf,
} from './types.ts';

const POLL: Endpoint = 'webhook_result/show';

export interface JobsOptions {
  readonly ports: Ports;
  readonly events: Events;
  readonly slots: Slots;
  readonly known: KnownResults;
  readonly lookups: Lookups;
  readonly enricher: Enricher;
  readonly forgotten: ForgottenMarks;
  readonly accounts: Accounts;
  readonly late: LateRequests;
  /** Counts the calls of processes that died as in doubt. */
  readonly settleLost: () => Promise<void>;
  readonly latePolls: LatePolls;
  /** What limits look-ups of a workspace now, a team each. */
  readonly limitsOf: (workspace: string, kind: 'person' | 'company') => Promise<readonly TeamLimits[]>;
  /** What takes no writes now, so that answers that are paid for wait for it. */
  readonly unwritable: () => 'disk' | 'redis' | undefined;
  /** Length of Apollo's minute window, ms. */
  readonly minuteMs: number;
  readonly retentionMs: number;
  readonly audit: Audit;
}

/** Lists as durable work: prepared, started, paused, resumed, cancelled, read; they outlive the process. */
export class Jobs {
  /** What lists run again by, and when. */
  readonly schedules: Schedules;
  /** Runs them again at their time. */
  readonly scheduleRuns: ScheduleRuns;
  readonly #options: JobsOptions;
  readonly #repository: JobRepository;
  readonly #scheduleRepository: ScheduleRepository;
  readonly #rows: JobRows;
  readonly #progress: ProgressRepository;
  readonly #pauses: Pauses;
  readonly #lateCounts: LateCounts;
  readonly #phoneRetries: PhoneRetries;
  readonly #balances: BalanceReadings;
  readonly #decisions: Decisions;
  readonly #runs: Runs;
  /** Workspaces for which a job ran since somebody asked. */
  readonly #worked = new Set<string>();
  #closed = false;

  constructor(options: JobsOptions) {
    this.#options = options;
    const { accounts, late, ports, retentionMs, settleLost, slots } = options;
    const { store } = ports;
    const repository = new JobRepository(ports, retentionMs);
    const rows = new JobRows(ports, options.known, retentionMs);
    const progress = new ProgressRepository(ports, retentionMs);
    const pauses = new Pauses(accounts, late, slots, ports.clock);
    const lateCounts = new LateCounts({ ...options, store, repository, rows, progress });
    const phoneRetries = new PhoneRetries({ ...options, repository, rows, progress });
    const balances = new BalanceReadings({ ...options, repository });
    const work = new JobWork({
      ...options,
      repository,
      rows,
      progress,
      pauses,
      lateCounts,
      phoneRetries,
      balances,
    });
    this.#repository = repository;
    this.#rows = rows;
    this.#progress = progress;
    this.#pauses = pauses;
    this.#lateCounts = lateCounts;
    this.#phoneRetries = phoneRetries;
    this.#balances = balances;
    this.#decisions = new Decisions({ ...options, store, clock: ports.clock, rows, progress });
    this.#runs = new Runs({ ports, repository, progress, work, settleLost, retentionMs });
    const schedules = new ScheduleRepository(ports);
    this.#scheduleRepository = schedules;
    this.schedules = new Schedules({ ...options, clock: ports.clock, repository, schedules });
    this.scheduleRuns = new ScheduleRuns({
      ...options,
      repository,
      schedules,
      rows,
      prepare: (request) => this.prepare(request),
      start: (id) => this.start(id),
      discard: (id) => this.discard(id),
    });
  }

  /**
   * Jobs that a dead process left running are paused, so that they can be resumed. Where other processes
   * work on them: only those that nobody will finish. This process then begins to take chunks.
   */
  async recover(): Promise<void> {
    for await (const { id, state } of this.#repository.all()) {
      if (state === 'running') await this.#runs.pauseIfDead(id);
    }
    this.#runs.serve();
  }

  /**
   * Goes on with every paused job whose reason is gone; nothing for those that somebody paused. For whoever
   * lives long enough to have a timer.
   */
  async resumeReady(): Promise<void> {
    for await (const job of this.#repository.all()) {
      if (job.state !== 'paused' || !(await this.#pauses.isOver(job))) continue;
      // One that cannot, perhaps because somebody cancelled it just now, must not keep the others from it.
      await this.#startUnlessAlive(job.id, true).catch((error) =>
        this.#options.ports.log.warn('A job did not go on', { job: job.id, error }),
      );
    }
  }

  /** Asks again for phones that lists were done without, where there are credits for them by now. As {@link resumeReady}. */
  async retryPhones(signal: AbortSignal): Promise<void> {
    await this.#phoneRetries.retry(signal);
  }

  /**
   * Reads a list, keeps it, and says what it would cost. Nothing is spent before {@link start}.
   * @throws {JobError} for a list without rows, and unless {@link PrepareJob.keepUnclear}, {@link UnclearListError} for one
   * without a column to identify anybody by, and {@link KindUnclearError} where it may be people or companies.
   */
  async prepare(request: PrepareJob): Promise<Job> {
    const { enricher, ports, retentionMs } = this.#options;
    const { workspace, options } = request;
    const { kind, mapping: recognised, unclear } = clearOrKept(request);
    const createdAt = ports.clock.now();
    const { id = newJobId(createdAt), ...run } = request.run ?? {};
    const notBefore = request.fresh ? { notBefore: createdAt } : {};
    // Known now, and still for as long as that decides a row.
    const forMs = (ms: number) => Math.min(ms, retentionMs) - DECISIONS_HOLD_MS;
    const { matchedForMs, unmatchedForMs } = options;
    let kept = 0;
    try {
      const { chunks, estimate, mapping } = await importList({
        ...request,
        mapping: unclear === undefined ? recognised : { ...recognised, fields: {} },
        kind,
        chunk: (number) => this.#rows.chunk(id, number),
        enricher,
        freshness: {
          matchedForMs: forMs(matchedForMs),
          unmatchedForMs: forMs(unmatchedForMs),
          ...notBefore,
        },
        spool: (number, chunk, decided) => {
          kept = number + 1;
          return this.#rows.keep(id, number, chunk, decided);
        },
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
        ...(unclear === undefined ? { mapping } : { mapping: recognised, unclear }),
        options,
        ...notBefore,
        ...run,
        ...(request.creditLimit !== undefined && { creditLimit: request.creditLimit }),
        rows: estimate.rows,
        chunks,
        ...(request.chunkRows !== undefined && { chunkRows: request.chunkRows }),
        estimate: { ...estimate, ...(await this.#outlook(request, kind, estimate)) },
      };
      if (request.original) await this.#rows.keepOriginal(id, request.original);
      await this.#repository.save(job);
      return job;
    } catch (error) {
      await this.#rows.remove(id, kept);
      throw error;
    }
  }

  /** What the list will cost and take, as far as anybody can say before it is started. */
  async #outlook(
    { workspace, options, creditLimit }: PrepareJob,
    kind: Job['kind'],
    planned: Planned,
  ): Promise<Omit<Estimate, keyof typeof planned | 'known'>> {
    const { late, minuteMs, ports, slots } = this.#options;
    const connections = await slots.connections(workspace);
    const calls = Math.ceil(planned.lookups / BATCH_SIZE);
    const seconds = (endpoint: Endpoint, known?: LimitReadings) => {
      const teams = new Map(connections.map(({ team, limits }) => [team, limits?.[endpoint] ?? known]));
      return estimateSeconds(calls, [...teams.values()], minuteMs);
    };
    const arePolled = comesLate(options.reveal) && !late.arePushed;
    const phoneSeconds = arePolled ? seconds(POLL, KNOWN_LIMITS[POLL]) : undefined;
    const expected = expectedCost(kind, options, planned, await this.#past(workspace));
    return {
      ...expected,
      ...means(connections, options, { ...planned, ...expected }, creditLimit, ports.clock.now()),
      seconds: seconds(kind === 'companies' ? 'organizations/bulk_enrich' : 'people/bulk_match'),
      ...(phoneSeconds !== undefined && { phoneSeconds }),
    };
  }

  /** What the workspace's last lists have cost. */
  async #past(workspace: string): Promise<PastList[]> {
    const past: PastList[] = [];
    for (const job of await this.#repository.of(workspace)) {
      if (job.startedAt === undefined || job.state === 'running') continue;
      const [{ counts }, { credits }] = await Promise.all([
        this.#progress.get(job.id),
        this.#options.accounts.usage(job.id),
      ]);
      const lookups = counts.lookups + (job.partly?.counts.lookups ?? 0);
      const { secondCalls = 0, lookups: planned } = job.estimate;
      const list = { kind: job.kind, options: job.options, lookups, credits };
      if (lookups > 0)
        past.push({ ...list, secondCalls: (secondCalls * lookups) / Math.max(lookups, planned) });
      if (past.length === MOST_LISTS) break;
    }
    return past;
  }

  /**
   * Collects what comes late for a list that has ended, until all has come, nothing came for a while, or the signal
   * aborts. Gives how it stands then.
   */
  async collectLate(id: string, signal: AbortSignal): Promise<JobStatus> {
    const { late, latePolls } = this.#options;
    await late.collect(id, LATE_WAIT_MS, signal, latePolls);
    await late.settled();
    await this.#lateCounts.countEnded(id);
    await this.#balances.readAfter(await this.#repository.get(id), signal);
    return this.#withFigures(await this.#repository.get(id));
  }

  /** Removes a job that was never started, and its data. */
  async discard(id: string): Promise<void> {
    await this.#repository.exclusively(id, async () => {
      const job = await this.#repository.get(id);
      if (job.state !== 'ready') throw new JobError(`Job ${id} was started already; cancel it instead.`);
      await this.#rows.remove(id, job.chunks);
      await this.#repository.remove(id);
    });
  }

  /**
   * Starts a prepared job, or goes on with a paused or cancelled one where it was; gives when it runs. Throws
   * {@link JobError} for one that is done, and for a cancelled one whose rows are not kept any longer.
   */
  async start(id: string): Promise<void> {
    await this.#startUnlessAlive(id, false);
  }

  async #startUnlessAlive(id: string, byItself: boolean): Promise<void> {
    await this.#repository.exclusively(id, async () => {
      const job = await this.#repository.get(id);
      if (job.state === 'running' && (await this.#runs.isAlive(id))) return this.#runs.join();
      await this.#start(job, byItself);
    });
  }

  async #start(job: Job, byItself: boolean): Promise<void> {
    const { id, workspace } = job;
    const { accounts, audit, ports, settleLost } = this.#options;
    this.#checkStart(job);
    await settleLost();
    await this.#pauses.recheck(workspace);
    this.#checkStart(job);
    // Its rows may be kept no longer, of which a run would only hear when it has begun.
    if (job.state === 'cancelled') await this.#rows.chunk(id, 0);
    const { reason, partly: _, problem: __, toldAt: ___, endedAt: ____, ...rest } = job;
    const wasTold = byItself && reason === 'no-credits';
    const by = job.by ?? audit.actor();
    const started: Job = {
      ...rest,
      ...(by && { by }),
      balances: job.balances ?? (await this.#balances.before(workspace)),
      state: 'running',
      startedAt: job.startedAt ?? ports.clock.now(),
      ...(wasTold && { toldAt: (await accounts.usage(id)).credits }),
    };
    try {
      await accounts.open(id, job.creditLimit);
      const { rows, creditLimit, repeats } = job;
      await audit.done(
        workspace,
        job.startedAt === undefined ? 'list.start' : 'list.resume',
        () => this.#repository.save(started),
        () => (byItself ? undefined : { list: id, rows, creditLimit, repeats }),
      );
      await this.#runs.start(started);
    } catch (error) {
      accounts.close(id);
      await this.#repository.save(job).catch(() => undefined);
      throw error;
    }
    this.#worked.add(workspace);
  }

  #checkStart({ id, state, unclear }: Job): void {
    if (unclear !== undefined) throw new JobError(unclear);
    if (state === 'done') {
      throw new JobError(`Job ${id} is done already; start a new one to enrich the list again.`);
    }
    if (this.#closed) {
      throw new JobError(`Job ${id} was not started: the program is shutting down. Resume it afterwards.`);
    }
  }

  /** Changes a job's credit limit, `undefined` lifting it; a job that runs keeps to it from the next look-up on. */
  async setCreditLimit(id: string, credits: number | undefined): Promise<void> {
    await this.#repository.exclusively(id, async () => {
      const { creditLimit: _, ...job } = await this.#repository.get(id);
      await this.#repository.save({ ...job, ...(credits !== undefined && { creditLimit: credits }) });
      if (job.state === 'running') await this.#options.accounts.open(id, credits);
      await this.#options.audit.record(job.workspace, 'limits.list', {
        list: id,
        credits: credits ?? 'none',
      });
    });
  }

  /**
   * Pauses after the calls under way; resolves when it is paused. One that is paused already, and would go
   * on by itself, waits for somebody to say so when a person asks.
   */
  async pause(id: string, reason: PauseReason = 'asked'): Promise<void> {
    await this.#repository.exclusively(id, async () => {
      const job = await this.#repository.find(id);
      if (job?.state === 'running' && !(await this.#runs.halt(id, reason))) {
        await this.#repository.save({ ...job, state: 'paused', reason });
      }
      if (job?.state === 'paused' && reason === 'asked') await this.#repository.save({ ...job, reason });
      if (job && reason === 'asked' && (job.state === 'running' || job.state === 'paused'))
        await this.#options.audit.record(job.workspace, 'list.pause', { list: id });
    });
    await this.#runs.settled(id);
  }

  /** Ends a job; what was found stays and can still be read, and {@link start} takes it up again. */
  async cancel(id: string): Promise<void> {
    await this.#repository.exclusively(id, async () => {
      const job = await this.#repository.get(id);
      if (job.state === 'done' || job.state === 'cancelled') {
        throw new JobError(`Job ${id} is ${job.state} already; there is nothing to cancel.`);
      }
      const { audit, ports } = this.#options;
      const { reason: _, ...rest } = job;
      const cancelled: Job = { ...rest, state: 'cancelled', endedAt: ports.clock.now() };
      // A run ends some time after it is told to: the entry is there before.
      const runs = job.state === 'running' && (await this.#runs.isAlive(id));
      if (runs) await audit.record(job.workspace, 'list.cancel', { list: id });
      if (runs && (await this.#runs.halt(id, 'cancel'))) return;
      await audit.done(
        job.workspace,
        'list.cancel',
        () => this.#repository.save(cancelled),
        () => (runs ? undefined : { list: id }),
      );
    });
    await this.#runs.settled(id);
  }

  /**
   * Pauses every running job, as before the process ends; none is started afterwards. Where other processes
   * work on the jobs, they go on.
   */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#runs.close();
  }

  async status(id: string): Promise<JobStatus | undefined> {
    const job = await this.#repository.find(id);
    return job && this.#withFigures(job);
  }

  /** A workspace's jobs, the newest first: all of them, or at most `limit` of those that come after `after` (an id). */
  async list(
    workspace: string,
    { limit = Number.POSITIVE_INFINITY, after }: { limit?: number; after?: string | undefined } = {},
  ): Promise<JobStatus[]> {
    const jobs = await this.#repository.of(workspace);
    const start = after === undefined ? 0 : jobs.findIndex(({ id }) => id === after) + 1;
    return Promise.all(jobs.slice(start, start + limit).map((job) => this.#withFigures(job)));
  }

  /** Workspaces for which a job ran since this was called last, and whether one still runs. */
  takeWorked(): Map<string, boolean> {
    const running = this.#runs.workspaces();
    const worked = new Map([...this.#worked.union(running)].map((each) => [each, running.has(each)]));
    this.#worked.clear();
    for (const workspace of running) this.#worked.add(workspace);
    return worked;
  }

  /** Resolves when the job does not run (any more). */
  async settled(id: string): Promise<JobStatus> {
    await this.#runs.settled(id);
    return this.#withFigures(await this.#repository.get(id));
  }

  /** Names of the columns that the job adds. */
  columns(job: Job): readonly string[] {
    return columnsFor(job.options);
  }

  /** Rows from `from` (0: the first) on in input order; one without an outcome yet has an empty `apollo_outcome`. */
  async *results(id: string, from = 0): AsyncIterable<ResultRow> {
    yield* this.#rows.results(await this.#repository.get(id), from);
  }

  /** The workbook that the list came from; none where it was none, or held somebody who was forgotten since. */
  async original(id: string): Promise<Uint8Array | undefined> {
    return await this.#rows.original(id);
  }

  /** The same, and in their places the rows of the list that are no leads: the whole list as it came. */
  async *lines(id: string): AsyncIterable<ResultRow | OtherRow> {
    yield* this.#rows.lines(await this.#repository.get(id));
  }

  /**
   * Decides about an answer that contradicts what was asked (`row`: as in {@link results}): accepted, it is the right
   * one; rejected, it is none, and not offered again for this lead. `by`: who decides, for people to read. It holds for
   * all rows of the list that ask the same, whose numbers are given, and for later lists; decided again, the last
   * decision holds. Throws {@link JobError} where there is no such job in the workspace or nothing to decide.
   */
  async decide(
    workspace: string,
    id: string,
    row: number,
    verdict: ReviewVerdict,
    by: string,
  ): Promise<readonly number[]> {
    return await this.#repository.exclusively(id, async () => {
      const job = await this.#repository.get(id);
      if (job.workspace !== workspace) throw new JobError(`There is no job ${id} (any more).`);
      const rows = await this.#decisions.decide(job, row, verdict, by);
      await this.#options.audit.record(workspace, 'list.review', { list: id, verdict, rows: rows.length });
      return rows;
    });
  }

  /**
   * Something came late for a source. Where that is a job that has ended, and nothing more will come, counts
   * its phones and says so. Whoever waits for the job itself counts them at its end.
   */
  async countLate(source: string): Promise<void> {
    await this.#lateCounts.countNews(source);
  }

  /**
   * Removes people's rows from every list of the workspace, and their names from what is said of the list: the rows stay,
   * empty. Gives how many, and how the people were written in them.
   */
  async forget(workspace: string, { keys, texts }: Forgettable): Promise<{ rows: number; texts: string[] }> {
    let rows = 0;
    const written = new Set(texts);
    const jobs = await this.#repository.of(workspace);
    for (const job of jobs) {
      const forgotten = await this.#rows.forget(job, keys);
      rows += forgotten.removed;
      for (const text of forgotten.texts) written.add(text);
    }
    const erase = textEraser(written);
    for (const { id } of jobs) {
      await this.#repository.exclusively(id, async () => {
        const job = await this.#repository.find(id);
        const clean = job && erase(job);
        if (clean && clean !== job) await this.#repository.save(clean);
      });
    }
    return { rows, texts: [...written] };
  }

  /** Rows of the workspace's lists about whoever has one of these keys. */
  async *about(
    workspace: string,
    keys: ReadonlySet<string>,
  ): AsyncGenerator<{ job: Job; row: ResultRow }, void> {
    for (const job of await this.#repository.of(workspace)) {
      for await (const row of this.#rows.about(job, keys)) yield { job, row };
    }
  }

  /** Ends the workspace's jobs and removes their rows and outcomes; gives their ids. */
  async removeAll(workspace: string): Promise<string[]> {
    // First, so that none of them makes another list.
    await this.#scheduleRepository.removeAll(workspace);
    const jobs = await this.#repository.of(workspace);
    for (const { id, state, chunks } of jobs) {
      if (state === 'running') await this.#cancelIfRunning(id);
      await this.#repository.exclusively(id, async () => {
        if (!(await this.#repository.find(id))) return;
        await this.#rows.remove(id, chunks);
        await this.#progress.remove(id);
        await this.#runs.remove(id);
        await this.#repository.remove(id);
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

  async #withFigures(job: Job): Promise<JobStatus> {
    const { accounts, late } = this.#options;
    const whole = await this.#progress.get(job.id);
    const { counts, finished } = job.partly ? addProgress(whole, job.partly) : whole;
    const pending = comesLate(job.options.reveal) ? await late.pending(job.id) : [];
    const schedule = await this.#scheduleRepository.of(job);
    const ranMs = job.state === 'running' ? await this.#runs.ranMs(job.id) : 0;
    return {
      ...job,
      workedMs: job.workedMs + Math.round(ranMs),
      ...(await accounts.usage(job.id)),
      counts,
      finished,
      ...(schedule && { schedule }),
      latePending: pending.length,
      latePeople: pending.flatMap(({ people }) => people.filter(({ source }) => source === job.id)).length,
      ...(job.state === 'running' && (await this.#standstill(job, job.estimate.lookups - counts.lookups))),
    };
  }

  /** Why a job that runs stands still, if it does. `lookups`: about so many are left. */
  async #standstill(
    { workspace, kind }: Job,
    lookups: number,
  ): Promise<Pick<JobStatus, 'waiting' | 'limitsMs'>> {
    const { limitsOf, minuteMs, ports, unwritable } = this.#options;
    const store = unwritable();
    const teams = await limitsOf(workspace, subjectOf(kind));
    const now = { monotonic: ports.clock.monotonic(), epoch: ports.clock.now() };
    const limited = withinLimits(Math.max(0, lookups), teams, now, minuteMs);
    return { ...limited, ...(store && { waiting: { for: store } }) };
  }
}

/** As {@link subjectsOf}; `unclear`: why a list that is kept all the same cannot be started. */
function clearOrKept(request: PrepareJob): ReturnType<typeof subjectsOf> & { readonly unclear?: string } {
  try {
    return subjectsOf(request);
  } catch (error) {
    if (!request.keepUnclear || !(error instanceof UnclearListError)) throw error;
    return { kind: request.kind ?? 'people', mapping: request.mapping, unclear: error.message };
  }
}
