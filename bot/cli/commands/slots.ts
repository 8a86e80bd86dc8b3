import type { Command } from 'commander';
import { slotsDocument } from '../../slot-document.ts';
import { sessionOf } from '../session.ts';
import { slotsText } from '../slot-report.ts';

export function addSlots(program: Command): void {
  program
    .command('slots')
    .description('list the slots, who is in them and how they are')
    .option('--refresh', 'ask Apollo for credits and limits again first')
    .action(async ({ refresh }: { refresh?: boolean }, command: Command) => {
      const { output, workspace, withDesk } = sessionOf(command);
      const view = await withDesk((desk) =>
        refresh ? desk.refreshSlots(workspace) : desk.listSlots(workspace),
      );
      output.result(slotsDocument(view), slotsText(view));
    });
}
