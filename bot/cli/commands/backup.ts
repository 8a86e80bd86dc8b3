import path from 'node:path';
import type { Command } from 'commander';
import { plural } from '../../words.ts';
import { sessionOf } from '../session.ts';

export function addBackup(program: Command): void {
  program
    .command('backup')
    .description(
      'for operators: copy the store into a file, also while npm start runs; without the encryption keys',
    )
    .argument('<file>', 'where to; it must not be there')
    .action(async (file: string, _: object, command: Command) => {
      const { output, withCommands } = sessionOf(command);
      const to = path.resolve(file);
      const { bytes } = await withCommands((commands) => commands.backup(to));
      output.result(
        { file: to, bytes },
        `${to}, ${plural(bytes, 'byte')}\nThe encryption keys are not in it: keep ENCRYPTION_KEYS, or encryption.keys in DATA_DIR, in another place. People who are forgotten from now on still stand in this file: delete it when you have a newer one.`,
      );
    });
}
