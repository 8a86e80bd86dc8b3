import type { JobBook } from './job-book.ts';
import type { Halt } from './running.ts';
import type { Job } from './types.ts';

/** How jobs are run: by this process alone ({@link OwnRuns}), or by all that share the state ({@link SharedRuns}). */
export interface Runs {
  /** From now on this process works on jobs, if it is one that does. */
  serve(): void;
  /** Works on a job that is stored as running, from the first chunk without outcomes on; gives when that has begun. */
  start(job: Job): Promise<void>;
  /** Whether somebody will finish a job that is stored as running. */
  isAlive(id: string): Promise<boolean>;
  /** Stops a job; {@link settled} resolves when it has stopped. `false`: nobody runs it. */
  halt(id: string, halt: Halt): Promise<boolean>;
  /** Resolves when the job does not run (any more). */
  settled(id: string): Promise<void>;
  /** ms since the present run of a job began; 0 where nobody runs it. */
  ranMs(id: string): Promise<number>;
  /** The workspaces whose jobs this process works on now. */
  workspaces(): Set<string>;
  /** Removes what is left of a job that does not run. */
  remove(id: string): Promise<void>;
  /** Lets go of every job: others go on with it, or it is paused (`shutdown`). Resolves when that is stored. */
  close(): Promise<void>;
}

/** Pauses a job that is stored as running although nobody will finish it, so that it can go on. */
export async function pauseIfDead(id: string, runs: Pick<Runs, 'isAlive'>, book: JobBook): Promise<void> {
  await book.exclusively(id, async () => {
    const job = await book.find(id);
    if (job?.state !== 'running' || (await runs.isAlive(id))) return;
    await book.save({ ...job, state: 'paused', reason: 'interrupted' });
  });
}
