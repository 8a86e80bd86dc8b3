import type { Subcommand } from './invocation.ts';

export const credits: Subcommand = async (invocation) =>
  await invocation.services.model.credits(invocation, await invocation.reader());
