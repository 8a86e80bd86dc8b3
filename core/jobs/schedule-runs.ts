import type { Audit } from '../audit.ts';
import type { Events } from '../events.ts';
import type { Actor, Ports } from '../ports.ts';
import type { Slots } from '../slots/index.ts';
import { JobError } from './errors.ts';
import { type JobRepository, newJobId } from './job-repository.ts';
import type { JobRows } from './rows.ts';
import type { Schedule, ScheduleRepository } from './schedule-repository.ts';
import { nextAfter } from './schedule-times.ts';
import type { Job, PrepareJob } from './types.ts';

const DAY_MS = 86_400_000;
/** No two runs are further apart, ms. */
const LONGEST_MS = 31 * DAY_MS;

/** A schedule's time came, and it must not go on: whoever set it may no longer. The message says why, for people. */
export class ScheduleOver extends Error {
  override readonly name = 'ScheduleOver';
}

/** Starts lists that schedules make, in the name of who set these. */
export interface ScheduleStarter {
  /** Whether these are people of the surface that starts them so. */
  knows(by: Actor): boolean;
  /**
   * Starts the list, which is prepared; once, however often it is asked to.
   * @throws {ScheduleOver} where the person has lost the right, {@link JobError} where it cannot be started this time.
   */
  start(schedule: Schedule, job: Job): Promise<void>;
}

interface ScheduleRunsOptions {
  readonly ports: Ports;
  readonly audit: Audit;
  readonly events: Events;
  readonly slots: Slots;
  readonly repository: JobRepository;
  readonly schedules: ScheduleRepository;
  readonly rows: JobRows;
  readonly prepare: (request: PrepareJob) => Promise<Job>;
  readonly start: (id: string) => Promise<void>;
  readonly discard: (id: string) => Promise<void>;
}

/**
 * Runs lists again that have a schedule: at its time one process makes a new list of the rows and starts it; that list is
 * one like any other.
 */
export class ScheduleRuns {
  readonly #options: ScheduleRunsOptions;
  readonly #starters: ScheduleStarter[] = [];

  constructor(options: ScheduleRunsOptions) {
    this.#options = options;
  }

  /**
   * From now on lists are started by it that those have scheduled whom it knows. A schedule of a person or a token that no
   * starter knows waits for a process that has one.
   */
  startedBy(starter: ScheduleStarter): void {
    this.#starters.push(starter);
  }

  /**
   * Runs the lists whose time has come. For who lives long enough to have a timer; of several processes one runs each,
   * once. What fails is tried again at the next call.
   */
  async runDue(signal: AbortSignal): Promise<void> {
    const { ports, schedules } = this.#options;
    for await (const schedule of schedules.all()) {
      if (signal.aborted) return;
      if (!this.#isDue(schedule)) continue;
      const { workspace, job } = schedule;
      await schedules
        .exclusively(workspace, job, async (now) => {
          if (now && this.#isDue(now)) await this.#run(now, signal);
        })
        .catch((error) => {
          if (!signal.aborted) ports.log.error('A list did not run again; it is tried again', { job, error });
        });
    }
  }

  /** A clock that was wrong and was set back may have left a time that is too far away. */
  #isDue({ nextAt }: Schedule): boolean {
    const now = this.#options.ports.clock.now();
    return nextAt <= now || nextAt > now + LONGEST_MS;
  }

  async #run(schedule: Schedule, signal: AbortSignal): Promise<void> {
    const { ports, repository, schedules, slots } = this.#options;
    const { workspace, every, setAt, nextAt } = schedule;
    const now = ports.clock.now();
    if (nextAt > now) return await schedules.save({ ...schedule, nextAt: nextAfter(every, setAt, now) });
    const start = this.#starterOf(schedule);
    // Another process serves these people.
    if (!start) return;
    const origin = await repository.find(schedule.job);
    if (!origin) return await this.#end(schedule, 'Its rows are not kept any longer.');
    if ((await slots.connections(workspace)).length === 0)
      return await this.#end(schedule, 'No Apollo key is connected any more.');
    if (schedule.making === undefined && (await this.#isUnderWay(schedule)))
      return await this.#passed(schedule, { problem: 'The run before it was not over.' });
    const id = schedule.making ?? newJobId(now);
    if (schedule.making === undefined) await schedules.save({ ...schedule, making: id });
    try {
      const job = (await repository.find(id)) ?? (await this.#prepare(origin, schedule, id, signal));
      if (job.state === 'ready') await this.#acting(schedule, () => start(schedule, job));
    } catch (error) {
      if (signal.aborted) throw error;
      if (!(error instanceof ScheduleOver) && !(error instanceof JobError)) throw error;
      await this.#discardIfReady(id);
      if (error instanceof ScheduleOver) return await this.#end(schedule, error.message);
      return await this.#passed(schedule, { problem: error.message });
    }
    await this.#passed(schedule, { job: id });
  }

  /** Reads the rows of the list once more, as they are now: who was forgotten is not in them. */
  async #prepare(
    origin: Job,
    { by, olderThanDays }: Schedule,
    id: string,
    signal: AbortSignal,
  ): Promise<Job> {
    const { prepare, rows } = this.#options;
    const { workspace, name, headers, source, mapping, kind, options, creditLimit } = origin;
    const lines = async function* () {
      for await (const line of rows.lines(origin)) {
        signal.throwIfAborted();
        yield 'otherRow' in line ? line : line.cells;
      }
    };
    const forMs = olderThanDays * DAY_MS;
    return await prepare({
      workspace,
      name,
      headers,
      source,
      mapping,
      kind,
      rows: lines(),
      options: { ...options, matchedForMs: forMs, unmatchedForMs: forMs },
      fresh: false,
      original: await rows.original(origin.id),
      run: { id, repeats: origin.id, ...(by && { by }) },
      ...(creditLimit !== undefined && { creditLimit }),
    });
  }

  /** `undefined`: whoever set it is known to another process only. */
  #starterOf({ by }: Schedule): ScheduleStarter['start'] | undefined {
    const known = by && this.#starters.find((starter) => starter.knows(by));
    if (known) return (schedule, job) => known.start(schedule, job);
    if (by?.kind === 'person' || by?.kind === 'token') return undefined;
    return (_, { id }) => this.#options.start(id);
  }

  async #acting<T>({ by }: Schedule, work: () => Promise<T>): Promise<T> {
    const { actAs } = this.#options.ports;
    return by && actAs ? await actAs(by, work) : await work();
  }

  async #isUnderWay({ job, last }: Schedule): Promise<boolean> {
    const ids = [job, ...(last?.job === undefined ? [] : [last.job])];
    const jobs = await Promise.all(ids.map((id) => this.#options.repository.find(id)));
    return jobs.some((each) => each?.state === 'running' || each?.state === 'paused');
  }

  async #discardIfReady(id: string): Promise<void> {
    if ((await this.#options.repository.find(id))?.state === 'ready') await this.#options.discard(id);
  }

  /** Its time is over; the next one comes. People are told where it did not run. */
  async #passed(
    { making: _, last, ...schedule }: Schedule,
    came: { readonly job: string } | { readonly problem: string },
  ): Promise<void> {
    const { events, ports, schedules } = this.#options;
    const now = ports.clock.now();
    const { every, setAt, workspace } = schedule;
    const made = last?.job === undefined ? {} : { job: last.job };
    await ports.store.atomically(async () => {
      await schedules.save({
        ...schedule,
        nextAt: nextAfter(every, setAt, now),
        last: { at: now, ...made, ...came },
      });
      if ('problem' in came)
        await events.publish(workspace, { type: 'schedule.missed', ...told(schedule, came.problem) });
    });
  }

  async #end(schedule: Schedule, why: string): Promise<void> {
    const { audit, events, schedules } = this.#options;
    const { workspace, job } = schedule;
    await audit.done(
      workspace,
      'schedule.end',
      async () => {
        await schedules.remove(schedule);
        await events.publish(workspace, { type: 'schedule.ended', ...told(schedule, why) });
      },
      () => ({ list: job, why }),
    );
  }
}

function told({ job, by }: Schedule, why: string) {
  return { job, why, ...(by && { by: by.id }) };
}
