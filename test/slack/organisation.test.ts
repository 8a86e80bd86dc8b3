import { expect, test, vi } from 'vitest';
import { connectKey, listOf, reviewOf, startWorld, viewIn, withColumns } from './bot.ts';
import { chosen, Person, textOf } from './person.ts';
import { TEAM } from './slack-server.ts';

const ORGANISATION = 'E000000001';
const SALES = 'TSALES0001';
const LEGAL = 'TLEGAL0001';

/** The app is installed for an organisation with two workspaces; Ada and Root are of both, and at home in Sales. */
async function startOrganisation(options: Parameters<typeof startWorld>[0] = {}) {
  const world = await startWorld(options);
  const { ada, root, slack, eventsUrl } = world;
  const bot = { bot_id: 'B000000009', user_id: 'U00000BOT', team_id: ORGANISATION, url: slack.origin };
  slack.answer('auth.test', { ok: true, ...bot, enterprise_id: ORGANISATION, is_enterprise_install: true });
  for (const { id } of [ada, root]) {
    slack.tell(id, {
      team_id: SALES,
      enterprise_user: { enterprise_id: ORGANISATION, teams: [SALES, LEGAL] },
    });
  }
  const person = ({ id }: Person, workspace: string) =>
    new Person(id, slack, eventsUrl, { workspace, home: SALES, organisation: ORGANISATION });
  return {
    ...world,
    core: world.core,
    inSales: { ada: person(ada, SALES), root: person(root, SALES) },
    inLegal: { ada: person(ada, LEGAL), root: person(root, LEGAL) },
  };
}

test('a form says the organisation alone, and is for the workspace that opened it: keys, lists and settings', async () => {
  const { inSales, inLegal, keys, slack, core } = await startOrganisation({ sandbox: { matchRate: 1 } });
  // At home in Sales, at work in Legal.
  await connectKey(inLegal.ada, keys.one);
  expect((await core.slots.list(LEGAL)).notation).toBe('(self: 1/2) (fly: 0/2) 1/4');
  expect((await core.slots.list(SALES)).notation).toBe('(self: 0/2) (fly: 0/2) 0/4');
  expect((await core.slots.list(ORGANISATION)).notation).toBe('(self: 0/2) (fly: 0/2) 0/4');
  expect(textOf((await inLegal.ada.command('slots')).args)).toContain('(self: 1/2)');

  const review = await withColumns(
    inLegal.ada,
    await reviewOf(inLegal.ada, await slack.upload('leads.csv', listOf(5))),
  );
  const estimated = await inLegal.ada.press(
    { modal: review },
    'enrich.reestimate',
    ({ method }) => method === 'views.update',
  );
  expect(textOf(estimated.args)).toContain('Nothing was changed');
  await inLegal.ada.submit(review);
  // What the bot says by itself is said with the organisation's token.
  await slack.until(({ args }) => String(args.text).includes('is done: 5 of 5'));
  const [{ id = '' } = {}] = await core.jobs.list(LEGAL);
  expect(textOf((await inLegal.ada.command(`status ${id}`)).args)).toContain('5 of 5 leads');
  expect(textOf((await inSales.ada.command(`status ${id}`)).args)).toContain('no such list');

  slack.tell(inSales.root.id, {
    team_id: SALES,
    enterprise_user: { enterprise_id: ORGANISATION, teams: [SALES, LEGAL], is_admin: true },
  });
  const settings = await inLegal.root.modal('settings');
  const saved = await inLegal.root.submit(settings, { 'who.enrich': chosen('settings.who', 'admins') });
  expect(textOf(viewIn(saved, settings.id))).toContain('Saved');
  expect(textOf((await inLegal.ada.command('enrich ada@contoso.example')).args)).toContain('Only admins');
  expect(textOf((await inSales.ada.command('enrich ada@contoso.example')).args)).toContain(
    'No connected key',
  );
});

test('a press below an answer or a notice is for the workspace that it was about, not for the one where the person is at home', async () => {
  const { inLegal, keys, slack, core } = await startOrganisation();
  slack.tell(inLegal.root.id, { enterprise_user: { enterprise_id: ORGANISATION, is_admin: true } });
  for (const [workspace, key] of [
    [SALES, keys.one],
    [LEGAL, keys.third],
  ] as const)
    await core.slots.connect({ workspace, key });
  const answer = await inLegal.root.command('slots');
  const after = await inLegal.root.press({ message: answer }, 'slots.disconnect');
  expect(textOf(after.args)).toContain('(self: 0/2)');
  expect((await core.slots.list(LEGAL)).notation).toContain('0/4');
  expect((await core.slots.list(SALES)).notation).toContain('1/4');

  await inLegal.root.event({
    type: 'message',
    channel: await slack.directMessage(inLegal.root.id),
    channel_type: 'im',
    ts: '1.1',
    text: 'ada@contoso.example',
  });
  const offer = await slack.until(({ method }) => method === 'chat.postMessage');
  const card = await inLegal.root.press(
    { message: offer },
    'enrich.look-up',
    ({ method, args }) => method === 'chat.postMessage' && args !== offer.args,
  );
  expect(textOf(card.args)).toContain('No connected key');
});

test('a press on the Home tab and an event are for the workspace where they are', async () => {
  const { inSales, keys, slack, core } = await startOrganisation();
  await core.slots.connect({ workspace: SALES, key: keys.one });
  await inSales.ada.event({ type: 'app_home_opened', tab: 'home', channel: 'D1', view: { team_id: SALES } });
  const home = await slack.until(({ method }) => method === 'views.publish');
  expect(textOf(home.args)).toContain('(self: 1/2)');
  const opened = await inSales.ada.press(
    { home: (home.answer as { view: never }).view },
    'slots.connect',
    ({ method }) => method === 'views.open',
  );
  expect(JSON.parse(String((opened.args.view as { private_metadata: string }).private_metadata))).toEqual({
    workspace: SALES,
  });
});

test('the organisation removes the app: everything of its workspaces goes, and of no other', async () => {
  const { inSales, inLegal, keys, slack, core } = await startOrganisation();
  await connectKey(inSales.ada, keys.one);
  await connectKey(inLegal.ada, keys.third);
  await core.slots.connect({ workspace: TEAM, key: keys.other });
  await reviewOf(inLegal.ada, await slack.upload('leads.csv', listOf(5)));
  await inSales.ada.event({ type: 'app_uninstalled' });
  await vi.waitFor(async () => {
    for (const workspace of [SALES, LEGAL]) {
      expect((await core.slots.list(workspace)).notation).toBe('(self: 0/2) (fly: 0/2) 0/4');
      expect(await core.jobs.list(workspace)).toEqual([]);
    }
  }, 20_000);
  expect((await core.slots.list(TEAM)).notation).toBe('(self: 1/2) (fly: 0/2) 1/4');
});

test('the organisation takes the app away from one workspace: that one goes', async () => {
  const { inSales, inLegal, keys, core } = await startOrganisation();
  await connectKey(inSales.ada, keys.one);
  await connectKey(inLegal.ada, keys.third);
  await inSales.ada.event({ type: 'team_access_revoked', team_ids: [LEGAL] });
  await expect.poll(async () => (await core.slots.list(LEGAL)).notation).toContain('0/4');
  expect((await core.slots.list(SALES)).notation).toContain('1/4');
});

test('a token is revoked: work stops at once, nothing is deleted, and goes on when the app is back', async () => {
  const { ada, keys, slack, core } = await startWorld({ sandbox: { latencyMs: 50, matchRate: 1 } });
  await connectKey(ada, keys.one);
  await ada.submit(await reviewOf(ada, await slack.upload('leads.csv', listOf(400))));
  await expect.poll(async () => (await core.jobs.list(TEAM))[0]?.state).toBe('running');
  slack.fail({ method: 'auth.test', error: 'token_revoked', times: 1 });
  await ada.event({ type: 'tokens_revoked', tokens: { bot: ['U00000BOT'] } });
  await expect.poll(async () => (await core.jobs.list(TEAM))[0]?.state).toBe('paused');
  // What was on its way already does not count as being back.
  await ada.command('slots');
  expect((await core.jobs.list(TEAM))[0]?.state).toBe('paused');
  expect((await core.slots.list(TEAM)).notation).toContain('1/4');
  await ada.command('slots');
  await slack.until(({ args }) => String(args.text).includes('is done: 400 of 400'));
});

test('a token that stays revoked: after seven days everything is deleted', async () => {
  const world = await startWorld();
  const { ada, keys } = world;
  await connectKey(ada, keys.one);
  const revoked = world.store.collection('slack-revoked');
  const day = 24 * 60 * 60_000;
  await revoked.set(TEAM, { at: Date.now() - 6.9 * day, jobs: [] });
  await world.restart();
  expect((await world.core.slots.list(TEAM)).notation).toContain('1/4');
  await world.store.collection('slack-revoked').set(TEAM, { at: Date.now() - 7.1 * day, jobs: [] });
  await world.restart();
  await expect.poll(async () => (await world.core.slots.list(TEAM)).notation).toContain('0/4');
  await expect.poll(() => world.store.collection('slack-revoked').get(TEAM)).toBeUndefined();
});
