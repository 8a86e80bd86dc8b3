import type { Command } from 'commander';
import { jobDocument, jobText } from '../job-report.ts';
import { sessionOf } from '../session.ts';

export function addCancel(program: Command): void {
  program
    .command('cancel')
    .description('end a list; what was found stays, and "resume" takes it up again')
    .argument('<id>', 'of the job, as "jobs" lists it')
    .action(async (id: string, _: object, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      const job = await withCommands((commands) => commands.cancelJob(workspace, id));
      output.result(jobDocument(job), jobText(job));
    });
}
