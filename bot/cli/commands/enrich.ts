import { type Core, PRESETS, type Preset } from '@connectionsphere/core';
import { type Command, Option } from 'commander';
import { count } from '../../words.ts';
import { type PreparedList, prepareList } from '../list.ts';
import { addListOptions, type ListFlags } from '../list-options.ts';
import { estimateText } from '../list-report.ts';
import { checkedOut, defaultOut } from '../list-source.ts';
import { confirmed } from '../questions.ts';
import { runJob } from '../run-job.ts';
import { type Session, sessionOf } from '../session.ts';
import { UsageError } from '../usage-error.ts';

interface EnrichFlags extends ListFlags {
  readonly out?: string;
  readonly yes?: boolean;
  readonly preset?: Preset;
  /** False for `--no-guard`. */
  readonly guard?: boolean;
}

export function addEnrich(program: Command): void {
  const enrich = program
    .command('enrich')
    .description('append contact data to a list; asks before anything is spent')
    .argument('<file>', 'CSV, TSV, NDJSON, JSON or XLSX')
    .option('--out <file>', 'where the enriched list goes, .csv or .xlsx; beside the list unless given')
    .addOption(
      new Option(
        '--preset <tool>',
        'ready for this tool: its columns, and only people it can contact',
      ).choices(PRESETS),
    )
    .option('--no-guard', 'leave cells as they are, those that a spreadsheet would execute too')
    .option('--yes', 'spend without asking');
  addListOptions(enrich).action(async (file: string, flags: EnrichFlags, command: Command) => {
    const session = sessionOf(command);
    const out = flags.out === undefined ? defaultOut(file, flags.preset) : checkedOut(flags.out, file);
    await session.withCore(async (core) => {
      const list = await prepareList(session, core, file, flags, {
        out,
        ...(flags.preset !== undefined && { preset: flags.preset }),
        ...(flags.guard === false && { guard: false }),
      });
      await agreed(session, core, list, flags.yes ?? false);
      await runJob(session, core, list.job.id, out);
    });
  });
}

/** Shows what it would cost; a job that nobody wants is taken away again. */
async function agreed(
  { output, workspace }: Session,
  core: Core,
  list: PreparedList,
  yes: boolean,
): Promise<void> {
  const { job } = list;
  const { lookups, mostCredits, seconds } = job.estimate;
  try {
    output.say(`${estimateText(list)}\n`);
    if (lookups === 0) return;
    if (seconds === undefined) {
      const { words } = await core.slots.list(workspace);
      throw new UsageError(
        `No Apollo key is connected, so no lead can be looked up (${words}). Connect one first: ./connectionsphere connect`,
      );
    }
    if (!yes)
      await confirmed(`Spend up to ${count(Math.min(mostCredits, job.creditLimit ?? mostCredits))} credits?`);
  } catch (error) {
    await core.jobs.discard(job.id);
    throw error;
  }
}
