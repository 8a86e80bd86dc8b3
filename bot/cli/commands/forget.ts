import type { Command } from 'commander';
import { plural } from '../../words.ts';
import { confirmedIfAsked } from '../questions.ts';
import { sessionOf } from '../session.ts';

export function addForget(program: Command): void {
  program
    .command('forget')
    .description('remove a person everywhere and never look the person up again; there is no way back')
    .argument('<who>', 'an e-mail address, a LinkedIn profile address or an Apollo person id')
    .option('--yes', 'do not ask')
    .action(async (who: string, { yes }: { yes?: boolean }, command: Command) => {
      const { output, workspace, withDesk } = sessionOf(command);
      if (!yes) await confirmedIfAsked(`Forget ${who} everywhere, for good?`);
      const forgotten = await withDesk((desk) => desk.forget(workspace, who));
      const removed = `${plural(forgotten.results, 'known result')} and ${plural(forgotten.rows, 'row')} of your lists`;
      output.result(
        { forgotten: true, ...forgotten },
        `Forgotten: ${removed} were emptied, and nobody will look this person up again. Files that you have already written are yours to clean.`,
      );
    });
}
