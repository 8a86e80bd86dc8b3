import { jobMessage, jobsMessage } from '../../messages/jobs.ts';
import type { Press } from './press.ts';

/** *Open* on a list. */
export async function showJob(press: Press): Promise<void> {
  const { services, workspace, value } = press;
  await press.show(jobMessage(await services.desk.find(workspace, value), await press.reader()));
}

/** A page of the lists. */
export async function showJobs(press: Press): Promise<void> {
  const { services, workspace, value } = press;
  await press.show(
    jobsMessage(await services.core.jobs.list(workspace), Number(value), await press.reader()),
  );
}
