import { jobMessage, jobsMessage } from '../../messages/jobs.ts';
import type { Subcommand } from './invocation.ts';

export const status: Subcommand = async ({ services, workspace, rest, reader }) => {
  if (rest === '') return jobsMessage(await services.core.jobs.list(workspace), 0, await reader());
  return jobMessage(await services.desk.find(workspace, rest), await reader());
};
