import type { Command } from 'commander';
import { plural } from '../../words.ts';
import { sessionOf } from '../session.ts';

export function addRotateKeys(program: Command): void {
  program
    .command('rotate-keys')
    .description('for operators: encrypt every stored key anew with the first of ENCRYPTION_KEYS')
    .action(async (_: object, command: Command) => {
      const { output, withCore } = sessionOf(command);
      const rotation = await withCore((core) => core.slots.rotate());
      const { resealed, alreadyCurrent, unreadable } = rotation;
      const lines = [
        `${plural(resealed, 'key')} encrypted anew, ${plural(alreadyCurrent, 'key')} as it was.`,
        ...unreadable.map(
          ({ workspace, slot, reason }) => `Slot ${slot} of ${workspace} was left as it is: ${reason}`,
        ),
      ];
      output.result(rotation, lines.join('\n'));
      if (unreadable.length > 0) process.exitCode = 1;
    });
}
