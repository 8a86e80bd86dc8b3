import { jobMessage } from '../../messages/jobs.ts';
import type { Subcommand } from './invocation.ts';
import { needsId } from './needs-id.ts';

export const resume: Subcommand = async ({ services, client, workspace, user, rest, reader }) => {
  if (rest === '') return needsId('resume');
  await services.permissions.require('enrich', { client, workspace, user });
  const job = await services.desk.resume(workspace, rest, user);
  return jobMessage(job, await reader(), 'It goes on. What was found before is not paid for again.');
};
