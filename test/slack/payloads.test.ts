import { expect, test } from 'vitest';
import { connectKey, listOf, reviewOf, startWorld } from './bot.ts';
import { Person, signedRequest, textOf } from './person.ts';
import { type Call, TEAM } from './slack-server.ts';

/** What the bot says where something is wrong that nobody foresaw. */
const UNFORESEEN = 'Something went wrong here';

const said = (calls: readonly Call[]) =>
  calls.filter(({ method }) => /^(?:chat\.post|respond|views\.(?:open|update|publish))/.test(method));

/** Messages of Slack that are no question of anybody's. https://docs.slack.dev/reference/events/message */
const SILENT: Readonly<Record<string, Record<string, unknown>>> = {
  'a message that was changed': { subtype: 'message_changed', message: { text: 'ada@contoso.example' } },
  'a message that was deleted': { subtype: 'message_deleted', previous_message: { text: 'x' } },
  'a message of another app': { subtype: 'bot_message', bot_id: 'B1', user: undefined },
  'a message of an app in its own name': { bot_id: 'B1', text: 'ada@contoso.example' },
  'somebody who joined': { subtype: 'channel_join' },
  'a reply that is shown in the channel too': { subtype: 'thread_broadcast', thread_ts: '1.1' },
  'a reminder of Slackbot': { subtype: 'reminder_add', user: 'USLACKBOT' },
  'a message that went because of the plan': { subtype: 'tombstone', hidden: true },
  'a message in a channel': { channel_type: 'channel', text: 'ada@contoso.example' },
  'a message of a group': { channel_type: 'mpim', text: 'ada@contoso.example' },
};

test.each(Object.entries(SILENT))('%s is answered by nothing', async (_, message) => {
  const { ada, slack, logged } = await startWorld();
  const channel = await slack.directMessage(ada.id);
  const status = await ada.event({ type: 'message', channel_type: 'im', channel, text: 'x', ...message });
  expect(status).toBe(200);
  const from = slack.calls.length;
  // Whatever follows is handled after it.
  await ada.command('help');
  expect(said(slack.calls.slice(from)).map(({ method }) => method)).toEqual(['respond']);
  expect(logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});

/** Messages that want an answer, however they are. */
const ANSWERED: Readonly<Record<string, Record<string, unknown>>> = {
  'no text': { text: undefined },
  'an empty text': { text: '' },
  'forty thousand characters': { text: 'ada@contoso.example '.repeat(2_000) },
  'one word of forty thousand characters': { text: 'a'.repeat(40_000) },
  'nothing but marks': { text: '<@U1> <#C1|general> <!here> :tada: &lt;&gt;' },
  'half of a character': { text: '\ud83d hello \udc00' },
  'a message in a thread': { text: 'hi', thread_ts: '1.1' },
  'blocks beside it': { text: 'hi', blocks: [{ type: 'rich_text', elements: [] }] },
};

test.each(Object.entries(ANSWERED))('%s in a direct message is answered in words', async (_, message) => {
  const { ada, slack } = await startWorld();
  const channel = await slack.directMessage(ada.id);
  const from = slack.calls.length;
  const status = await ada.event({ type: 'message', channel_type: 'im', channel, ...message });
  expect(status).toBe(200);
  const { args } = await slack.until(({ method }) => method === 'chat.postMessage', from);
  expect(textOf(args)).not.toContain(UNFORESEEN);
});

/** What `files.info` says of files that are no lists, or none any more. https://docs.slack.dev/reference/objects/file-object */
const FILES: Readonly<Record<string, Record<string, unknown>>> = {
  'is gone': { ok: false, error: 'file_deleted' },
  'is not for the bot': { ok: false, error: 'access_denied' },
  'is a canvas': { ok: true, file: { id: 'F1', name: 'canvas', mode: 'quip', filetype: 'quip', size: 0 } },
  'is elsewhere': {
    ok: true,
    file: {
      id: 'F1',
      name: 'leads.csv',
      mode: 'external',
      is_external: true,
      external_type: 'gdrive',
      url_private: 'https://drive.google.com/x',
      size: 0,
    },
  },
  'is hidden because of the plan': { ok: true, file: { id: 'F1', mode: 'hidden_by_limit' } },
  'was deleted': { ok: true, file: { id: 'F1', mode: 'tombstone' } },
  'has no name': { ok: true, file: { id: 'F1', name: null, mode: 'hosted', size: 10 } },
  'is a picture': { ok: true, file: { id: 'F1', name: 'x.png', mode: 'hosted', filetype: 'png', size: 10 } },
};

test.each(Object.entries(FILES))(
  'a file that %s is answered in words, in a message and in the form',
  async (_, info) => {
    const { ada, slack } = await startWorld({ haste: 50 });
    const file = await slack.upload('leads.csv', listOf(2));
    const channel = await slack.directMessage(ada.id);
    slack.answer('files.info', info);
    const from = slack.calls.length;
    await ada.event({ type: 'file_shared', file_id: file, channel_id: channel, user_id: ada.id });
    const { args } = await slack.until(({ method }) => method === 'chat.postMessage', from);
    expect(textOf(args)).not.toContain(UNFORESEEN);
    const form = await ada.modal('enrich');
    const { body } = await ada.submit(form, {
      file: { file: { type: 'file_input', files: [{ id: file, name: 'leads.csv' }] } },
    });
    const shown = textOf(body).includes(':hourglass')
      ? (await slack.until(({ method }) => method === 'views.update', from)).args
      : body;
    expect(JSON.stringify(shown)).not.toContain(UNFORESEEN);
  },
);

test('an event that Slack sends again, as it does when it heard no answer in time, is answered once', async () => {
  const { ada, slack } = await startWorld();
  const channel = await slack.directMessage(ada.id);
  const from = slack.calls.length;
  for (const again of [0, 1, 2, 3]) {
    await ada.event({ type: 'message', channel_type: 'im', channel, text: 'hi' }, 'EvRetried', again);
  }
  await ada.command('help');
  expect(slack.calls.slice(from).filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
});

test.each([
  ['deactivated', { deleted: true }],
  ['unknown to Slack', undefined],
])('whoever is %s may nothing', async (_, profile) => {
  const { ada, bob, keys, slack, core } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  if (profile) slack.tell(bob.id, profile);
  else
    slack.fail({
      method: 'users.info',
      error: 'user_not_found',
      times: 99,
      when: ({ user }) => user === bob.id,
    });
  for (const words of ['slots', 'jobs', 'enrich ada@contoso.example', 'token']) {
    expect(textOf((await bob.command(words)).args)).toContain('deactivated, or gone');
  }
  expect((await core.credits.month(TEAM)).credits).toBe(0);
});

/** Commands as people and Slack's clients write them. */
test.each([
  ['with no-break spaces', '\u00a0slots\u00a0'],
  ['in capitals', 'SLOTS'],
  ['with marks around a mention', 'enrich <@U1|ada>'],
  ['with a link in an address', 'enrich <mailto:ada@contoso.example|ada@contoso.example>'],
  ['with eight thousand characters', `enrich ${'x'.repeat(8_000)}`],
  ['with the id of another workspace', 'status mx0kunxd81d749'],
  ['with a word of an object', 'constructor'],
  ['with half of a character', 'status \ud83d'],
  ['with another word of an object', '__proto__'],
])('a command %s is answered in words', async (_, words) => {
  const { ada, logged } = await startWorld();
  expect(textOf((await ada.command(words)).args)).not.toContain(UNFORESEEN);
  expect(logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});

/** A press as clients send it when what it was on has changed meanwhile. */
test.each([
  ['a button without a value', { type: 'button', action_id: 'job.status', block_id: 'b' }],
  [
    'a list that is gone',
    { type: 'button', action_id: 'job.cancel', block_id: 'b', value: 'mx0kunxd81d749' },
  ],
  ['a page that is none', { type: 'button', action_id: 'jobs.page.on', block_id: 'b', value: 'NaN' }],
  [
    'a format that is none',
    { type: 'static_select', action_id: 'job.format', block_id: 'b', selected_option: null },
  ],
  ['a row that is none', { type: 'button', action_id: 'decisions.accept', block_id: 'b', value: 'x y z' }],
  [
    'a schedule of a list that is gone',
    { type: 'button', action_id: 'job.schedule', block_id: 'b', value: 'x' },
  ],
])('%s is answered in words, and the bot goes on', async (_, action) => {
  const { ada, slack } = await startWorld();
  const payload = {
    type: 'block_actions',
    team: { id: TEAM, domain: 'contoso' },
    user: { id: ada.id, name: 'ada', team_id: TEAM },
    api_app_id: 'A000000009',
    trigger_id: await slack.trigger(ada.id),
    response_url: `${slack.origin}/respond/pressed`,
    container: { type: 'message', is_ephemeral: false, message_ts: '1.1' },
    actions: [action],
  };
  const from = slack.calls.length;
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  expect((await ada.send(signedRequest(body))).status).toBe(200);
  await ada.command('help');
  for (const call of said(slack.calls.slice(from))) expect(textOf(call.args)).not.toContain(UNFORESEEN);
});

test('a trigger that is too old leaves no form that opens unasked: each comes as a button, or in words', async () => {
  const { ada, root, keys, slack } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  await ada.submit(await reviewOf(ada, await slack.upload('leads.csv', listOf(3))));
  const done = await slack.until(({ args }) => String(args.text).includes('is done'));
  const id = JSON.stringify(done.args).match(/"hubspot ([a-z0-9]+)"/)?.[1] ?? '';
  for (const words of ['enrich', 'connect', `schedule ${id}`]) {
    slack.fail({ method: 'views.open', error: 'expired_trigger_id' });
    const from = slack.calls.length;
    void ada.command(words).catch(() => undefined);
    const told = await slack.until(({ method }) => method === 'chat.postMessage', from);
    expect(textOf(told.args)).toContain('Press the button to open it');
  }
  slack.fail({ method: 'views.open', error: 'expired_trigger_id' });
  const from = slack.calls.length;
  void root.command('settings').catch(() => undefined);
  const told = await slack.until(({ method }) => method === 'chat.postMessage', from);
  expect(told.args.channel).toBe(root.id);
});

test.each([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'is_archived',
  'channel_not_found',
])('where the progress message cannot be changed (%s), the result is said anew', async (error) => {
  const { ada, keys, slack } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  slack.fail({ method: 'chat.update', error, times: 99 });
  await ada.submit(await reviewOf(ada, await slack.upload('leads.csv', listOf(3))));
  const done = await slack.until(
    ({ method, args, answer }) =>
      method === 'chat.postMessage' && answer.ok === true && String(args.text).includes('is done'),
  );
  expect(done.args.channel).toBe(ada.id);
});

test('where what was said in a channel at the start cannot be changed, the result is said there anew', async () => {
  const { ada, keys, slack } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const there = 'C000000001';
  const review = await reviewOf(ada, await slack.upload('leads.csv', listOf(3)));
  const to = {
    'to.channels': { to: { type: 'multi_conversations_select', selected_conversations: [there] } },
  };
  const seen = await ada.submitted(review, to);
  slack.fail({
    method: 'chat.update',
    error: 'cant_update_message',
    times: 99,
    when: ({ channel }) => channel === there,
  });
  await ada.submit(seen, to);
  const done = await slack.until(
    ({ method, args, answer }) =>
      method === 'chat.postMessage' &&
      answer.ok === true &&
      args.channel === there &&
      String(args.text).includes('is done'),
  );
  expect(textOf(done.args)).toContain('Found');
});

test('Slack wants the bot to wait: it does, and says the result once', async () => {
  const { ada, keys, slack } = await startWorld({ sandbox: { matchRate: 1 }, haste: 20 });
  await connectKey(ada, keys.one);
  slack.fail({ method: 'chat.update', status: 429, error: 'ratelimited', retryAfter: 2, times: 3 });
  slack.fail({
    method: 'files.getUploadURLExternal',
    status: 429,
    error: 'ratelimited',
    retryAfter: 2,
    times: 2,
  });
  await ada.submit(await reviewOf(ada, await slack.upload('leads.csv', listOf(3))));
  await slack.until(({ method, answer }) => method === 'files.completeUploadExternal' && answer.ok === true);
  const done = slack.calls.filter(
    ({ args, answer }) => answer.ok === true && String(args.text).includes('is done'),
  );
  expect(done).toHaveLength(1);
});

test('a person from elsewhere whose request names no home is a stranger by what Slack says', async () => {
  const { bob, slack, eventsUrl } = await startWorld();
  slack.tell(bob.id, { team_id: 'TPARTNER01', is_stranger: false });
  const partner = new Person(bob.id, slack, eventsUrl, { home: TEAM });
  expect(textOf((await partner.command('slots')).args)).toContain('another company');
});
