import type { Command } from 'commander';
import { OPERATOR_OF_SERVER } from '../../commands.ts';
import { moment } from '../../words.ts';
import { refuseKeyOnCommandLine, slotNumber } from '../options.ts';
import { askForKey } from '../questions.ts';
import { sessionOf } from '../session.ts';
import { reportConnected } from '../slot-report.ts';

export function addConnect(program: Command): void {
  const connect = program
    .command('connect')
    .description('put an Apollo key, from a hidden prompt or standard input, into a self-service slot')
    .option('--label <text>', 'what to call it')
    .option('--slot <number>', 'which slot; the first free one unless given', slotNumber)
    .option('--link', 'print a one-time link for the person who has the key; npm start must be running');
  refuseKeyOnCommandLine(connect).action(
    async ({ label, slot, link }: { label?: string; slot?: number; link?: boolean }, command: Command) => {
      const { output, workspace, withCommands } = sessionOf(command);
      if (link) {
        const made = await withCommands((commands) =>
          commands.makeLink({
            workspace,
            by: OPERATOR_OF_SERVER,
            purpose: { kind: 'connect', slot },
          }),
        );
        output.result(
          { url: made.url, workspace, slot: slot ?? null, until: new Date(made.until).toISOString() },
          `${made.url}\n\nThe person who opens it before ${moment(made.until)} can put one key into ${slot === undefined ? 'a free self-service slot' : `slot ${slot}`} of workspace "${workspace}".`,
        );
        return;
      }
      const key = await askForKey();
      await withCommands(async (commands) => {
        const connected = await commands.connect({ workspace, key, label, slot });
        reportConnected(output, connected, await commands.listSlots(workspace));
      });
    },
  );
}
