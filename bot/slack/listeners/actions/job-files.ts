import type { JobStatus } from '@connectionsphere/core';
import { shown } from '../../blocks.ts';
import { answer } from '../../messages/answer.ts';
import type { Press } from './press.ts';

/** *Send me the file*: as far as the list has got. */
export async function sendFile(press: Press): Promise<void> {
  await send(press, (job) => `Here is *${shown(job.name, 80)}*, as far as it has got:`);
}

/** *Unmatched only*: for another try elsewhere. */
export async function sendUnmatched(press: Press): Promise<void> {
  await send(press, (job) => `The leads of *${shown(job.name, 80)}* that Apollo does not know:`, [
    'unmatched',
  ]);
}

/** Into the DM with whoever pressed: results are people's data, and not for a channel. */
async function send(
  press: Press,
  words: (job: JobStatus) => string,
  outcomes?: readonly string[],
): Promise<void> {
  const { services, client, workspace, user, value } = press;
  await services.permissions.require('enrich', press);
  await services.access.require(press, value);
  const job = await services.desk.find(workspace, value);
  const { text, blocks } = answer(words(job));
  const posted = await client.chat.postMessage({ channel: user, text, blocks: [...blocks] });
  const channel = posted.channel ?? user;
  await services.desk.deliver(job, { channel }, outcomes);
}
