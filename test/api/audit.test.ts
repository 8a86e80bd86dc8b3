import { expect, it } from 'vitest';
import { leads, startApiServer } from './api-server.ts';

interface Entry {
  readonly deed: string;
  readonly by: { readonly kind: string; readonly name?: string; readonly via: string };
  readonly about: object;
}

it('tells admins and operators who did what, and nobody of another workspace', async () => {
  await using api = await startApiServer();
  const admin = await api.makeToken('contoso', ['administer']);
  const other = await api.makeToken('fabrikam', ['administer']);
  const operator = await api.makeToken('northwind', ['operator']);
  const { body: job } = await api.call('POST', '/v1/jobs', { body: { leads: leads(2) } });
  await api.call('GET', `/v1/jobs/${job.id}/results?format=csv`);
  await api.call('POST', '/v1/forget', { body: { who: 'ada@contoso.com' } });
  await api.call('PUT', '/v1/workspaces/contoso/limits', { token: operator, body: { monthlyLimit: 500 } });

  const { body } = await api.call<{ entries: Entry[]; next: string }>('GET', '/v1/audit?limit=3', {
    token: admin,
  });
  expect(body.entries.map(({ deed, by }) => [deed, by.kind, by.via])).toEqual([
    ['limits.month', 'operator', 'api'],
    ['person.forget', 'token', 'api'],
    ['list.export', 'token', 'api'],
  ]);
  expect(JSON.stringify(body)).not.toContain('ada@');
  const rest = await api.call('GET', `/v1/audit?format=ndjson&cursor=${encodeURIComponent(body.next)}`, {
    token: admin,
  });
  const lines = rest.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry);
  expect(lines.map(({ deed }) => deed)).toEqual([
    'list.start',
    'token.create',
    'token.create',
    'slot.connect',
  ]);
  expect(lines[0]).toMatchObject({ by: { name: 'test' }, about: { list: job.id, rows: 2 } });

  expect((await api.call('GET', '/v1/audit')).body).toMatchObject({ code: 'scope-missing' });
  expect(
    (await api.call<{ entries: Entry[] }>('GET', '/v1/audit', { token: other })).body.entries.map(
      ({ deed }) => deed,
    ),
  ).toEqual(['token.create']);
  const theirs = await api.call<{ entries: Entry[] }>('GET', '/v1/workspaces/fabrikam/audit', {
    token: operator,
  });
  expect(theirs.body.entries.map(({ deed, by }) => [deed, by.kind])).toEqual([['token.create', 'server']]);
});

it('names the session of the page, and the token that it was begun with', async () => {
  await using api = await startApiServer();
  const token = await api.makeToken('contoso', ['connect', 'administer']);
  const post = (at: string, fields: Record<string, string>, cookie = '') =>
    fetch(`${api.url}${at}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'same-origin', cookie },
      body: new URLSearchParams(fields),
    });
  const signedIn = await post('/sign-in', { token });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  await post('/app/tokens', { name: 'from the page', 'scope-connect': 'true' }, cookie);
  await post('/sign-out', {}, cookie);
  const { body } = await api.call<{ entries: Entry[] }>('GET', '/v1/audit?limit=3', { token });
  const by = { kind: 'token', id: token.split('_')[1], name: 'token “test”', via: 'page' };
  expect(body.entries).toMatchObject([
    { deed: 'session.end', by },
    { deed: 'token.create', by, about: { name: 'from the page', scopes: ['connect'] } },
    { deed: 'session.begin', by },
  ]);
  expect(new Set(body.entries.map((entry) => (entry.by as { session?: string }).session)).size).toBe(1);
});

it('gives every credit an author: lists and requests of each token add up to the month and to what Apollo charged', async () => {
  await using api = await startApiServer();
  const other = await api.makeToken('contoso', ['enrich', 'read']);
  const [first, second] = [api.token, other].map((token) => token.split('_')[1]);
  const { body: job } = await api.call('POST', '/v1/jobs', { body: { leads: leads(12) } });
  await expect
    .poll(async () => (await api.call('GET', `/v1/jobs/${job.id}`)).body.state, { timeout: 20_000 })
    .toBe('done');
  await api.call('POST', '/v1/people/enrich', { token: other, body: { leads: leads(15) } });
  const { body } = await api.call<{ credits: number; byAuthor: { id: string; credits: number }[] }>(
    'GET',
    '/v1/credits',
  );
  const by = new Map(body.byAuthor.map(({ id, credits }) => [id, credits]));
  expect(body.byAuthor).toMatchObject([
    { via: 'api', kind: 'token', id: first },
    { via: 'api', kind: 'token', id: second },
  ]);
  expect(by.get(first ?? '')).toBe((await api.call('GET', `/v1/jobs/${job.id}`)).body.credits);
  expect((by.get(first ?? '') ?? 0) + (by.get(second ?? '') ?? 0)).toBe(body.credits);
  expect(body.credits).toBe(api.sandbox.counts().credits);
});
