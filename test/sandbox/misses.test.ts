import { expect, it } from 'vitest';
import { ask, askPeople } from './ask.ts';
import { startSandbox } from './index.ts';
import { MISS_SHAPES, type MissShape } from './misses.ts';

const KEY = 'sandbox-misses-key-4Q7A';
const NOBODY = [{ email: 'nobody.known@contoso.com' }, { email: 'neither.known@contoso.com' }];

async function missesAs(shape: MissShape) {
  const teams = [{ id: 'team', keys: [KEY] }];
  await using sandbox = await startSandbox({ teams, matchRate: -1, misses: shape });
  const batch = await askPeople(sandbox, KEY, NOBODY);
  const single = await ask(sandbox, 'POST', `/people/match?email=${NOBODY[0]?.email}`, KEY);
  const company = await ask(sandbox, 'GET', '/organizations/enrich?domain=unknown.example', KEY);
  const domain = 'unknown.example';
  const companies = await ask(sandbox, 'POST', '/organizations/bulk_enrich', KEY, { details: [{ domain }] });
  return { batch, single, company, companies, credits: sandbox.counts().credits };
}

it.each(MISS_SHAPES)('says %s of whoever is not known, for no credits', async (shape) => {
  const { batch, single, company, companies, credits } = await missesAs(shape);
  expect(credits).toBe(0);
  expect(batch.json).toMatchObject({ status: 'success', missing_records: 2, credits_consumed: 0 });
  expect([batch, single, company, companies].map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  if (shape === 'stub') {
    const stub = { match_confidence: 'none', name: '', organization: { primary_domain: 'contoso.com' } };
    expect(batch.json.matches).toMatchObject([stub, stub]);
    expect(single.json.person).toMatchObject(stub);
    expect(company.json).toEqual({});
    expect(companies.json.organizations).toEqual([]);
  }
  if (shape === 'null') expect(batch.json.matches).toEqual([null, null]);
  if (shape === 'empty') expect(batch.json.matches).toEqual([{}, {}]);
  if (shape === 'left-out') expect([batch.json.matches, single.json]).toEqual([[], {}]);
});

it('is sure of an address, and not of a name at a company', async () => {
  await using sandbox = await startSandbox({ teams: [{ id: 'team', keys: [KEY] }], matchRate: 1 });
  const { json } = await askPeople(sandbox, KEY, [
    { email: 'ada.lovelace@contoso.com' },
    { first_name: 'Grace', last_name: 'Hopper', organization_name: 'Contoso' },
  ]);
  expect(json.matches).toMatchObject([{ match_confidence: 'high' }, { match_confidence: 'low' }]);
});
