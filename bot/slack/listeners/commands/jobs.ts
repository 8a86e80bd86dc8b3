import { jobsMessage } from '../../messages/jobs.ts';
import type { Subcommand } from './invocation.ts';

export const jobs: Subcommand = async (invocation) =>
  jobsMessage(await invocation.services.access.list(invocation), 0, await invocation.reader());
