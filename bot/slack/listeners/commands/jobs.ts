import { jobsMessage } from '../../messages/jobs.ts';
import type { Subcommand } from './invocation.ts';

export const jobs: Subcommand = async ({ services, workspace, reader }) =>
  jobsMessage(await services.core.jobs.list(workspace), 0, await reader());
