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
      const { output, workspace, withDesk } = sessionOf(command);
      await withDesk(async (desk) => {
        const emptied = await desk.disconnect({ workspace, slot });
        reportEmptied(output, emptied, await desk.listSlots(workspace));
      });
    });
}
