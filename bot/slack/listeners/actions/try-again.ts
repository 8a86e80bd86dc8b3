import type { Job } from '@connectionsphere/core';
import { ACTION } from '../../action-ids.ts';
import { openModal } from '../../modal.ts';
import { reviewView } from '../../views/review.ts';
import { reviewModelOf } from '../review-model.ts';
import type { Interaction } from './interaction.ts';

/** *Try failed again*: the rows that failed become a list of their own, with an estimate. */
export async function tryAgain(interaction: Interaction): Promise<void> {
  await reviewAnother(interaction, ACTION.again, (job) =>
    interaction.services.lists.part(job, ['failed'], `${job.name} (failed leads)`),
  );
}

/** *Start over* on a list that was cancelled: the same list, of which nothing that is known costs anything. */
export async function startOver(interaction: Interaction): Promise<void> {
  await reviewAnother(interaction, ACTION.startOver, (job) => interaction.services.lists.copy(job));
}

async function reviewAnother(
  interaction: Interaction,
  action: string,
  make: (job: Job) => Promise<Job>,
): Promise<void> {
  const { services, workspace, user, value } = interaction;
  const { access, jobService } = services;
  const build = async () => {
    await access.requireControl(interaction, value);
    const another = await make(await jobService.find(workspace, value));
    return reviewView(await reviewModelOf(services, another, { user, reader: await interaction.reader() }));
  };
  const again = { action, value };
  await openModal(interaction, { deed: action, title: 'Check and start', build, again });
}
