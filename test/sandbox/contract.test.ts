import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, askPeople } from './ask.ts';
import type { Sandbox } from './index.ts';
import { startSandbox } from './index.ts';

const MASTER = 'master-key-of-team-a-1111';
const SECOND = 'second-key-of-team-a-2222';
const SCOPED = 'scoped-key-of-team-b-3333';
const ADA = { first_name: 'Ada', last_name: 'Lovelace', domain: 'contoso.com' };
const GRACE = { email: 'grace.hopper@fabrikam.com' };
const NOBODY = { name: 'Alan' };
/** As Apollo says that it does not know somebody. */
const STUB = { match_confidence: 'none', name: '', email: null };
const HOOK = encodeURIComponent('https://hooks.invalid/apollo');

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({
    matchRate: 1,
    teams: [
      { id: 'team-a', credits: { limit: 1000, used: 100 }, keys: [MASTER, SECOND] },
      { id: 'team-b', credits: { price: 0.4 }, keys: [{ key: SCOPED, scopes: ['people/bulk_match'] }] },
    ],
  });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

describe('keys', () => {
  it.each([undefined, 'unknown-key-9999'])(
    'answers 401 in plain text without limit headers to %s',
    async (key) => {
      const reply = await ask(sandbox, 'POST', '/people/match', key);

      expect(reply.status).toBe(401);
      expect(reply.headers.get('content-type')).toMatch(/^text\/plain/);
      expect([...reply.headers.keys()].filter((name) => name.includes('minute'))).toEqual([]);
    },
  );

  it('refuses a revoked key until it is restored', async () => {
    sandbox.revoke(MASTER);
    expect((await ask(sandbox, 'GET', '/users/api_profile', MASTER)).status).toBe(401);
    sandbox.restore(MASTER);
    expect((await ask(sandbox, 'GET', '/users/api_profile', MASTER)).status).toBe(200);
  });

  it('answers 403 API_INACCESSIBLE outside the scope, without limit headers and without counting', async () => {
    const reply = await ask(sandbox, 'GET', '/users/api_profile', SCOPED);

    expect(reply.status).toBe(403);
    expect(reply.json.error_code).toBe('API_INACCESSIBLE');
    expect(reply.headers.has('x-rate-limit-minute')).toBe(false);
    expect((await askPeople(sandbox, SCOPED, [ADA])).status).toBe(200);
  });
});

describe('a single look-up', () => {
  it('takes its parameters from the query', async () => {
    const reply = await ask(sandbox, 'POST', `/people/match?${new URLSearchParams(ADA)}`, MASTER);

    expect(reply.status).toBe(200);
    expect(reply.json.person).toMatchObject({
      first_name: 'Ada',
      organization: { primary_domain: 'contoso.com' },
    });
  });

  it('sees nothing of a body', async () => {
    const reply = await ask(sandbox, 'POST', '/people/match', MASTER, ADA);

    expect(reply.json).toEqual({ person: expect.objectContaining(STUB) });
    expect(sandbox.counts().credits).toBe(0);
  });

  it('is a POST', async () => {
    expect((await ask(sandbox, 'GET', `/people/match?${new URLSearchParams(ADA)}`, MASTER)).status).toBe(404);
  });
});

describe('a batch', () => {
  it('answers in order, with a stub for a miss, and counts only people that cost a credit', async () => {
    const reply = await askPeople(sandbox, MASTER, [ADA, NOBODY, GRACE, ADA]);

    expect(reply.json).toMatchObject({
      status: 'success',
      total_requested_enrichments: 4,
      unique_enriched_records: 2,
      missing_records: 1,
      credits_consumed: 2,
      matches: [{ first_name: 'Ada' }, STUB, { first_name: 'Grace' }, { first_name: 'Ada' }],
    });
  });

  it('does not charge for a person of whom it has nothing worth a credit', async () => {
    // Of the people without an e-mail address one in five is such a person.
    const charged: number[] = [];
    for (let start = 0; start < 200; start += 10) {
      const details = Array.from({ length: 10 }, (_, index) => ({
        linkedin_url: `linkedin.com/in/grace-hopper-${start + index}`,
      }));
      const { json } = await askPeople(sandbox, MASTER, details);
      expect(json.missing_records).toBe(0);
      expect(json.unique_enriched_records).toBe(json.credits_consumed);
      charged.push(json.credits_consumed);
    }

    expect(Math.min(...charged)).toBeLessThan(10);
  });

  it('is a success although it matched nobody', async () => {
    expect((await askPeople(sandbox, MASTER, [NOBODY])).json).toMatchObject({
      status: 'success',
      matches: [STUB],
      credits_consumed: 0,
    });
  });

  it('sees no details in the query and no flags in the body', async () => {
    const inQuery = await ask(sandbox, 'POST', '/people/bulk_match?details[][name]=Ada', MASTER, {});
    const flagged = await ask(sandbox, 'POST', '/people/bulk_match', MASTER, {
      details: [ADA],
      reveal_phone_number: true,
    });

    expect(inQuery.status).toBe(400);
    expect(flagged.status).toBe(200);
    expect(flagged.json.phone_enrichment).toBeUndefined();
  });

  it('has a request id that no double can carry', async () => {
    const ids: string[] = [];
    for (let call = 0; call < 12; call += 1) {
      const { text } = await askPeople(sandbox, MASTER, [ADA]);
      ids.push(/"request_id":(-?\d+)[,}]/.exec(text)?.[1] ?? '');
    }

    expect(ids.filter((id) => BigInt(Number(id)) === BigInt(id))).toEqual([]);
    expect(ids.some((id) => id.startsWith('-'))).toBe(true);
    expect(ids.every((id) => BigInt.asIntN(64, BigInt(id)) === BigInt(id))).toBe(true);
  });

  it('charges fractions where the plan has them', async () => {
    expect((await askPeople(sandbox, SCOPED, [ADA, GRACE])).json.credits_consumed).toBe(0.8);
    expect(sandbox.counts().teams[1]).toMatchObject({ credits: 0.8, creditsLeft: 9999.2 });
  });

  it('refuses more than ten', async () => {
    const reply = await askPeople(sandbox, MASTER, Array(11).fill(ADA));

    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject({ status: 'failed', error_code: 'RECORD_LIMIT_EXCEEDED' });
    expect(sandbox.counts().credits).toBe(0);
  });

  it.each([{}, { details: [] }, { people: [ADA] }])('refuses an empty one: %o', async (body) => {
    const reply = await ask(sandbox, 'POST', '/people/bulk_match', MASTER, body);

    expect(reply.status).toBe(400);
    expect(reply.json.error_code).toBe('INVALID_REQUEST');
  });

  it.each([
    ['a name that is no text', { ...ADA, first_name: 7 }],
    ['an e-mail that is none', { email: 'not-an-email' }],
    ['a hash that is none', { hashed_email: 'abc' }],
    ['a name that is too long', { ...ADA, last_name: 'x'.repeat(501) }],
    ['control characters', { ...ADA, last_name: 'Love\u0007lace' }],
    ['a detail that is no object', 'Ada Lovelace'],
    ['an empty detail', null],
  ])('is refused as a whole for %s, and nobody is charged', async (_, bad) => {
    const reply = await askPeople(sandbox, MASTER, [ADA, bad, GRACE]);

    expect(reply.status).toBe(422);
    expect(reply.json.status).toBe('failed');
    expect(reply.headers.get('x-minute-usage')).toBe('1');
    expect(sandbox.counts().credits).toBe(0);
  });

  it('refuses a body that is not JSON', async () => {
    const response = await fetch(`${sandbox.url}/people/bulk_match`, {
      method: 'POST',
      headers: { 'x-api-key': MASTER, 'content-type': 'application/json' },
      body: '{"details": [',
    });
    expect(response.status).toBe(400);
  });

  it('reveals personal e-mails only when asked, and never where the GDPR holds', async () => {
    const details = Array.from({ length: 10 }, (_, index) => ({ email: `founder${index}@contoso.com` }));
    const plain = await askPeople(sandbox, MASTER, details);
    const revealed = await askPeople(sandbox, MASTER, details, '?reveal_personal_emails=true');
    type Found = { country: string; personal_emails?: string[] };

    expect(plain.json.matches.every((match: Found) => match.personal_emails === undefined)).toBe(true);
    const found: Found[] = revealed.json.matches;
    expect(found.some((match) => match.personal_emails?.length === 1)).toBe(true);
    for (const match of found) {
      if (['Germany', 'France', 'United Kingdom'].includes(match.country)) {
        expect(match.personal_emails).toEqual([]);
      }
    }
  });
});

describe('late parts', () => {
  it.each([
    ['reveal_phone_number=true', 422],
    ['run_waterfall_email=true', 422],
    ['run_waterfall_phone=true&webhook_url=', 422],
    ['reveal_phone_number=true&webhook_url=http%3A%2F%2Fhooks.invalid%2F', 422],
    [`reveal_phone_number=true&webhook_url=${HOOK}`, 200],
    [`reveal_phone_number=true&webhook_url=${encodeURIComponent(HOOK)}`, 200],
    ['reveal_phone_number=true&poll_only=true', 200],
    [`reveal_phone_number=true&poll_only=true&webhook_url=${HOOK}`, 400],
  ])('need an https webhook address, or to be polled for only: %s', async (flags, status) => {
    expect((await askPeople(sandbox, MASTER, [ADA], `?${flags}`)).status).toBe(status);
  });

  it('leave billing and e-mail out of the answer of a waterfall', async () => {
    const { json } = await askPeople(sandbox, MASTER, [ADA], `?run_waterfall_email=true&webhook_url=${HOOK}`);

    expect(json.waterfall.status).toBe('accepted');
    for (const absent of ['credits_consumed', 'unique_enriched_records', 'missing_records']) {
      expect(json).not.toHaveProperty(absent);
    }
    expect(json.matches[0]).not.toHaveProperty('email');
    expect(json.matches[0]).not.toHaveProperty('email_status');
  });
});

describe('companies', () => {
  it.each([
    'domain=fabrikam.com',
    'website=https%3A%2F%2Fwww.fabrikam.com%2Fabout',
    'linkedin_url=https%3A%2F%2Fwww.linkedin.com%2Fcompany%2Ffabrikam%2F',
  ])('are found by %s', async (query) => {
    const reply = await ask(sandbox, 'GET', `/organizations/enrich?${query}`, MASTER);

    expect(reply.json.organization).toMatchObject({ name: 'Fabrikam', primary_domain: 'fabrikam.com' });
  });

  it('need something to be found by', async () => {
    const reply = await ask(sandbox, 'GET', '/organizations/enrich', MASTER);

    expect(reply.status).toBe(422);
    expect(reply.json.error).toMatch(/domain/);
  });

  it('come in batches by domain or by details, one credit each', async () => {
    const byDomain = await ask(
      sandbox,
      'POST',
      '/organizations/bulk_enrich?domains[]=contoso.com&domains[]=fabrikam.com&domains[]=CONTOSO.com',
      MASTER,
    );
    const byDetails = await ask(sandbox, 'POST', '/organizations/bulk_enrich', MASTER, {
      details: [{ domain: '!' }, { name: 'Litware', website: 'http://litwareinc.com' }],
    });

    expect(byDomain.json).toMatchObject({
      total_requested_domains: 3,
      unique_domains: 2,
      total_requested_records: null,
      organizations: [{ name: 'Contoso' }, { name: 'Fabrikam' }, { name: 'Contoso' }],
    });
    expect(byDetails.json).toMatchObject({
      total_requested_records: 2,
      missing_records: 1,
      organizations: [{ name: 'Litware' }],
    });
    expect(sandbox.counts()).toMatchObject({ credits: 3, companiesCharged: 3, chargedMoreThanOnce: [] });
  });

  it('refuses an empty batch in JSON that calls itself plain text, and more than ten', async () => {
    const empty = await ask(sandbox, 'POST', '/organizations/bulk_enrich', MASTER, {});
    const eleven = await ask(sandbox, 'POST', '/organizations/bulk_enrich', MASTER, {
      details: Array(11).fill({ name: 'Contoso' }),
    });

    expect([empty.status, empty.json.error_code]).toEqual([400, 'INVALID_REQUEST']);
    expect(empty.headers.get('content-type')).toMatch(/^text\/plain/);
    expect([eleven.status, eleven.json.error_code]).toEqual([400, 'RECORD_LIMIT_EXCEEDED']);
  });
});

describe('accounts', () => {
  it('tells the team, and credits when asked', async () => {
    const plain = await ask(sandbox, 'GET', '/users/api_profile', MASTER);
    const full = await ask(sandbox, 'GET', '/users/api_profile?include_credit_usage=true', SECOND);

    expect(plain.json).toMatchObject({ team_id: 'team-a' });
    expect(plain.json).not.toHaveProperty('num_credits_remaining');
    expect(full.json).toMatchObject({
      team_id: 'team-a',
      num_credits_remaining: 900,
      total_unified_credits_used: 100,
    });
    expect(full.json.id).not.toBe(plain.json.id);
  });

  it('can have a profile whose remaining credits stand still, as on a unified plan', async () => {
    await using unified = await startSandbox({
      teams: [{ id: 'team', credits: { limit: 50, used: 20, unified: true }, keys: [MASTER] }],
    });
    const { json } = await ask(unified, 'GET', '/users/api_profile?include_credit_usage=true', MASTER);

    expect(json).toMatchObject({
      num_credits_remaining: 0,
      effective_num_lead_credits: 50,
      total_unified_credits_used: 20,
    });
  });

  it('reports credits and limits of the team, used by whichever of its keys', async () => {
    await askPeople(sandbox, SECOND, [ADA]);
    const credits = await ask(sandbox, 'POST', '/usage_stats/credit_usage_stats', MASTER);
    const usage = await ask(sandbox, 'POST', '/usage_stats/api_usage_stats', MASTER);

    expect(credits.json.credit_usage_stats.lead_credit).toEqual({
      limit: 1000,
      consumed: 101,
      left_over: 899,
    });
    expect(Date.parse(credits.json.current_credit_cycle.end_date)).toBeGreaterThan(Date.now());
    expect(usage.json['["api/v1/people", "bulk_match"]']).toEqual({
      minute: { limit: 1000, consumed: 1, left_over: 999 },
      hour: { limit: null, consumed: 1, left_over: null },
      day: { limit: null, consumed: 1, left_over: null },
    });
  });
});

describe('credits', () => {
  it('are charged for all of a batch or, when they do not suffice, for nobody', async () => {
    sandbox.setCredits('team-a', { limit: 100, used: 99 });
    const two = await askPeople(sandbox, MASTER, [ADA, GRACE]);
    const one = await askPeople(sandbox, MASTER, [ADA]);
    const none = await askPeople(sandbox, MASTER, [NOBODY]);

    expect([two.status, two.json.error_details.code]).toEqual([422, 'BILLING.LIMIT.CREDITS_EXHAUSTED']);
    expect(one.status).toBe(200);
    expect(none.status).toBe(422);
    expect(sandbox.counts().teams[0]).toMatchObject({ credits: 1, creditsLeft: 0 });
  });

  it('spent twice on one person are seen, whatever keys and spellings were used', async () => {
    await askPeople(sandbox, MASTER, [ADA, GRACE]);
    await askPeople(sandbox, SCOPED, [{ name: 'ADA LOVELACE', organization_name: 'Contoso' }]);

    expect(sandbox.counts()).toMatchObject({
      peopleCharged: 2,
      chargedMoreThanOnce: [{ for: 'data', times: 2, keys: ['1111', '3333'] }],
    });
  });
});

describe('counts', () => {
  it('are on a page and in JSON, without a whole key', async () => {
    await askPeople(sandbox, MASTER, [ADA]);
    sandbox.fault({ kind: 'slow', key: SECOND, ms: 1 });
    const html = await (await fetch(sandbox.controlUrl)).text();
    const json = await (await fetch(`${sandbox.controlUrl}/counts`)).text();
    const faults = await (await fetch(`${sandbox.controlUrl}/faults`)).text();

    expect(JSON.parse(json)).toEqual(sandbox.counts());
    expect(html).toContain('…1111');
    for (const key of [MASTER, SECOND, SCOPED]) expect(html + json + faults).not.toContain(key);
  });

  it('start anew after a reset', async () => {
    const fresh = sandbox.counts();
    await askPeople(sandbox, MASTER, [ADA]);
    await fetch(`${sandbox.controlUrl}/reset`, { method: 'POST' });

    expect(sandbox.counts()).toEqual(fresh);
  });

  it('are controlled over HTTP, and a wrong order is explained', async () => {
    const order = (path: string, body: unknown) =>
      fetch(`${sandbox.controlUrl}${path}`, { method: 'POST', body: JSON.stringify(body) });

    expect((await order('/plan', { team: 'team-a', plan: { '*': { minute: 1 } } })).status).toBe(200);
    expect((await order('/credits', { team: 'team-a', used: 1000 })).status).toBe(200);
    expect((await askPeople(sandbox, MASTER, [ADA])).status).toBe(422);
    expect((await askPeople(sandbox, MASTER, [ADA])).status).toBe(429);
    const wrong = await order('/faults', { kind: 'earthquake' });
    expect(wrong.status).toBe(400);
    expect(await wrong.text()).toContain('cutBefore');
    expect((await order('/plan', { team: 'team-z', plan: 'free' })).status).toBe(400);
    expect((await order('/nothing', {})).status).toBe(404);
  });
});
