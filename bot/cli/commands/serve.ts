import { createLog, readConfig } from '@connectionsphere/core/node';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ServerRole } from '../../core.ts';
import { sessionOf } from '../session.ts';
import { UsageError } from '../usage-error.ts';

interface ServeFlags {
  readonly port?: number;
  readonly role: ServerRole;
}

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('run the server: HTTP API, Slack and the jobs, until it is stopped')
    .addOption(
      new Option('--role <role>', 'web: the API and Slack; worker: the jobs; both need REDIS_URL')
        .choices(['all', 'web', 'worker'])
        .default('all'),
    )
    .option('--port <number>', 'where to listen; PORT unless given', port)
    .action(async (flags: ServeFlags, command: Command) => {
      const { output } = sessionOf(command);
      const config = readConfig({
        ...process.env,
        ...(flags.port !== undefined && { PORT: String(flags.port) }),
      });
      if (flags.role !== 'all' && config.redisUrl === undefined) {
        throw new UsageError(
          `--role ${flags.role} needs REDIS_URL: without Redis, one process holds the store and does everything.`,
        );
      }
      const stopped = stopSignal();
      // Slack and the API are half a second's reading, which no other command needs.
      const { startServer } = await import('../../server/server.ts');
      const server = await startServer(config, createLog({ level: config.logLevel }), flags.role);
      output.result({ port: server.port, report: server.report }, server.report.join('\n'));
      await stopped;
      output.say('Stopping: jobs are paused and the calls under way waited for.');
      await server.close();
    });
}

function port(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('Expected a port from 0 to 65535.');
}

/** Resolves at the first signal to stop; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      process.once(signal, () => process.exit(1));
      resolve();
    });
  }
  return promise;
}
