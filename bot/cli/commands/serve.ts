import { createLog, readConfig } from '@connectionsphere/core/node';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ServerRole } from '../../core.ts';
import { startSandbox } from '../sandbox.ts';
import { sessionOf } from '../session.ts';
import { OWN_SIGN_IN } from '../sign-in.ts';
import { endWithoutStore } from '../store-watch.ts';
import { UsageError } from '../usage-error.ts';

interface ServeFlags {
  readonly port?: number;
  readonly role: ServerRole;
  readonly sandbox?: boolean;
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
    .option('--sandbox', 'with a sandbox in place of Apollo and a store of its own: nothing costs anything')
    .action(async (flags: ServeFlags, command: Command) => {
      const { output } = sessionOf(command);
      const stopped = stopSignal();
      await using sandbox = flags.sandbox ? await startSandbox() : undefined;
      const config = readConfig({
        ...process.env,
        ...sandbox?.env,
        ...(flags.port !== undefined && { PORT: String(flags.port) }),
      });
      if (flags.role !== 'all' && config.redisUrl === undefined) {
        throw new UsageError(
          `--role ${flags.role} needs REDIS_URL: without Redis, one process holds the store and does everything.`,
        );
      }
      // Slack and the API are half a second's reading, which no other command needs.
      const { startServer } = await import('../../server/server.ts');
      const server = await startServer(config, createLog({ level: config.logLevel }), flags.role);
      const page = sandbox && (await server.link(OWN_SIGN_IN));
      const lines = [...server.report, ...(sandbox && page ? sandbox.words(page) : [])];
      output.result({ port: server.port, report: server.report, ...(page && { page }) }, lines.join('\n'));
      await stopped;
      output.say('Stopping: jobs are paused and the calls under way waited for.');
      endWithoutStore(output, server.storeAnswers);
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
