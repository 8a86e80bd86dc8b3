import { type Config, createLog, readConfig } from '@connectionsphere/core/node';
import { type OpenCore, openCore } from '../core.ts';

/**
 * Opens the core on this machine's store for one command, and closes all of it in the end. `command` is how
 * another process is told who holds the store. Throws what the settings, the store and `work` throw.
 */
export async function withOpenCore<T>(command: string, work: (opened: OpenCore) => Promise<T>): Promise<T> {
  const config = readConfig(process.env);
  const opened = await openCore(config, createLog(logOptions(config)), {
    command: `connectionsphere ${command}`,
  });
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

/** A command says itself what it does: of the log, only what is wrong is worth a line. */
function logOptions({ logLevel }: Config): NonNullable<Parameters<typeof createLog>[0]> {
  return {
    level: logLevel === 'info' ? 'warn' : logLevel,
    // A progress bar may stand in the line.
    write: (line) => void process.stderr.write(process.stderr.isTTY ? `\r\u001B[K${line}` : line),
  };
}
