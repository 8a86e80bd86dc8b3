import { expect, test } from 'vitest';
import { connectKey, listOf, reviewOf, startWorld, viewIn } from './bot.ts';
import { initialValues, textOf } from './person.ts';
import { TEAM } from './slack-server.ts';

const number = (action: string, value: string) => ({ [action]: { type: 'number_input', value } });

test('/apollo settings shows and changes everything: limits, what one person may spend, defaults of lists', async () => {
  const { root, ada, keys, core } = await startWorld();
  await connectKey(ada, keys.one);
  const settings = await root.modal('settings');
  const saved = await root.submit(settings, {
    limit: number('limit', '900'),
    'limit.slot.1': number('limit', '400'),
    'person-credits': number('value', '50'),
    'list-limit': number('value', '300'),
    'list-extras': { value: { type: 'checkboxes', selected_options: [{ value: 'company' }] } },
  });
  expect(textOf(viewIn(saved, settings.id))).toContain('Saved');
  expect(await core.credits.month(TEAM)).toMatchObject({ monthlyLimit: 900, slotLimits: { 1: 400 } });
  const again = initialValues((await root.modal('settings')) as never);
  expect(again).toMatchObject({
    limit: { limit: { value: '900' } },
    'limit.slot.1': { limit: { value: '400' } },
    'person-credits': { value: { value: '50' } },
  });
  // What is chosen in between keeps what was entered.
  const chosen = await root.choose(await root.modal('settings'), 'who.connect', 'people');
  expect(initialValues(chosen as never)).toMatchObject({
    limit: { limit: { value: '900' } },
    'list-limit': { value: { value: '300' } },
  });
  expect(initialValues((await ada.modal('enrich')) as never)).toMatchObject({
    limit: { limit: { value: '300' } },
    extras: { extras: { selected_options: [{ value: 'company' }] } },
  });
});

test('one person spends no more in a month than admins allow: in lists, at once, and by raising a limit', async () => {
  const { ada, bob, root, keys, slack, core, sandbox } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  await root.submit(await root.modal('settings'), { 'person-credits': number('value', '12') });
  await ada.command('enrich grace.hopper@contoso.example');
  const review = await reviewOf(ada, await slack.upload('leads.csv', listOf(30)));
  expect(textOf(review)).toContain('it pauses at the 11 that you may still spend this month');
  await ada.submit(review);
  const notice = await slack.until(({ args }) => /is paused after/.test(String(args.text)));
  expect(sandbox.counts().credits).toBe(12);
  const [{ id = '' } = {}] = await core.jobs.list(TEAM);
  const raise = async (person: typeof ada, value: string) => {
    const opened = await person.press(
      { message: notice },
      'job.limit',
      ({ method }) => method === 'views.open',
    );
    return (await person.submit((opened.answer as { view: never }).view, { limit: number('limit', value) }))
      .body;
  };
  expect(await raise(ada, '20')).toMatchObject({ errors: { limit: expect.stringContaining('11 at most') } });
  expect(textOf((await ada.command('enrich alan.turing@contoso.example')).args)).toContain(
    '0 of them are left',
  );
  const other = await reviewOf(
    ada,
    await slack.upload('more.csv', listOf(3).replaceAll('lovelace', 'turing')),
  );
  expect(textOf(viewIn(await ada.submit(other), other.id))).toContain('used up the credits');
  // Others have theirs, and an admin may give more.
  expect(textOf((await bob.command('enrich alan.turing@contoso.example')).args)).toContain('1 credit');
  await raise(root, '30');
  expect((await core.jobs.settled(id)).state).toBe('done');
});

test('two look-ups at the same time do not both spend the last credit of a person', async () => {
  const { ada, root, keys, sandbox } = await startWorld({ sandbox: { matchRate: 1, latencyMs: 50 } });
  await connectKey(ada, keys.one);
  await root.submit(await root.modal('settings'), { 'person-credits': number('value', '1') });
  const cards = await Promise.all(
    ['ada.lovelace', 'grace.hopper'].map((who) => ada.command(`enrich ${who}@contoso.example`)),
  );
  expect(cards.filter(({ args }) => textOf(args).includes('0 of them are left'))).toHaveLength(1);
  expect(sandbox.counts().credits).toBe(1);
});

test('a channel where the app may not write is refused, with what to do, and nothing is saved', async () => {
  const { root, slack } = await startWorld();
  slack.fail({
    method: 'chat.postMessage',
    error: 'not_in_channel',
    when: ({ channel }) => channel === 'C0PRIVATE1',
  });
  const settings = await root.modal('settings');
  const notifications = (channel: string) => ({
    notifications: { value: { type: 'conversations_select', selected_conversation: channel } },
  });
  const { body } = await root.submit(settings, {
    ...notifications('C0PRIVATE1'),
    limit: number('limit', '7'),
  });
  expect(body).toMatchObject({
    errors: { notifications: expect.stringContaining('/invite @ConnectionSphere') },
  });
  expect(JSON.stringify(await root.modal('settings'))).not.toMatch(/C0PRIVATE1|"7"/);
  const saved = await root.submit(await root.modal('settings'), notifications('C000000001'));
  expect(textOf(saved.body)).toContain('Saved');
  const told = await slack.until(({ args }) => args.channel === 'C000000001');
  expect(textOf(told.args)).toContain('come here from now on');
  // Once.
  await root.submit(await root.modal('settings'), {});
  expect(
    slack
      .of('chat.postMessage')
      .filter(
        ({ args, answer }) => answer.ok === true && String(args.text).includes('come here from now on'),
      ),
  ).toHaveLength(1);
});
