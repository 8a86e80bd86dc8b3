import { openSchedule } from '../open-schedule.ts';
import type { Subcommand } from './invocation.ts';
import { needsId } from './needs-id.ts';

export const schedule: Subcommand = async (invocation) => {
  const { rest } = invocation;
  if (rest === '') return needsId('schedule');
  await openSchedule(invocation, rest);
  return undefined;
};
