import { JobError } from '@connectionsphere/core';
import { ACTION } from '../../action-ids.ts';
import { openModal } from '../../modal.ts';
import { reviewView } from '../../views/review.ts';
import { plainStateWords } from '../../words/job-words.ts';
import { reviewModelOf } from '../review-model.ts';
import type { Interaction } from './interaction.ts';

/** *Check and start* in a direct message: the review of a list that was read. */
export async function openReview(interaction: Interaction): Promise<void> {
  const { services, workspace, user, value } = interaction;
  const { jobService, lists, permissions } = services;
  const build = async () => {
    await permissions.require('enrich', interaction);
    const job = await jobService.find(workspace, await lists.current(value));
    if (job.state !== 'ready')
      throw new JobError(`This list is ${plainStateWords(job.state)} already. \`/apollo jobs\` shows it.`);
    return reviewView(await reviewModelOf(services, job, { user, reader: await interaction.reader() }));
  };
  const again = { action: ACTION.review, value };
  await openModal(interaction, { deed: 'review', title: 'Check and start', build, again });
}
