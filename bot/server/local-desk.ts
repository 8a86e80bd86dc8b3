import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import express from 'express';
import { SCOPES, type Scope, type Tokens } from '../api/tokens.ts';

/**
 * Where the command line reaches a server that holds the embedded store: a socket in DATA_DIR that only its
 * owner may open, so that nobody has to stop the server to make a token.
 */
export function deskPath(dataDir: string): string {
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\connectionsphere-${Buffer.from(dataDir).toString('hex').slice(-64)}`
    : path.join(dataDir, 'server.sock');
}

/** Opens it. Throws where the system has no room for its path. */
export async function openDesk(dataDir: string, tokens: Tokens): Promise<{ close(): Promise<void> }> {
  const app = express().use(express.json());
  app.post('/tokens/:workspace', async ({ params, body }, response) => {
    const { name, scopes } = body as { name: string; scopes: Scope[] };
    const known = scopes.filter((scope) => SCOPES.includes(scope));
    response.json(await tokens.create({ workspace: params.workspace, name, scopes: known }));
  });
  app.get('/tokens/:workspace', async ({ params }, response) => {
    response.json(await tokens.list(params.workspace));
  });
  app.delete('/tokens/:workspace/:id', async ({ params }, response) => {
    response.json((await tokens.revoke(params.workspace, params.id)) ?? null);
  });
  const at = deskPath(dataDir);
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
