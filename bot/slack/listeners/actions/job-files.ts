import type { JobStatus } from '@connectionsphere/core';
import { shown } from '../../blocks.ts';
import type { FileChoice } from '../../jobs/job-service.ts';
import { formatOf, LINK } from '../../lists/result-format.ts';
import { answer } from '../../messages/answer.ts';
import { resultLinkMessage } from '../../messages/result-link.ts';
import { post } from '../../transport/post.ts';
import type { Interaction } from './interaction.ts';

/** *Send me the file*: as far as the list has got. */
export async function sendFile(interaction: Interaction): Promise<void> {
  await send(interaction, (job) => `Here is *${shown(job.name, 80)}*, as far as it has got:`);
}

/** *Not found only*: for another try elsewhere. */
export async function sendUnmatched(interaction: Interaction): Promise<void> {
  await send(interaction, (job) => `The leads of *${shown(job.name, 80)}* that Apollo does not know:`, {
    outcomes: ['unmatched'],
  });
}

/** *Another format*: as Excel, ready for another tool, or by a one-time link. The value is that of the option: `csv`, `hubspot` …, a space, the list. */
export async function sendAs(interaction: Interaction): Promise<void> {
  const [format = '', value = ''] = interaction.value.split(' ');
  if (format === LINK) return await linkResult({ ...interaction, value });
  const as = formatOf(format);
  if (!as) return;
  await send({ ...interaction, value }, (job) => `Here is *${shown(job.name, 80)}* as ${as.words}:`, { as });
}

/**
 * *One-time link*: to the result, for a person who is not here, or where Slack takes no file. Shown to whoever pressed, who
 * passes it on.
 */
export async function linkResult(interaction: Interaction): Promise<void> {
  const { services } = interaction;
  const job = await listFor(interaction);
  const made = await services.pages?.link(interaction, { kind: 'result', job });
  await interaction.show(resultLinkMessage(job, made?.url));
}

/** The list of the button, for who may see it and have lists enriched. Throws for others. */
async function listFor(interaction: Interaction): Promise<JobStatus> {
  const { services, workspace, value } = interaction;
  await services.access.requireControl(interaction, value);
  return await services.jobService.find(workspace, value);
}

/** Into the DM with whoever pressed: results are people's data, and not for a channel. */
async function send(
  interaction: Interaction,
  words: (job: JobStatus) => string,
  choice: FileChoice = {},
): Promise<void> {
  const { services, client, workspace, user } = interaction;
  const job = await listFor(interaction);
  const { channel } = await post(client, workspace, { channel: user }, answer(words(job)));
  // Over a modal nobody sees the direct message come.
  if (interaction.modal) await interaction.show(answer('The file comes in a direct message.'));
  await services.jobService.deliver(job, { channel }, choice);
}
