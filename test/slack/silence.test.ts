import { expect, test } from 'vitest';
import { connectKey, listOf, reviewOf, startWorld, viewIn } from './bot.ts';
import { textOf } from './person.ts';
import { TEAM } from './slack-server.ts';

const start = async (ada: Parameters<typeof connectKey>[0], file: string) =>
  await ada.submit(await reviewOf(ada, file));

test.each([
  ['file_uploads_disabled', 'Uploads are switched off'],
  ['storage_limit_reached', 'storage of this Slack workspace is full'],
])(
  'an upload that Slack refuses for good (%s) is said, with a one-time link to the result',
  async (error, words) => {
    const { ada, bob, keys, slack, core, links } = await startWorld({
      isPublic: true,
      sandbox: { matchRate: 1 },
    });
    await connectKey(ada, keys.one);
    slack.fail({ method: 'files.getUploadURLExternal', error, times: 1 });
    await start(ada, await slack.upload('leads.csv', listOf(5)));
    const told = await slack.until(({ args }) => String(args.text).includes('could not be uploaded'));
    expect(textOf(told.args)).toContain(words);
    const link = await ada.press({ message: told }, 'job.link');
    expect(link.args.response_type).toBe('ephemeral');
    const [, token = ''] = /\/c\/([\w-]{43})/.exec(textOf(link.args)) ?? [];
    const [job] = await core.jobs.list(TEAM);
    expect(await links.look(token)).toMatchObject({
      workspace: TEAM,
      purpose: { kind: 'result', list: job?.id },
    });
    // When it is mended, the button sends it.
    const sent = await ada.press(
      { message: told },
      'job.file',
      ({ method }) => method === 'chat.postMessage',
    );
    expect(sent.args.channel).toBe(ada.id);
    await slack.until(({ method }) => method === 'files.completeUploadExternal');
    // A list that is not for somebody is none to link to.
    const refused = await bob.press({ message: told }, 'job.link');
    expect(textOf(refused.args)).toContain('no such list for you');
  },
);

test('a list that is done offers a one-time link among its formats, with PUBLIC_URL', async () => {
  const { ada, core, keys, slack, links } = await startWorld({ isPublic: true, sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  await start(ada, await slack.upload('leads.csv', listOf(5)));
  const done = await slack.until(({ args }) => String(args.text).includes('is done'));
  const [job] = await core.jobs.list(TEAM);
  const shown = await ada.press({ message: done }, 'job.format', undefined, `link ${job?.id}`);
  const [, token = ''] = /\/c\/([\w-]{43})/.exec(textOf(shown.args)) ?? [];
  expect(await links.look(token)).toMatchObject({ purpose: { kind: 'result' } });
});

test('without a public address there is no link, and the button stays', async () => {
  const { ada, keys, slack } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  slack.fail({ method: 'files.getUploadURLExternal', error: 'file_uploads_disabled' });
  await start(ada, await slack.upload('leads.csv', listOf(5)));
  const told = await slack.until(({ args }) => String(args.text).includes('could not be uploaded'));
  expect(textOf(told.args)).toContain('press Send me the file');
  expect(JSON.stringify(told.args)).not.toContain('job.link');
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
