import { createLog, moveStore, readConfig } from '@connectionsphere/core/node';
import { type Command, Option } from 'commander';
import { plural } from '../../words.ts';
import { recordDeed } from '../operator-deed.ts';
import { sessionOf } from '../session.ts';

export function addMoveStore(program: Command): void {
  program
    .command('move-store')
    .description('for operators: copy everything between the store in DATA_DIR and the Redis of REDIS_URL')
    .addOption(
      new Option('--to <store>', 'where everything goes; it must be empty')
        .choices(['redis', 'embedded'])
        .makeOptionMandatory(),
    )
    .action(async ({ to }: { to: 'redis' | 'embedded' }, command: Command) => {
      const { output } = sessionOf(command);
      const config = readConfig(process.env);
      const { entries } = await moveStore(config, to, createLog({ level: 'warn' }), (target, moved) =>
        recordDeed(target, config, 'store.move', { to, entries: moved.entries }),
      );
      const next =
        to === 'redis'
          ? `It is used from now on wherever REDIS_URL is set. The store in ${config.dataDir} was left as it is: remove its files store.sqlite* when Redis is to be the only one, and keep its encryption.keys.`
          : `It is used from now on wherever REDIS_URL is not set. What is in Redis was left as it is: empty it when the store in ${config.dataDir} is to be the only one.`;
      output.result({ to, entries }, `${plural(entries, 'entry', 'entries')} copied. ${next}`);
    });
}
