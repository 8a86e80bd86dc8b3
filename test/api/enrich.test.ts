import { describe, expect, it } from 'vitest';
import { enrichAnswer, meAnswer } from '../../bot/api/schemas.ts';
import { leads, startApiServer } from './api-server.ts';

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

  it('say whose token asks', async () => {
    await using api = await startApiServer();
    const { body } = await api.call('GET', '/v1/me');
    expect(meAnswer.parse(body)).toMatchObject({
      workspace: 'contoso',
      token: { name: 'test', scopes: ['enrich', 'read', 'hooks', 'forget'] },
    });
  });
});
