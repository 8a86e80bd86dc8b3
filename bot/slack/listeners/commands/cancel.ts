import { nameOf } from '../../words/job-words.ts';
import { tellOwner } from '../deeds.ts';
import { listMessage } from '../list-message.ts';
import type { Subcommand } from './invocation.ts';
import { needsId } from './needs-id.ts';

export const cancel: Subcommand = async (invocation) => {
  const { services, workspace, rest } = invocation;
  if (rest === '') return needsId('cancel');
  await services.permissions.require('enrich', invocation);
  await services.access.require(invocation, rest);
  const job = await services.jobService.cancel(workspace, rest);
  await tellOwner(services, invocation, job.id, `cancelled your list *${nameOf(job)}*.`);
  return await listMessage(
    invocation,
    job,
    'Cancelled. What was found so far stays, and costs nothing when you start over.',
  );
};
