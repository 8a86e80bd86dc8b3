import type { Command } from 'commander';
import { slotNumber } from '../options.ts';
import { sessionOf } from '../session.ts';
import { reportEmptied } from '../slot-report.ts';

export function addDisconnect(program: Command): void {
  program
    .command('disconnect')
    .description('take the key out of a self-service slot')
    .argument('<slot>', 'which slot', slotNumber)
    .action(async (slot: number, _: object, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      await withCommands(async (commands) => {
        const emptied = await commands.disconnect({ workspace, slot });
        reportEmptied(output, emptied, await commands.listSlots(workspace));
      });
    });
}
