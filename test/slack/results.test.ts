import { expect, test } from 'vitest';
import { connectKey, listOf, reviewOf, startWorld, viewIn } from './bot.ts';
import { buttonsOf, textOf } from './person.ts';
import { TEAM } from './slack-server.ts';

const CHANNEL = 'C000000001';
const to = (channels: string[], people: string[] = []) => ({
  'to.channels': { to: { type: 'multi_conversations_select', selected_conversations: channels } },
  'to.people': { to: { type: 'multi_users_select', selected_users: people } },
});

test('one message becomes the result, the file follows it, and Home is drawn anew', async () => {
  const { ada, keys, slack } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  await ada.submit(await reviewOf(ada, await slack.upload('leads.csv', listOf(5))));
  const sent = await slack.until(({ method }) => method === 'files.completeUploadExternal');
  expect(sent.args.initial_comment).toContain('leads.csv is done: 5 of 5 found');
  const posted = slack.of('chat.postMessage');
  expect(posted).toHaveLength(1);
  const done = slack.of('chat.update').at(-1);
  expect(done?.args.ts).toBe(posted[0]?.answer.ts);
  expect(textOf(done?.args)).toContain('is done');
  await slack.until(({ method, args }) => method === 'views.publish' && textOf(args).includes('leads.csv'));
});

test('the result goes into the channel, as a reply to the list there, and to chosen people, after a look at who will see it', async () => {
  const { ada, bob, keys, slack } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const file = await slack.upload('leads.csv', listOf(5));
  const opened = await ada.shortcut('enrich_message', {
    ts: '7.7',
    files: [{ id: file, name: 'leads.csv' }],
  });
  const review = await ada.submitted((opened.answer as { view: never }).view);
  const asked = viewIn(await ada.submit(review, to([CHANNEL], [bob.id])), review.id);
  expect(textOf(asked)).toContain(`everyone in <#${CHANNEL}>, now and later, guests`);
  expect(textOf(asked)).toContain(`<@${bob.id}>`);
  expect(slack.of('chat.postMessage')).toEqual([]);
  await ada.submit(asked);
  const files = (channel: string) =>
    slack.until(
      ({ method, args }) => method === 'files.completeUploadExternal' && args.channel_id === channel,
    );
  expect((await files(CHANNEL)).args.thread_ts).toBe('7.7');
  const [inChannel] = slack.of('chat.postMessage').filter(({ args }) => args.channel === CHANNEL);
  expect(inChannel?.args.thread_ts).toBe('7.7');
  const result = slack
    .of('chat.update')
    .find(({ args }) => args.channel === CHANNEL && args.ts === inChannel?.answer.ts);
  expect(textOf(result?.args)).toContain('is done');
  // What is for whoever started it is not in the channel.
  expect(buttonsOf(result?.args as never)).toEqual([]);
  const [forBob] = slack.of('chat.postMessage').filter(({ args }) => args.channel === bob.id);
  await files(String(forBob?.answer.channel));
  // Whom it was sent to sees the list, too.
  expect(textOf((await bob.command('jobs')).args)).toContain('leads.csv');
});

test('other recipients are looked at once more; a channel without the app, or a stranger, starts nothing', async () => {
  const { ada, bob, keys, slack, core } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const review = await reviewOf(ada, await slack.upload('leads.csv', listOf(5)));
  const first = viewIn(await ada.submit(review, to([CHANNEL])), review.id);
  const second = viewIn(await ada.submit(first, to([CHANNEL, 'C000000002'])), review.id);
  expect(textOf(second)).toContain('<#C000000002>');
  slack.fail({
    method: 'chat.postMessage',
    error: 'not_in_channel',
    when: ({ channel }) => channel === 'C000000002',
  });
  const refused = viewIn(await ada.submit(second), review.id);
  expect(textOf(refused)).toContain('/invite @ConnectionSphere');
  // What was said in the first channel is taken back.
  const [said] = slack.of('chat.postMessage').filter(({ args }) => args.channel === CHANNEL);
  expect(slack.of('chat.delete').map(({ args }) => args.ts)).toEqual([said?.answer.ts]);
  slack.tell(bob.id, { team_id: 'TPARTNER01' });
  const stranger = viewIn(await ada.submit(refused, to([], [bob.id])), review.id);
  expect(textOf(stranger)).toContain('of another company');
  expect((await core.jobs.list(TEAM)).map(({ state }) => state)).toEqual(['ready']);
});

test('a channel that is archived when the list ends: whoever started it hears so, and has the result', async () => {
  const { ada, keys, slack } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const review = await reviewOf(ada, await slack.upload('leads.csv', listOf(5)));
  const asked = viewIn(await ada.submit(review, to([CHANNEL])), review.id);
  slack.fail({
    method: 'chat.update',
    error: 'is_archived',
    times: 9,
    when: ({ channel }) => channel === CHANNEL,
  });
  await ada.submit(asked);
  const told = await slack.until(({ args }) => String(args.text).includes('did not get to'));
  expect(told.args.channel).toBe(ada.id);
  expect(textOf(told.args)).toContain('archived');
  await slack.until(({ method }) => method === 'files.completeUploadExternal');
});
