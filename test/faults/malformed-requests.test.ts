import { describe, expect } from 'vitest';
import { leads, startApiServer } from '../api/api-server.ts';
import { random } from '../sandbox/chance.ts';
import { signedRequest } from '../slack/person.ts';
import { TEAM } from '../slack/slack-server.ts';
import { createWorld } from '../slack/world.ts';
import { length, report, seeded } from './length.ts';
import { mutate } from './mutate.ts';

/** As many requests at once as a few programs send. */
const AT_ONCE = 8;
/** ms after which a request that is not answered is given up; Slack waits for three seconds. */
const UNANSWERED_MS = 400;

/** Sends so many and reports how many there were of each status; none above `highest` may be among them. */
async function sendAll(
  what: string,
  count: number,
  highest: number,
  send: () => Promise<number>,
): Promise<void> {
  const statuses: Record<number, number> = {};
  const before = process.memoryUsage().rss;
  const began = performance.now();
  let most = 0;
  let left = count;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        left -= 1;
        const status = await send();
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (left % 50 === 0) most = Math.max(most, process.memoryUsage().rss - before);
      }
    }),
  );
  expect(Object.keys(statuses).filter((status) => Number(status) > highest)).toEqual([]);
  expect(most / 1e6).toBeLessThan(500);
  const seconds = Math.round((performance.now() - began) / 1000);
  const usage = Object.fromEntries(Object.entries(statuses).map(([status, times]) => [`× ${status}`, times]));
  report(`Malformed ${what}`, {
    inputs: count,
    ...usage,
    'MB more memory at most': Math.round(most / 1e6),
    seconds,
  });
}

describe('malformed requests', () => {
  seeded('over HTTP are answered, and the server goes on', async (seed) => {
    const chance = random(seed);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)] as T;
    await using api = await startApiServer({ env: { API_REQUESTS_PER_MINUTE: '1000000' }, matchRate: 0.9 });
    const { body: job } = await api.call('POST', '/v1/jobs', {
      body: { leads: leads(5), name: 'leads', start: false },
    });
    const options = { phones: false, company: false, fresh: false, matchedDays: 30, creditLimit: 50 };
    const good: readonly [string, string, object][] = [
      ['POST', '/v1/people/enrich', { leads: leads(3), options }],
      ['POST', '/v1/companies/enrich', { leads: [{ domain: 'contoso.com' }] }],
      ['POST', '/v1/estimate', { leads: leads(3), options, name: 'leads' }],
      ['POST', '/v1/jobs', { leads: leads(3), options, kind: 'people', start: false }],
      ['PATCH', `/v1/jobs/${job.id}`, { creditLimit: 7 }],
      ['POST', '/v1/forget', { who: 'nobody@contoso.example' }],
      ['POST', '/v1/hooks', { url: 'https://hooks.contoso.example/x', events: ['job.finished'] }],
      ['GET', `/v1/jobs/${job.id}/results?limit=3`, {}],
    ];
    const types = [
      'application/json',
      'application/json; charset=utf-16',
      'text/csv',
      'application/x-ndjson',
      'text/plain',
      '',
    ];
    await sendAll('bodies over HTTP', length(200, 6000), 499, async () => {
      const [method, path, body] = pick(good);
      const bytes = mutate(Buffer.from(JSON.stringify(body)), chance);
      const address =
        chance() < 0.8
          ? path
          : `/v1/${encodeURIComponent(mutate(Buffer.from(path), chance).toString('latin1').slice(0, 900))}`;
      const type = chance() < 0.8 ? types[0] : pick(types);
      const { status, text } = await api.call(method, address, {
        ...(method !== 'GET' && { body: new Uint8Array(bytes) }),
        headers: { ...(type && { 'content-type': type }) },
      });
      if (status >= 400)
        expect(JSON.parse(text)).toMatchObject({
          status,
          title: expect.any(String),
          detail: expect.any(String),
        });
      return status;
    });
    expect((await api.call('POST', '/v1/people/enrich', { body: { leads: leads(3) } })).status).toBe(200);
  });

  seeded('signed as by Slack are answered, and the bot goes on', async (seed) => {
    const chance = random(seed);
    const world = await createWorld({ logLevel: 'error' });
    const { ada, slack } = world;
    const user = { id: ada.id, team_id: TEAM, name: 'ada' };
    const base = {
      team: { id: TEAM, domain: 'contoso' },
      user,
      api_app_id: 'A000000009',
      trigger_id: '1.2',
      token: 'x',
    };
    const interaction = (payload: object) =>
      new URLSearchParams({ payload: JSON.stringify({ ...base, ...payload }) }).toString();
    const view = {
      id: 'V1',
      type: 'modal',
      callback_id: 'connect',
      private_metadata: '{}',
      blocks: [],
      state: { values: {} },
      title: { type: 'plain_text', text: 'x' },
    };
    const good = [
      new URLSearchParams({
        command: '/apollo',
        text: 'enrich help',
        team_id: TEAM,
        user_id: ada.id,
        channel_id: 'C000000001',
        trigger_id: '1.2',
        response_url: `${slack.origin}/respond/x`,
      }).toString(),
      interaction({
        type: 'block_actions',
        actions: [
          { type: 'button', action_id: 'pause', block_id: 'b', value: '{"job":"x"}', action_ts: '1.1' },
        ],
        container: { type: 'view', view_id: 'V1' },
        view,
      }),
      interaction({
        type: 'view_submission',
        view: { ...view, state: { values: { key: { key: { type: 'plain_text_input', value: 'x' } } } } },
      }),
      interaction({ type: 'view_closed', view, is_cleared: false }),
      interaction({ type: 'shortcut', callback_id: 'enrich', action_ts: '1.1' }),
      JSON.stringify({
        type: 'event_callback',
        team_id: TEAM,
        api_app_id: 'A000000009',
        event_id: 'Ev1',
        event_time: 1,
        event: { type: 'file_shared', file_id: 'F1', user_id: ada.id, channel_id: 'D1', event_ts: '1.1' },
      }),
      JSON.stringify({
        type: 'event_callback',
        team_id: TEAM,
        event_id: 'Ev2',
        event: { type: 'app_home_opened', user: ada.id, tab: 'home', channel: 'D1' },
      }),
      JSON.stringify({ type: 'url_verification', challenge: 'x', token: 'x' }),
    ];
    // 500 is Bolt's word for a payload without what every payload has: Slack would send it again.
    await sendAll('payloads of Slack', length(120, 6000), 500, async () => {
      const body = mutate(Buffer.from(good[Math.floor(chance() * good.length)] ?? ''), chance).toString(
        'utf8',
      );
      const { headers } = signedRequest(body);
      // What nobody listens to gets no answer; Slack gives up after a while, as this does.
      const signal = AbortSignal.timeout(UNANSWERED_MS);
      const answer = await fetch(world.eventsUrl, { method: 'POST', headers, body, signal }).catch(
        () => undefined,
      );
      await answer?.text();
      return answer?.status ?? 0;
    });
    expect((await ada.command('help')).method).toBe('respond');
    await world[Symbol.asyncDispose]();
  });
});
