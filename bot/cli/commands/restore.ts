import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  type Config,
  checkEncryptionKeys,
  createLog,
  loadKeyRing,
  openPorts,
  readConfig,
  restoreBackup,
} from '@connectionsphere/core/node';
import type { Command } from 'commander';
import { recordDeed } from '../operator-deed.ts';
import { sessionOf } from '../session.ts';
import { UsageError } from '../usage-error.ts';

export function addRestore(program: Command): void {
  program
    .command('restore')
    .description('for operators: put a backup in the place of the store in DATA_DIR; npm start must not run')
    .argument('<file>', 'that "backup" has made')
    .option('--replace', 'where there is a store: keep it beside the restored one')
    .action(async (file: string, { replace = false }: { replace?: boolean }, command: Command) => {
      const { output } = sessionOf(command);
      const config = readConfig(process.env);
      if (config.redisUrl !== undefined) {
        throw new UsageError(
          'REDIS_URL is set, so the state is on Redis. Restore it there; or restore into DATA_DIR without REDIS_URL, and copy it with: ./connectionsphere move-store --to redis',
        );
      }
      const { keptAs } = await restoreBackup(file, config.dataDir, { replace, now: Date.now() });
      const missing = await afterRestore(config, keptAs);
      output.result(
        {
          restored: true,
          dataDir: config.dataDir,
          missingKeys: missing,
          ...(keptAs !== undefined && { keptAs }),
        },
        [
          `Restored into ${config.dataDir}.`,
          ...(keptAs === undefined ? [] : [`The store that was there is kept as ${keptAs}.`]),
          'What was spent, found and forgotten since the backup is not in it: look at the credits in Apollo, and have people forgotten again who asked for it since.',
          missing.length === 0
            ? 'Start with: npm start'
            : `The Apollo keys in it were encrypted with ${missing.map((id) => `"${id}"`).join(', ')}, which is not here: put it into ENCRYPTION_KEYS, or into ${config.dataDir}/encryption.keys, before you start.`,
        ].join('\n'),
      );
    });
}

/**
 * Records the deed in what was restored. Gives the ids of the encryption keys that it needs and that are not here. Throws
 * for a wrong one.
 */
async function afterRestore(config: Config, keptAs: string | undefined): Promise<readonly string[]> {
  const log = createLog({ level: 'warn' });
  await using opened = await openPorts(config, { command: 'connectionsphere restore', log });
  await recordDeed(opened.ports, config, 'store.restore', { keptAs });
  const isThere =
    config.encryptionKeys !== undefined || existsSync(path.join(config.dataDir, 'encryption.keys'));
  // None is made here: the right one is to come.
  return await checkEncryptionKeys(opened.ports, isThere ? await loadKeyRing(config) : undefined);
}
