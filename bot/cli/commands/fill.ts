import type { Command } from 'commander';
import { refuseKeyOnCommandLine, slotNumber } from '../options.ts';
import { askForKey } from '../questions.ts';
import { sessionOf } from '../session.ts';
import { reportConnected } from '../slot-report.ts';

interface Flags {
  readonly label?: string;
  readonly newWorkspace?: boolean;
}

export function addFill(program: Command): void {
  const fill = program
    .command('fill')
    .description('for operators: put an Apollo key into a done-for-you slot')
    .argument('[slot]', 'which slot; the first free one unless given', slotNumber)
    .option('--label <text>', 'what to call it')
    .option('--new-workspace', 'the workspace is a new one: it has no key, token or request yet');
  refuseKeyOnCommandLine(fill).action(
    async (slot: number | undefined, { label, newWorkspace = false }: Flags, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      const key = await askForKey();
      await withCommands(async (commands) => {
        const connected = await commands.fill({ workspace, key, label, slot }, newWorkspace);
        reportConnected(output, connected, await commands.listSlots(workspace));
      });
    },
  );
}
