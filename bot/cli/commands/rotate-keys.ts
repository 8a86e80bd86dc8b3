import { createVault } from '@connectionsphere/core';
import { loadKeyRing, readConfig } from '@connectionsphere/core/node';
import type { Command } from 'commander';
import { plural } from '../../words.ts';
import { sessionOf } from '../session.ts';

export function addRotateKeys(program: Command): void {
  program
    .command('rotate-keys')
    .description(
      'for operators: encrypt every stored key and Slack token anew with the first of ENCRYPTION_KEYS',
    )
    .action(async (_: object, command: Command) => {
      const { output, withOpenCore } = sessionOf(command);
      const rotation = await withOpenCore(async ({ core, ports }) => {
        // Slack's libraries are large, and no other command needs them.
        const { InstallationBook } = await import('../../slack/many-workspaces.ts');
        const vault = createVault(await loadKeyRing(readConfig(process.env)));
        return {
          ...(await core.slots.rotate()),
          installations: await new InstallationBook(ports, vault).rotate(),
        };
      });
      const { resealed, alreadyCurrent, unreadable, installations } = rotation;
      const known = installations.resealed + installations.alreadyCurrent + installations.unreadable.length;
      const lines = [
        `${plural(resealed, 'key')} encrypted anew, ${plural(alreadyCurrent, 'key')} left as ${alreadyCurrent === 1 ? 'it was' : 'they were'}.`,
        ...unreadable.map(
          ({ workspace, slot, reason }) => `Slot ${slot} of ${workspace} was left as it is: ${reason}`,
        ),
        ...(known > 0
          ? [
              `Slack tokens of ${plural(installations.resealed, 'workspace')} encrypted anew, of ${installations.alreadyCurrent} as they were.`,
            ]
          : []),
        ...installations.unreadable.map(
          ({ workspace, reason }) => `Slack tokens of ${workspace} were left as they are: ${reason}`,
        ),
      ];
      output.result(rotation, lines.join('\n'));
      if (unreadable.length + installations.unreadable.length > 0) process.exitCode = 1;
    });
}
