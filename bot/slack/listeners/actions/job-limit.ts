import { ACTION } from '../../action-ids.ts';
import { openModal } from '../../modal.ts';
import { jobLimitView } from '../../views/job-limit.ts';
import type { Press } from './press.ts';

/** *Raise limit* on a list that stopped there, and *Change limit* on one that has not reached it. */
export async function askJobLimit(press: Press): Promise<void> {
  const { services, client, workspace, user, trigger, value } = press;
  const { access, clock, desk, log, permissions } = services;
  const build = async () => {
    await permissions.require('enrich', press);
    await access.require(press, value);
    return jobLimitView(await desk.unfinished(workspace, value), await press.reader());
  };
  const again = { action: ACTION.jobLimit, value };
  const context = { client, workspace, clock, log, deed: 'job limit', user, again };
  await openModal(context, trigger, 'Credit limit', build());
}
