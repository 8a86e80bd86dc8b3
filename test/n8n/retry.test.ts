import { expect, it } from 'vitest';
import { startApiServer } from '../api/api-server.ts';
import { startProxy } from './proxy.ts';
import { apollo, engine, jsonOf, people, withKeys, withServer } from './world.ts';

/** Retry On Fail runs the whole node again: nobody is paid for twice, whatever was injected. */

const RETRY = { retryOnFail: true, maxTries: 4, waitBetweenTries: 0 };

it('pays once for leads whose answers were lost on their way from the server', async () => {
  await using api = await startApiServer();
  let lost = 0;
  await using proxy = await startProxy(api, (request) => request.startsWith('POST') && ++lost <= 3);
  const node = withServer({ url: proxy.url, token: api.token }, { options: { onFailed: 'stop' } }, RETRY);
  const ended = await (await engine()).run(node, people(130));
  expect(ended.error).toBeUndefined();
  expect(jsonOf(ended).map(({ row }) => row)).toEqual(people(130).map(({ json }) => json.row));
  expect(lost).toBeGreaterThan(3);
  expect(api.sandbox.counts()).toMatchObject({ credits: 130, chargedMoreThanOnce: [] });
});

it('pays once with keys while Apollo refuses, fails and breaks off', async () => {
  await using sandbox = await apollo();
  for (const kind of ['429', '502', 'cutBefore'] as const) {
    sandbox.fault({ kind, endpoint: 'people/bulk_match', probability: 0.2, times: 2 });
  }
  // Each try ends without credits, and with nothing spent again.
  sandbox.setCredits('team-contoso', { limit: 50, used: 0 });
  const node = withKeys(sandbox, { options: { onFailed: 'stop' } }, RETRY);
  const ended = await (await engine()).run(node, people(90));
  expect(ended.error?.message).toBe('A lead could not be looked up');
  expect(sandbox.counts()).toMatchObject({ credits: 50, chargedMoreThanOnce: [] });
});
