import type { Audit } from '../audit.ts';
import type { Clock } from '../ports.ts';
import { JobError } from './errors.ts';
import type { JobRepository } from './job-repository.ts';
import type { Schedule, ScheduleRepository, ScheduleWish } from './schedule-repository.ts';
import { nextAfter } from './schedule-times.ts';
import type { Job } from './types.ts';

/** Days after which an answer is asked for again, at most. */
export const SCHEDULE_MOST_DAYS = 3650;

interface SchedulesOptions {
  readonly clock: Clock;
  readonly audit: Audit;
  readonly repository: JobRepository;
  readonly schedules: ScheduleRepository;
}

/**
 * What may be asked of the schedules by which lists run again every week or month. A schedule is stored beside its list and
 * lives as long as the list's rows.
 */
export class Schedules {
  readonly #options: SchedulesOptions;

  constructor(options: SchedulesOptions) {
    this.#options = options;
  }

  /** A workspace's, in the order of their next times. */
  async list(workspace: string): Promise<Schedule[]> {
    const found = await Array.fromAsync(this.#options.schedules.all(workspace));
    return found.sort((a, b) => a.nextAt - b.nextAt);
  }

  /**
   * Has a list looked up again every week or month, in the name of who asks for it, beginning a whole period from now. One
   * that has a schedule keeps its times where only the days change.
   * @throws {JobError} for a list that was not started, and for days out of bounds.
   */
  async set(id: string, wish: ScheduleWish): Promise<Schedule> {
    const { audit, clock, schedules } = this.#options;
    const { workspace, job } = await this.#origin(id);
    if (job.startedAt === undefined)
      throw new JobError(`Job ${job.id} was never started. Start it first; then it can run again by itself.`);
    const { every, olderThanDays } = wish;
    if (!Number.isInteger(olderThanDays) || olderThanDays < 1 || olderThanDays > SCHEDULE_MOST_DAYS) {
      throw new JobError(`Say after how many days an answer is asked for again: 1 to ${SCHEDULE_MOST_DAYS}.`);
    }
    return await schedules.exclusively(workspace, job.id, async (before) => {
      const now = clock.now();
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
        () => schedules.save(schedule),
        () => ({ list: job.id, every, olderThanDays }),
      );
      return schedule;
    });
  }

  /** Ends a list's schedule; a run of it that is under way goes on. `false`: it has none. */
  async remove(id: string): Promise<boolean> {
    const { audit, repository, schedules } = this.#options;
    const found = await schedules.of(await repository.get(id));
    if (!found) return false;
    return await schedules.exclusively(found.workspace, found.job, async (schedule) => {
      if (!schedule) return false;
      await audit.done(
        schedule.workspace,
        'schedule.delete',
        () => schedules.remove(schedule),
        () => ({ list: schedule.job }),
      );
      return true;
    });
  }

  /** The list whose rows a list is made of. @throws {JobError} for one that is not there. */
  async #origin(id: string): Promise<{ workspace: string; job: Job }> {
    const { repository } = this.#options;
    const job = await repository.get(id);
    const origin = job.repeats === undefined ? undefined : await repository.find(job.repeats);
    return { workspace: job.workspace, job: origin ?? job };
  }
}
