import { expect, test } from 'vitest';
import { answerSubmission } from '../../bot/slack/modal.ts';
import { noticeView, waitingView } from '../../bot/slack/views/notice.ts';
import { createLog, systemClock } from '../../core/node/index.ts';
import { startWorld } from './bot.ts';
import { textOf } from './person.ts';

test('Slack is slow to say who the app is: what was done at the first moment is heard, and answered later', async () => {
  const { ada, slack } = await startWorld();
  const slow = Promise.withResolvers<void>();
  slack.fail({ method: 'auth.test', held: slow.promise });
  const answered = ada.command('slots');
  await expect.poll(() => ada.last).toContain('slots');
  // The next press is heard as well, although nobody knows yet who the app is.
  const help = ada.command('help');
  expect(slack.of('respond')).toEqual([]);
  slow.resolve();
  expect(textOf((await answered).args)).toContain('(self: 0/2)');
  expect(textOf((await help).args)).toContain('/apollo connect');
});

test.each([
  ['settings', 'Settings', 'settings.open'],
  ['enrich', 'Enrich a list', 'enrich.open'],
  ['connect 2', 'Connect a key', 'slots.connect'],
])(
  '/apollo %s with a trigger that is too old: a direct message with a button',
  async (words, title, action) => {
    const { root, slack } = await startWorld();
    const from = slack.calls.length;
    slack.fail({ method: 'views.open', error: 'expired_trigger_id' });
    await root.command(words);
    const told = await slack.until(({ method }) => method === 'chat.postMessage', from);
    expect(told.args.channel).toBe(root.id);
    expect(textOf(told.args)).toContain(`did not let *${title}* open in time`);
    const opened = await root.press({ message: told }, action, ({ method }) => method === 'views.open');
    expect(JSON.stringify(opened.args.view)).toContain(title);
  },
);

test('the global shortcut with a trigger that is too old, by somebody who may not: a direct message says so', async () => {
  const { ada, slack } = await startWorld();
  slack.tell(ada.id, { is_restricted: true });
  slack.fail({ method: 'views.open', error: 'expired_trigger_id' });
  await ada.shortcut('enrich_list');
  const told = await slack.until(({ method }) => method === 'chat.postMessage');
  expect(textOf(told.args)).toContain('Guests of this workspace may not');
});

test('a form that was answered too late for Slack shows the answer all the same', async () => {
  const shown: unknown[] = [];
  await answerSubmission({
    client: { views: { update: async (change: unknown) => shown.push(change) } } as never,
    clock: systemClock,
    log: createLog({ write: () => {} }),
    deed: 'test',
    view: { id: 'V1', blocks: [] } as never,
    title: 'Test',
    workspace: 'T000000001',
    user: 'U000000001',
    waiting: waitingView('Test', 'Waiting'),
    arrived: Date.now() - 3_100,
    // As Bolt, when it has answered with 404 already.
    ack: async () => {
      throw Object.assign(new Error('Cannot write headers after they are sent'), {
        code: 'ERR_HTTP_HEADERS_SENT',
      });
    },
    work: async () => ({ show: noticeView('Test', 'It is in slot 1.') }),
  });
  expect(shown).toHaveLength(1);
  expect(textOf(shown)).toContain('It is in slot 1.');
});
