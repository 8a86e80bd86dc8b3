import path from 'node:path';
import { PRESETS, type Preset } from '@connectionsphere/core';
import { type Command, Option } from 'commander';
import { moment, plural } from '../../words.ts';
import { checkedOut, defaultOut, writingTo } from '../list-source.ts';
import { sessionOf } from '../session.ts';
import { UsageError } from '../usage-error.ts';

interface ResultsFlags {
  readonly out?: string;
  readonly preset?: Preset;
  /** False for `--no-guard`. */
  readonly guard: boolean;
  readonly link?: boolean;
}

export function addResults(program: Command): void {
  program
    .command('results')
    .description('write what was found for a list, as far as it is, to a file; nothing is spent')
    .argument('<id>', 'of the job, as "jobs" lists it')
    .option('--out <file>', 'where it goes, .csv or .xlsx; in this folder unless given')
    .addOption(
      new Option(
        '--preset <tool>',
        'ready for this tool: its columns, and only people it can contact',
      ).choices(PRESETS),
    )
    .option('--no-guard', 'leave cells as they are, those that a spreadsheet would execute too')
    .option(
      '--link',
      'print a one-time link to it for a person without an account, in place of writing it; npm start must be running',
    )
    .action(async (id: string, { out, preset, guard, link }: ResultsFlags, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      if (link) {
        if (out !== undefined || preset !== undefined) {
          throw new UsageError(
            '--link goes without --out and --preset: the person who opens the link chooses a CSV or an Excel file.',
          );
        }
        const { url, until } = await withCommands((commands) => commands.makeResultLink(workspace, id));
        output.result(
          { url, workspace, job: id, until: new Date(until).toISOString() },
          `${url}\n\nThe person who opens it before ${moment(until)} can download the result of list ${id} of workspace "${workspace}", once.`,
        );
        return;
      }
      const chosen = out === undefined ? undefined : checkedOut(out);
      await withCommands(async (commands) => {
        const job = await commands.job(workspace, id);
        if (preset !== undefined && job.kind === 'companies') {
          throw new UsageError(
            `${job.name} is a list of companies, and ${preset} contacts people. Leave --preset out for the companies themselves.`,
          );
        }
        const target = chosen ?? defaultOut(path.resolve(path.basename(job.name)), preset);
        const writing = { ...writingTo(target), preset, guard };
        const { rows } = await commands.writeResults(workspace, id, target, writing);
        output.result(
          { job: id, out: target, rows, preset: preset ?? null },
          `${plural(rows, 'row')} written to ${path.relative('.', target) || target}${preset === undefined ? '' : `, ready for ${preset}`}`,
        );
      });
    });
}
