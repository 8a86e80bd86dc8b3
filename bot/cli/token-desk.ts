import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { readConfig, StoreInUse } from '@connectionsphere/core/node';
import { type Token, Tokens } from '../api/tokens.ts';
import type { Session } from './session.ts';

export type TokenDesk = Pick<Tokens, 'create' | 'list' | 'revoke'>;

/** Works on the tokens of the store, or, where a running server holds it, through that server. */
export async function withTokens<T>(
  { withOpenCore }: Session,
  work: (tokens: TokenDesk) => Promise<T>,
): Promise<T> {
  try {
    return await withOpenCore(({ ports }) => work(new Tokens(ports)));
  } catch (error) {
    if (!(error instanceof StoreInUse)) throw error;
    const { deskPath } = await import('../server/local-desk.ts');
    const socketPath = deskPath(readConfig(process.env).dataDir);
    return await work(remote(socketPath, error));
  }
}

/** `held`: what to say when whoever holds the store is no server. */
function remote(socketPath: string, held: StoreInUse): TokenDesk {
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const asked = request({
      socketPath,
      method,
      path,
      ...(body && { headers: { 'content-type': 'application/json' } }),
    });
    asked.on('error', () => reject(held));
    asked.on('response', (response) => {
      text(response).then((answer) => {
        if (response.statusCode === 200) resolve(JSON.parse(answer));
        else reject(new Error(`The running server refused (${response.statusCode}).`));
      }, reject);
    });
    asked.end(body && JSON.stringify(body));
    return await promise;
  };
  const at = (workspace: string) => `/tokens/${encodeURIComponent(workspace)}`;
  return {
    create: ({ workspace, ...token }) => ask('POST', at(workspace), token),
    list: (workspace) => ask('GET', at(workspace)),
    revoke: async (workspace, id) =>
      (await ask<Token | null>('DELETE', `${at(workspace)}/${encodeURIComponent(id)}`)) ?? undefined,
  };
}
