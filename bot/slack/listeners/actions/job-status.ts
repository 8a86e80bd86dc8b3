import { jobsMessage } from '../../messages/jobs.ts';
import { listMessage } from '../list-message.ts';
import type { Interaction } from './interaction.ts';

/** *Open* on a list. */
export async function showJob(interaction: Interaction): Promise<void> {
  const { services, workspace, value } = interaction;
  await services.access.require(interaction, value);
  await interaction.show(await listMessage(interaction, await services.jobService.find(workspace, value)));
}

/** A page of the lists. */
export async function showJobs(interaction: Interaction): Promise<void> {
  const { services, value } = interaction;
  const lists = await services.access.list(interaction);
  await interaction.show(jobsMessage(lists, Number(value), await interaction.reader()));
}
