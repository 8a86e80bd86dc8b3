import type { Command } from 'commander';
import { refuseKeyOnCommandLine, slotNumber } from '../options.ts';
import { askForKey } from '../questions.ts';
import { sessionOf } from '../session.ts';
import { reportConnected } from '../slot-report.ts';

export function addConnect(program: Command): void {
  const connect = program
    .command('connect')
    .description('put an Apollo key, from a hidden prompt or standard input, into a self-service slot')
    .option('--label <text>', 'what to call it')
    .option('--slot <number>', 'which slot; the first free one unless given', slotNumber);
  refuseKeyOnCommandLine(connect).action(
    async ({ label, slot }: { label?: string; slot?: number }, command: Command) => {
      const { output, workspace, withDesk } = sessionOf(command);
      const key = await askForKey();
      await withDesk(async (desk) => {
        const connected = await desk.connect({ workspace, key, label, slot });
        reportConnected(output, connected, await desk.listSlots(workspace));
      });
    },
  );
}
