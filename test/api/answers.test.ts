import { afterAll, beforeAll, expect, it } from 'vitest';
import { resultsAnswer } from '../../bot/api/schemas.ts';
import { type ApiServer, leads, startApiServer } from './api-server.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer({ latencyMs: { median: 150, p95: 200 } });
});
afterAll(() => api[Symbol.asyncDispose]());

it('says that results are those of a list that runs, and waits for its end where that is asked for', async () => {
  const body = { leads: leads(40), name: 'fair.csv' };
  const { id } = (await api.call('POST', '/v1/jobs', { body })).body;
  const early = await api.call('GET', `/v1/jobs/${id}/results?format=csv`);
  expect(early.headers.get('job-state')).toBe('running');
  expect(early.headers.get('content-disposition')).toContain('fair-enriched-so-far.csv');
  expect(resultsAnswer.parse((await api.call('GET', `/v1/jobs/${id}/results`)).body).state).toBe('running');
  const late = await api.call('GET', `/v1/jobs/${id}/results?format=csv&wait=30`);
  expect(late.headers.get('job-state')).toBe('done');
  expect(late.headers.get('content-disposition')).toContain('fair-enriched.csv');
  expect((await api.call('GET', `/v1/jobs/${id}?wait=30`)).body.state).toBe('done');
  expect((await api.call('GET', `/v1/jobs/${id}?wait=999`)).body.code).toBe('invalid-query');
});

it('refuses a cursor that no page gave', async () => {
  const { id } = (await api.call('POST', '/v1/jobs', { body: { leads: leads(2, 50), start: false } })).body;
  const wrong = [`/v1/jobs?cursor=nothing`, `/v1/jobs/${id}/results?cursor=99`, '/v1/audit?cursor=nothing'];
  const token = await api.makeToken('contoso', ['read', 'administer']);
  for (const at of wrong) {
    const { status, body } = await api.call('GET', at, { token });
    expect([at, status, body.code]).toEqual([at, 422, 'invalid-cursor']);
  }
});

it('takes fields as they are called in answers, and writes every time in ISO 8601', async () => {
  const lead = { firstName: 'Grace', lastName: 'Hopper', domain: 'contoso.com' };
  const { body } = await api.call('POST', '/v1/people/enrich', { body: { leads: [lead] } });
  expect(body.results[0]).toMatchObject({
    outcome: 'matched',
    checkedAt: expect.stringMatching(/^2\d{3}-.*Z$/),
  });
  const slots = await api.call('GET', '/v1/slots');
  expect(slots.body.slots[0].credits.readAt).toMatch(/^2\d{3}-.*Z$/);
  expect(slots.text).not.toMatch(/"(\w*At|until|since)":\d/);
});

it('names each request and says how many are left', async () => {
  const own = await api.call('GET', '/v1/me', { headers: { 'request-id': 'mine-1' } });
  expect(own.headers.get('request-id')).toBe('mine-1');
  expect(own.headers.get('cache-control')).toBe('no-store');
  expect(own.headers.get('ratelimit-policy')).toBe('"token";q=60000;w=60');
  expect(own.headers.get('ratelimit')).toMatch(/^"token";r=59\d{3};t=\d+$/);
  const refused = await api.call('GET', '/v1/jobs/none', { headers: { 'request-id': 'not one' } });
  expect(refused.body.requestId).toMatch(/^[\da-f-]{36}$/);
  expect(refused.headers.get('request-id')).toBe(refused.body.requestId);
  expect(api.logged.join('\n')).toContain(`"request":"${refused.body.requestId}"`);
  // What is written elsewhere while it is served names it too, also where no token is asked for.
  await api.call('POST', '/v1/jobs', { body: { leads: leads(1) }, headers: { 'request-id': 'mine-2' } });
  expect(api.logged.some((line) => line.includes('"request":"mine-2"') && line.includes('list.start'))).toBe(
    true,
  );
  const late = await fetch(`${api.url}/apollo/late/nothing`, { method: 'POST' });
  expect(api.logged.find((line) => line.includes('A late result was refused'))).toContain(
    `"request":"${late.headers.get('request-id')}"`,
  );
  // Each of these knows the token, whatever else is wrong.
  const wrong = [
    ['GET', '/v1/jobs?limit=none', 422],
    ['GET', '/v1/jobs/none', 404],
    ['GET', '/v1/nothing', 404],
    ['DELETE', '/v1/me', 405],
  ] as const;
  for (const [method, at, status] of wrong) {
    const answer = await api.call(method, at);
    expect([at, answer.status]).toEqual([at, status]);
    expect(answer.headers.get('ratelimit')).toMatch(/^"token";r=59\d{3};t=\d+$/);
  }
});
