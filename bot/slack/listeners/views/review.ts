import { isDeepStrictEqual } from 'node:util';
import { JobError, KindUnclearError, UnclearListError } from '@connectionsphere/core';
import { corrected, isListError } from '../../lists/lists.ts';
import type { Answer } from '../../modal.ts';
import type { Services } from '../../services.ts';
import { noticeView, waitingView } from '../../views/notice.ts';
import { readingIn } from '../../views/reading.ts';
import { audienceWords, recipientsIn } from '../../views/recipients.ts';
import { type ReviewMemo, reviewView } from '../../views/review.ts';
import { scheduleIn } from '../../views/schedule.ts';
import { changedList, choicesIn, reviewModelOf } from '../review-model.ts';
import { onSubmit, type Submitted } from './submit.ts';

const TITLE = 'Check and start';

/** *Start*: the first thing that spends. With columns changed since the estimate, it is estimated again first. */
export function review(services: Services) {
  return onSubmit(services, async (form) => {
    const { permissions } = services;
    const memo = JSON.parse(form.view.private_metadata) as ReviewMemo;
    const work = async (): Promise<Answer> => {
      await permissions.require('enrich', form);
      return 'job' in memo ? await start(services, form, memo) : await prepare(services, form, memo);
    };
    await form.answer({
      deed: 'start',
      title: TITLE,
      waiting: waitingView(TITLE, 'One moment.'),
      work,
    });
  });
}

async function start(
  services: Services,
  form: Submitted,
  memo: Extract<ReviewMemo, { job: string }>,
): Promise<Answer> {
  const { core, jobService, lists } = services;
  const { workspace, user, view } = form;
  const { values } = view.state;
  const reader = await form.reader();
  const job = await jobService.find(workspace, await lists.current(memo.job));
  if (job.state !== 'ready')
    return { show: noticeView(TITLE, 'This list was started already. `/apollo jobs` shows it.') };
  const to = recipientsIn(values);
  const { every, olderThanDays } = scheduleIn(values);
  const asked = { user, reader, memo, to, every };
  const again = await changedList(services, job, values);
  if (again) {
    const note = 'You changed something: this is the new estimate. Press *Start* again if it suits you.';
    return { show: reviewView(await reviewModelOf(services, again, { ...asked, note })) };
  }
  const { slots } = await core.slots.list(workspace);
  if (job.estimate.lookups > 0 && !slots.some(({ state }) => state === 'connected')) {
    const note =
      'No Apollo key is connected, so nobody can be looked up. Connect one with `/apollo connect`, then press *Start*.';
    return { show: reviewView(await reviewModelOf(services, job, { ...asked, note })) };
  }
  if (to && !isDeepStrictEqual(to, memo.seen)) {
    await requireColleagues(services, form, to.people);
    const model = { ...asked, note: audienceWords(to), memo: { ...memo, seen: to } };
    return { show: reviewView(await reviewModelOf(services, job, model)) };
  }
  await jobService.start(workspace, job.id, user, { to, from: memo.from });
  if (every) await core.jobs.schedules.set(job.id, { every, olderThanDays });
  return { close: true };
}

/** Results are for the people of the company. @throws {JobError} naming who is not. */
async function requireColleagues(
  { people }: Services,
  { client, workspace }: Submitted,
  users: readonly string[],
): Promise<void> {
  for (const user of users) {
    const person = await people.find({ client, workspace, user });
    if (person?.standing !== 'stranger') continue;
    throw new JobError(
      `<@${user}> is of another company, so the result is not sent there. Nothing was started.`,
    );
  }
}

/** Columns were chosen for a list in which none was recognised. */
async function prepare(
  services: Services,
  form: Submitted,
  memo: Exclude<ReviewMemo, { job: string }>,
): Promise<Answer> {
  const { lists } = services;
  const { client, workspace, user, view } = form;
  const { values } = view.state;
  const reader = await form.reader();
  await using stack = new AsyncDisposableStack();
  const { kind, ...reading } = readingIn(values);
  const file = await lists.open(client, { file: memo.file }, reading);
  stack.defer(() => file.close());
  const read = await lists.read(file);
  // Read otherwise, it may have other columns.
  const isOther = Object.keys(reading).length > 0;
  const mapping = isOther ? read.mapping : corrected(read.mapping, choicesIn(values));
  try {
    const job = await lists.prepare(workspace, file, mapping, memo.wish, kind);
    return { show: reviewView(await reviewModelOf(services, job, { user, reader })) };
  } catch (error) {
    if (!isListError(error)) throw error;
    const note =
      error instanceof KindUnclearError || !(error instanceof UnclearListError)
        ? error.message
        : 'Choose at least one column: an e-mail, a LinkedIn profile, or a name with a company.';
    return { show: reviewView({ ...read, mapping, memo, reader, note }) };
  }
}
