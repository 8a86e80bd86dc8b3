import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { readConfig, StoreInUse } from '@connectionsphere/core/node';
import { actorNow } from '../acting.ts';
import type { OpenCore } from '../core.ts';
import { ACTOR_HEADER, type Desk, deskOf, deskPath } from '../desk.ts';
import { OneTimeLinks } from '../web/links.ts';
import { withOpenCore } from './core.ts';
import { RemoteFailure } from './failure.ts';

/**
 * Works on this machine's store, or, where a running server holds it, through that server. Throws what the
 * settings, the store and `work` throw; `StoreInUse` when whoever holds the store is no server.
 */
export async function withDesk<T>(command: string, work: (desk: Desk) => Promise<T>): Promise<T> {
  try {
    return await withOpenCore(command, (opened) => work(deskOf(opened, pageOf(opened))));
  } catch (error) {
    if (!(error instanceof StoreInUse)) throw error;
    return await work(remoteDesk(deskPath(readConfig(process.env).dataDir), error));
  }
}

/** Where a server on this machine, or on the same Redis, serves the page. */
function pageOf({ ports, vault }: OpenCore) {
  const { publicUrl, port } = readConfig(process.env);
  return {
    links: new OneTimeLinks(ports, vault),
    address: () => publicUrl ?? `http://localhost:${port}`,
  };
}

/** `held`: what to say when nobody listens. */
function remoteDesk(socketPath: string, held: StoreInUse): Desk {
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
  return new Proxy({} as Desk, {
    get:
      (_, call) =>
      (...args: unknown[]) =>
        ask(String(call), args),
  });
}
