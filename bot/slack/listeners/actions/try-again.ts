import type { Job } from '@connectionsphere/core';
import { ACTION } from '../../action-ids.ts';
import { openModal } from '../../modal.ts';
import { reviewView } from '../../views/review.ts';
import { reviewFactsOf } from '../review-facts.ts';
import type { Press } from './press.ts';

/** *Try failed again*: the rows that failed become a list of their own, with an estimate. */
export async function tryAgain(press: Press): Promise<void> {
  await reviewAnother(press, ACTION.again, (job) =>
    press.services.lists.part(job, ['failed'], `${job.name} (failed leads)`),
  );
}

/** *Start over* on a list that was cancelled: the same list, of which nothing that is known costs anything. */
export async function startOver(press: Press): Promise<void> {
  await reviewAnother(press, ACTION.startOver, (job) => press.services.lists.copy(job));
}

async function reviewAnother(press: Press, action: string, make: (job: Job) => Promise<Job>): Promise<void> {
  const { services, client, workspace, user, value, trigger } = press;
  const { access, clock, desk, log, permissions } = services;
  const build = async () => {
    await permissions.require('enrich', press);
    await access.require(press, value);
    const another = await make(await desk.find(workspace, value));
    return reviewView(await reviewFactsOf(services, another, { user, reader: await press.reader() }));
  };
  const context = { client, workspace, clock, log, deed: action, user, again: { action, value } };
  await openModal(context, trigger, 'Check and start', build());
}
