import type { JobStatus } from '@connectionsphere/core';
import { nameOf } from '../../words/job-words.ts';
import { tellOwner } from '../deeds.ts';
import { listMessage } from '../list-message.ts';
import type { Press } from './press.ts';

/** *Pause*: after the calls under way. */
export async function pause(press: Press): Promise<void> {
  await control(press, 'paused', 'Paused. Nothing is lost.', (desk) =>
    desk.pause(press.workspace, press.value),
  );
}

export async function resume(press: Press): Promise<void> {
  await control(press, 'resumed', 'It goes on. What was found before is not paid for again.', (desk) =>
    desk.resume(press.workspace, press.value, press.user),
  );
}

/** *Cancel*, after its confirmation. */
export async function cancel(press: Press): Promise<void> {
  await control(
    press,
    'cancelled',
    'Cancelled. What was found so far stays, and costs nothing when you start over.',
    (desk) => desk.cancel(press.workspace, press.value),
  );
}

async function control(
  press: Press,
  deed: string,
  note: string,
  act: (desk: Press['services']['desk']) => Promise<JobStatus>,
): Promise<void> {
  const { services, workspace } = press;
  await services.permissions.require('enrich', press);
  await services.access.require(press, press.value);
  const job = await act(services.desk);
  await tellOwner(services, press, job.id, `${deed} your list *${nameOf(job)}*.`);
  // The progress message has moved by itself.
  const record = await services.book.get(workspace, press.value);
  if (press.message !== undefined && press.message === record?.progress) return;
  await press.show(await listMessage(press, job, note));
}
