import type { Command } from 'commander';
import { refuseKeyOnCommandLine, slotNumber } from '../options.ts';
import { askForKey } from '../questions.ts';
import { sessionOf } from '../session.ts';
import { reportConnected } from '../slot-report.ts';

export function addReplace(program: Command): void {
  const replace = program
    .command('replace')
    .description('put another key into a connected self-service slot')
    .argument('<slot>', 'which slot', slotNumber)
    .option('--label <text>', 'what to call it; the old label stays unless given');
  refuseKeyOnCommandLine(replace).action(
    async (slot: number, { label }: { label?: string }, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      const key = await askForKey();
      await withCommands(async (commands) => {
        const connected = await commands.replace({ workspace, key, label, slot });
        reportConnected(output, connected, await commands.listSlots(workspace));
      });
    },
  );
}
