import type { Command } from 'commander';
import { slotsDocument } from '../../slot-document.ts';
import { slotShares } from '../options.ts';
import { sessionOf } from '../session.ts';
import { slotsText } from '../slot-report.ts';

interface Options {
  readonly refresh?: boolean;
  readonly share?: ReadonlyMap<number, number>;
}

export function addSlots(program: Command): void {
  program
    .command('slots')
    .description('list the slots, who is in them and how they are; sets the share of a limit that is used')
    .option('--refresh', 'ask Apollo for credits and limits again first')
    .option(
      '--share <slot=percent>',
      "use only so much of the rate limit of the slot's Apollo team and leave the rest to colleagues' other tools, such as 2=50; may be repeated",
      slotShares,
    )
    .action(async ({ refresh, share = new Map() }: Options, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      const view = await withCommands(async (commands) => {
        for (const [slot, percent] of share) await commands.setShare({ workspace, slot }, percent);
        return await (refresh ? commands.refreshSlots(workspace) : commands.listSlots(workspace));
      });
      output.result(slotsDocument(view), slotsText(view));
    });
}
