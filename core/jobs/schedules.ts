import { randomBytes } from 'node:crypto';
import type { Audit } from '../audit.ts';
import type { Events } from '../events.ts';
import { type Actor, type Collection, deleteAll, type Ports } from '../ports.ts';
import type { Slots } from '../slots/index.ts';
import { JobError } from './errors.ts';
import type { JobRepository } from './job-repository.ts';
import type { JobRows } from './rows.ts';
import type { Job, PrepareJob } from './types.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** No two runs are further apart, ms. */
const LONGEST_MS = 31 * DAY_MS;
const MOST_DAYS = 3650;

export const SCHEDULE_PERIODS = ['week', 'month'] as const;
export type SchedulePeriod = (typeof SCHEDULE_PERIODS)[number];

/** How often a list runs again, and for whom anew. */
export interface ScheduleWish {
  readonly every: SchedulePeriod;
  /** Days: who was answered since then is not looked up again, and costs nothing. */
  readonly olderThanDays: number;
}

/** A list that is looked up again by itself: at its time, its rows become a new list. */
export interface Schedule extends ScheduleWish {
  /** The list that has the rows. */
  readonly job: string;
  readonly workspace: string;
  /** Who set it: its lists are theirs, and what they cost. None where nobody is recorded. */
  readonly by?: Actor;
  /** Runs are whole periods after it, ms since the epoch. */
  readonly setAt: number;
  /** ms since the epoch. */
  readonly nextAt: number;
  /** The list that is being made for `nextAt`: a process that dies meanwhile leaves its id to the next. */
  readonly making?: string;
  /** The last time, the newest list that was made, and why the last time made none. */
  readonly last?: { readonly at: number; readonly job?: string; readonly problem?: string };
}

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

interface SchedulesOptions {
  readonly ports: Ports;
  readonly audit: Audit;
  readonly events: Events;
  readonly slots: Slots;
  readonly repository: JobRepository;
  readonly rows: JobRows;
  readonly prepare: (request: PrepareJob) => Promise<Job>;
  readonly start: (id: string) => Promise<void>;
  readonly discard: (id: string) => Promise<void>;
}

/**
 * Lists that run again every week or month. A schedule is stored beside its list and lives as long as the list's rows.
 * At its time one process makes a new list of these rows and starts it; that list is one like any other.
 */
export class Schedules {
  readonly #options: SchedulesOptions;
  readonly #stored: Collection<Schedule>;
  readonly #starters: ScheduleStarter[] = [];

  constructor(options: SchedulesOptions) {
    this.#options = options;
    this.#stored = options.ports.store.collection('schedules');
  }

  /** Has those whom the surface knows started by it from now on; those of `kind` whom none knows wait for a process that does. */
  startedBy(starter: ScheduleStarter): void {
    this.#starters.push(starter);
  }

  /** Of a list, or of the list that it is a run of. */
  async of(job: Pick<Job, 'id' | 'workspace' | 'repeats'>): Promise<Schedule | undefined> {
    const ids = job.repeats === undefined ? [job.id] : [job.repeats, job.id];
    return (await this.#stored.getMany(ids.map((id) => keyOf(job.workspace, id)))).find((each) => each);
  }

  /** A workspace's, in the order of their next times. */
  async list(workspace: string): Promise<Schedule[]> {
    const found: Schedule[] = [];
    for await (const [, schedule] of this.#stored.entries(keyOf(workspace, ''))) found.push(schedule);
    return found.sort((a, b) => a.nextAt - b.nextAt);
  }

  /**
   * Has a list looked up again every week or month, in the name of who asks for it, beginning a whole period from now. One
   * that has a schedule keeps its times where only the days change.
   * @throws {JobError} for a list that was not started, and for days out of bounds.
   */
  async set(id: string, wish: ScheduleWish): Promise<Schedule> {
    const { audit, ports } = this.#options;
    const { workspace, job } = await this.#origin(id);
    if (job.startedAt === undefined)
      throw new JobError(`Job ${job.id} was never started. Start it first; then it can run again by itself.`);
    const { every, olderThanDays } = wish;
    if (!Number.isInteger(olderThanDays) || olderThanDays < 1 || olderThanDays > MOST_DAYS) {
      throw new JobError(`Say after how many days an answer is asked for again: 1 to ${MOST_DAYS}.`);
    }
    return await this.#exclusively(workspace, job.id, async (before) => {
      const now = ports.clock.now();
      const { session: _, ...by } = audit.actor() ?? {};
      const setAt = before?.every === every ? before.setAt : now;
      const schedule: Schedule = {
        ...(before?.last && { last: before.last }),
        ...(before?.making !== undefined && { making: before.making }),
        job: job.id,
        workspace,
        every,
        olderThanDays,
        ...('kind' in by && { by }),
        setAt,
        nextAt: before?.making === undefined ? nextAfter(every, setAt, now) : before.nextAt,
      };
      await audit.done(
        workspace,
        'schedule.set',
        () => this.#save(schedule),
        () => ({ list: job.id, every, olderThanDays }),
      );
      return schedule;
    });
  }

  /** Ends a list's schedule; a run of it that is under way goes on. `false`: it has none. */
  async remove(id: string): Promise<boolean> {
    const { audit, repository } = this.#options;
    const found = await this.of(await repository.get(id));
    if (!found) return false;
    return await this.#exclusively(found.workspace, found.job, async (schedule) => {
      if (!schedule) return false;
      const { workspace, job } = schedule;
      await audit.done(
        workspace,
        'schedule.delete',
        () => this.#stored.delete(keyOf(workspace, job)),
        () => ({ list: job }),
      );
      return true;
    });
  }

  async removeAll(workspace: string): Promise<void> {
    await deleteAll(this.#stored, keyOf(workspace, ''));
  }

  /**
   * Runs the lists whose time has come. For who lives long enough to have a timer; of several processes one runs each,
   * once. What fails is tried again at the next call.
   */
  async runDue(signal: AbortSignal): Promise<void> {
    const { log } = this.#options.ports;
    for await (const [, schedule] of this.#stored.entries()) {
      if (signal.aborted) return;
      if (!this.#isDue(schedule)) continue;
      const { workspace, job } = schedule;
      await this.#exclusively(workspace, job, async (now) => {
        if (now && this.#isDue(now)) await this.#run(now, signal);
      }).catch((error) => {
        if (!signal.aborted) log.error('A list did not run again; it is tried again', { job, error });
      });
    }
  }

  /** A clock that was wrong and was set back may have left a time that is too far away. */
  #isDue({ nextAt }: Schedule): boolean {
    const now = this.#options.ports.clock.now();
    return nextAt <= now || nextAt > now + LONGEST_MS;
  }

  async #run(schedule: Schedule, signal: AbortSignal): Promise<void> {
    const { ports, repository, slots } = this.#options;
    const { workspace, every, setAt, nextAt } = schedule;
    const now = ports.clock.now();
    if (nextAt > now) return await this.#save({ ...schedule, nextAt: nextAfter(every, setAt, now) });
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
    if (schedule.making === undefined) await this.#save({ ...schedule, making: id });
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
    const { events, ports } = this.#options;
    const now = ports.clock.now();
    const { every, setAt, workspace } = schedule;
    const made = last?.job === undefined ? {} : { job: last.job };
    await ports.store.atomically(async () => {
      await this.#save({
        ...schedule,
        nextAt: nextAfter(every, setAt, now),
        last: { at: now, ...made, ...came },
      });
      if ('problem' in came)
        await events.publish(workspace, { type: 'schedule.missed', ...told(schedule, came.problem) });
    });
  }

  async #end(schedule: Schedule, why: string): Promise<void> {
    const { audit, events } = this.#options;
    const { workspace, job } = schedule;
    await audit.done(
      workspace,
      'schedule.end',
      async () => {
        await this.#stored.delete(keyOf(workspace, job));
        await events.publish(workspace, { type: 'schedule.ended', ...told(schedule, why) });
      },
      () => ({ list: job, why }),
    );
  }

  /** The list whose rows a list is made of. @throws {JobError} for one that is not there. */
  async #origin(id: string): Promise<{ workspace: string; job: Job }> {
    const { repository } = this.#options;
    const job = await repository.get(id);
    const origin = job.repeats === undefined ? undefined : await repository.find(job.repeats);
    return { workspace: job.workspace, job: origin ?? job };
  }

  async #save(schedule: Schedule): Promise<void> {
    await this.#stored.set(keyOf(schedule.workspace, schedule.job), schedule);
  }

  /** Gives the schedule as it is then. */
  #exclusively<T>(
    workspace: string,
    job: string,
    work: (schedule: Schedule | undefined) => Promise<T>,
  ): Promise<T> {
    return this.#options.ports.coordination.exclusive(`schedule:${job}`, async () =>
      work(await this.#stored.get(keyOf(workspace, job))),
    );
  }
}

/** The time in base 36, then six hexadecimal digits. */
export function newJobId(now: number): string {
  return `${now.toString(36)}${randomBytes(3).toString('hex')}`;
}

/**
 * The first time after `now` that is whole periods from `from` (ms since the epoch, in UTC). Of months: the same day, or the
 * last one of a month that has no such day.
 */
export function nextAfter(every: SchedulePeriod, from: number, now: number): number {
  if (every === 'week') return from + (Math.floor((now - from) / WEEK_MS) + 1) * WEEK_MS;
  const first = new Date(from);
  const today = new Date(now);
  const between =
    (today.getUTCFullYear() - first.getUTCFullYear()) * 12 + today.getUTCMonth() - first.getUTCMonth();
  const times = [between, between + 1].map((months) => monthsAfter(first, months));
  return times.find((time) => time > now) ?? monthsAfter(first, between + 2);
}

function monthsAfter(from: Date, months: number): number {
  const year = from.getUTCFullYear();
  const month = from.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Math.min(from.getUTCDate(), lastDay);
  const timeOfDay = from.getTime() - Date.UTC(year, from.getUTCMonth(), from.getUTCDate());
  return Date.UTC(year, month, day) + timeOfDay;
}

function told({ job, by }: Schedule, why: string) {
  return { job, why, ...(by && { by: by.id }) };
}

function keyOf(workspace: string, job: string): string {
  return `${encodeURIComponent(workspace)}/${job}`;
}
