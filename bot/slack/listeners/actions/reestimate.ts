import { corrected } from '../../lists/lists.ts';
import { type ReviewMemo, reviewView } from '../../views/review.ts';
import { areOther, choicesIn, reviewFactsOf } from '../review-facts.ts';
import type { Press } from './press.ts';

/** *Estimate again* in the review, after columns were corrected. */
export async function reestimate(press: Press): Promise<void> {
  const { services, workspace, user, modal } = press;
  if (!modal) return;
  await services.permissions.require('enrich', press);
  const memo = JSON.parse(modal.private_metadata) as ReviewMemo;
  if (!('job' in memo)) return;
  // The form may name a job that an earlier press has replaced.
  const job = await services.desk.find(workspace, await services.lists.current(memo.job));
  const choices = choicesIn(modal.state.values);
  const note = areOther(choices, job.mapping)
    ? 'This is the estimate with your columns.'
    : 'Nothing was changed.';
  await press.heard('Estimating again.', async () => {
    const again = areOther(choices, job.mapping)
      ? await services.lists.remap(job, corrected(job.mapping, choices))
      : job;
    return reviewView(
      await reviewFactsOf(services, again, { user, reader: await press.reader(), note, open: true }),
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
    reviewView(await reviewFactsOf(services, job, { user, reader: await press.reader(), open: true })),
  );
}
