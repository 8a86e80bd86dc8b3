import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { plural } from '../../words.ts';
import { confirmedIfAsked } from '../questions.ts';
import { sessionOf } from '../session.ts';
import { UsageError } from '../usage-error.ts';

interface Flags {
  readonly file?: string;
  readonly yes?: boolean;
}

export function addForget(program: Command): void {
  program
    .command('forget')
    .description('remove people everywhere and never look them up again; this cannot be undone')
    .argument(
      '[who...]',
      'e-mail or LinkedIn profile addresses, Apollo person ids, domains for everybody at them',
    )
    .option('--file <path>', 'a suppression list: a file with one of them a line')
    .option('--yes', 'do not ask')
    .action(async (given: string[], { file, yes }: Flags, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      const who = [...given, ...(file === undefined ? [] : await linesOf(file))];
      const [first] = who;
      if (first === undefined) {
        throw new UsageError(
          'Say whom to forget: ./connectionsphere forget ada@contoso.com, or --file FILE.',
        );
      }
      const whom = who.length === 1 ? first : plural(who.length, 'entry', 'entries');
      if (!yes) await confirmedIfAsked(`Forget ${whom} everywhere, for good?`);
      const forgotten = await withCommands((commands) => commands.forget(workspace, who));
      const { remains } = forgotten;
      const removed = `${plural(forgotten.results, 'known result')} and ${plural(forgotten.rows, 'row')} of your lists`;
      output.result(
        { forgotten: true, ...forgotten },
        [
          `Forgotten: ${removed} were emptied, and ${who.length === 1 ? 'this person is' : 'they are'} not looked up again.`,
          'Files that you have already written, backups, and messages in Slack are yours to clean.',
          ...remains.map((each) => `It still stands ${each}.`),
        ].join('\n'),
      );
    });
}

/** The first column of a list with nothing else in it; a header that is none of them is left out. */
async function linesOf(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path} could not be read (${error.code ?? error.message}).`);
  });
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/^"(.*)"$/, '$1'))
    .filter((line, index) => line !== '' && (index > 0 || /[@./]|^[0-9a-f]{24}$/.test(line)));
}
