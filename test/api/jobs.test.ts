import { describe, expect, it } from 'vitest';
import { estimateAnswer, jobAnswer, jobsAnswer, resultsAnswer } from '../../bot/api/schemas.ts';
import { type ApiServer, leads, startApiServer } from './api-server.ts';

const CSV = { 'content-type': 'text/csv' };

function csv(count: number): string {
  const rows = leads(count).map(
    ({ first_name, last_name, domain }) => `"x, y",${first_name},${last_name},${domain}`,
  );
  return `${['Note,First Name,Last Name,Website', ...rows].join('\r\n')}\r\n`;
}

async function ended(api: ApiServer, id: string) {
  await expect.poll(async () => (await api.call('GET', `/v1/jobs/${id}`)).body.state).not.toBe('running');
  return jobAnswer.parse((await api.call('GET', `/v1/jobs/${id}`)).body);
}

describe('a job', () => {
  it('takes a CSV as a stream and gives it back with its own cells untouched', async () => {
    await using api = await startApiServer();
    const made = await api.call('POST', '/v1/jobs?name=Leads.csv', { body: csv(260), headers: CSV });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(`/v1/jobs/${made.body.id}`);
    const job = await ended(api, jobAnswer.parse(made.body).id);
    expect(job).toMatchObject({ state: 'done', rows: 260, finished: 260, counts: { matched: 260 } });
    const got = await api.call('GET', `/v1/jobs/${job.id}/results?format=csv`);
    expect(got.headers.get('content-disposition')).toContain('Leads-enriched.csv');
    const [header = '', ...rows] = got.text.trimEnd().split('\r\n');
    expect(header).toMatch(/^Note,First Name,Last Name,Website,apollo_outcome,/);
    expect(rows.map((row) => row.split(',').slice(0, 3).join(','))).toEqual(
      csv(260)
        .trimEnd()
        .split('\r\n')
        .slice(1)
        .map((row) => row.split(',').slice(0, 3).join(',')),
    );
    expect(rows.every((row) => row.includes('contoso.com,matched,'))).toBe(true);
  });

  it('gives its results as an Excel file, and ready for another tool', async () => {
    await using api = await startApiServer();
    const made = await api.call('POST', '/v1/jobs?name=Leads.csv', { body: csv(3), headers: CSV });
    const job = await ended(api, jobAnswer.parse(made.body).id);
    const excel = await api.call('GET', `/v1/jobs/${job.id}/results?format=xlsx`);
    expect(excel.headers.get('content-disposition')).toContain('Leads-enriched.xlsx');
    expect(excel.headers.get('content-type')).toContain('spreadsheetml.sheet');
    expect(excel.text.startsWith('PK')).toBe(true);
    const tool = await api.call('GET', `/v1/jobs/${job.id}/results?preset=smartlead`);
    expect(tool.headers.get('content-disposition')).toContain('Leads-smartlead.csv');
    const [header = '', ...rows] = tool.text
      .replace(/^\uFEFF/, '')
      .trimEnd()
      .split('\r\n');
    expect(header).toMatch(/^email,first_name,last_name,company_name,phone_number,.*,apollo_match,/);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => /^[^,]+@/.test(row))).toBe(true);
    expect(await api.call('GET', `/v1/jobs/${job.id}/results?format=json&preset=lemlist`)).toMatchObject({
      status: 422,
    });
  });

  it('gives its results in pages, in order, each once', async () => {
    await using api = await startApiServer();
    const { body } = await api.call('POST', '/v1/jobs', {
      body: { leads: [...leads(300), { name: 'Ada' }] },
    });
    await ended(api, body.id);
    const rows: number[] = [];
    let cursor: string | undefined = '0';
    while (cursor !== undefined) {
      const got = await api.call('GET', `/v1/jobs/${body.id}/results?limit=90&cursor=${cursor}`);
      const page = resultsAnswer.parse(got.body);
      expect(page.columns).toContain('apollo_outcome');
      rows.push(...page.results.map(({ row }) => row));
      cursor = page.next;
    }
    expect(rows).toEqual(Array.from({ length: 301 }, (_, row) => row));
    const skipped = await api.call('GET', `/v1/jobs/${body.id}/results?outcome=skipped`);
    expect(resultsAnswer.parse(skipped.body).results).toMatchObject([
      { row: 300, outcome: 'skipped', lead: { name: 'Ada' }, error: expect.stringContaining('Nothing') },
    ]);
    const lines = (await api.call('GET', `/v1/jobs/${body.id}/results?format=ndjson`)).text
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line).row)).toEqual(rows);
  });

  it('is only prepared, then started, paused, resumed and cancelled as somebody says', async () => {
    await using api = await startApiServer({ latencyMs: 40 });
    const { body } = await api.call('POST', '/v1/jobs', { body: { leads: leads(2000), start: false } });
    expect(body).toMatchObject({ state: 'ready', estimate: { lookups: 2000 } });
    expect(api.sandbox.counts().credits).toBe(0);
    const act = (action: string) => api.call('POST', `/v1/jobs/${body.id}/${action}`);
    expect((await act('pause')).status).toBe(409);
    expect((await act('start')).body.state).toBe('running');
    expect((await act('pause')).body).toMatchObject({ state: 'paused', reason: 'asked' });
    expect((await act('pause')).body).toMatchObject({ state: 'paused', reason: 'asked' });
    expect((await act('resume')).body.state).toBe('running');
    expect((await act('cancel')).body.state).toBe('cancelled');
    expect((await act('cancel')).status).toBe(409);
    const refused = await act('start');
    expect(refused).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    expect((await act('resume')).body).toMatchObject({ state: 'running', rows: 2000 });
    expect((await act('cancel')).body.state).toBe('cancelled');
    expect(api.sandbox.counts().chargedMoreThanOnce).toEqual([]);
  });

  it('pauses at its limit, and goes on when that is raised', async () => {
    await using api = await startApiServer();
    const { body } = await api.call('POST', '/v1/jobs', {
      body: { leads: leads(30), options: { creditLimit: 10 } },
    });
    const job = await ended(api, body.id);
    expect(job).toMatchObject({ state: 'paused', reason: 'credit-limit', creditLimit: 10 });
    expect(job.credits).toBeLessThanOrEqual(10);
    const raised = await api.call('PATCH', `/v1/jobs/${body.id}`, { body: { creditLimit: null } });
    expect(raised.body.creditLimit).toBeUndefined();
    await api.call('POST', `/v1/jobs/${body.id}/resume`);
    expect(await ended(api, body.id)).toMatchObject({ state: 'done', counts: { matched: 30 } });
  });

  it('asks for companies when the leads are companies', async () => {
    await using api = await startApiServer();
    const { body } = await api.call('POST', '/v1/jobs', {
      body: { kind: 'companies', leads: [{ name: 'Ada', domain: 'contoso.com' }] },
    });
    expect(await ended(api, body.id)).toMatchObject({ kind: 'companies', counts: { matched: 1 } });
    const got = await api.call('POST', '/v1/organizations/enrich', {
      body: { leads: [{ domain: 'contoso.com' }] },
    });
    expect(got.body.results).toMatchObject([{ how: 'known', company: { domain: 'contoso.com' } }]);
  });

  it('is listed among the others, the newest first, in pages', async () => {
    await using api = await startApiServer();
    const made: string[] = [];
    for (let number = 0; number < 5; number += 1) {
      const { body } = await api.call('POST', '/v1/jobs', { body: { leads: leads(1), start: false } });
      made.unshift(body.id);
    }
    const first = jobsAnswer.parse((await api.call('GET', '/v1/jobs?limit=3')).body);
    const second = jobsAnswer.parse((await api.call('GET', `/v1/jobs?limit=3&cursor=${first.next}`)).body);
    expect(second.next).toBeUndefined();
    const listed = [...first.jobs, ...second.jobs].map(({ id }) => id);
    expect(new Set(listed)).toEqual(new Set(made));
    expect(listed).toHaveLength(5);
  });
});

describe('an estimate', () => {
  it('spends nothing and leaves nothing behind', async () => {
    await using api = await startApiServer();
    const got = await api.call('POST', '/v1/estimate?phones=true', { body: csv(20), headers: CSV });
    expect(estimateAnswer.parse(got.body)).toMatchObject({
      rows: 20,
      lookups: 20,
      // By name alone: who it is comes first, and the phone in a second call.
      mostCredits: 200,
      mapping: { first_name: ['First Name'], domain: ['Website'] },
    });
    expect((await api.call('GET', '/v1/jobs')).body).toEqual({ jobs: [] });
    expect(api.sandbox.counts().credits).toBe(0);
  });
});

describe('an idempotency key', () => {
  const headers = { 'idempotency-key': 'order-66' };

  it('makes a request that comes again, even at the same moment, one request', async () => {
    await using api = await startApiServer();
    const asked = { body: { leads: leads(5), options: { fresh: true } }, headers };
    const [one, other] = await Promise.all([
      api.call('POST', '/v1/people/enrich', asked),
      api.call('POST', '/v1/people/enrich', asked),
    ]);
    const later = await api.call('POST', '/v1/people/enrich', asked);
    expect(other.text).toBe(one.text);
    expect(later.text).toBe(one.text);
    expect(later.headers.get('idempotency-replayed')).toBe('true');
    expect(api.sandbox.counts().credits).toBe(one.body.credits);
  });

  it('makes one job of a list that is sent twice, also after a restart', async () => {
    await using api = await startApiServer();
    const asked = { body: csv(10), headers: { ...CSV, ...headers } };
    const one = await api.call('POST', '/v1/jobs', asked);
    await api.stop();
    await api.start();
    const other = await api.call('POST', '/v1/jobs', asked);
    expect([other.status, other.body.id]).toEqual([201, one.body.id]);
    expect((await api.call('GET', '/v1/jobs')).body.jobs).toHaveLength(1);
  });

  it('is refused for another request', async () => {
    await using api = await startApiServer();
    await api.call('POST', '/v1/people/enrich', { body: { leads: leads(1) }, headers });
    const got = await api.call('POST', '/v1/people/enrich', { body: { leads: leads(2) }, headers });
    expect(got).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  it('keeps nobody who is to be forgotten', async () => {
    await using api = await startApiServer();
    const asked = { body: { leads: leads(1) }, headers };
    const { body } = await api.call('POST', '/v1/people/enrich', asked);
    const forgotten = await api.call('POST', '/v1/forget', { body: { who: body.results[0].person.id } });
    expect(forgotten.body).toMatchObject({ results: 1 });
    const again = await api.call('POST', '/v1/people/enrich', asked);
    expect(again.text).not.toContain(body.results[0].person.id);
  });
});
