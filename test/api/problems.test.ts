import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { problemAnswer } from '../../bot/api/schemas.ts';
import { type ApiServer, type Asked, KEYS, leads, startApiServer } from './api-server.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

async function problem(method: string, path: string, asked: Asked = {}) {
  const got = await api.call(method, path, asked);
  expect(got.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const body = problemAnswer.parse(got.body);
  expect(body.status).toBe(got.status);
  return { ...body, headers: got.headers };
}

describe('a token', () => {
  const wrong = `csa_${'0'.repeat(12)}_${'x'.repeat(43)}`;

  it.each([
    ['none', '', 'token-missing'],
    ['another kind', 'xoxb-1', 'token-invalid'],
    ['made up', wrong, 'token-invalid'],
  ])('is needed: %s', async (_, token, code) => {
    const got = await problem('GET', '/v1/me', { token });
    expect(got).toMatchObject({ status: 401, code });
    expect(got.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('with the right id and a wrong secret is refused', async () => {
    const last = api.token.endsWith('A') ? 'B' : 'A';
    expect(await problem('GET', '/v1/me', { token: api.token.slice(0, -1) + last })).toMatchObject({
      status: 401,
    });
  });

  it('does only what its scopes allow', async () => {
    const token = await api.makeToken('contoso', ['read']);
    expect((await api.call('GET', '/v1/slots', { token })).status).toBe(200);
    const body = { leads: leads(1) };
    expect(await problem('POST', '/v1/people/enrich', { token, body })).toMatchObject({
      status: 403,
      code: 'scope-missing',
      detail: expect.stringContaining('"enrich"'),
    });
    expect(await problem('GET', '/v1/workspaces')).toMatchObject({ status: 403 });
  });

  it('stands in no line of the log', async () => {
    await problem('GET', '/v1/nothing');
    expect(api.logged.join('')).not.toContain(api.token.slice(-43));
    expect(api.logged.join('')).not.toContain(KEYS.contoso);
  });
});

describe('a body', () => {
  it('that is wrong is told by field and lead', async () => {
    const body = { leads: [{ email: 'ada@contoso.example' }, { emial: 'x' }, { email: 7 }], option: {} };
    const got = await problem('POST', '/v1/people/enrich', { body });
    expect(got).toMatchObject({ status: 422, code: 'invalid-body' });
    expect(got.errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: 'leads[1].emial', lead: 1 }),
        expect.objectContaining({ path: 'leads[2].email', lead: 2 }),
        expect.objectContaining({ path: 'option' }),
      ]),
    );
  });

  it('may have 100 leads, and 1 MB', async () => {
    const many = await problem('POST', '/v1/people/enrich', { body: { leads: leads(101) } });
    expect(many).toMatchObject({ status: 422, errors: [{ path: 'leads' }] });
    const body = { leads: [{ email: 'x'.repeat(1_100_000) }] };
    expect(await problem('POST', '/v1/people/enrich', { body })).toMatchObject({ status: 413 });
  });

  it.each([
    ['no JSON', '{"leads":', 'application/json', 422],
    ['nothing', '', 'application/json', 422],
    ['no type', '{}', 'text/plain', 415],
    ['another coding', '{}', 'application/json; charset=klingon', 415],
  ])('that cannot be read: %s', async (_, body, type, status) => {
    const headers = { 'content-type': type };
    expect(await problem('POST', '/v1/people/enrich', { body, headers })).toMatchObject({ status });
  });

  it('of any kind never makes the server fail', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.constantFrom(...POSTS), async (body, path) => {
        const got = await api.call('POST', path, { body, headers: { 'content-type': 'application/json' } });
        expect([path, got.status]).toEqual([path, 422]);
      }),
      { numRuns: 60 },
    );
  });
});

const POSTS = ['/v1/people/enrich', '/v1/organizations/enrich', '/v1/jobs', '/v1/estimate', '/v1/hooks'];

describe('a path', () => {
  it.each([
    ['GET', '/v1/nothing', 404],
    ['GET', '/v1/jobs/nothing', 404],
    ['GET', '/v1/jobs/%E0%A4%A', 400],
    ['DELETE', '/v1/jobs', 405],
    ['GET', '/v1/jobs?limit=0', 422],
    ['GET', '/v1/jobs?colour=red', 422],
  ])('%s %s', async (method, path, status) => {
    expect(await problem(method, path)).toMatchObject({ status });
  });
});

describe('a list', () => {
  const send = (text: string, query = '') =>
    problem('POST', `/v1/jobs${query}`, { body: text, headers: { 'content-type': 'text/csv' } });

  it.each([
    ['empty', '', '', 'list'],
    ['without a row', 'email\n', '', 'no rows'],
    ['without a column that identifies', 'colour\nred\n', '', '`map=name='],
    [
      'of people or companies',
      'Xname;Yname;Firma\nMbali;Dlamini;Contoso\nThabo;Nkosi;Fabrikam\n',
      '',
      '`kind=companies`',
    ],
    ['with a column that is not there', 'email\na@contoso.example\n', '?map=email%3DMail', 'Mail'],
    ['with a field that is not there', 'email\na@contoso.example\n', '?map=mail%3Demail', 'mail'],
    ['that is a web page', '<!doctype html><p>Log in</p>', '', 'web page'],
  ])('%s is refused, saying why', async (_, text, query, why) => {
    const got = await send(text, query);
    expect(got.status).toBe(422);
    expect(got.detail).toContain(why);
    expect((await api.call('GET', '/v1/jobs')).body.jobs).toEqual([]);
  });
});

describe('too much', () => {
  it('from one token is told when to come again; others go on', async () => {
    await using limited = await startApiServer({ env: { API_REQUESTS_PER_MINUTE: '3' }, keys: [] });
    for (let number = 0; number < 3; number += 1)
      expect((await limited.call('GET', '/v1/me')).status).toBe(200);
    const got = await limited.call('GET', '/v1/me');
    expect(got.status).toBe(429);
    expect(Number(got.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(got.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  });

  it('slowly is nobody else’s trouble: a head that does not end holds nothing up', async () => {
    const { hostname, port } = new URL(api.url);
    const slow = request({
      hostname,
      port,
      method: 'POST',
      path: '/v1/jobs',
      headers: { 'content-length': 10 },
    });
    slow.on('error', () => {});
    slow.flushHeaders();
    expect((await api.call('GET', '/v1/me')).status).toBe(200);
    slow.destroy();
  });
});

describe('a connection', () => {
  it('that breaks in the middle of a list leaves no job and no file behind', async () => {
    const { hostname, port } = new URL(api.url);
    // A place of its own: other tests have lists under way too.
    vi.stubEnv('TMPDIR', api.folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const broken = request({
      hostname,
      port,
      method: 'POST',
      path: '/v1/jobs',
      headers: {
        authorization: `Bearer ${api.token}`,
        'content-type': 'text/csv',
        'content-length': 1_000_000,
      },
    });
    broken.on('error', () => {});
    broken.write('email\nada@contoso.com\n');
    const copies = async () => (await readdir(api.folder)).filter((name) => name.startsWith('leads-')).length;
    await expect.poll(copies).toBe(1);
    broken.destroy();
    await expect.poll(copies).toBe(0);
    expect((await api.call('GET', '/v1/jobs')).body.jobs).toEqual([]);
  });
});
