import path from 'node:path';
import type { Command } from 'commander';
import { LISTING } from '../../commands.ts';
import { jobOf } from '../../job.ts';
import { checkedOut, type OwnListSource } from '../list-source.ts';
import { credits } from '../options.ts';
import { runJob } from '../run-job.ts';
import { sessionOf } from '../session.ts';

interface ResumeFlags {
  readonly out?: string;
  /** Credits. */
  readonly limit?: number;
}

export function addResume(program: Command): void {
  program
    .command('resume')
    .description(
      'go on with a paused or cancelled list where it was, also after a crash; or fetch the late phones of a finished one and write it again; nothing is paid twice',
    )
    .argument('<id>', 'of the job, as "jobs" lists it')
    .option(
      '--out <file>',
      'where the enriched list goes, .csv or .xlsx; where it was to go before unless given',
    )
    .option('--limit <credits>', 'a new limit for the whole job, what is spent already included', credits)
    .action(async (id: string, { out, limit }: ResumeFlags, command: Command) => {
      const session = sessionOf(command);
      const chosen = out === undefined ? undefined : checkedOut(out);
      await session.withCore(async (core) => {
        const job = await jobOf(core, session.workspace, id, LISTING);
        const before = (job.source as OwnListSource).out;
        if (limit !== undefined) await core.jobs.setCreditLimit(id, limit);
        await runJob(session, core, id, chosen ?? before ?? path.resolve(`${id}-enriched.csv`));
      });
    });
}
