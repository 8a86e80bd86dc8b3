import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startReceiver } from '../api/receiver.ts';
import { KEYS, type Machine, people, startMachine } from '../cli/command-line.ts';
import { hasRedis, LOST_AFTER_MS, startRedis } from '../redis/server.ts';

const ENCRYPTION_KEYS = `k1:${Buffer.alloc(32, 7).toString('base64')}`;

async function serveOn(machine: Machine, role: string) {
  const started = machine.start(['serve', '--role', role, '--port', '0']);
  let said = '';
  started.child.stdout?.on('data', (part: string) => {
    said += part;
  });
  while (!/State /.test(said)) await once(started.child.stdout ?? started.child, 'data');
  return { ...started, url: /http:\/\/localhost:\d+/.exec(said)?.[0] ?? '', said };
}

describe.skipIf(!hasRedis)('processes on one Redis', () => {
  it('one server and two workers do a job together, tell its callback once, and one of them may be lost', async () => {
    await using redis = await startRedis();
    await using receiver = await startReceiver();
    const env = {
      REDIS_URL: redis.url,
      LOST_AFTER_MS: String(LOST_AFTER_MS),
      ENCRYPTION_KEYS,
      ALLOW_PRIVATE_CALLBACKS: 'true',
    };
    await using machine = await startMachine({ latencyMs: 60, env });
    const serve = (role: string) => serveOn(machine, role);
    await machine.json(['connect'], { input: KEYS.contoso });
    const { token } = await machine.json<{ token: string }>(['token', 'create']);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/csv' };
    const [web, first, second] = await Promise.all([serve('web'), serve('worker'), serve('worker')]);
    expect(first.said).toMatch(/^Worker +on/);
    expect((await fetch(`${first.url}/v1/me`, { headers })).status).toBe(404);
    const made = await fetch(`${web.url}/v1/jobs?callbackUrl=${encodeURIComponent(receiver.url)}`, {
      method: 'POST',
      headers,
      body: people(1500),
    });
    const { id } = (await made.json()) as { id: string };
    const status = async () =>
      (await (await fetch(`${web.url}/v1/jobs/${id}`, { headers })).json()) as Record<string, unknown>;
    await expect.poll(async () => Number((await status()).finished)).toBeGreaterThan(100);
    first.child.kill('SIGKILL');
    await expect.poll(async () => (await status()).state).toBe('done');
    expect(await status()).toMatchObject({ rows: 1500, finished: 1500 });
    const [told] = await receiver.came(1);
    expect(told?.body).toMatchObject({ type: 'job.finished', job: { id, finished: 1500 } });
    const csv = await (await fetch(`${web.url}/v1/jobs/${id}/results?format=csv`, { headers })).text();
    expect(csv.trimEnd().split('\n')).toHaveLength(1501);
    for (const { child, ran } of [web, second]) {
      child.kill('SIGTERM');
      expect((await ran).code).toBe(0);
    }
    expect(receiver.received).toHaveLength(1);
  });

  it('count the requests of a token together, whichever of them it asks', async () => {
    await using redis = await startRedis();
    const env = { REDIS_URL: redis.url, ENCRYPTION_KEYS, API_REQUESTS_PER_MINUTE: '10' };
    await using machine = await startMachine({ env });
    const { token } = await machine.json<{ token: string }>(['token', 'create']);
    const webs = await Promise.all([serveOn(machine, 'web'), serveOn(machine, 'web')]);
    const headers = { authorization: `Bearer ${token}` };
    const statuses: number[] = [];
    for (let number = 0; number < 12; number += 1) {
      statuses.push((await fetch(`${webs[number % 2]?.url}/v1/me`, { headers })).status);
    }
    expect(statuses).toEqual([...Array(10).fill(200), 429, 429]);
    for (const { child, ran } of webs) {
      child.kill('SIGTERM');
      expect((await ran).code).toBe(0);
    }
  });
});
