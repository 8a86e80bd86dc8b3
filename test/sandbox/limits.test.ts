import { describe, expect, it } from 'vitest';
import { ask, askPeople } from './ask.ts';
import { startSandbox } from './index.ts';

const ADA = { name: 'Ada Lovelace', domain: 'contoso.com' };
const LIMIT_HEADERS = [
  'x-rate-limit-minute',
  'x-minute-usage',
  'x-minute-requests-left',
  'x-rate-limit-hourly',
  'x-hourly-usage',
  'x-hourly-requests-left',
  'x-rate-limit-24-hour',
  'x-24-hour-usage',
  'x-24-hour-requests-left',
];

describe('rate limits', () => {
  it('have every header on the Free plan, for a batch other than for one', async () => {
    await using sandbox = await startSandbox({
      teams: [{ id: 'team', plan: 'free', keys: ['key-one-1111'] }],
    });
    const { headers } = await askPeople(sandbox, 'key-one-1111', [ADA]);
    const single = await ask(sandbox, 'POST', '/people/match', 'key-one-1111');

    expect(LIMIT_HEADERS.map((name) => headers.get(name))).toEqual([
      '20',
      '1',
      '19',
      '100',
      '1',
      '99',
      '600',
      '1',
      '599',
    ]);
    expect(single.headers.get('x-rate-limit-minute')).toBe('50');
  });

  it('have an empty header and no usage where there is no limit', async () => {
    await using sandbox = await startSandbox({ teams: [{ id: 'team', keys: ['key-one-1111'] }] });
    const { headers } = await askPeople(sandbox, 'key-one-1111', [ADA]);

    expect(LIMIT_HEADERS.map((name) => headers.get(name))).toEqual([
      '1000',
      '1',
      '999',
      '',
      null,
      null,
      '',
      null,
      null,
    ]);
  });

  it('are shared by the keys of a team and by its child workspaces, and by nobody else', async () => {
    await using sandbox = await startSandbox({
      teams: [
        { id: 'team-a', plan: { '*': { minute: 3 } }, keys: ['key-one-1111', 'key-two-2222'] },
        { id: 'team-b', plan: { '*': { minute: 3 } }, keys: ['key-three-3333'] },
        { id: 'child-of-a', parent: 'team-a', keys: ['key-four-4444'] },
      ],
    });
    const left = async (key: string) =>
      (await askPeople(sandbox, key, [ADA])).headers.get('x-minute-requests-left');

    expect(await left('key-one-1111')).toBe('2');
    expect(await left('key-two-2222')).toBe('1');
    expect(await left('key-three-3333')).toBe('2');
    expect(await left('key-four-4444')).toBe('0');
    expect((await askPeople(sandbox, 'key-one-1111', [ADA])).status).toBe(429);
  });

  it('answer 429 with the endpoint, the window and the wait, and charge nothing', async () => {
    await using sandbox = await startSandbox({
      teams: [{ id: 'team', plan: { 'people/bulk_match': { minute: 9, hour: 1 } }, keys: ['key-one-1111'] }],
      matchRate: 1,
      minuteMs: 1000,
    });
    await askPeople(sandbox, 'key-one-1111', [ADA]);
    const refused = await askPeople(sandbox, 'key-one-1111', [ADA]);

    expect(refused.status).toBe(429);
    expect(refused.json.message).toMatch(
      /^The maximum number of api calls allowed for api\/v1\/people\/bulk_match is 1 times per hour\./,
    );
    expect(Number(refused.headers.get('retry-after'))).toBe(60);
    expect(refused.headers.get('x-hourly-requests-left')).toBe('0');
    expect(refused.headers.get('x-minute-usage')).toBe('1');
    expect(sandbox.counts()).toMatchObject({ rateLimited: 1, credits: 1, byStatus: { 200: 1, 429: 1 } });
  });

  it('count on arrival, so that a slow answer does not make room', async () => {
    await using sandbox = await startSandbox({
      teams: [{ id: 'team', plan: { '*': { minute: 2 } }, keys: ['key-one-1111'] }],
      latencyMs: 50,
    });
    const replies = await Promise.all([1, 2, 3].map(() => askPeople(sandbox, 'key-one-1111', [ADA])));

    expect(replies.map((reply) => reply.status).sort()).toEqual([200, 200, 429]);
  });

  it('can be changed while it runs', async () => {
    await using sandbox = await startSandbox({ teams: [{ id: 'team', keys: ['key-one-1111'] }] });
    sandbox.setPlan('team', { '*': { minute: 0 } });

    expect((await askPeople(sandbox, 'key-one-1111', [ADA])).status).toBe(429);
  });
});
