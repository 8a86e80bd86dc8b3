import nock from 'nock';
import { beforeAll, describe, expect, it } from 'vitest';
import { apolloOf, engine, jsonOf, KEYS, withKeys } from './world.ts';

const STRANGER = {
  id: '64a1f0c2e5b7d90001a2b3c4',
  name: 'Grace Hopper',
  first_name: 'Grace',
  last_name: 'Hopper',
  email: 'grace@fabrikam.com',
  email_status: 'verified',
  linkedin_url: 'http://www.linkedin.com/in/grace-hopper-1',
  organization: { id: '5f0a1c2d3e4b5a6978811001', name: 'Fabrikam', primary_domain: 'fabrikam.com' },
};

const APOLLO = { url: 'https://apollo.example.com/api/v1' };

/** An Apollo that gives out one and the same person, whoever is asked for; nothing else is for this key. */
beforeAll(() => {
  nock.disableNetConnect();
  const refusal = { error: 'Not for this key', error_code: 'API_INACCESSIBLE' };
  nock(APOLLO.url, { reqheaders: { 'x-api-key': KEYS.sales } })
    .persist()
    .get('/auth/health')
    .reply(200, { healthy: true, is_logged_in: true })
    .get('/users/api_profile')
    .query(true)
    .reply(403, refusal)
    .post(/\/usage_stats\//)
    .reply(403, refusal)
    .post('/people/match')
    .query(({ organization_name }) => organization_name === 'Contoso')
    .reply(200, { person: STRANGER });
});

describe('an answer that contradicts what was asked', () => {
  const items = [{ json: { name: 'Ada Lovelace', company: 'Contoso', domain: 'contoso.com' } }];
  const enrich = async (parameters: Parameters<typeof withKeys>[1]) => {
    const node = withKeys(APOLLO, { leadsFrom: 'recognize', ...parameters });
    return await (await engine()).run(node, items);
  };

  it('leaves by Unmatched, with the reason, and the hint warns of it', async () => {
    const ended = await enrich({});
    expect(ended.error).toBeUndefined();
    expect(ended.outputs.map((output) => output.length)).toEqual([0, 1, 0]);
    expect(apolloOf(jsonOf(ended, 1)[0])).toMatchObject({
      outcome: 'review',
      match: 'conflict',
      matchReason: expect.stringMatching(/\w/),
    });
    expect(ended.hints[0]).toMatch(/^0 of 1 found, 1 to review.*may be somebody else/);
  });

  it('leaves by an output of its own where that is wanted', async () => {
    const ended = await enrich({ reviewOutput: true });
    expect(ended.outputs.map((output) => output.length)).toEqual([0, 0, 0, 1]);
  });

  it('is not left out with those that nothing was found for', async () => {
    const ended = await enrich({ options: { onUnmatched: 'drop' } });
    expect(ended.outputs.map((output) => output.length)).toEqual([0, 1, 0]);
  });

  it('is no find for an AI agent', async () => {
    const node = withKeys(APOLLO, {
      leadsFrom: 'fields',
      lead_name: "={{ $fromAI('name', 'Whole name', 'string') }}",
      lead_company: 'Contoso',
    });
    const text = await (await engine()).callAsTool(node, { name: 'Ada Lovelace' });
    expect(JSON.parse(text)).toEqual([
      { found: false, outcome: 'review', reason: expect.stringMatching(/may be another.*Do not use it/) },
    ]);
    expect(text).not.toContain('grace@fabrikam.com');
  });
});
