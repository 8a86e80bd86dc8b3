import type { Subcommand } from './invocation.ts';

export const credits: Subcommand = async ({ services, workspace, reader }) =>
  await services.facts.credits(workspace, await reader());
