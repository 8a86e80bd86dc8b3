import { expect, test } from 'vitest';
import { connectKey, listOf, reviewOf, startWorld } from './bot.ts';
import { textOf } from './person.ts';

const NOT_YET = { method: 'files.info', error: 'file_not_found' };

test('a file that Slack does not know yet right after its upload is asked for again', async () => {
  const { ada, keys, slack } = await startWorld({ haste: 20 });
  await connectKey(ada, keys.one);
  const file = await slack.upload('leads.csv', listOf(10));
  slack.fail({ ...NOT_YET, times: 4 });
  await ada.event({
    type: 'file_shared',
    file_id: file,
    user_id: ada.id,
    channel_id: await slack.directMessage(ada.id),
  });
  await slack.until(({ args }) => /Enrich leads.csv/.test(String(args.text)));
  expect(slack.of('files.info')).toHaveLength(5);
  slack.fail({ ...NOT_YET, times: 2 });
  expect(textOf(await reviewOf(ada, file))).toContain('10 rows');
});

test('a file that Slack never gives is said to be so, in a DM too', async () => {
  const { ada, slack } = await startWorld({ haste: 20 });
  const file = await slack.upload('leads.csv', listOf(10));
  slack.fail({ ...NOT_YET, times: 5 });
  await ada.event({
    type: 'file_shared',
    file_id: file,
    user_id: ada.id,
    channel_id: await slack.directMessage(ada.id),
  });
  await slack.until(
    ({ method, args }) => method === 'chat.postMessage' && /does not give me/.test(String(args.text)),
  );
  expect(slack.of('files.info')).toHaveLength(5);
});

test.each([
  ['a channel without the bot', { error: 'file_not_found', times: 5 }, '/invite @ConnectionSphere'],
  ['a rate limit', { status: 429, retryAfter: 30, error: 'ratelimited' }, 'wait 30 s'],
  ['a Slack that is down', { status: 503 }, 'could not be reached just now'],
  ['a missing scope', { error: 'missing_scope' }, 'files:read'],
])('%s: the right words, and a line in the log', async (_, fault, words) => {
  const { ada, slack, logged } = await startWorld({ haste: 20 });
  const file = await slack.upload('leads.csv', listOf(10));
  const files = [
    { id: 'F0PICTURE1', name: 'team.png', filetype: 'png' },
    { id: file, name: 'leads.csv', filetype: 'csv' },
  ];
  const opened = await ada.shortcut('enrich_message', { ts: '1.1', files });
  const form = (opened.answer as { view: Parameters<typeof ada.submit>[0] }).view;
  // The picture is not the list.
  expect(textOf(form)).toContain('leads.csv');
  slack.fail({ method: 'files.info', ...fault });
  const view = await ada.submitted(form);
  expect(textOf(view)).toContain(words);
  expect(logged.join('')).toContain('Slack does not give a file');
  // The form is still there, to try again.
  slack.heal();
  expect(textOf(await ada.submitted(view))).toContain('10 rows');
});

test('a message with pictures alone has no list', async () => {
  const { ada } = await startWorld();
  const files = [{ id: 'F0PICTURE1', name: 'team.png', filetype: 'png' }];
  expect(textOf((await ada.shortcut('enrich_message', { ts: '1.1', files })).args)).toContain(
    'no list among its files',
  );
});
