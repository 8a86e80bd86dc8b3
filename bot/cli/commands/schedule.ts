import { SCHEDULE_PERIODS, type Schedule, type SchedulePeriod } from '@connectionsphere/core';
import { type Command, Option } from 'commander';
import { DEFAULT_SCHEDULE_DAYS, scheduleDocument, scheduleWords } from '../../schedule-words.ts';
import { days } from '../options.ts';
import { sessionOf } from '../session.ts';
import { UsageError } from '../usage-error.ts';

interface ScheduleFlags {
  readonly every?: SchedulePeriod;
  readonly olderThan?: number;
  readonly off?: boolean;
}

export function addSchedule(program: Command): void {
  program
    .command('schedule')
    .description('have a list run again every week or month by the server; show that, or switch it off')
    .argument('<id>', 'of the job, as "jobs" lists it')
    .addOption(
      new Option('--every <period>', 'how often; beginning one from now').choices([...SCHEDULE_PERIODS]),
    )
    .option(
      '--older-than <days>',
      `ask again for answers older than this; ${DEFAULT_SCHEDULE_DAYS} unless given`,
      days,
    )
    .option('--off', 'run it no longer')
    .action(async (id: string, { every, olderThan, off }: ScheduleFlags, command: Command) => {
      if (off && every) throw new UsageError('Give either --every or --off.');
      if (olderThan !== undefined && !every)
        throw new UsageError('With --older-than, say how often: --every week or --every month.');
      const { output, workspace, withCommands } = sessionOf(command);
      const schedule = await withCommands(async (commands) => {
        if (every)
          return await commands.setSchedule(workspace, id, {
            every,
            olderThanDays: olderThan ?? DEFAULT_SCHEDULE_DAYS,
          });
        if (off) await commands.removeSchedule(workspace, id);
        return (await commands.job(workspace, id)).schedule;
      });
      output.result(
        { job: id, schedule: schedule ? scheduleDocument(schedule) : null },
        scheduleText(id, schedule),
      );
    });
}

function scheduleText(id: string, schedule: Schedule | undefined): string {
  if (!schedule)
    return `This list does not run again by itself. Have it run with: ./connectionsphere schedule ${id} --every week`;
  const problem = schedule.last?.problem;
  return [
    `This list runs again ${scheduleWords(schedule)}, as long as its rows are kept and the server ("serve") runs.`,
    ...(problem === undefined ? [] : [`The last time it did not run. ${problem}`]),
    `Switch it off with: ./connectionsphere schedule ${id} --off`,
  ].join('\n');
}
