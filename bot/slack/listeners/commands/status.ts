import { listMessage } from '../list-message.ts';
import type { Subcommand } from './invocation.ts';
import { jobs } from './jobs.ts';

export const status: Subcommand = async (invocation) => {
  const { services, workspace, rest } = invocation;
  if (rest === '') return await jobs(invocation);
  await services.access.require(invocation, rest);
  return await listMessage(invocation, await services.jobService.find(workspace, rest));
};
