import { recipientsIn } from '../../views/recipients.ts';
import { type ReviewMemo, reviewView } from '../../views/review.ts';
import { scheduleIn } from '../../views/schedule.ts';
import { changedList, reviewModelOf } from '../review-model.ts';
import type { Interaction } from './interaction.ts';

/** *Estimate again* in the review, after columns, or how the list is read, were corrected. */
export async function reestimate(interaction: Interaction): Promise<void> {
  const { services, workspace, user, modal } = interaction;
  if (!modal) return;
  await services.permissions.require('enrich', interaction);
  const memo = JSON.parse(modal.private_metadata) as ReviewMemo;
  if (!('job' in memo)) return;
  // The form may name a job that an earlier press has replaced.
  const job = await services.jobService.find(workspace, await services.lists.current(memo.job));
  await interaction.heard('Estimating again.', async () => {
    const again = await changedList(services, job, modal.state.values);
    const note = again ? 'This is the estimate of the list as you said.' : 'Nothing was changed.';
    return reviewView(
      await reviewModelOf(services, again ?? job, {
        user,
        reader: await interaction.reader(),
        note,
        memo: { ...memo, open: true },
        to: recipientsIn(modal.state.values),
        every: scheduleIn(modal.state.values).every,
      }),
    );
  });
}

/** *Change columns*: a select for each field, in the place of the lines. */
export async function changeColumns(interaction: Interaction): Promise<void> {
  const { services, workspace, user, modal } = interaction;
  if (!modal) return;
  const memo = JSON.parse(modal.private_metadata) as ReviewMemo;
  if (!('job' in memo)) return;
  const job = await services.jobService.find(workspace, await services.lists.current(memo.job));
  await interaction.heard('One moment.', async () =>
    reviewView(
      await reviewModelOf(services, job, {
        user,
        reader: await interaction.reader(),
        memo: { ...memo, open: true },
        to: recipientsIn(modal.state.values),
        every: scheduleIn(modal.state.values).every,
      }),
    ),
  );
}
