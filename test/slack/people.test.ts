import { expect, test, vi } from 'vitest';
import { Hooks } from '../../bot/hooks/index.ts';
import { createVault } from '../../core/index.ts';
import { createCoordination, systemClock } from '../../core/node/index.ts';
import { keyRing } from '../slots/world.ts';
import { connectKey, listOf, reviewOf, startWorld, viewIn } from './bot.ts';
import { chosen, textOf, typed } from './person.ts';
import { TEAM } from './slack-server.ts';

test('who may do what is decided where it is done: an open form and an old button help nobody', async () => {
  const { ada, bob, root, keys, slack, core } = await startWorld();
  await connectKey(ada, keys.one);
  const slots = await bob.command('slots');
  const open = await bob.modal('connect');
  const review = await reviewOf(bob, await slack.upload('leads.csv', listOf(3)));

  expect(textOf((await ada.command('settings')).args)).toContain('Only admins of this Slack workspace');
  const opened = await root.modal('settings');
  expect(textOf(opened)).not.toContain('People who may');
  // People are asked for where people are meant.
  const settings = await root.choose(opened, 'who.disconnect', 'people');
  const saved = await root.submit(settings, {
    'who.connect': chosen('settings.who', 'admins'),
    'people.disconnect': { value: { type: 'multi_users_select', selected_users: [ada.id] } },
    'who.enrich': chosen('settings.who', 'admins'),
  });
  expect(textOf(viewIn(saved, settings.id))).toContain('Saved');

  expect(textOf(viewIn(await bob.submit(open, { key: typed('key', keys.third) }), open.id))).toContain(
    'may connect keys here',
  );
  expect(textOf((await bob.command('connect')).args)).toContain('may connect keys here');
  expect(textOf(viewIn(await bob.submit(review), review.id))).toContain('may enrich leads here');
  expect(textOf((await bob.command('enrich ada@contoso.example')).args)).toContain('may enrich leads here');
  expect(textOf((await bob.command('token n8n')).args)).toContain('admins');
  const refused = await bob.press({ message: slots }, 'slots.disconnect');
  expect(textOf(refused.args)).toContain(`Only <@${ada.id}> and admins may disconnect keys here`);
  expect((await core.slots.list(TEAM)).notation).toBe('(self: 1/2) (fly: 0/2) 1/4');

  await connectKey(root, keys.third);
  const gone = await ada.press({ message: await ada.command('slots') }, 'slots.disconnect');
  expect(gone.args.replace_original).toBe(true);
  expect(textOf(gone.args)).toContain('(self: 1/2) (fly: 0/2) 1/4');
});

test('a token is shown once, and can be revoked where it was made; a key is no name for it', async () => {
  const { root, slack, keys } = await startWorld();
  expect(textOf((await root.command(`token ${keys.one}`)).args)).not.toContain(keys.one);
  const made = await root.command('token n8n');
  expect(made.args.response_type).toBe('ephemeral');
  const [secret] = /csa_[\w-]+/.exec(textOf(made.args)) ?? [];
  expect(secret).toBeDefined();
  expect(made.args.text).not.toContain(secret);
  expect(textOf((await root.press({ message: made }, 'token.revoke')).args)).toContain('is revoked');
  expect(slack.of('chat.postMessage')).toEqual([]);
});

test('the Home tab shows slots, lists and credits, and its buttons work', async () => {
  const { ada, root, keys, slack } = await startWorld({ sandbox: { matchRate: 1 } });
  await ada.event({ type: 'app_home_opened', tab: 'home', channel: 'D1' });
  const empty = await slack.until(({ method }) => method === 'views.publish');
  expect(textOf(empty.args)).toContain('No lists yet');
  const home = (call: typeof empty) => ({ home: (call.answer as { view: never }).view });
  const connect = await ada.press(home(empty), 'slots.connect', ({ method }) => method === 'views.open', '1');
  const form = (connect.answer as { view: Parameters<typeof ada.submit>[0] }).view;
  await ada.submit(form, { key: typed('key', keys.one) });
  await slack.until(({ method, args }) => method === 'views.publish' && textOf(args).includes('1/4'));
  const review = await reviewOf(ada, await slack.upload('leads.csv', listOf(12)));
  await ada.submit(review);
  await slack.until(({ method }) => method === 'files.completeUploadExternal');

  const seen = slack.calls.length;
  await ada.event({ type: 'app_home_opened', tab: 'home', channel: 'D1' });
  const full = await slack.until(({ method }) => method === 'views.publish', seen);
  expect(textOf(full.args)).toContain('leads.csv');
  expect(textOf(full.args)).toMatch(/12 credits spent in \w+\. There is no monthly limit/);
  expect(textOf(full.args)).toMatch(/`▁*█` .*\n.*with 12 credits/);
  const opened = await ada.press(home(full), 'job.status', ({ method }) => method === 'views.open');
  expect(textOf(opened.args)).toContain('12 of 12 leads');
  const limit = await root.press(home(full), 'credits.limit', ({ method }) => method === 'views.open');
  const limitForm = (limit.answer as { view: Parameters<typeof ada.submit>[0] }).view;
  const saved = await root.submit(limitForm, {
    limit: { limit: { type: 'number_input', value: '500' } },
    'limit.slot.1': { limit: { type: 'number_input', value: '12' } },
  });
  expect(textOf(limitForm)).toContain('Slot 1: ');
  const said = textOf(viewIn(saved, limitForm.id));
  expect(said).toContain('At most 500 credits a month');
  expect(said).toContain('Slot 1: at most 12');
  const credits = textOf((await ada.command('credits')).args);
  expect(credits).toContain('of 500 credits spent');
  expect(credits).toMatch(/12 of 12 credits this month/);
  const refused = textOf((await ada.command('enrich alan.turing@contoso.example')).args);
  expect(refused).toContain('Every slot is at its credit limit for the month');
  const refreshed = await ada.press(home(full), 'slots.refresh', ({ method }) => method === 'views.publish');
  expect(textOf(refreshed.args)).toContain('(self: 1/2)');
});

/** Collections of what belongs to a workspace, and of what is known about people. */
const OURS = ['slack-jobs', 'slack-outbox', 'slack-settings', 'tokens'];
const PEOPLES = ['results', 'aliases', 'reviews', 'chunks', 'outcomes', 'partly', 'late', 'late-people'];

test('removing the app deletes keys, tokens, lists and people, in whatever order Slack tells of it', async () => {
  const world = await startWorld({ sandbox: { latencyMs: 100, matchRate: 1 } });
  const { ada, root, keys, slack, core } = world;
  await connectKey(ada, keys.one);
  await core.slots.fill({ workspace: TEAM, key: keys.third });
  await core.slots.connect({ workspace: 'TOTHER', key: keys.other });
  const made = await root.command('token n8n');
  const restricted = await root.choose(await root.modal('settings'), 'who.disconnect', 'admins');
  await root.submit(restricted);
  const ports = { store: world.store, clock: systemClock, coordination: createCoordination() };
  const hooks = new Hooks(ports, createVault(keyRing('first')), world.core.audit);
  await hooks.add({ workspace: TEAM, url: 'https://hooks.contoso.example', events: ['job.finished'] });
  await hooks.add({ workspace: 'TOTHER', url: 'https://hooks.fabrikam.example', events: ['job.finished'] });
  await ada.command('enrich grace.hopper@contoso.example');
  expect(textOf((await ada.command('enrich grace.hopper@contoso.example')).args)).toContain('Known from');
  await ada.submit(await reviewOf(ada, await slack.upload('leads.csv', listOf(2000))));
  // A person's own token is no reason.
  await ada.event({ type: 'tokens_revoked', tokens: { oauth: [ada.id] } });
  expect((await core.slots.list(TEAM)).notation).toBe('(self: 1/2) (fly: 1/2) 2/4');
  await ada.event({ type: 'tokens_revoked', tokens: { bot: ['U00000BOT'] } });
  await ada.event({ type: 'app_uninstalled' });
  await vi.waitFor(async () => {
    expect((await core.slots.list(TEAM)).notation).toBe('(self: 0/2) (fly: 0/2) 0/4');
    expect(await core.jobs.list(TEAM)).toEqual([]);
    expect(await core.credits.month(TEAM)).toEqual({ credits: 0, inDoubtCredits: 0, bySlot: {} });
    expect(await hooks.list(TEAM)).toEqual([]);
    for (const name of [...OURS, ...PEOPLES]) {
      const left = await Array.fromAsync(world.store.collection(name).entries());
      expect({ name, left }).toEqual({ name, left: [] });
    }
  }, 20_000);
  // Another workspace keeps what it has.
  expect((await core.slots.list('TOTHER')).notation).toBe('(self: 1/2) (fly: 0/2) 1/4');
  expect(await hooks.list('TOTHER')).toHaveLength(1);
  expect(textOf((await root.press({ message: made }, 'token.revoke')).args)).toContain('was revoked already');
  await connectKey(ada, keys.one);
  expect(textOf((await ada.command('enrich grace.hopper@contoso.example')).args)).toContain('Cost 1 credit');
});
