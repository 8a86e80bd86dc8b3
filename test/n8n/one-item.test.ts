import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { type ApiServer, startApiServer } from '../api/api-server.ts';
import { apollo, engine, people, withKeys, withServer } from './world.ts';

/** One item is looked up with as few requests as a direct call makes, so that it takes no longer. */

it('with keys is one request to Apollo, once they are connected', async () => {
  await using sandbox = await apollo();
  const run = async (person: number) => (await engine()).run(withKeys(sandbox), people(1, person));
  await run(0);
  const before = sandbox.counts().byEndpoint;
  expect((await run(1)).hints[0]).toMatch(/^1 of 1 found, 1 credit in /);
  expect(sandbox.counts().byEndpoint).toEqual({ ...before, 'people/match': 2 });
});

it('through a server is one request, and one about the slots beside it', async () => {
  await using api = await startApiServer();
  const seen: string[] = [];
  const url = await watched(api, seen);
  const ended = await (await engine()).run(withServer({ url, token: api.token }), people(1));
  expect(ended.hints[0]).toMatch(/^1 of 1 found, 1 credit in /);
  expect(seen.toSorted()).toEqual(['GET /v1/slots', 'POST /v1/people/enrich']);
});

/** The server behind an address of its own, by which every request is noted. */
async function watched(api: ApiServer, seen: string[]): Promise<string> {
  const server: Server = createServer(async (request, response) => {
    const { method = 'GET', url = '', headers } = request;
    seen.push(`${method} ${url}`);
    const asked = await text(request);
    const answer = await fetch(`${api.url}${url}`, {
      method,
      headers: {
        authorization: String(headers.authorization),
        ...(asked !== '' && { 'content-type': 'application/json' }),
        ...(headers['idempotency-key'] && { 'idempotency-key': String(headers['idempotency-key']) }),
      },
      ...(asked !== '' && { body: asked }),
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
