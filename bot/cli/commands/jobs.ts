import type { Command } from 'commander';
import { jobDocument, jobsText } from '../job-report.ts';
import { sessionOf } from '../session.ts';

export function addJobs(program: Command): void {
  program
    .command('jobs')
    .description('list the lists, the newest first')
    .action(async (_: object, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      const jobs = await withCommands((commands) => commands.listJobs(workspace));
      output.result({ jobs: jobs.map((job) => jobDocument(job)) }, jobsText(jobs));
    });
}
