import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { hookMadeAnswer, hooksAnswer, jobAnswer, leadEventAnswer } from '../../bot/api/schemas.ts';
import { type ApiServer, leads, startApiServer } from './api-server.ts';
import { isSigned, startReceiver } from './receiver.ts';

/** All that the server keeps on disk. */
async function storedIn({ folder }: ApiServer): Promise<string> {
  const files = (await readdir(folder)).filter((name) => name.startsWith('store.sqlite'));
  return (await Promise.all(files.map((name) => readFile(path.join(folder, name), 'latin1')))).join('');
}

const LOCAL = { env: { ALLOW_PRIVATE_CALLBACKS: 'true' } };

describe('hooks', () => {
  it('tell a subscriber, signed, what happened, with the job as it is then', async () => {
    await using receiver = await startReceiver();
    await using api = await startApiServer(LOCAL);
    const made = await api.call('POST', '/v1/hooks', {
      body: { url: receiver.url, events: ['job.finished', 'job.paused'] },
    });
    expect(made.status).toBe(201);
    const { secret, id } = hookMadeAnswer.parse(made.body);
    const job = await api.call('POST', '/v1/jobs', { body: { leads: leads(3), name: 'Three' } });
    const [delivery] = await receiver.came(1);
    if (!delivery) throw new Error('nothing came');
    expect(delivery.headers['connectionsphere-event']).toBe('job.finished');
    expect(delivery.body).toMatchObject({
      type: 'job.finished',
      workspace: 'contoso',
      job: { id: job.body.id },
    });
    expect(delivery.body.id).toBe(delivery.headers['connectionsphere-delivery']);
    expect(jobAnswer.parse(delivery.body.job)).toMatchObject({ state: 'done', counts: { matched: 3 } });
    expect(isSigned(delivery, secret)).toBe(true);
    expect(isSigned(delivery, 'another secret')).toBe(false);
    expect(isSigned({ ...delivery, text: `${delivery.text} ` }, secret)).toBe(false);
    await expect
      .poll(async () => hooksAnswer.parse((await api.call('GET', '/v1/hooks')).body).hooks[0]?.deliveries)
      .toMatchObject([{ state: 'delivered', status: 204, attempts: 1 }]);
    expect((await api.call('GET', '/v1/hooks')).text).not.toContain(secret);
    expect(await storedIn(api)).toContain(receiver.url);
    expect(await storedIn(api)).not.toContain(secret);
    expect((await api.call('DELETE', `/v1/hooks/${id}`)).status).toBe(204);
    expect((await api.call('DELETE', `/v1/hooks/${id}`)).status).toBe(404);
    expect((await api.call('GET', '/v1/hooks')).body).toEqual({ hooks: [] });
  });

  it('are shown without what may be a secret in their address, which is used whole', async () => {
    await using receiver = await startReceiver();
    await using api = await startApiServer(LOCAL);
    const url = `${receiver.url.replace('//', '//ada:hunter2@')}?token=tok-Zebra9#frag-Zebra9`;
    const token = await api.makeToken('contoso', ['hooks', 'administer']);
    const made = await api.call('POST', '/v1/hooks', { body: { url, events: ['job.finished'] } });
    const job = await api.call('POST', '/v1/jobs', { body: { leads: leads(1), callbackUrl: url } });
    const came = await receiver.came(2);
    const basic = `Basic ${Buffer.from('ada:hunter2').toString('base64')}`;
    for (const { headers, path } of came)
      expect([headers.authorization, path]).toEqual([basic, '/told?token=tok-Zebra9']);
    const signedIn = await fetch(`${api.url}/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ token }),
    });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const page = async (at: string) => await (await fetch(`${api.url}${at}`, { headers: { cookie } })).text();
    const shown = [
      made.text,
      job.text,
      (await api.call('GET', '/v1/hooks')).text,
      (await api.call('GET', `/v1/jobs/${job.body.id}`)).text,
      await page('/app/hooks'),
      await page(`/app/hooks/${made.body.id}/delete`),
    ];
    for (const text of shown) expect(text).toContain(receiver.url.replace('//', '//***@'));
    const audit = (await api.call('GET', '/v1/audit', { token })).text;
    expect(audit).toContain('hook.create');
    expect([...shown, audit, ...api.logged].join()).not.toMatch(/hunter2|Zebra9/);
  });

  it('are those of their workspace alone', async () => {
    await using receiver = await startReceiver();
    await using api = await startApiServer(LOCAL);
    const token = await api.makeToken('fabrikam');
    const theirs = await api.call('POST', '/v1/hooks', {
      token,
      body: { url: receiver.url, events: ['job.finished'] },
    });
    const { body: job } = await api.call('POST', '/v1/jobs', {
      body: { leads: leads(1), callbackUrl: receiver.url },
    });
    const [first] = await receiver.came(1);
    expect(first?.body).toMatchObject({ workspace: 'contoso', job: { id: job.id } });
    expect(receiver.received).toHaveLength(1);
    expect((await api.call('DELETE', `/v1/hooks/${theirs.body.id}`)).status).toBe(404);
    expect((await api.call('GET', '/v1/hooks')).body).toEqual({ hooks: [] });
  });

  it('take no address inside the network of the server', async () => {
    await using api = await startApiServer();
    for (const host of [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '10.0.0.7',
      '192.168.1.1',
      '169.254.169.254',
      '[::ffff:127.0.0.1]',
      '[fd00::1]',
      '0.0.0.0',
      '2130706433',
      '0x7f.1',
    ]) {
      const got = await api.call('POST', '/v1/hooks', {
        body: { url: `http://${host}/`, events: ['job.finished'] },
      });
      expect([host, got.status, got.body.code]).toEqual([host, 422, 'private-address']);
    }
    const job = await api.call('POST', '/v1/jobs', {
      body: { leads: leads(1), callbackUrl: 'http://127.0.0.1:9/' },
    });
    expect(job.body).toMatchObject({ status: 422, code: 'private-address' });
    expect((await api.call('GET', '/v1/jobs')).body.jobs).toEqual([]);
  });
});

describe('the callback of a job', () => {
  it('is shown in the job, and is tried again after a restart until somebody answers', async () => {
    await using receiver = await startReceiver();
    receiver.answer = 500;
    await using api = await startApiServer(LOCAL);
    const made = await api.call('POST', '/v1/jobs', {
      body: { leads: leads(2), callbackUrl: receiver.url },
    });
    const { secret } = made.body.callback;
    expect(await storedIn(api)).not.toContain(secret);
    await receiver.came(1);
    const path = `/v1/jobs/${made.body.id}`;
    await expect
      .poll(async () => jobAnswer.parse((await api.call('GET', path)).body).callback)
      .toMatchObject({
        url: receiver.url,
        deliveries: [{ type: 'job.finished', state: 'waiting', attempts: 1, status: 500 }],
      });
    await api.stop();
    receiver.answer = 200;
    await api.start();
    const [first, second] = await receiver.came(2);
    if (!first || !second) throw new Error('nothing came');
    expect(second.text).toBe(first.text);
    expect(isSigned(second, secret)).toBe(true);
    await expect
      .poll(async () => (await api.call('GET', path)).body.callback.deliveries)
      .toMatchObject([{ state: 'delivered', attempts: 2 }]);
  });
});

test('tells of each lead of a list that is done, in order, the next when one was taken', async () => {
  await using receiver = await startReceiver();
  await using api = await startApiServer({ env: { ALLOW_PRIVATE_CALLBACKS: 'true' } });
  const hook = await api.call('POST', '/v1/hooks', { body: { url: receiver.url, events: ['lead.done'] } });
  await api.call('POST', '/v1/jobs', { body: { leads: leads(3), name: 'fair' } });
  const told = await receiver.came(3);
  expect(told.map(({ body }) => leadEventAnswer.parse(body).result.row)).toEqual([0, 1, 2]);
  expect(told[0]?.body).toMatchObject({
    type: 'lead.done',
    job: { name: 'fair' },
    result: { outcome: 'matched', person: { firstName: 'Adaa' } },
  });
  for (const each of told) expect(isSigned(each, hook.body.secret)).toBe(true);
  // Whom it is about stands in no delivery that is kept.
  const kept = await api.meanwhile(async ({ ports }) =>
    JSON.stringify(await Array.fromAsync(ports.store.collection('deliveries').entries())),
  );
  expect(kept).toContain('lead.done');
  expect(kept).not.toContain('Lovelace');
});
