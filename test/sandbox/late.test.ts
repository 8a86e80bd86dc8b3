import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ask, askPeople } from './ask.ts';
import type { Sandbox, SandboxSettings } from './index.ts';
import { startSandbox } from './index.ts';

const KEY = 'key-of-team-a-1111';
const STRANGER = 'key-of-team-b-2222';
const DETAILS = Array.from({ length: 10 }, (_, index) => ({
  linkedin_url: `https://www.linkedin.com/in/grace-hopper-${index}`,
}));

function start(settings: SandboxSettings = {}): Promise<Sandbox> {
  return startSandbox({
    matchRate: 1,
    lateMs: 40,
    allowHttpWebhooks: true,
    teams: [
      { id: 'team-a', keys: [KEY] },
      { id: 'team-b', keys: [STRANGER] },
    ],
    ...settings,
  });
}

const flags = (flag: string, url = 'https://hooks.invalid/apollo') =>
  `?${flag}=true&webhook_url=${encodeURIComponent(url)}`;
const requestId = (text: string) => /"request_id":(-?\d+)/.exec(text)?.[1] ?? '';
const poll = (sandbox: Sandbox, id: string, key = KEY) => ask(sandbox, 'GET', `/webhook_result/${id}`, key);

/** A receiver of webhooks on this machine; refuses the first `refuse` posts. */
async function receiver(refuse = 0) {
  const received: { people: { id: string }[] }[] = [];
  let posts = 0;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      posts += 1;
      if (posts > refuse) received.push(JSON.parse(Buffer.concat(parts).toString('utf8')));
      response.writeHead(posts > refuse ? 200 : 500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

describe('late phones', () => {
  it('are pending, then ready by polling, and charged when they are made', async () => {
    await using sandbox = await start({ lateMs: 900 });
    const answer = await askPeople(sandbox, KEY, DETAILS, flags('reveal_phone_number'));
    const id = requestId(answer.text);
    const early = await poll(sandbox, id);
    await expect.poll(async () => (await poll(sandbox, id)).status).toBe(200);
    const { json } = await poll(sandbox, id);

    expect(answer.json.phone_enrichment.status).toBe('pending');
    expect(answer.json.phone_enrichment.request_id).not.toBe(id);
    expect([early.status, early.json]).toEqual([
      404,
      { error_code: 'result_pending', retry_after_seconds: 1 },
    ]);
    expect(json).toMatchObject({ request_id: id, webhook_status: 'success', request_type: 'phone' });
    const people: { id: string; phone_numbers: { type_cd: string; sanitized_number: string }[] }[] =
      json.webhook_result.people;
    const mobiles = people.filter((person) => person.phone_numbers[0]?.type_cd === 'mobile').length;
    expect(people.map((person) => person.id)).toEqual(
      answer.json.matches.map((match: { id: string }) => match.id),
    );
    expect(mobiles).toBeGreaterThan(0);
    expect(json.webhook_result.credits_consumed).toBe(mobiles * 8);
    expect(sandbox.counts()).toMatchObject({
      credits: answer.json.credits_consumed + mobiles * 8,
      chargedMoreThanOnce: [],
      late: { accepted: 1, pending: 0, ready: 1, delivered: 0, undeliverable: 1 },
    });
  });

  it('are told to their team alone, and by a well-formed id', async () => {
    await using sandbox = await start();
    const { text } = await askPeople(sandbox, KEY, DETAILS, flags('reveal_phone_number'));
    const errors = async (id: string, key = KEY) => {
      const { status, json } = await poll(sandbox, id, key);
      return [status, json.error_code];
    };

    expect(await errors(requestId(text), STRANGER)).toEqual([404, 'request_id_unknown']);
    expect(await errors('-42')).toEqual([404, 'request_id_unknown']);
    for (const id of ['forty-two', '9223372036854775808', '1.5']) {
      expect(await errors(id)).toEqual([400, 'invalid_request_id']);
    }
  });

  it('expire after thirty days', async () => {
    await using sandbox = await start({ lateMs: 1, minuteMs: 0.001 });
    const { text } = await askPeople(sandbox, KEY, DETAILS, flags('reveal_phone_number'));

    await expect.poll(async () => (await poll(sandbox, requestId(text))).status).toBe(410);
  });

  it('are looked for once while they are being looked for', async () => {
    await using sandbox = await start({ lateMs: 5000 });
    await askPeople(sandbox, KEY, DETAILS, flags('reveal_phone_number'));
    const again = await askPeople(sandbox, KEY, DETAILS, flags('reveal_phone_number'));

    expect(again.json.phone_enrichment.status).toBe('skipped');
    expect((await poll(sandbox, requestId(again.text))).json.error_code).toBe('request_id_unknown');
  });

  it('come for a single look-up too', async () => {
    await using sandbox = await start();
    const query = `${flags('reveal_phone_number')}&linkedin_url=linkedin.com/in/grace-hopper-0`;
    const { text, json } = await ask(sandbox, 'POST', `/people/match${query}`, KEY);

    expect(Object.keys(json).sort()).toEqual(['person', 'request_id']);
    await expect.poll(async () => (await poll(sandbox, requestId(text))).status).toBe(200);
  });
});

describe('webhooks', () => {
  it('are posted once, with what polling gives', async () => {
    await using sandbox = await start();
    await using hook = await receiver();
    const { text } = await askPeople(sandbox, KEY, DETAILS, flags('reveal_phone_number', hook.url));
    await expect.poll(() => hook.received.length).toBe(1);
    const polled = await poll(sandbox, requestId(text));

    expect(hook.received[0]).toEqual(polled.json.webhook_result);
    await expect.poll(() => sandbox.counts().late.delivered).toBe(1);
  });

  it('are posted again when the receiver fails', async () => {
    await using sandbox = await start();
    await using hook = await receiver(2);
    await askPeople(sandbox, KEY, DETAILS, flags('reveal_phone_number', hook.url));

    await expect.poll(() => hook.received.length).toBe(1);
  });

  it('come twice when told so', async () => {
    await using sandbox = await start({ webhooks: 'twice' });
    await using hook = await receiver();
    await askPeople(sandbox, KEY, DETAILS, flags('reveal_phone_number', hook.url));

    await expect.poll(() => hook.received.length).toBe(2);
    expect(hook.received[0]).toEqual(hook.received[1]);
  });

  it('come out of order when told so, and none is lost', async () => {
    await using sandbox = await start({ webhooks: 'out-of-order' });
    await using hook = await receiver();
    const ids: string[] = [];
    for (const detail of DETAILS.slice(0, 3)) {
      const { json } = await askPeople(sandbox, KEY, [detail], flags('reveal_phone_number', hook.url));
      ids.push(json.matches[0].id);
    }
    await expect.poll(() => hook.received.length).toBe(3);
    const order = hook.received.map((result) => result.people[0]?.id);

    expect(order).not.toEqual(ids);
    expect(order.toSorted()).toEqual(ids.toSorted());
  });

  it('never come when told so', async () => {
    await using sandbox = await start({ webhooks: 'never' });
    await using hook = await receiver();
    const { text } = await askPeople(sandbox, KEY, DETAILS, flags('reveal_phone_number', hook.url));
    await expect.poll(async () => (await poll(sandbox, requestId(text))).status).toBe(200);

    expect(hook.received).toEqual([]);
    expect(sandbox.counts().late).toMatchObject({ delivered: 0, undeliverable: 0 });
  });
});

describe('a waterfall', () => {
  it('gives e-mails and phones late', async () => {
    await using sandbox = await start();
    const both = `${flags('run_waterfall_email')}&run_waterfall_phone=true`;
    const { text } = await askPeople(sandbox, KEY, DETAILS, both);
    await expect.poll(async () => (await poll(sandbox, requestId(text))).status).toBe(200);
    const { json } = await poll(sandbox, requestId(text));
    const result = json.webhook_result;

    expect(json.request_type).toBe('waterfall');
    expect(result.target_fields).toEqual(['emails', 'phone_numbers']);
    expect(result.request_id).toBe(requestId(text));
    expect(result.email_records_enriched + result.email_records_not_found).toBe(10);
    expect(result.email_records_enriched).toBe(
      result.people.filter((person: { emails: unknown[] }) => person.emails.length === 1).length,
    );
  });
});
