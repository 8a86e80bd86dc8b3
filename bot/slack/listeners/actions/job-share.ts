import { listMessage } from '../list-message.ts';
import type { Press } from './press.ts';

/** *Share with everyone here*: others of the workspace see, download and steer the list too. */
export async function share(press: Press): Promise<void> {
  await setShared(press, true, 'Shared: everyone here who may enrich sees this list and its file.');
}

export async function unshare(press: Press): Promise<void> {
  await setShared(press, false, 'No longer shared: only whoever started it and admins see this list.');
}

async function setShared(press: Press, shared: boolean, note: string): Promise<void> {
  const { services, workspace, value } = press;
  const job = await services.desk.find(workspace, value);
  await services.access.share(press, value, shared);
  await press.show(await listMessage(press, job, note));
}
