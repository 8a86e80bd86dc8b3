import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { STEP } from '../../bot/slack/action-ids.ts';
import { startWorld } from './bot.ts';
import { initialValues, stepEvent, textOf, typed } from './person.ts';
import { TEAM } from './slack-server.ts';

test('in Socket Mode the same listeners answer: a command, a form, a key, a step of a workflow', async () => {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate();
    sockets.close();
  });
  await once(sockets, 'listening');
  const connected = new Promise<WebSocket>((resolve) => {
    sockets.on('connection', (socket) => {
      socket.send(JSON.stringify({ type: 'hello', num_connections: 1 }));
      resolve(socket);
    });
  });
  const { ada, slack, keys, core, logged } = await startWorld({
    socketUrl: `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}/`,
    env: { SLACK_APP_TOKEN: 'xapp-1-test', SLACK_SIGNING_SECRET: '' },
  });
  const socket = await connected;
  /** Sends an envelope and gives what the bot acknowledges it with. */
  const envelope = async (type: string, payload: object): Promise<Record<string, unknown>> => {
    const id = `e${Math.random()}`;
    const acknowledged = new Promise<Record<string, unknown>>((resolve) => {
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as {
          envelope_id?: string;
          payload?: Record<string, unknown>;
        };
        if (message.envelope_id === id) resolve(message.payload ?? {});
      });
    });
    socket.send(JSON.stringify({ type, envelope_id: id, payload, accepts_response_payload: true }));
    return await acknowledged;
  };
  await envelope('slash_commands', {
    command: '/apollo',
    text: 'connect',
    team_id: TEAM,
    user_id: ada.id,
    channel_id: 'C000000001',
    trigger_id: await slack.trigger(ada.id),
    response_url: `${slack.origin}/respond/socket`,
  });
  const opened = await slack.until(({ method }) => method === 'views.open');
  const { view } = opened.answer as { view: { id: string; blocks: object[] } };
  const answer = await envelope('interactive', {
    type: 'view_submission',
    team: { id: TEAM },
    user: { id: ada.id, team_id: TEAM },
    view: { ...view, state: { values: { ...initialValues(view), key: typed('key', keys.one) } } },
  });
  expect(answer.response_action).toBe('update');
  expect(textOf(answer.view)).toContain('is in slot 1');
  expect((await core.slots.list(TEAM)).notation).toBe('(self: 1/2) (fly: 0/2) 1/4');

  const execution = slack.beginStep(STEP.person);
  await envelope('events_api', {
    type: 'event_callback',
    team_id: TEAM,
    event_id: 'EvStep',
    event: stepEvent(STEP.person, execution, { person: 'ada@contoso.example' }),
  });
  const ended = await slack.until(({ method }) => method === 'functions.completeSuccess');
  expect(ended.args.function_execution_id).toBe(execution);
  expect(logged.join('')).not.toContain(keys.one);
});
