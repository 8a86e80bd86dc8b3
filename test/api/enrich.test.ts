import { describe, expect, it } from 'vitest';
import { enrichAnswer, meAnswer } from '../../bot/api/schemas.ts';
import { KEYS, leads, startApiServer } from './api-server.ts';

describe('leads that are answered at once', () => {
  it('come back in order, with who they are and what it cost', async () => {
    await using api = await startApiServer();
    const got = await api.call('POST', '/v1/people/enrich', {
      body: { leads: [...leads(12), { name: 'Ada' }] },
    });
    expect(got.status).toBe(200);
    const { results, credits, calls } = enrichAnswer.parse(got.body);
    expect(results.map(({ person }) => person?.firstName)).toEqual([
      ...leads(12).map(({ first_name }) => first_name),
      undefined,
    ]);
    expect(results[12]).toMatchObject({
      outcome: 'skipped',
      error: expect.stringContaining('Nothing to identify'),
    });
    expect(credits).toBe(api.sandbox.counts().credits);
    expect(calls).toBe(2);
  });

  it('cost nothing the second time', async () => {
    await using api = await startApiServer();
    const body = { leads: leads(3) };
    await api.call('POST', '/v1/people/enrich', { body });
    const again = enrichAnswer.parse((await api.call('POST', '/v1/people/enrich', { body })).body);
    expect(again).toMatchObject({
      credits: 0,
      calls: 0,
      results: [{ how: 'known' }, { how: 'known' }, { how: 'known' }],
    });
  });

  it('say whose phones are still to come, and have them when they came', async () => {
    await using api = await startApiServer({ lateMs: 300, minuteMs: 3_000 });
    const body = { leads: leads(10), options: { phones: true } };
    const ask = async () => enrichAnswer.parse((await api.call('POST', '/v1/people/enrich', { body })).body);
    expect((await ask()).results.some(({ pending }) => pending)).toBe(true);
    await expect.poll(async () => (await ask()).results.filter(({ pending }) => pending)).toEqual([]);
    expect((await ask()).results.some(({ person }) => person?.phones)).toBe(true);
  });

  it('are given back when nobody waits for them any more, but for what has left', async () => {
    // Four calls a window, so that most of a hundred leads are still queued when the caller leaves.
    const plan = { '*': { minute: 4 } };
    await using api = await startApiServer({
      minuteMs: 1500,
      latencyMs: 50,
      teams: [{ id: 'team-contoso', keys: [KEYS.contoso], plan }],
    });
    const caller = new AbortController();
    const asked = fetch(`${api.url}/v1/people/enrich`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ leads: leads(100) }),
      signal: caller.signal,
    });
    await expect.poll(() => api.sandbox.counts().byEndpoint['people/bulk_match'] ?? 0).toBeGreaterThan(0);
    caller.abort();
    await expect(asked).rejects.toThrow();
    // Whatever was queued would leave before another request is answered.
    await api.call('POST', '/v1/people/enrich', { body: { leads: leads(30, 200) } });
    expect(api.sandbox.counts().credits).toBeLessThan(100);
  });

  it('say whose token asks', async () => {
    await using api = await startApiServer();
    const { body } = await api.call('GET', '/v1/me');
    expect(meAnswer.parse(body)).toMatchObject({
      workspace: 'contoso',
      token: { name: 'test', scopes: ['enrich', 'read', 'hooks', 'forget'] },
    });
  });
});
