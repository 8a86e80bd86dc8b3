import type { Subcommand } from './invocation.ts';

export const credits: Subcommand = async (invocation) =>
  await invocation.services.facts.credits(invocation, await invocation.reader());
