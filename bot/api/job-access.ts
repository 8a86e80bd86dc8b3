import type { JobStatus } from '@connectionsphere/core';
import type { ApiContext } from './context.ts';
import { jobDocument } from './documents.ts';
import type { Call } from './operation.ts';
import { Problem } from './problem.ts';

/** How often a job that a request waits for is looked at, ms. */
const LOOK_EVERY_MS = 200;

/** Finds the jobs that requests name, and shows them. */
export class JobAccess {
  readonly #context: Pick<ApiContext, 'core' | 'ports' | 'notices'>;

  constructor(context: Pick<ApiContext, 'core' | 'ports' | 'notices'>) {
    this.#context = context;
  }

  /** The job that the path names. Throws a 404 for none, and for another workspace's, which is as unknown as none. */
  async of({ workspace, path }: Call): Promise<JobStatus> {
    const { id = '' } = path;
    const job = await this.#context.core.jobs.status(id);
    if (job?.workspace !== workspace) throw noSuchJob(id);
    return job;
  }

  /** The document of a job as it is now, after something was done to it. Throws a 404 for none. */
  async shown(id: string): Promise<object> {
    const job = await this.#context.core.jobs.status(id);
    if (!job) throw noSuchJob(id);
    return await this.document(job);
  }

  /** A job's document, with what became of its callback. */
  async document(job: JobStatus): Promise<object> {
    return jobDocument(job, await this.#context.notices.callbackOf(job.id));
  }

  /** The job as soon as it has ended or pauses, or after so many seconds, whichever comes first. */
  async ended(job: JobStatus, seconds = 0, signal: AbortSignal): Promise<JobStatus> {
    const { core, ports } = this.#context;
    const until = ports.clock.monotonic() + seconds * 1000;
    let now = job;
    while (now.state === 'running' && ports.clock.monotonic() < until && !signal.aborted) {
      await ports.clock.sleep(LOOK_EVERY_MS, signal);
      now = (await core.jobs.status(job.id)) ?? now;
    }
    return now;
  }
}

function noSuchJob(id: string): Problem {
  return new Problem(404, 'no-such-job', `There is no job ${id}.`);
}
