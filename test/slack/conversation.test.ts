import { expect, test } from 'vitest';
import { connectKey, listOf, startWorld } from './bot.ts';
import { Person, textOf } from './person.ts';

type World = Awaited<ReturnType<typeof startWorld>>;

/** What Slack sends of a message to the app. https://docs.slack.dev/reference/events/message.im */
async function write({ ada, slack }: Pick<World, 'ada' | 'slack'>, text: string, more = {}) {
  const channel = await slack.directMessage(ada.id);
  const from = slack.calls.length;
  await ada.event({ type: 'message', channel_type: 'im', channel, text, ts: '1.1', ...more });
  return await slack.until(({ method }) => method === 'chat.postMessage', from);
}

test('an address written to the bot is offered, and looked up when its writer presses', async () => {
  const world = await startWorld({ sandbox: { matchRate: 1 } });
  const { ada, keys, slack, sandbox } = world;
  await connectKey(ada, keys.one);
  // As Slack marks an address up.
  const offer = await write(world, '<mailto:ada.lovelace@contoso.example|ada.lovelace@contoso.example>');
  expect(textOf(offer.args)).toContain(
    'Look up *ada.lovelace@contoso.example*? That costs 1 credit at most.',
  );
  expect(sandbox.counts().credits).toBe(0);
  const card = await ada.press(
    { message: offer },
    'enrich.look-up',
    ({ method }) => method === 'chat.postMessage',
  );
  expect(card.args.channel).toBe(ada.id);
  expect(textOf(card.args)).toContain('Lovelace');
  expect(textOf((await write(world, 'Ada Lovelace at Contoso')).args)).toContain('Look up *Ada Lovelace at');
  expect(textOf((await write(world, 'a@contoso.example, b@fabrikam.example')).args)).toContain('these *2*');
  expect(slack.problems).toEqual([]);
});

test('pasted leads are read, and offered with what they would cost; anything else gets help', async () => {
  const world = await startWorld({ sandbox: { matchRate: 1 } });
  const { ada, keys, slack } = world;
  await connectKey(ada, keys.one);
  expect(textOf((await write(world, listOf(3))).args)).toContain('3 rows, at most 3 credits');
  // More than a form takes.
  const ready = await write(world, listOf(120));
  expect(textOf(ready.args)).toContain('120 rows, at most 120 credits');
  const opened = await ada.press(
    { message: ready },
    'enrich.review',
    ({ method }) => method === 'views.open',
  );
  await ada.submit((opened.answer as { view: never }).view);
  await slack.until(({ args }) => String(args.text).includes('is done'));
  expect(textOf((await write(world, 'hi')).args)).toContain('/apollo connect');
  expect(textOf((await write(world, 'hello\nworld')).args)).toContain('/apollo connect');
});

test("changes, files and messages of apps are nobody's question, and what is sent twice is answered once", async () => {
  const { ada, slack } = await startWorld();
  const channel = await slack.directMessage(ada.id);
  const message = { type: 'message', channel_type: 'im', channel, text: 'hi', ts: '1.1' };
  for (const more of [{ subtype: 'message_changed' }, { subtype: 'file_share' }, { bot_id: 'B1' }]) {
    await ada.event({ ...message, ...more });
  }
  await Promise.all([0, 1, 2].map((ago) => ada.event(message, 'Ev1', ago)));
  await slack.until(({ method }) => method === 'chat.postMessage');
  await ada.command('help');
  expect(slack.of('chat.postMessage')).toHaveLength(1);
});

test('who opens the conversation first is welcomed, once; a guest is not', async () => {
  const { ada, bob, slack } = await startWorld();
  slack.tell(bob.id, { is_restricted: true });
  const open = { type: 'app_home_opened', tab: 'messages', channel: await slack.directMessage(ada.id) };
  await bob.event(open);
  await Promise.all([ada.event(open), ada.event(open)]);
  const told = await slack.until(({ method }) => method === 'chat.postMessage');
  expect(textOf(told.args)).toContain('Hello! Send me a file of leads');
  await ada.event(open);
  await ada.command('help');
  expect(slack.of('chat.postMessage')).toHaveLength(1);
});

test('a mention gets help, for who mentioned and nobody else; a stranger is told why not', async () => {
  const { ada, bob, slack, eventsUrl } = await startWorld();
  const mention = {
    type: 'app_mention',
    channel: 'C000000001',
    text: '<@U00000BOT> hi',
    ts: '1.1',
    thread_ts: '1.0',
  };
  await ada.event(mention);
  const help = await slack.until(({ method }) => method === 'chat.postEphemeral');
  expect(help.args).toMatchObject({ channel: 'C000000001', user: ada.id, thread_ts: '1.0' });
  expect(textOf(help.args)).toContain('/apollo connect');
  const from = slack.calls.length;
  await new Person(bob.id, slack, eventsUrl, { home: 'TPARTNER01' }).event({
    ...mention,
    user_team: 'TPARTNER01',
  });
  const refused = await slack.until(({ method }) => method === 'chat.postEphemeral', from);
  expect(textOf(refused.args)).toContain('belongs to another company');
  expect(slack.of('chat.postMessage')).toEqual([]);
});

test('a list in a channel is offered to who posted it, where an admin switched that on, and only there', async () => {
  const { ada, bob, root, slack } = await startWorld();
  const file = await slack.upload('leads.csv', listOf(5));
  const picture = await slack.upload('team.png', 'png');
  const shared = (person: typeof ada, file_id: string, channel_id = 'C000000001') =>
    person.event({ type: 'file_shared', file_id, user_id: person.id, channel_id });
  await shared(ada, file);
  await root.submit(await root.modal('settings'), {
    'offer-in': { value: { type: 'multi_conversations_select', selected_conversations: ['C000000001'] } },
  });
  slack.tell(bob.id, { is_restricted: true });
  await shared(bob, file);
  await shared(ada, picture);
  await shared(ada, file, 'C000000002');
  await shared(ada, file);
  const offer = await slack.until(({ method }) => method === 'chat.postEphemeral');
  expect(offer.args).toMatchObject({ channel: 'C000000001', user: ada.id });
  expect(textOf(offer.args)).toContain('Enrich leads.csv?');
  await ada.command('help');
  expect(slack.of('chat.postEphemeral')).toHaveLength(1);
});
