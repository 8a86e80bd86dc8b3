import { jobMessage } from '../../messages/jobs.ts';
import type { Subcommand } from './invocation.ts';
import { needsId } from './needs-id.ts';

export const cancel: Subcommand = async ({ services, client, workspace, user, rest, reader }) => {
  if (rest === '') return needsId('cancel');
  await services.permissions.require('enrich', { client, workspace, user });
  const job = await services.desk.cancel(workspace, rest);
  return jobMessage(
    job,
    await reader(),
    'Cancelled. What was found so far stays, and costs nothing next time.',
  );
};
