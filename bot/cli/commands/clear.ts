import type { Command } from 'commander';
import { slotNumber } from '../options.ts';
import { sessionOf } from '../session.ts';
import { reportEmptied } from '../slot-report.ts';

export function addClear(program: Command): void {
  program
    .command('clear')
    .description('for operators: take the key out of a done-for-you slot')
    .argument('<slot>', 'which slot', slotNumber)
    .action(async (slot: number, _: object, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      await withCommands(async (commands) => {
        const emptied = await commands.clear({ workspace, slot });
        reportEmptied(output, emptied, await commands.listSlots(workspace));
      });
    });
}
