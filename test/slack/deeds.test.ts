import { expect, test } from 'vitest';
import { connectKey, listOf, reviewOf, startWorld } from './bot.ts';
import { textOf } from './person.ts';
import { TEAM } from './slack-server.ts';

test('who did something to keys, limits, people or tokens is named where notices go', async () => {
  const { ada, bob, root, keys, slack } = await startWorld();
  await root.submit(await root.modal('settings'), {
    notifications: { value: { type: 'conversations_select', selected_conversation: bob.id } },
  });
  const said = async (words: string) => {
    const { args } = await slack.until(
      ({ args: { channel, text } }) => channel === bob.id && String(text).includes(words),
    );
    return textOf(args);
  };
  await connectKey(ada, keys.one);
  expect(await said('connected')).toContain(`<@${ada.id}> connected`);
  await root.command('token n8n');
  expect(await said('made an API token')).toContain(`<@${root.id}>`);
  const forget = await root.command('forget grace@contoso.example');
  await root.press({ message: forget }, 'forget.person');
  expect(await said('had a person forgotten')).not.toContain('grace');
  await root.press({ message: await root.command('slots') }, 'slots.disconnect');
  expect(await said('disconnected')).toContain(`<@${root.id}>`);
  expect(JSON.stringify(slack.calls)).not.toContain(keys.one);
});

test('an admin cancels a list: its owner hears by whom, and starts it over, paying for nobody twice', async () => {
  const { ada, root, keys, slack, sandbox } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const limit = { limit: { limit: { type: 'number_input', value: '10' } } };
  await ada.submit(await reviewOf(ada, await slack.upload('leads.csv', listOf(30)), limit));
  const notice = await slack.until(({ args }) => /is paused after/.test(String(args.text)));
  const cancelled = await root.press({ message: notice }, 'job.cancel', ({ method }) => method === 'respond');
  const told = await slack.until(({ args }) => /cancelled your list/.test(String(args.text)));
  expect(told.args.channel).toBe(ada.id);
  expect(textOf(told.args)).toContain(`<@${root.id}>`);
  const opened = await ada.press(
    { message: cancelled },
    'job.start-over',
    ({ method }) => method === 'views.open',
  );
  expect(textOf(opened.args)).toContain('10 known already');
  expect(sandbox.counts().chargedMoreThanOnce).toEqual([]);
});

test('a cancelled list is resumed where it was, within what its person may still spend', async () => {
  const { ada, root, keys, slack, sandbox, core } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const limit = { limit: { limit: { type: 'number_input', value: '10' } } };
  await ada.submit(await reviewOf(ada, await slack.upload('leads.csv', listOf(30)), limit));
  const notice = await slack.until(({ args }) => /is paused after/.test(String(args.text)));
  await ada.press({ message: notice }, 'job.cancel', ({ method }) => method === 'respond');
  const [job] = await core.jobs.list(TEAM);
  const credits = async (value: string) =>
    await root.submit(await root.modal('settings'), {
      'person-credits': { value: { type: 'number_input', value } },
    });
  await credits('10');
  await core.jobs.setCreditLimit(job?.id ?? '', undefined);
  const refused = await ada.command(`resume ${job?.id}`);
  expect(textOf(refused.args)).toContain('You have used up the credits that one person may spend');
  await credits('25');
  const resumed = await ada.press({ message: await ada.command(`status ${job?.id}`) }, 'job.resume');
  expect(textOf(resumed.args)).toMatch(/running|paused/);
  await expect.poll(async () => (await core.jobs.status(job?.id ?? ''))?.reason).toBe('credit-limit');
  expect(await core.jobs.status(job?.id ?? '')).toMatchObject({
    state: 'paused',
    credits: 25,
    creditLimit: 25,
  });
  expect(sandbox.counts()).toMatchObject({ credits: 25, chargedMoreThanOnce: [] });
});

test('the card of one person is shared into a channel, after a look at what others will see', async () => {
  const { ada, bob, keys, slack, sandbox } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const card = await ada.command('enrich ada.lovelace@contoso.example');
  const opened = await ada.press({ message: card }, 'card.share', ({ method }) => method === 'views.open');
  const form = (opened.answer as { view: Parameters<typeof ada.submit>[0] }).view;
  expect(textOf(form)).toContain('This is what everyone there sees');
  expect(textOf(form)).toContain('Lovelace');
  const where = { where: { where: { type: 'conversations_select', selected_conversation: 'C000000001' } } };
  slack.fail({ method: 'chat.postMessage', error: 'not_in_channel' });
  const { body } = await ada.submit(form, where);
  expect(body).toMatchObject({ errors: { where: expect.stringContaining('/invite') } });
  await ada.submit(form, where);
  const shared = slack.of('chat.postMessage').at(-1);
  expect(shared?.args.channel).toBe('C000000001');
  expect(textOf(shared?.args)).toContain(`Shared by <@${ada.id}>`);
  expect(textOf(shared?.args)).toContain('Lovelace');
  expect(sandbox.counts().credits).toBe(1);
  // A guest may not pass it on.
  slack.tell(bob.id, { is_restricted: true });
  const refused = await bob.press({ message: card }, 'card.share', ({ method }) => method === 'views.open');
  expect(textOf(refused.args)).toContain('Guests of this workspace may not');
});

test('where no card can be shown, what is said in its place is not offered to be shared', async () => {
  const { ada, root, keys } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  await root.submit(await root.modal('settings'), {
    'person-credits': { value: { type: 'number_input', value: '1' } },
  });
  const card = await ada.command('enrich ada.lovelace@contoso.example');
  const opened = await ada.press({ message: card }, 'card.share', ({ method }) => method === 'views.open');
  expect(textOf(opened.args)).toContain('You may spend 1 credit a month here');
  expect(textOf(opened.args)).not.toContain('This is what everyone there sees');
});

test('a list that was not started yet spends no more than its person may, by *resume* as by *Start*', async () => {
  const { root, keys, slack, sandbox, core } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(root, keys.one);
  await root.submit(await root.modal('settings'), {
    'person-credits': { value: { type: 'number_input', value: '10' } },
  });
  await reviewOf(root, await slack.upload('leads.csv', listOf(30)));
  const [{ id = '' } = {}] = await core.jobs.list(TEAM);
  await root.command(`resume ${id}`);
  await expect.poll(async () => (await core.jobs.status(id))?.reason).toBe('credit-limit');
  expect(sandbox.counts().credits).toBe(10);
});
