import type { JobStatus } from '@connectionsphere/core';
import { shown } from '../../blocks.ts';
import type { FileChoice } from '../../jobs/job-service.ts';
import { formatOf } from '../../lists/result-format.ts';
import { answer } from '../../messages/answer.ts';
import { post } from '../../transport/post.ts';
import type { Interaction } from './interaction.ts';

/** *Send me the file*: as far as the list has got. */
export async function sendFile(interaction: Interaction): Promise<void> {
  await send(interaction, (job) => `Here is *${shown(job.name, 80)}*, as far as it has got:`);
}

/** *Unmatched only*: for another try elsewhere. */
export async function sendUnmatched(interaction: Interaction): Promise<void> {
  await send(interaction, (job) => `The leads of *${shown(job.name, 80)}* that Apollo does not know:`, {
    outcomes: ['unmatched'],
  });
}

/** *Another format*: as Excel, or ready for another tool. The value is that of the option: `csv`, `hubspot` …, a space, the list. */
export async function sendAs(interaction: Interaction): Promise<void> {
  const [format = '', value = ''] = interaction.value.split(' ');
  const as = formatOf(format);
  if (!as) return;
  await send({ ...interaction, value }, (job) => `Here is *${shown(job.name, 80)}* as ${as.words}:`, { as });
}

/** Into the DM with whoever pressed: results are people's data, and not for a channel. */
async function send(
  interaction: Interaction,
  words: (job: JobStatus) => string,
  choice: FileChoice = {},
): Promise<void> {
  const { services, client, workspace, user, value } = interaction;
  await services.permissions.require('enrich', interaction);
  await services.access.require(interaction, value);
  const job = await services.jobService.find(workspace, value);
  const { channel } = await post(client, workspace, { channel: user }, answer(words(job)));
  // Over a modal nobody sees the direct message come.
  if (interaction.modal) await interaction.show(answer('The file comes in a direct message.'));
  await services.jobService.deliver(job, { channel }, choice);
}
