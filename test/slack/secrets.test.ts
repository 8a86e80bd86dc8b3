import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SocketModeClient } from '@slack/socket-mode';
import nock from 'nock';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { slackLogger } from '../../bot/slack/transport/log.ts';
import { createLog, type LogLevel } from '../../core/node/index.ts';
import { apolloKey } from '../slots/world.ts';
import { connectKey, startWorld } from './bot.ts';
import { textOf, typed } from './person.ts';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

describe.each(LEVELS)('at log level %s', (logLevel) => {
  test('a key is in no call, log line or stored text, whether it is taken or refused', async () => {
    const { ada, keys, slack, logged, sandbox } = await startWorld({ logLevel });
    await connectKey(ada, keys.one);
    sandbox.revoke(keys.other);
    const form = await ada.modal('connect');
    await ada.submit(form, { key: typed('key', keys.other), label: typed('label', `my ${keys.other}`) });
    await ada.submit(form, { key: typed('key', `${keys.third} ${keys.third}`) });
    // The library's own failures: of a call, of a response_url.
    slack.fail({ method: 'views.open', times: 1, error: 'invalid_blocks' });
    await ada.command(`connect ${keys.third}`);
    for (const key of Object.values(keys)) {
      expect(JSON.stringify(slack.calls)).not.toContain(key);
      expect(logged.join('')).not.toContain(key);
    }
    expect(textOf((await ada.command('slots')).args)).toContain(`····${keys.one.slice(-4)}`);
  });

  test('what Slack libraries log of an envelope holds no key, whatever it looks like there', () => {
    const lines: string[] = [];
    const log = slackLogger(createLog({ level: logLevel, write: (line) => lines.push(line), json: true }));
    for (let n = 0; n < 300; n += 1) {
      const key = apolloKey();
      const state = { values: { key: { key: { type: 'plain_text_input', value: key } } } };
      for (const say of [log.debug, log.info, log.warn, log.error]) {
        say(`received a message: ${JSON.stringify({ payload: { view: { state } } })}`);
        say('http request body', state, [key], new Error(`bad ${key}`), `value=${key}&x=1`, Buffer.from(key));
      }
      expect(lines.join('')).not.toContain(key);
    }
  });
});

test("Socket Mode's client, at its most talkative, writes no submitted key", async () => {
  const key = apolloKey();
  const lines: string[] = [];
  const logger = slackLogger(createLog({ level: 'debug', write: (line) => lines.push(line), json: true }));
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => void sockets.close());
  await once(sockets, 'listening');
  const url = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}/`;
  nock('https://slack.com', { reqheaders: { authorization: 'Bearer xapp-1-test' } })
    .post('/api/apps.connections.open')
    .reply(200, { ok: true, url });
  sockets.on('connection', (socket) => {
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1 }));
    const values = { key: { key: { type: 'plain_text_input', value: key } } };
    const payload = { type: 'view_submission', view: { state: { values } } };
    socket.send(
      JSON.stringify({ type: 'interactive', envelope_id: 'e1', payload, accepts_response_payload: true }),
    );
  });
  const client = new SocketModeClient({ appToken: 'xapp-1-test', logger });
  const heard = new Promise((resolve) => client.once('interactive', resolve));
  await client.start();
  await heard;
  await client.disconnect();
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.join('')).not.toContain(key);
});
