import { type Core, JobError, type JobStatus } from '@connectionsphere/core';

/**
 * The workspace's job of that id; another workspace's is as unknown as none. `listing`: what lists the jobs
 * there are, on the surface that asks.
 */
export async function jobOf(core: Core, workspace: string, id: string, listing: string): Promise<JobStatus> {
  const job = await core.jobs.status(id);
  if (job?.workspace === workspace) return job;
  throw new JobError(`There is no job ${id}. ${listing} lists those there are.`);
}
