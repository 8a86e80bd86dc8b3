import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { KEYS, people, startMachine } from '../cli/command-line.ts';
import { serve, stop } from './serve.ts';

describe('serve', () => {
  it('says what is running and what is not, and stops with 0', async () => {
    // A key of its own, so that nothing is to be warned of.
    const env = { ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}` };
    await using machine = await startMachine({ env });
    const server = await serve(machine);
    expect(server.said).toMatch(/^Page +on: http:\/\/localhost:\d+/);
    expect(server.said).toMatch(/^HTTP API {3}on: http:\/\/localhost:\d+/m);
    expect(server.said).toMatch(
      /Slack +off: SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET or SLACK_APP_TOKEN not set/,
    );
    expect(server.said).toMatch(/Webhooks +off: PUBLIC_URL is not set/);
    expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ status: 'ready' });
    const { code, stderr } = await stop(server);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('stops without an error in its log while Apollo does not answer about a key', async () => {
    await using machine = await startMachine();
    await machine.json(['connect'], { input: KEYS.contoso });
    const server = await serve(machine);
    const asked = machine.sandbox.counts().calls;
    machine.sandbox.fault({ kind: 'hang' });
    const refreshed = machine.run(['slots', '--refresh']);
    await expect.poll(() => machine.sandbox.counts().calls, { timeout: 30_000 }).toBe(asked + 3);
    const { code, stderr } = await stop(server);
    await refreshed;
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/"level":"(error|warn)".*(slot|key|store)/i);
    expect(stderr).not.toContain('is closed');
  });

  it('lets tokens be made, listed and revoked while it runs', async () => {
    await using machine = await startMachine();
    const server = await serve(machine);
    const made = await machine.json<{ id: string; token: string }>(['token', 'create', '--name', 'n8n']);
    const ask = () => fetch(`${server.url}/v1/me`, { headers: { authorization: `Bearer ${made.token}` } });
    expect((await ask()).status).toBe(200);
    const { tokens } = await machine.json<{ tokens: object[] }>(['token', 'list']);
    expect(tokens).toMatchObject([{ id: made.id, name: 'n8n', lastUsedAt: expect.any(String) }]);
    expect(JSON.stringify(tokens)).not.toContain(made.token);
    await machine.json(['token', 'revoke', made.id]);
    expect((await ask()).status).toBe(401);
    await machine.json(['token', 'revoke', made.id], { code: 2 });
    expect((await stat(path.join(machine.dataDir, 'server.sock'))).mode & 0o077).toBe(0);
    await stop(server);
  });

  it('leaves slots, credits, lists and people to the command line while it runs', async () => {
    await using machine = await startMachine();
    const server = await serve(machine);
    const filled = await machine.json<{ notation: string }>(['fill', '--label', 'Field'], {
      input: KEYS.fabrikam,
    });
    expect(filled.notation).toBe('(self: 0/2) (fly: 1/2) 1/4');
    await machine.json(['connect', '--label', 'Sales'], { input: KEYS.contoso });
    const again = await machine.run(['connect'], { input: KEYS.contoso });
    expect(again).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/connected already: slot 1 holds/),
    });
    expect((await machine.run(['slots'])).stdout).toMatch(/1 +self +Sales[^\n]*Healthy\.\n.*\n3 +fly +Field/);
    expect((await machine.run(['slots', '--refresh'])).code).toBe(0);

    const { token } = await machine.json<{ token: string }>(['token', 'create']);
    const made = await fetch(`${server.url}/v1/jobs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
      body: people(20),
    });
    const { id } = (await made.json()) as { id: string };
    const state = async () => (await machine.json<{ state: string }>(['status', id])).state;
    await expect.poll(state).toBe('done');
    expect(await machine.json(['jobs'])).toMatchObject({ jobs: [{ id, state: 'done' }] });
    expect((await machine.run(['cancel', id])).stderr).toMatch(/is done already/);
    expect((await machine.run(['status', 'nothing'])).stderr).toMatch(
      /no job nothing\. "\.\/connectionsphere jobs"/,
    );
    const out = path.join(machine.folder, 'found.csv');
    expect(await machine.json(['results', id, '--out', out])).toMatchObject({ out, rows: 20 });
    expect((await readFile(out, 'utf8')).trimEnd().split('\n')).toHaveLength(21);
    await machine.json(['credits', '--monthly-limit', '500']);
    expect(await machine.json(['credits'])).toMatchObject({ monthlyLimit: 500 });
    const many = Array.from({ length: 4000 }, (_, index) => `someone-with-a-long-name-${index}@example.com`);
    await machine.file('suppressed.txt', many.join('\n'));
    expect(await machine.json(['forget', '--file', 'suppressed.txt', '--yes'])).toMatchObject({ keys: 4000 });
    await machine.json(['forget', 'ada@example.com', '--yes']);
    await machine.json(['clear', '3']);
    await machine.json(['disconnect', '1']);
    expect((await machine.run(['slots'])).stdout).toContain('(self: 0/2) (fly: 0/2) 0/4');
    expect((await machine.run(['disconnect', '1'])).code).toBe(2);
    expect((await machine.run(['rotate-keys'])).stderr).toMatch(
      /in use by process \d+ \(connectionsphere serve/,
    );
    await machine.file('leads.csv', people(3));
    expect((await machine.run(['enrich', 'leads.csv', '--yes'])).stderr).toMatch(
      /in use by process .* takes lists as well: in Slack/,
    );
    await stop(server);
  });

  it('stopped in the middle of a job loses nothing: the job goes on by itself', async () => {
    await using machine = await startMachine({ latencyMs: 60, minuteMs: 60_000 });
    await machine.json(['connect'], { input: KEYS.contoso });
    const { token } = await machine.json<{ token: string }>(['token', 'create']);
    const headers = { authorization: `Bearer ${token}` };
    const first = await serve(machine);
    const made = await fetch(`${first.url}/v1/jobs`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'text/csv' },
      body: people(1500),
    });
    const { id } = (await made.json()) as { id: string };
    const finished = async ({ url }: { url: string }) =>
      (await (await fetch(`${url}/v1/jobs/${id}`, { headers })).json()) as {
        state: string;
        finished: number;
        inDoubtCalls: number;
      };
    await expect.poll(async () => (await finished(first)).finished).toBeGreaterThan(200);
    expect((await stop(first)).code).toBe(0);
    const second = await serve(machine);
    await expect.poll(async () => (await finished(second)).state).toBe('done');
    expect(await finished(second)).toMatchObject({ finished: 1500, inDoubtCalls: 0 });
    const csv = await (await fetch(`${second.url}/v1/jobs/${id}/results?format=csv`, { headers })).text();
    expect(csv.trimEnd().split('\n')).toHaveLength(1501);
    expect(machine.sandbox.counts().chargedMoreThanOnce).toEqual([]);
    await stop(second);
  });

  it('counts what it does, and nobody by name', async () => {
    await using machine = await startMachine();
    await machine.json(['connect'], { input: KEYS.contoso });
    const { token } = await machine.json<{ token: string }>(['token', 'create']);
    const server = await serve(machine);
    await fetch(`${server.url}/v1/people/enrich`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ leads: [{ first_name: 'Ada', last_name: 'Lovelace', domain: 'contoso.com' }] }),
    });
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/connectionsphere_leads_total\{outcome="matched",how="lookup"\} 1/);
    expect(metrics).toMatch(
      /connectionsphere_apollo_call_seconds_count\{endpoint="people\/match",status="200"\} 1/,
    );
    expect(metrics).toMatch(/connectionsphere_credits_total 1/);
    expect(metrics).toMatch(
      /connectionsphere_http_request_seconds_count\{operation="enrichPeople",status="200"\} 1/,
    );
    expect(metrics).toMatch(/connectionsphere_waiting_leads 0/);
    // Nothing has asked /readyz.
    expect(metrics).toMatch(/^connectionsphere_store_writable 1$/m);
    for (const private_ of ['Ada', 'Lovelace', 'contoso', 'default', token, KEYS.contoso]) {
      expect(metrics).not.toContain(private_);
    }
    await stop(server);
  });
});

describe('a role', () => {
  it.each(['web', 'worker'])('%s is refused without Redis, saying why', async (role) => {
    await using machine = await startMachine();
    const ran = await machine.run(['serve', '--role', role]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(`--role ${role} needs REDIS_URL`);
  });
});
