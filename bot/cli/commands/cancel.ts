import type { Command } from 'commander';
import { jobOf } from '../../job.ts';
import { jobDocument, jobText, LISTING } from '../job-report.ts';
import { sessionOf } from '../session.ts';

export function addCancel(program: Command): void {
  program
    .command('cancel')
    .description('end a list for good; what was found stays known')
    .argument('<id>', 'of the job, as "jobs" lists it')
    .action(async (id: string, _: object, command: Command) => {
      const { output, workspace, withCore } = sessionOf(command);
      const job = await withCore(async (core) => {
        await jobOf(core, workspace, id, LISTING);
        await core.jobs.cancel(id);
        return await jobOf(core, workspace, id, LISTING);
      });
      output.result(jobDocument(job), jobText(job));
    });
}
