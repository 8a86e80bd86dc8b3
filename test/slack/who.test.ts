import { expect, test } from 'vitest';
import { connectKey, listOf, reviewOf, startWorld, viewIn } from './bot.ts';
import { Person, textOf, typed } from './person.ts';
import { TEAM } from './slack-server.ts';

test('a stranger from a shared channel is refused everywhere, an admin of another company too', async () => {
  const { ada, bob, root, keys, slack, core, eventsUrl } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  const slots = await root.command('slots');
  const help = await ada.command('help');
  const form = await ada.modal('connect');
  const enrich = await ada.modal('enrich');
  const settings = await root.modal('settings');
  const review = await reviewOf(ada, await slack.upload('leads.csv', listOf(3)));
  // As `users.info` tells of somebody from the other side of a shared channel.
  slack.tell(bob.id, { team_id: 'TPARTNER01', is_admin: true, is_owner: true });
  const partner = new Person(bob.id, slack, eventsUrl, { home: 'TPARTNER01' });
  const said = async (call: Promise<{ args: Record<string, unknown> }>) => textOf((await call).args);
  const refusal = 'belongs to another company';

  for (const words of ['slots', 'jobs', 'credits', 'help', '', 'status', 'token', 'settings', 'connect']) {
    expect(await said(partner.command(words))).toContain(refusal);
  }
  expect(await said(partner.command('enrich ada@contoso.example'))).toContain(refusal);
  expect(await said(partner.press({ message: slots }, 'slots.disconnect'))).toContain(refusal);
  expect(await said(partner.press({ message: slots }, 'slots.refresh'))).toContain(refusal);
  for (const button of ['slots.show', 'jobs.page', 'credits.show', 'enrich.open', 'slots.connect']) {
    expect(await said(partner.press({ message: help }, button))).toContain(refusal);
  }
  for (const view of [form, enrich, settings, review]) {
    const values = { key: typed('key', keys.third), pasted: typed('pasted', 'ada@contoso.example') };
    expect(textOf(viewIn(await partner.submit(view, values), view.id))).toContain(refusal);
  }
  expect(await said(partner.shortcut('enrich_list'))).toContain(refusal);
  const from = slack.calls.length;
  const message = { channel_id: await slack.directMessage(bob.id), user_id: bob.id };
  await partner.event({ type: 'file_shared', file_id: await slack.upload('p.csv', listOf(3)), ...message });
  const answered = await slack.until(({ method }) => method === 'chat.postMessage', from);
  expect(textOf(answered.args)).toContain(refusal);
  await partner.event({ type: 'app_home_opened', tab: 'home', channel: 'D1' });
  const home = await slack.until(({ method }) => method === 'views.publish', from);
  expect(textOf(home.args)).toContain(refusal);
  expect((await core.slots.list(TEAM)).notation).toBe('(self: 1/2) (fly: 0/2) 1/4');
  expect((await core.jobs.list(TEAM)).map(({ state }) => state)).toEqual(['ready']);
});

test('is_stranger and the home in a press are enough, each alone', async () => {
  const { ada, bob, slack, eventsUrl } = await startWorld();
  const help = await ada.command('help');
  const partner = new Person(ada.id, slack, eventsUrl, { home: 'TPARTNER01' });
  expect(textOf((await partner.press({ message: help }, 'slots.show')).args)).toContain('another company');
  slack.tell(bob.id, { is_stranger: true });
  expect(textOf((await bob.press({ message: help }, 'slots.show')).args)).toContain('another company');
});

test.each(['is_restricted', 'is_ultra_restricted'])(
  'guests (%s) may nothing until an admin allows them',
  async (guest) => {
    const { ada, root, slack } = await startWorld();
    slack.tell(ada.id, { [guest]: true });
    expect(textOf((await ada.command('slots')).args)).toContain('Guests of this workspace may not');
    expect(textOf((await ada.command('enrich')).args)).toContain('Guests of this workspace may not');
    await root.submit(await root.modal('settings'), {
      guests: { value: { type: 'checkboxes', selected_options: [{ value: 'allowed' }] } },
    });
    expect(textOf((await ada.command('slots')).args)).toContain('(self: 0/2)');
    expect(textOf((await ada.command('settings')).args)).toContain('Only admins');
  },
);

test.each(['is_owner', 'is_admin'])(
  'somebody who is %s of the organisation counts as an admin',
  async (rank) => {
    const { ada, slack } = await startWorld();
    const organisation = { enterprise_id: 'E000000001', teams: ['THOME00001', TEAM] };
    slack.tell(ada.id, { team_id: 'THOME00001', enterprise_user: { ...organisation, [rank]: true } });
    expect((await ada.modal('settings')).callback_id).toBe('settings');
  },
);

test('who somebody is must be known: when Slack does not tell, nothing is done and it is said', async () => {
  const { ada, slack, core, keys } = await startWorld();
  slack.fail({ method: 'users.info', error: 'ratelimited', times: 2 });
  expect(textOf((await ada.command('slots')).args)).toContain('did not say just now who you are');
  slack.heal();
  await connectKey(ada, keys.one);
  expect((await core.slots.list(TEAM)).notation).toContain('1/4');
});

test('a list is for whoever started it and for admins: others neither see, download nor steer it, until it is shared', async () => {
  const { ada, bob, root, keys, slack, core } = await startWorld({ sandbox: { matchRate: 1 } });
  await connectKey(ada, keys.one);
  await ada.submit(
    await reviewOf(ada, await slack.upload('secret-deal.csv', listOf(30)), {
      limit: { limit: { type: 'number_input', value: '5' } },
    }),
  );
  const notice = await slack.until(({ args }) => /is paused after/.test(String(args.text)));
  const [{ id = '' } = {}] = await core.jobs.list(TEAM);
  const mine = await ada.command(`status ${id}`);
  expect(textOf(mine.args)).toContain('secret-deal.csv');

  const refusal = 'There is no such list for you';
  for (const word of ['status', 'resume', 'cancel']) {
    expect(textOf((await bob.command(`${word} ${id}`)).args)).toContain(refusal);
  }
  for (const action of ['job.file', 'job.cancel', 'job.share']) {
    const where = { message: action === 'job.cancel' ? notice : mine };
    expect(textOf((await bob.press(where, action)).args)).toMatch(/no such list for you|can share it/);
  }
  const limit = await bob.press({ message: notice }, 'job.limit', ({ method }) => method === 'views.open');
  expect(textOf(limit.args)).toContain(refusal);
  for (const words of ['jobs', 'credits']) {
    expect(textOf((await bob.command(words)).args)).not.toContain('secret-deal.csv');
    expect(textOf((await ada.command(words)).args)).toContain('secret-deal.csv');
    expect(textOf((await root.command(words)).args)).toContain('secret-deal.csv');
  }
  await bob.event({ type: 'app_home_opened', tab: 'home', channel: 'D1' });
  const home = await slack.until(({ method, args }) => method === 'views.publish' && args.user_id === bob.id);
  expect(textOf(home.args)).toContain('No lists yet');

  expect(textOf((await ada.press({ message: mine }, 'job.share')).args)).toContain('Shared: everyone here');
  const shared = await bob.command(`status ${id}`);
  expect(textOf(shared.args)).toContain('secret-deal.csv');
  expect(JSON.stringify(shared.args)).not.toContain('job.share');
  const sent = await bob.press(
    { message: shared },
    'job.file',
    ({ method }) => method === 'chat.postMessage',
  );
  expect(sent.args.channel).toBe(bob.id);
  await slack.until(({ method }) => method === 'files.completeUploadExternal');
  await root.press({ message: await root.command(`status ${id}`) }, 'job.unshare');
  expect(textOf((await bob.command(`status ${id}`)).args)).toContain(refusal);
});

test('only admins disconnect, have people forgotten, set limits and make tokens, unless they say otherwise', async () => {
  const { ada, root, keys, core } = await startWorld();
  await connectKey(ada, keys.one);
  const slots = await ada.command('slots');
  expect(textOf((await ada.press({ message: slots }, 'slots.disconnect')).args)).toContain('Only admins');
  expect(textOf((await ada.command('forget bob@contoso.example')).args)).toContain('Only admins');
  expect(textOf((await ada.command('token n8n')).args)).toContain('Only admins');
  const credits = await ada.command('credits');
  expect(textOf((await ada.press({ message: credits }, 'credits.limit')).args)).toContain('Only admins');
  const everyone = (action: string) => ({
    [action]: { type: 'static_select', selected_option: { value: 'everyone' } },
  });
  await root.submit(await root.modal('settings'), {
    'who.disconnect': everyone('settings.who'),
    'who.tokens': everyone('settings.who'),
  });
  expect(textOf((await ada.command('token n8n')).args)).toContain('shown this once');
  await ada.press({ message: slots }, 'slots.disconnect');
  expect((await core.slots.list(TEAM)).notation).toBe('(self: 0/2) (fly: 0/2) 0/4');
});
