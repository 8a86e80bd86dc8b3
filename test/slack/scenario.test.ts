import { expect, test } from 'vitest';
import { InstallationRepository } from '../../bot/slack/installation/many-workspaces.ts';
import { createVault } from '../../core/index.ts';
import { createCoordination, loadKeyRing, readConfig } from '../../core/node/index.ts';
import { connectKey, listOf, MANY_WORKSPACES, reviewOf, startWorld, viewIn } from './bot.ts';
import { Person, textOf } from './person.ts';
import { BOT_TOKEN, TEAM } from './slack-server.ts';

const CONTOSO = 'E0CONTOSO1';
const FABRIKAM = 'E0FABRIKA1';
const [SALES, LEGAL, SUPPORT] = ['T0SALES001', 'T0LEGAL001', 'T0SUPPORT1'];
const [NORTH, SOUTH] = ['T0NORTH001', 'T0SOUTH001'];
const WORKSPACES = [SALES, LEGAL, SUPPORT, NORTH, SOUTH];
const CHANNEL = 'C000000001';

/** Every message and view on the way is checked against Slack's limits by the server that takes it. */
test('a day of two organisations with five workspaces, a guest and a partner', async () => {
  const world = await startWorld({
    sandbox: { matchRate: 1 },
    env: MANY_WORKSPACES,
  });
  const { slack, keys, eventsUrl, core, sandbox } = world;
  const config = readConfig({ DATA_DIR: world.directory });
  const ports = { store: world.store, coordination: createCoordination() };
  const repository = new InstallationRepository(ports, createVault(await loadKeyRing(config)));
  const install = (id: string) =>
    repository.storeInstallation({
      isEnterpriseInstall: true,
      enterprise: { id },
      bot: { token: BOT_TOKEN, id: 'B000000009', userId: 'U00000BOT', scopes: [] },
    } as never);
  await install(CONTOSO);
  await install(FABRIKAM);

  const id = (name: string) => slack.userId(name);
  const employ = async (name: string, organisation: string, teams: string[], rights = {}) =>
    slack.tell(await id(name), {
      team_id: teams[0],
      enterprise_user: { enterprise_id: organisation, teams, ...rights },
    });
  await employ('ada', CONTOSO, [SALES, LEGAL]);
  await employ('root', CONTOSO, [SALES, LEGAL, SUPPORT], { is_admin: true });
  await employ('bob', FABRIKAM, [NORTH, SOUTH]);
  slack.tell(await id('gus'), {
    team_id: SALES,
    is_restricted: true,
    enterprise_user: { enterprise_id: CONTOSO, teams: [SALES] },
  });
  slack.tell(await id('pat'), {
    team_id: NORTH,
    is_admin: true,
    enterprise_user: { enterprise_id: FABRIKAM },
  });
  const person = async (name: string, workspace: string, organisation: string, home = workspace) =>
    new Person(await id(name), slack, eventsUrl, { workspace, home, organisation });
  const ada = await person('ada', SALES, CONTOSO);
  const adaInLegal = await person('ada', LEGAL, CONTOSO, SALES);
  const root = await person('root', SALES, CONTOSO);
  const gus = await person('gus', SALES, CONTOSO);
  const bob = await person('bob', NORTH, FABRIKAM);
  // Of Fabrikam, in a channel that Contoso's Sales shares.
  const pat = await person('pat', SALES, CONTOSO, NORTH);
  const said = async (call: ReturnType<Person['command']>) => textOf((await call).args);

  // In the morning each connects a key, and sees no other's.
  await connectKey(ada, keys.one);
  await connectKey(bob, keys.third);
  const used = async () => {
    const views = await Promise.all(WORKSPACES.map((workspace) => core.slots.list(workspace)));
    return views.map(({ notation }) => notation.slice(-3));
  };
  expect(await used()).toEqual(['1/4', '0/4', '0/4', '1/4', '0/4']);
  expect(await said(adaInLegal.command('slots'))).toContain('(self: 0/2)');

  // The admin sets what is Sales' to set; Legal has what it had.
  const slots = await root.command('slots');
  const settings = await root.modal('settings');
  const saved = await root.submit(settings, {
    'person-credits': { value: { type: 'number_input', value: '30' } },
    notifications: { value: { type: 'conversations_select', selected_conversation: CHANNEL } },
  });
  expect(textOf(saved.body)).toContain('Saved');

  // The guest may nothing, the partner never.
  expect(await said(gus.command('enrich ada@contoso.example'))).toContain('Guests of this workspace');
  expect(await said(pat.press({ message: slots }, 'slots.disconnect'))).toContain('another company');
  await pat.event({ type: 'app_mention', channel: CHANNEL, text: 'hi', ts: '1.1', user_team: NORTH });
  const refused = await slack.until(({ method }) => method === 'chat.postEphemeral');
  expect(textOf(refused.args)).toContain('another company');
  await root.submit(await root.modal('settings'), {
    guests: { value: { type: 'checkboxes', selected_options: [{ value: 'allowed' }] } },
  });
  expect(await said(gus.command('enrich grace.hopper@contoso.example'))).toContain('1 credit');

  // At noon a list from the channel comes back there; what it may cost is the person's.
  const file = await slack.upload('leads.csv', listOf(40));
  const opened = await ada.shortcut('enrich_message', {
    ts: '7.7',
    files: [{ id: file, name: 'leads.csv' }],
  });
  const review = await ada.submitted((opened.answer as { view: never }).view);
  expect(textOf(review)).toContain('it pauses at the 30 that you may still spend this month');
  const channels = {
    'to.channels': { to: { type: 'multi_conversations_select', selected_conversations: [CHANNEL] } },
  };
  await ada.submit(viewIn(await ada.submit(review, channels), review.id));
  const paused = await slack.until(({ args }) => /is paused after/.test(String(args.text)));
  const raised = await root.press({ message: paused }, 'job.limit', ({ method }) => method === 'views.open');
  await root.submit((raised.answer as { view: never }).view, {
    limit: { limit: { type: 'number_input', value: '40' } },
  });
  const inChannel = await slack.until(
    ({ method, args }) => method === 'files.completeUploadExternal' && args.channel_id === CHANNEL,
  );
  expect(inChannel.args.thread_ts).toBe('7.7');
  expect(await said(adaInLegal.command('jobs'))).toContain('No lists yet');
  expect(await said(gus.command('jobs'))).toContain('No lists yet');

  // In the other organisation leads are pasted into the conversation with the bot.
  const dm = await slack.directMessage(bob.id);
  await bob.event({
    type: 'message',
    channel_type: 'im',
    channel: dm,
    text: listOf(12).replaceAll('lovelace', 'turing'),
    ts: '2.2',
  });
  const ready = await slack.until(({ args }) => String(args.text).includes('is ready: 12 rows'));
  const started = await bob.press(
    { message: ready },
    'enrich.review',
    ({ method }) => method === 'views.open',
  );
  await bob.submit((started.answer as { view: never }).view);
  await slack.until(({ args }) => String(args.text).includes('Pasted leads is done'));
  expect((await core.credits.month(SALES)).credits).toBe(41);
  expect((await core.credits.month(NORTH)).credits).toBe(12);

  // In the evening one organisation leaves, and nothing of the other goes with it.
  const before = slack.calls.length;
  await bob.event({ type: 'app_uninstalled' });
  await expect.poll(used).toEqual(['1/4', '0/4', '0/4', '0/4', '0/4']);
  await expect.poll(() => core.jobs.list(NORTH)).toEqual([]);
  await reviewOf(ada, await slack.upload('more.csv', listOf(3)));
  expect(await said(ada.command('jobs'))).toContain('leads.csv');
  expect(slack.calls.slice(before).filter(({ args }) => args.channel === dm)).toEqual([]);
  expect((await core.slots.list(TEAM)).notation).toContain('0/4');
  expect(sandbox.counts().chargedMoreThanOnce).toEqual([]);
});
