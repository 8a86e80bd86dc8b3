import { describe, expect, it } from 'vitest';
import { jobAnswer } from '../../bot/api/schemas.ts';
import { type ApiServer, leads, startApiServer } from './api-server.ts';
import { freePort } from './free-port.ts';
import { startReceiver } from './receiver.ts';

const phones = { phones: true };
const settings = (port: number) => ({
  allowHttpWebhooks: true,
  env: { PUBLIC_URL: `http://127.0.0.1:${port}`, PORT: String(port), ALLOW_PRIVATE_CALLBACKS: 'true' },
});

async function withPhones(api: ApiServer, id: string): Promise<number> {
  const { body } = await api.call('GET', `/v1/jobs/${id}/results?limit=1000`);
  return body.results.filter(({ added }: { added: Record<string, string> }) => added.apollo_phone).length;
}

async function ended(api: ApiServer, id: string) {
  await expect.poll(async () => (await api.call('GET', `/v1/jobs/${id}`)).body.state).toBe('done');
  return jobAnswer.parse((await api.call('GET', `/v1/jobs/${id}`)).body);
}

describe('late results by webhook', () => {
  it.each(['once', 'twice', 'out-of-order'] as const)('complete a job that waits: %s', async (webhooks) => {
    await using api = await startApiServer({ ...settings(await freePort()), webhooks, lateMs: 300 });
    const { body } = await api.call('POST', '/v1/jobs', { body: { leads: leads(25), options: phones } });
    const job = await ended(api, body.id);
    expect(job.latePending).toBe(0);
    expect(job.counts.phones).toBe(await withPhones(api, body.id));
    expect(job.counts.phones).toBeGreaterThan(5);
    expect(job.credits).toBe(api.sandbox.counts().credits);
    // Nobody had to ask for them.
    expect(api.sandbox.counts().byEndpoint['webhook_result/show'] ?? 0).toBe(0);
    // The second of two may still be under way.
    await expect.poll(() => api.sandbox.counts().late.delivered).toBe(webhooks === 'twice' ? 6 : 3);
  });

  it('complete what is known to whoever asked directly', async () => {
    await using api = await startApiServer({ ...settings(await freePort()), lateMs: 100 });
    const body = { leads: leads(10), options: phones };
    const at = '/v1/people/enrich';
    const first = await api.call('POST', at, { body });
    await expect
      .poll(async () => {
        const { results } = (await api.call('POST', at, { body })).body;
        return results.some(({ person }: { person?: { phones?: object[] } }) => person?.phones?.length);
      })
      .toBe(true);
    const again = await api.call('POST', at, { body });
    expect(again.body.credits).toBe(0);
    const month = await api.call('GET', '/v1/credits');
    expect(month.body.credits).toBe(api.sandbox.counts().credits);
    expect(month.body.credits).toBeGreaterThan(first.body.credits);
  });

  it('reach a server that was stopped in between, and tell of an ended job', async () => {
    await using receiver = await startReceiver();
    await using api = await startApiServer({ ...settings(await freePort()), lateMs: 600_000 });
    const { body } = await api.call('POST', '/v1/jobs', {
      body: { leads: leads(10), options: phones, callbackUrl: receiver.url },
    });
    // It waits for the phones: ended by hand, what comes afterwards is news.
    await expect.poll(async () => (await api.call('GET', `/v1/jobs/${body.id}`)).body.finished).toBe(10);
    await api.call('POST', `/v1/jobs/${body.id}/cancel`);
    await api.stop();
    await api.start();
    api.sandbox.arriveLate();
    const [told] = await receiver.came(1);
    expect(told?.body).toMatchObject({ type: 'job.phones', job: { id: body.id, latePending: 0 } });
    expect(told?.body.job.counts.phones).toBe(await withPhones(api, body.id));
    expect(told?.body.job.counts.phones).toBeGreaterThan(0);
    expect(told?.body.job.credits).toBe(api.sandbox.counts().credits);
  });

  it('take nothing from whoever was not given the address', async () => {
    await using api = await startApiServer(settings(await freePort()));
    const guess = `${'a'.repeat(22)}.${'b'.repeat(43)}`;
    for (const ticket of [guess, 'x', '%2e%2e']) {
      const got = await api.call('POST', `/apollo/late/${ticket}`, { token: '', body: { people: [] } });
      expect(got.status).toBe(404);
    }
  });
});

describe('late results without a public address', () => {
  it('are polled for, also when nobody waits any more', async () => {
    await using api = await startApiServer({ lateMs: 200, minuteMs: 3_000, webhooks: 'never' });
    const body = { leads: leads(10), options: phones };
    await api.call('POST', '/v1/people/enrich', { body });
    await expect.poll(async () => (await api.call('GET', '/v1/credits')).body.credits).toBeGreaterThan(10);
    const got = await api.call('POST', '/v1/people/enrich', { body });
    const found = got.body.results.filter(
      ({ person }: { person?: { phones?: object[] } }) => person?.phones?.length,
    );
    expect(found.length).toBeGreaterThan(0);
    expect((await api.call('GET', '/v1/credits')).body.credits).toBe(api.sandbox.counts().credits);
  });
});
