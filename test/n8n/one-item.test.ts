import { expect, it } from 'vitest';
import { startApiServer } from '../api/api-server.ts';
import { startProxy } from './proxy.ts';
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
  await using proxy = await startProxy(api);
  const node = withServer({ url: proxy.url, token: api.token });
  const ended = await (await engine()).run(node, people(1));
  expect(ended.hints[0]).toMatch(/^1 of 1 found, 1 credit in /);
  expect(proxy.asked.toSorted()).toEqual(['GET /v1/slots', 'POST /v1/people/enrich']);
});
