import { jobsMessage } from '../../messages/jobs.ts';
import { listMessage } from '../list-message.ts';
import type { Press } from './press.ts';

/** *Open* on a list. */
export async function showJob(press: Press): Promise<void> {
  const { services, workspace, value } = press;
  await services.access.require(press, value);
  await press.show(await listMessage(press, await services.desk.find(workspace, value)));
}

/** A page of the lists. */
export async function showJobs(press: Press): Promise<void> {
  const { services, value } = press;
  const lists = await services.access.list(press);
  await press.show(jobsMessage(lists, Number(value), await press.reader()));
}
