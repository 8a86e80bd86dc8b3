import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openTrigger, type Triggered } from '../../n8n-nodes/testing/trigger.mts';
import { type ApiServer, KEYS, leads, startApiServer } from '../api/api-server.ts';

const LOCAL = { env: { ALLOW_PRIVATE_CALLBACKS: 'true' } };

function trigger({ url, token }: ApiServer, events: readonly string[]): Promise<Triggered> {
  return openTrigger(events, { baseUrl: `${url}/`, token });
}

async function hooksOf(api: ApiServer): Promise<{ id: string; url: string; events: string[] }[]> {
  return (await api.call('GET', '/v1/hooks')).body.hooks;
}

/** Posts as the server would, or as somebody else. */
async function post({ url }: Triggered, body: string, secret: string, at = Date.now()): Promise<number> {
  const seconds = Math.floor(at / 1000);
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'connectionsphere-signature': `t=${seconds},v1=${mac}`,
  };
  const { status } = await fetch(url, { method: 'POST', headers, body });
  return status;
}

describe('ConnectionSphere Trigger', () => {
  it('starts the workflow when a list is done', async () => {
    await using api = await startApiServer(LOCAL);
    await using workflow = await trigger(api, ['job.finished']);
    await workflow.activate();
    const { body: job } = await api.call('POST', '/v1/jobs', { body: { leads: leads(3), name: 'Three' } });
    await expect
      .poll(() => workflow.started)
      .toMatchObject([{ type: 'job.finished', job: { id: job.id, name: 'Three', state: 'done' } }]);
  });

  it('starts it when a list pauses, and for a slot in trouble', async () => {
    await using api = await startApiServer(LOCAL);
    await using workflow = await trigger(api, ['job.paused', 'slot.trouble']);
    await workflow.activate();
    api.sandbox.revoke(KEYS.contoso);
    await api.call('POST', '/v1/jobs', { body: { leads: leads(3) } });
    await expect
      .poll(() => workflow.started.map(({ type }) => type).sort())
      .toEqual(['job.paused', 'slot.trouble']);
    expect(workflow.started.find(({ type }) => type === 'job.paused')).toMatchObject({
      job: { state: 'paused', reason: 'no-slot' },
    });
  });

  it('subscribes when it is switched on, once, and unsubscribes when it is switched off', async () => {
    await using api = await startApiServer(LOCAL);
    await using workflow = await trigger(api, ['job.finished', 'job.phones']);
    expect(await workflow.hook('checkExists')).toBe(false);
    await workflow.activate();
    await workflow.activate();
    expect(await hooksOf(api)).toMatchObject([
      { id: workflow.kept.hook, url: workflow.url, events: ['job.finished', 'job.phones'] },
    ]);
    await workflow.hook('delete');
    expect(await hooksOf(api)).toEqual([]);
    expect(workflow.kept).toEqual({});
    expect(await workflow.hook('checkExists')).toBe(false);
  });

  it('replaces a subscription whose events or secret are not the ones it has', async () => {
    await using api = await startApiServer(LOCAL);
    await using workflow = await trigger(api, ['job.finished']);
    await using other = await trigger(api, ['job.finished']);
    await other.activate();
    for (const events of [['job.paused'], ['job.finished']]) {
      await api.call('POST', '/v1/hooks', { body: { url: workflow.url, events } });
    }
    await workflow.activate();
    const hooks = await hooksOf(api);
    expect(hooks.map(({ id }) => id)).toEqual([other.kept.hook, workflow.kept.hook]);
  });

  it('is switched off although the server has forgotten the subscription', async () => {
    await using api = await startApiServer(LOCAL);
    await using workflow = await trigger(api, ['job.finished']);
    await workflow.activate();
    await api.call('DELETE', `/v1/hooks/${workflow.kept.hook}`);
    expect(await workflow.hook('delete')).toBe(true);
  });

  it('says why the server does not take the address', async () => {
    await using api = await startApiServer();
    await using workflow = await trigger(api, ['job.finished']);
    await expect(workflow.activate()).rejects.toMatchObject({
      description: expect.stringContaining('ALLOW_PRIVATE_CALLBACKS'),
    });
  });

  it('refuses what is not signed, signed by others, changed or old, and takes each delivery once', async () => {
    await using api = await startApiServer(LOCAL);
    await using workflow = await trigger(api, ['job.finished']);
    const body = JSON.stringify({ id: 'one', type: 'job.finished', job: { id: 'abc' } });
    expect(await post(workflow, body, 'undefined')).toBe(401);
    await workflow.activate();
    const secret = String(workflow.kept.secret);
    const unsigned = await fetch(workflow.url, { method: 'POST', body });
    expect(unsigned.status).toBe(401);
    expect(await post(workflow, body, 'another secret')).toBe(401);
    expect(await post(workflow, body, secret, Date.now() - 6 * 60_000)).toBe(401);
    expect(workflow.started).toEqual([]);
    // The bytes count: the same JSON with other spaces has another signature, and its own is good.
    expect(await post(workflow, ` ${body}`, secret)).toBe(200);
    expect(await post(workflow, body, secret)).toBe(200);
    expect(workflow.started).toEqual([JSON.parse(body)]);
  });
});
