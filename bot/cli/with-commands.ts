import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { readConfig, StoreInUse } from '@connectionsphere/core/node';
import { actorNow } from '../acting.ts';
import { ACTOR_HEADER, type Commands, commandSocketPath, commandsOf } from '../commands.ts';
import type { OpenCore } from '../core.ts';
import { OneTimeLinks } from '../web/links.ts';
import { withOpenCore } from './core.ts';
import { RemoteFailure } from './failure.ts';

/**
 * Works on this machine's store, or, where a running server holds it, through that server. Throws what the
 * settings, the store and `work` throw; `StoreInUse` when whoever holds the store is no server.
 */
export async function withCommands<T>(command: string, work: (commands: Commands) => Promise<T>): Promise<T> {
  try {
    return await withOpenCore(command, (opened) => work(commandsOf(opened, pageOf(opened))));
  } catch (error) {
    if (!(error instanceof StoreInUse)) throw error;
    return await work(remoteCommands(commandSocketPath(readConfig(process.env).dataDir), error));
  }
}

/** Where a server on this machine, or on the same Redis, serves the page. */
function pageOf({ core, ports, vault }: OpenCore) {
  const { publicUrl, port } = readConfig(process.env);
  return {
    links: new OneTimeLinks(ports, vault, core.audit),
    address: () => publicUrl ?? `http://localhost:${port}`,
  };
}

/** `held`: what to say when nobody listens. */
function remoteCommands(socketPath: string, held: StoreInUse): Commands {
  const ask = async (call: string, args: readonly unknown[]): Promise<unknown> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const asked = request({
      socketPath,
      method: 'POST',
      path: `/${call}`,
      headers: { 'content-type': 'application/json', [ACTOR_HEADER]: encodeURIComponent(actorNow().id) },
    });
    asked.on('error', () => reject(held));
    asked.on('response', (response) => {
      // A server of another version may not know the call.
      if (response.statusCode === 404) reject(held);
      else text(response).then(resolve, reject);
    });
    asked.end(JSON.stringify(args));
    const { value, failure } = JSON.parse(await promise);
    if (failure !== undefined) throw new RemoteFailure(failure);
    return value;
  };
  return new Proxy({} as Commands, {
    get:
      (_, call) =>
      (...args: unknown[]) =>
        ask(String(call), args),
  });
}
