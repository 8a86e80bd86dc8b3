import { nameOf } from '../../words/job-words.ts';
import { tellOwner } from '../deeds.ts';
import { listMessage } from '../list-message.ts';
import type { Subcommand } from './invocation.ts';
import { needsId } from './needs-id.ts';

export const resume: Subcommand = async (invocation) => {
  const { services, workspace, user, rest } = invocation;
  if (rest === '') return needsId('resume');
  await services.permissions.require('enrich', invocation);
  await services.access.require(invocation, rest);
  const job = await services.jobService.resume(workspace, rest, user);
  await tellOwner(services, invocation, job.id, `resumed your list *${nameOf(job)}*.`);
  return await listMessage(invocation, job, 'It goes on. What was found before is not paid for again.');
};
