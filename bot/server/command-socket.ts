import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import express from 'express';
import { actingAs } from '../acting.ts';
import { failureOf } from '../cli/failure.ts';
import { ACTOR_HEADER, type Commands, commandSocketPath } from '../commands.ts';

/** Of one call: a list of everybody to forget is the longest. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Listens on a socket for the command line, so that a server that holds the embedded store need not be stopped for a
 * command. Throws where the system has no room for the socket's path.
 */
export async function openCommandSocket(
  dataDir: string,
  commands: Commands,
): Promise<{ close(): Promise<void> }> {
  const calls = new Map<string, (...args: never[]) => Promise<unknown>>(Object.entries(commands));
  const app = express().use(express.json({ limit: MOST_BYTES }));
  app.post('/:call', async (request, response) => {
    const call = calls.get(request.params.call);
    if (!call) return void response.sendStatus(404);
    const id = decodeURIComponent(request.get(ACTOR_HEADER) ?? 'unknown');
    try {
      const asked = { kind: 'command-line', id, via: 'command-line' } as const;
      response.json({ value: await actingAs(asked, () => call(...(request.body as never[]))) });
    } catch (error) {
      response.status(422).json({ failure: failureOf(error) });
    }
  });
  const at = commandSocketPath(dataDir);
  // What a process that was killed left; only the owner of the store comes here.
  await rm(at, { force: true });
  const server = createServer(app);
  server.listen(at);
  await once(server, 'listening');
  if (process.platform !== 'win32') await chmod(at, 0o600);
  return {
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
