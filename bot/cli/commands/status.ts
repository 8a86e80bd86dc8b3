import type { Command } from 'commander';
import { jobDocument, jobText } from '../job-report.ts';
import { sessionOf } from '../session.ts';

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('show one list: how far it is, what was found and spent')
    .argument('<id>', 'of the job, as "jobs" lists it')
    .action(async (id: string, _: object, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      const job = await withCommands((commands) => commands.job(workspace, id));
      output.result(jobDocument(job), jobText(job));
    });
}
