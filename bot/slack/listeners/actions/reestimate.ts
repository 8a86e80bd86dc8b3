import { recipientsIn } from '../../views/recipients.ts';
import { type ReviewMemo, reviewView } from '../../views/review.ts';
import { changedList, reviewFactsOf } from '../review-facts.ts';
import type { Press } from './press.ts';

/** *Estimate again* in the review, after columns, or how the list is read, were corrected. */
export async function reestimate(press: Press): Promise<void> {
  const { services, workspace, user, modal } = press;
  if (!modal) return;
  await services.permissions.require('enrich', press);
  const memo = JSON.parse(modal.private_metadata) as ReviewMemo;
  if (!('job' in memo)) return;
  // The form may name a job that an earlier press has replaced.
  const job = await services.desk.find(workspace, await services.lists.current(memo.job));
  await press.heard('Estimating again.', async () => {
    const again = await changedList(services, job, modal.state.values);
    const note = again ? 'This is the estimate of the list as you said.' : 'Nothing was changed.';
    return reviewView(
      await reviewFactsOf(services, again ?? job, {
        user,
        reader: await press.reader(),
        note,
        memo: { ...memo, open: true },
        to: recipientsIn(modal.state.values),
      }),
    );
  });
}

/** *Change columns*: a select for each field, in the place of the lines. */
export async function changeColumns(press: Press): Promise<void> {
  const { services, workspace, user, modal } = press;
  if (!modal) return;
  const memo = JSON.parse(modal.private_metadata) as ReviewMemo;
  if (!('job' in memo)) return;
  const job = await services.desk.find(workspace, await services.lists.current(memo.job));
  await press.heard('One moment.', async () =>
    reviewView(
      await reviewFactsOf(services, job, {
        user,
        reader: await press.reader(),
        memo: { ...memo, open: true },
        to: recipientsIn(modal.state.values),
      }),
    ),
  );
}
