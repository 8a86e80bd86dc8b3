import { expect, test } from 'vitest';
import { connectKey, listOf, reviewOf, startWorld, viewIn } from './bot.ts';
import { textOf } from './person.ts';
import { TEAM } from './slack-server.ts';

const start = async (ada: Parameters<typeof connectKey>[0], file: string) =>
  await ada.submit(await reviewOf(ada, file));

test.each([
  ['file_uploads_disabled', 'Uploads are switched off'],
  ['storage_limit_reached', 'storage of this Slack workspace is full'],
])('an upload that Slack refuses for good (%s) is said, with a link to the result', async (error, words) => {
  const { ada, keys, slack, core } = await startWorld({ isPublic: true, sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  slack.fail({ method: 'files.getUploadURLExternal', error, times: 1 });
  await start(ada, await slack.upload('leads.csv', listOf(5)));
  const told = await slack.until(({ args }) => String(args.text).includes('could not be uploaded'));
  expect(textOf(told.args)).toContain(words);
  const [, url = ''] = /<(http[^|>]+)\|Download it here>/.exec(textOf(told.args)) ?? [];
  const response = await fetch(url);
  expect(response.headers.get('content-disposition')).toContain('leads-enriched.csv');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect((await response.text()).trimEnd().split('\n')).toHaveLength(6);
  expect((await fetch(`${url}x`)).status).toBe(404);
  // When it is mended, the button sends it.
  const sent = await ada.press({ message: told }, 'job.file', ({ method }) => method === 'chat.postMessage');
  expect(sent.args.channel).toBe(ada.id);
  await slack.until(({ method }) => method === 'files.completeUploadExternal');
  // With its list the link ends.
  await core.removeWorkspace(TEAM);
  expect((await fetch(url)).status).toBe(404);
});

test('without a public address there is no link, and the button stays', async () => {
  const { ada, keys, slack } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  slack.fail({ method: 'files.getUploadURLExternal', error: 'file_uploads_disabled' });
  await start(ada, await slack.upload('leads.csv', listOf(5)));
  const told = await slack.until(({ args }) => String(args.text).includes('could not be uploaded'));
  expect(textOf(told.args)).toContain('press the button');
});

test('a list whose owner cannot be told is not started, and the form says why', async () => {
  const { ada, keys, slack, core, sandbox } = await startWorld();
  await connectKey(ada, keys.one);
  const review = await reviewOf(ada, await slack.upload('leads.csv', listOf(5)));
  slack.fail({ method: 'chat.postMessage', error: 'messages_tab_disabled' });
  const refused = viewIn(await ada.submit(review), review.id);
  expect(textOf(refused)).toContain('Direct messages with this app are switched off');
  expect(textOf(refused)).toContain('Nothing was started or spent');
  expect((await core.jobs.list(TEAM)).map(({ state }) => state)).toEqual(['ready']);
  expect(sandbox.counts().credits).toBe(0);
  // It is mended, and the same form starts it.
  await ada.submit(refused);
  await slack.until(({ args }) => String(args.text).includes('is done'));
});

test('an owner who is deactivated while the list runs: the place for notices hears of its end', async () => {
  const { ada, bob, root, keys, slack } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  await root.submit(await root.modal('settings'), {
    notifications: { value: { type: 'conversations_select', selected_conversation: bob.id } },
  });
  slack.fail({
    method: 'chat.update',
    error: 'user_disabled',
    times: 9,
    when: ({ text }) => String(text).includes('is done:'),
  });
  await start(ada, await slack.upload('leads.csv', listOf(5)));
  const told = await slack.until(
    ({ args }) => args.channel === bob.id && String(args.text).includes('is done'),
  );
  expect(textOf(told.args)).toContain('deactivated in Slack');
  expect(textOf(told.args)).not.toContain('lovelace');
});

test('the form closed while a long list is read: a direct message with what it would cost, and a button', async () => {
  const { ada, keys, slack } = await startWorld({ haste: 50, sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const slow = Promise.withResolvers<void>();
  slack.fail({ method: 'files.info', held: slow.promise });
  const form = await ada.modal('enrich');
  const waiting = await ada.submit(form, {
    file: { file: { type: 'file_input', files: [{ id: await slack.upload('big.csv', listOf(50)) }] } },
  });
  expect(textOf(waiting.body)).toContain('You may close this');
  slack.fail({ method: 'views.update', error: 'not_found' });
  slow.resolve();
  const told = await slack.until(({ args }) => String(args.text).includes('big.csv is ready'));
  expect(textOf(told.args)).toContain('50 rows, at most 50 credits');
  const opened = await ada.press({ message: told }, 'enrich.review', ({ method }) => method === 'views.open');
  await ada.submit((opened.answer as { view: never }).view);
  await slack.until(({ args }) => String(args.text).includes('is done'));
  const again = await ada.press({ message: told }, 'enrich.review', ({ method }) => method === 'views.open');
  expect(textOf(again.args)).toContain('is done already');
});

test('any other form closed before its answer: the answer comes as a direct message', async () => {
  const { root, slack } = await startWorld({ haste: 50 });
  const settings = await root.modal('settings');
  const slow = Promise.withResolvers<void>();
  slack.fail({ method: 'chat.postMessage', held: slow.promise });
  await root.submit(settings, {
    notifications: { value: { type: 'conversations_select', selected_conversation: 'C000000001' } },
  });
  slack.fail({ method: 'views.update', error: 'not_found' });
  slow.resolve();
  const told = await slack.until(({ args }) => args.channel === root.id);
  expect(textOf(told.args)).toContain('Saved');
});
