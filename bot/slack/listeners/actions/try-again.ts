import { ACTION } from '../../action-ids.ts';
import { openModal } from '../../modal.ts';
import { reviewView } from '../../views/review.ts';
import { reviewFactsOf } from '../review-facts.ts';
import type { Press } from './press.ts';

/** *Try failed again*: the rows that failed become a list of their own, with an estimate. */
export async function tryAgain(press: Press): Promise<void> {
  const { services, client, workspace, user, value, trigger } = press;
  const { access, clock, desk, lists, log, permissions } = services;
  const build = async () => {
    await permissions.require('enrich', press);
    await access.require(press, value);
    const job = await desk.find(workspace, value);
    const again = await lists.part(job, ['failed'], `${job.name} (failed leads)`);
    return reviewView(await reviewFactsOf(services, again, { user, reader: await press.reader() }));
  };
  const context = {
    client,
    workspace,
    clock,
    log,
    deed: 'try again',
    user,
    again: { action: ACTION.again, value },
  };
  await openModal(context, trigger, 'Check and start', build());
}
