import { expect, test } from 'vitest';
import { InstallationRepository } from '../../bot/slack/installation/many-workspaces.ts';
import { createVault } from '../../core/index.ts';
import { createCoordination, loadKeyRing, readConfig } from '../../core/node/index.ts';
import { connectKey, listOf, MANY_WORKSPACES, reviewOf, startWorld } from './bot.ts';
import { textOf } from './person.ts';
import { BOT_TOKEN, TEAM } from './slack-server.ts';

const HOUR_S = 3600;

async function startRotating(leftS: number, token: string) {
  const world = await startWorld({
    sandbox: { matchRate: 1 },
    env: MANY_WORKSPACES,
  });
  const keyRing = await loadKeyRing(readConfig({ DATA_DIR: world.directory }));
  const ports = { store: world.store, coordination: createCoordination() };
  const repository = new InstallationRepository(ports, createVault(keyRing));
  const bot = {
    token,
    refreshToken: 'xoxe-1-first',
    expiresAt: Math.floor(Date.now() / 1000) + leftS,
    id: 'B000000009',
    userId: 'U00000BOT',
    scopes: [],
  };
  await repository.storeInstallation({ isEnterpriseInstall: false, team: { id: TEAM }, bot } as never);
  world.slack.answer('oauth.v2.access', {
    ok: true,
    access_token: BOT_TOKEN,
    refresh_token: 'xoxe-1-second',
    token_type: 'bot',
    expires_in: 12 * HOUR_S,
  });
  const stored = async () => JSON.parse((await repository.secrets.get(TEAM)) ?? '').bot;
  return { ...world, core: world.core, stored };
}

test('a token that runs out is renewed once, however many ask at the same time', async () => {
  const { ada, bob, root, slack, stored, logged } = await startRotating(600, 'xoxe.xoxb-1-old');
  const answers = await Promise.all([ada, bob, root].map((person) => person.command('slots')));
  for (const { args } of answers) expect(textOf(args)).toContain('(self: 0/2)');
  const renewals = slack.of('oauth.v2.access');
  expect(renewals.map(({ args }) => [args.grant_type, args.refresh_token])).toEqual([
    ['refresh_token', 'xoxe-1-first'],
  ]);
  expect(await stored()).toMatchObject({ token: BOT_TOKEN, refreshToken: 'xoxe-1-second' });
  expect(logged.join('')).not.toMatch(/xoxe-1-(?:first|second)/);
});

test('what the bot says by itself renews the token, too, when it ran out while a list was at work', async () => {
  const { ada, keys, slack, stored, store, core, directory } = await startRotating(6 * HOUR_S, BOT_TOKEN);
  await connectKey(ada, keys.one);
  const limit = { limit: { limit: { type: 'number_input', value: '3' } } };
  await ada.submit(await reviewOf(ada, await slack.upload('leads.csv', listOf(6)), limit));
  await slack.until(({ args }) => /is paused after/.test(String(args.text)));
  expect(slack.of('oauth.v2.access')).toEqual([]);
  const repository = new InstallationRepository(
    { store, coordination: createCoordination() },
    createVault(await loadKeyRing(readConfig({ DATA_DIR: directory }))),
  );
  const bot = { ...(await stored()), token: 'xoxe.xoxb-1-old', expiresAt: Math.floor(Date.now() / 1000) - 1 };
  await repository.storeInstallation({ isEnterpriseInstall: false, team: { id: TEAM }, bot } as never);
  const [{ id = '' } = {}] = await core.jobs.list(TEAM);
  await core.jobs.setCreditLimit(id, undefined);
  await core.jobs.start(id);
  await slack.until(
    ({ args, answer }) => answer.ok === true && String(args.text).includes('is done: 6 of 6'),
  );
  expect(slack.of('oauth.v2.access')).toHaveLength(1);
  expect(await stored()).toMatchObject({ token: BOT_TOKEN });
});

test('when Slack gives no other token, what is left of the one is used', async () => {
  const { ada, slack, logged } = await startRotating(2.5 * HOUR_S, BOT_TOKEN);
  slack.answer('oauth.v2.access', { ok: false, error: 'invalid_refresh_token' });
  expect(textOf((await ada.command('slots')).args)).toContain('(self: 0/2)');
  expect(slack.of('oauth.v2.access').length).toBeGreaterThan(0);
  expect(logged.join('')).toContain('could not be renewed');
});
