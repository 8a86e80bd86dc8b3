import type { JobStatus } from '@connectionsphere/core';
import { nameOf } from '../../words/job-words.ts';
import { tellOwner } from '../deeds.ts';
import { listMessage } from '../list-message.ts';
import type { Interaction } from './interaction.ts';

/** *Pause*: after the calls under way. */
export async function pause(interaction: Interaction): Promise<void> {
  await control(interaction, 'paused', 'Paused. Nothing is lost.', (jobService) =>
    jobService.pause(interaction.workspace, interaction.value),
  );
}

export async function resume(interaction: Interaction): Promise<void> {
  await control(
    interaction,
    'resumed',
    'It goes on. What was found before is not paid for again.',
    (jobService) => jobService.resume(interaction.workspace, interaction.value, interaction.user),
  );
}

/** *Cancel*, after its confirmation. */
export async function cancel(interaction: Interaction): Promise<void> {
  await control(
    interaction,
    'cancelled',
    'Cancelled. What was found so far stays, and costs nothing when you start over.',
    (jobService) => jobService.cancel(interaction.workspace, interaction.value),
  );
}

async function control(
  interaction: Interaction,
  deed: string,
  note: string,
  act: (jobService: Interaction['services']['jobService']) => Promise<JobStatus>,
): Promise<void> {
  const { services, workspace } = interaction;
  await services.permissions.require('enrich', interaction);
  await services.access.require(interaction, interaction.value);
  const job = await act(services.jobService);
  await tellOwner(services, interaction, job.id, `${deed} your list *${nameOf(job)}*.`);
  // The progress message has moved by itself.
  const record = await services.repository.get(workspace, interaction.value);
  if (interaction.message !== undefined && interaction.message === record?.progress) return;
  await interaction.show(await listMessage(interaction, job, note));
}
