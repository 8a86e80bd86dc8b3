import { describe, expect, it } from 'vitest';
import { type ApiServer, KEYS, leads, startApiServer } from './api-server.ts';

/** Everything about a job, by its id. */
const ABOUT_A_JOB: readonly (readonly [method: string, path: string, body?: object])[] = [
  ['GET', ''],
  ['GET', '/results'],
  ['GET', '/results?format=csv'],
  ['GET', '/results?format=ndjson'],
  ['POST', '/start'],
  ['POST', '/pause'],
  ['POST', '/resume'],
  ['POST', '/cancel'],
  ['PATCH', '', { creditLimit: 1 }],
];

describe('workspaces', () => {
  it("answer for another's job exactly as for one that does not exist", async () => {
    await using api = await startApiServer();
    const token = await api.makeToken('fabrikam');
    const { body: job } = await api.call('POST', '/v1/jobs', { body: { leads: leads(3), start: false } });
    const made = job.id as string;
    const none = made.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
    for (const [method, path, body] of ABOUT_A_JOB) {
      const asked = { token, headers: { 'request-id': 'one' }, ...(body && { body }) };
      const theirs = await api.call(method, `/v1/jobs/${made}${path}`, asked);
      const nobodys = await api.call(method, `/v1/jobs/${none}${path}`, asked);
      expect([method, path, theirs.status]).toEqual([method, path, 404]);
      expect(theirs.text.replaceAll(made, 'ID')).toBe(nobodys.text.replaceAll(none, 'ID'));
    }
    expect((await api.call('GET', `/v1/jobs/${made}`)).body.state).toBe('ready');
    expect((await api.call('GET', '/v1/jobs', { token })).body).toEqual({ jobs: [] });
  });

  it('share neither slots, credits nor known people', async () => {
    await using api = await startApiServer();
    const token = await api.makeToken('fabrikam');
    const body = { leads: leads(2) };
    await api.call('POST', '/v1/people/enrich', { body });
    const theirs = await api.call('POST', '/v1/people/enrich', { token, body });
    expect(theirs.body).toMatchObject({ stopped: 'no-slot', credits: 0 });
    expect(theirs.text).not.toContain('Lovelace');
    expect((await api.call('GET', '/v1/slots', { token })).body.notation).toContain('0/4');
    expect((await api.call('GET', '/v1/credits', { token })).body).toMatchObject({ credits: 0, slots: [] });
  });

  it('do not share the answers that they may ask for again', async () => {
    await using api = await startApiServer();
    const token = await api.makeToken('fabrikam');
    const asked = { body: { leads: leads(1) }, headers: { 'idempotency-key': 'one' } };
    await api.call('POST', '/v1/people/enrich', asked);
    const theirs = await api.call('POST', '/v1/people/enrich', { ...asked, token });
    expect(theirs.headers.get('idempotency-replayed')).toBeNull();
    expect(theirs.body.stopped).toBe('no-slot');
  });
});

describe('operators', () => {
  const spareKey = 'adventure-works-key-000-5P1C';
  const withOperator = async (work: (api: ApiServer, token: string) => Promise<void>) => {
    await using api = await startApiServer();
    await work(api, await api.makeToken('operators', ['operator']));
  };

  it('fill and clear done-for-you slots, and no others', () =>
    withOperator(async (api, token) => {
      const at = '/v1/workspaces/contoso/slots';
      const filled = await api.call('POST', `${at}/3`, { token, body: { key: spareKey, label: 'Ours' } });
      expect(filled.body).toMatchObject({ slot: { number: 3, label: 'Ours', last4: '5P1C' } });
      expect(filled.text).not.toContain(spareKey);
      expect((await api.call('POST', `${at}/1`, { token, body: { key: spareKey } })).status).toBe(409);
      const mistyped = await api.call('POST', '/v1/workspaces/contosso/slots/4', {
        token,
        body: { key: KEYS.fabrikam },
      });
      expect(mistyped.body).toMatchObject({ status: 404, code: 'no-such-workspace' });
      expect(mistyped.body.detail).toContain('Did you mean "contoso"?');
      const limits = { token, body: { monthlyLimit: 2 } };
      expect((await api.call('PUT', '/v1/workspaces/contosso/limits', limits)).status).toBe(404);
      expect((await api.call('POST', `${at}/9`, { token, body: { key: `${spareKey}2` } })).status).toBe(404);
      expect((await api.call('DELETE', `${at}/1`, { token })).status).toBe(422);
      expect((await api.call('DELETE', `${at}/3`, { token })).body).toMatchObject({ slot: 3, last4: '5P1C' });
      expect((await api.call('DELETE', `${at}/3`, { token })).status).toBe(409);
      expect(api.logged.join('')).not.toContain(spareKey);
    }));

  it('see the workspaces and set what they may spend', () =>
    withOperator(async (api, token) => {
      await api.call('PUT', '/v1/workspaces/contoso/limits', { token, body: { monthlyLimit: 2 } });
      const { body } = await api.call('GET', '/v1/workspaces', { token });
      expect(body.workspaces).toMatchObject([
        { workspace: 'contoso', monthlyLimit: 2 },
        { workspace: 'operators' },
      ]);
      const slotLimits = { 1: 40, 2: null };
      const set = await api.call('PUT', '/v1/workspaces/contoso/limits', { token, body: { slotLimits } });
      expect(set.body).toEqual({ workspace: 'contoso', monthlyLimit: 2, slotLimits: { 1: 40 } });
      expect((await api.call('GET', '/v1/credits')).body).toMatchObject({ slotLimits: { 1: 40 } });
      const wrong = { token, body: { slotLimits: { 9: 40 } } };
      expect((await api.call('PUT', '/v1/workspaces/contoso/limits', wrong)).status).toBe(404);
      const got = await api.call('POST', '/v1/people/enrich', { body: { leads: leads(5) } });
      expect(got.body.stopped).toBe('budget');
      expect(api.sandbox.counts().credits).toBeLessThanOrEqual(2);
    }));
});
