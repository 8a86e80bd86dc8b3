import { lookUp } from '../look-up.ts';
import { openEnrich } from '../open-enrich.ts';
import type { Subcommand } from './invocation.ts';

export const enrich: Subcommand = async (invocation) => {
  const { rest } = invocation;
  if (rest !== '') return await lookUp(invocation, rest);
  await openEnrich(invocation);
  return undefined;
};
