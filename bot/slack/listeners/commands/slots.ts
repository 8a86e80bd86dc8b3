import type { Subcommand } from './invocation.ts';

export const slots: Subcommand = async ({ services, workspace, reader }) =>
  await services.facts.slots(workspace, await reader());
