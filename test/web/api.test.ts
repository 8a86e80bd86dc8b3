import { afterAll, beforeAll, expect, it } from 'vitest';
import { slotsAnswer } from '../../bot/api/schemas.ts';
import { SCOPES } from '../../bot/api/tokens.ts';
import { type ApiServer, KEYS, leads, startApiServer } from '../api/api-server.ts';

let server: ApiServer;
let token: string;
beforeAll(async () => {
  server = await startApiServer({ keys: [] });
  token = await server.makeToken('contoso', SCOPES);
});
afterAll(() => server[Symbol.asyncDispose]());

it('connects, replaces and disconnects a key over HTTP', async () => {
  const key = { key: KEYS.contoso, label: 'Sales EU' };
  expect((await server.call('PUT', '/v1/slots/1', { body: key })).body.code).toBe('scope-missing');
  const put = await server.call('PUT', '/v1/slots/1', { token, body: key });
  expect(put.body).toMatchObject({
    notation: '(self: 1/2) (fly: 0/2) 1/4',
    slot: { label: 'Sales EU', last4: '7Q2A' },
  });
  expect(put.text).not.toContain(KEYS.contoso);
  const replaced = await server.call('PUT', '/v1/slots/1', { token, body: { key: KEYS.fabrikam } });
  expect(replaced.body.slot).toMatchObject({ label: 'Sales EU', last4: '3M8T' });
  expect((await server.call('PUT', '/v1/slots/3', { token, body: key })).status).toBe(422);
  const share = (slot: number, percent: number) =>
    server.call('PUT', `/v1/slots/${slot}/share`, { token, body: { share: percent } });
  expect(slotsAnswer.parse((await share(1, 50)).body).slots[0]).toMatchObject({ share: 50 });
  const again = await server.call('PUT', '/v1/slots/1', { token, body: { key: KEYS.contoso } });
  expect(again.body.slot).toMatchObject({ last4: '7Q2A', share: 50 });
  await server.call('PUT', '/v1/slots/1', { token, body: { key: KEYS.fabrikam } });
  const refused = [await share(1, 0), await share(3, 50), await share(2, 50), await share(9, 50)];
  expect(refused.map(({ status }) => status)).toEqual([422, 422, 409, 404]);
  expect((await server.call('DELETE', '/v1/slots/1', { token })).body).toMatchObject({
    slot: 1,
    last4: '3M8T',
  });
  expect((await server.call('DELETE', '/v1/slots/1', { token })).status).toBe(409);
});

it('makes a link that gives a result once, also to two who ask at once, and to nobody of another workspace', async () => {
  await using server = await startApiServer();
  const token = await server.makeToken('contoso', SCOPES);
  const reader = await server.makeToken('contoso', ['read']);
  const { body: job } = await server.call('POST', '/v1/jobs', { token, body: { leads: leads(60) } });
  await server.call('GET', `/v1/jobs/${job.id}?wait=30`, { token });
  const path = `/v1/jobs/${job.id}/result-links`;
  expect(
    (await server.call('POST', path, { token: await server.makeToken('fabrikam', SCOPES) })).status,
  ).toBe(404);
  const made = await server.call('POST', path, { token: reader });
  expect(made.status).toBe(201);
  const send = (as: string) =>
    fetch(made.body.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ as }),
    });
  const answers = await Promise.all([send('csv'), send('csv')]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
  const given = answers.find(({ ok }) => ok);
  expect(given?.headers.get('content-disposition')).toContain('attachment');
  expect(given?.headers.get('cache-control')).toBe('no-store');
  expect((await given?.text())?.trim().split('\n')).toHaveLength(61);
  const ready = await server.call('POST', '/v1/jobs', { token, body: { leads: leads(2), start: false } });
  expect((await server.call('POST', `/v1/jobs/${ready.body.id}/result-links`, { token })).body).toMatchObject(
    {
      status: 409,
      code: 'list-not-started',
    },
  );
});

it('makes a link that takes one key, and tells the operators once what is asked for', async () => {
  const { status, body } = await server.call('POST', '/v1/connect-links', { token, body: { slot: 2 } });
  expect(status).toBe(201);
  expect(Date.parse(body.until) - Date.now()).toBeGreaterThan(29 * 60_000);
  const send = () =>
    fetch(body.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ key: KEYS.spare }),
    });
  // Two at once: one of them is too late.
  const statuses = (await Promise.all([send(), send()])).map((response) => response.status);
  expect(statuses.sort()).toEqual([200, 410]);
  const first = await server.call('POST', '/v1/slots/3/request', { token });
  const again = await server.call('POST', '/v1/slots/3/request', { token });
  expect(again.body).toEqual(first.body);
  const admin = await server.makeToken('contoso', ['administer']);
  const { entries } = (await server.call('GET', '/v1/audit', { token: admin })).body;
  const asked = entries.filter(({ deed }: { deed: string }) => deed === 'slot.request');
  expect(asked).toMatchObject([{ by: { kind: 'token' }, about: { slot: 3 } }]);
  expect((await server.call('POST', '/v1/slots/1/request', { token })).status).toBe(422);
});
