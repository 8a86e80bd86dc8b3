import type { JobStatus } from '@connectionsphere/core';
import { shown } from '../../blocks.ts';
import type { FileChoice } from '../../jobs/job-desk.ts';
import { formatOf, otherFormats } from '../../lists/result-format.ts';
import { answer } from '../../messages/answer.ts';
import type { Press } from './press.ts';

/** *Send me the file*: as far as the list has got. */
export async function sendFile(press: Press): Promise<void> {
  await send(press, (job) => `Here is *${shown(job.name, 80)}*, as far as it has got:`);
}

/** *Unmatched only*: for another try elsewhere. */
export async function sendUnmatched(press: Press): Promise<void> {
  await send(press, (job) => `The leads of *${shown(job.name, 80)}* that Apollo does not know:`, {
    outcomes: ['unmatched'],
  });
}

/** *Another format*: as Excel, or ready for another tool. The value is that of the option: `csv`, `hubspot` …, a space, the list. */
export async function sendAs(press: Press): Promise<void> {
  const [format = '', job = ''] = press.value.split(' ');
  const as = formatOf(format);
  if (!as) return;
  const words = otherFormats({ kind: 'people' }).find(({ id }) => id === format)?.words;
  await send({ ...press, value: job }, (found) => `Here is *${shown(found.name, 80)}* as ${words}:`, { as });
}

/** Into the DM with whoever pressed: results are people's data, and not for a channel. */
async function send(press: Press, words: (job: JobStatus) => string, choice: FileChoice = {}): Promise<void> {
  const { services, client, workspace, user, value } = press;
  await services.permissions.require('enrich', press);
  await services.access.require(press, value);
  const job = await services.desk.find(workspace, value);
  const { text, blocks } = answer(words(job));
  const posted = await client.chat.postMessage({ channel: user, text, blocks: [...blocks] });
  const channel = posted.channel ?? user;
  await services.desk.deliver(job, { channel }, choice);
}
