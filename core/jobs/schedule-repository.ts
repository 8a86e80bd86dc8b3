import type { Actor, Collection, Ports } from '../ports.ts';
import type { SchedulePeriod } from './schedule-times.ts';
import type { Job } from './types.ts';

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

/** The schedules as they are stored, each under the list that has the rows. */
export class ScheduleRepository {
  readonly #stored: Collection<Schedule>;
  readonly #coordination: Ports['coordination'];

  constructor({ store, coordination }: Pick<Ports, 'store' | 'coordination'>) {
    this.#stored = store.collection('schedules');
    this.#coordination = coordination;
  }

  /** Of a list, or of the list that it is a run of. */
  async of(job: Pick<Job, 'id' | 'workspace' | 'repeats'>): Promise<Schedule | undefined> {
    const ids = job.repeats === undefined ? [job.id] : [job.repeats, job.id];
    return (await this.#stored.getMany(ids.map((id) => keyOf(job.workspace, id)))).find((each) => each);
  }

  /** The schedules of all workspaces, or of one; in no promised order. */
  async *all(workspace?: string): AsyncIterable<Schedule> {
    const prefix = workspace === undefined ? '' : keyOf(workspace, '');
    for await (const [, schedule] of this.#stored.entries(prefix)) yield schedule;
  }

  async save(schedule: Schedule): Promise<void> {
    await this.#stored.set(keyOf(schedule.workspace, schedule.job), schedule);
  }

  async remove({ workspace, job }: Schedule): Promise<void> {
    await this.#stored.delete(keyOf(workspace, job));
  }

  /** Waits for runs under way: at their end these store their schedule again. */
  async removeAll(workspace: string): Promise<void> {
    for (const { job } of await Array.fromAsync(this.all(workspace))) {
      await this.exclusively(workspace, job, async (schedule) => schedule && this.remove(schedule));
    }
  }

  /** Works on one schedule, as it is then, alone among all processes. */
  exclusively<T>(
    workspace: string,
    job: string,
    work: (schedule: Schedule | undefined) => Promise<T>,
  ): Promise<T> {
    return this.#coordination.exclusive(`schedule:${job}`, async () =>
      work(await this.#stored.get(keyOf(workspace, job))),
    );
  }
}

function keyOf(workspace: string, job: string): string {
  return `${encodeURIComponent(workspace)}/${job}`;
}
