import { expect } from 'vitest';
import { jobAnswer } from '../../bot/api/schemas.ts';
import { leads, startApiServer } from '../api/api-server.ts';
import { freePort } from '../api/free-port.ts';
import { random } from '../sandbox/chance.ts';
import { length, report, seeded } from './length.ts';
import { mutate } from './mutate.ts';

const LEADS = length(40, 1000);

seeded(
  'late phones that come twice, late, out of order, broken and forged are counted once and are those of the person',
  async (seed) => {
    const chance = random(seed);
    const own = await freePort();
    await using api = await startApiServer({
      allowHttpWebhooks: true,
      webhooks: 'out-of-order',
      lateMs: 400,
      env: { PUBLIC_URL: `http://127.0.0.1:${own}`, PORT: String(own) },
    });
    const { body } = await api.call('POST', '/v1/jobs', {
      body: { leads: leads(LEADS), options: { phones: true } },
    });
    const good = Buffer.from(
      JSON.stringify({
        people: [{ id: 'x', phone_numbers: [{ sanitized_number: '+15550000000' }] }],
        credits_consumed: 99,
        status: 'success',
      }),
    );
    const ticket = () =>
      Array.from({ length: 22 }, () => String.fromCharCode(97 + Math.floor(chance() * 26))).join('');
    const statuses: Record<number, number> = {};
    for (let number = 0; number < length(200, 3000); number += 1) {
      const forged = `/apollo/late/${ticket()}.${ticket()}${ticket().slice(1)}`;
      const { status } = await api.call(
        'POST',
        chance() < 0.5
          ? forged
          : `/apollo/late/${encodeURIComponent(mutate(Buffer.from(forged), chance).toString('latin1').slice(0, 300))}`,
        {
          token: '',
          body: new Uint8Array(mutate(good, chance)),
          headers: { 'content-type': 'application/json' },
        },
      );
      statuses[status] = (statuses[status] ?? 0) + 1;
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
    const state = async () => jobAnswer.parse((await api.call('GET', `/v1/jobs/${body.id}`)).body);
    await expect.poll(async () => (await state()).state).toBe('done');
    const job = await state();
    const counts = api.sandbox.counts();
    expect(job.latePending).toBe(0);
    expect(job.credits).toBe(counts.credits);
    expect(counts.chargedMoreThanOnce).toEqual([]);
    const { results } = (await api.call('GET', `/v1/jobs/${body.id}/results?limit=1000`)).body;
    const phones = results
      .map(({ added }: { added: Record<string, string> }) => added.apollo_phone)
      .filter(Boolean);
    expect(phones).not.toContain('+15550000000');
    expect(phones).toHaveLength(job.counts.phones);
    report('Webhooks', {
      leads: LEADS,
      phones: phones.length,
      'forged or broken posts': Object.values(statuses).reduce((a, b) => a + b, 0),
      credits: job.credits,
    });
  },
);
