import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { InstallationRepository } from '../../bot/slack/installation/many-workspaces.ts';
import { Organisations } from '../../bot/slack/installation/organisations.ts';
import { createVault } from '../../core/index.ts';
import { createLog, loadKeyRing, openPorts, readConfig } from '../../core/node/index.ts';
import { startMachine } from '../cli/command-line.ts';
import { connectKey, MANY_WORKSPACES, startWorld } from './bot.ts';
import { signedRequest, textOf } from './person.ts';
import { TEAM } from './slack-server.ts';

test('an administrator installs the app over OAuth, uses it, and removes it', async () => {
  const world = await startWorld({ env: MANY_WORKSPACES });
  const { ada, keys, slack, eventsUrl, logged, directory } = world;
  const base = new URL(eventsUrl).origin;

  // Nobody has installed it yet.
  const early = new URLSearchParams({
    command: '/apollo',
    text: 'slots',
    team_id: TEAM,
    user_id: ada.id,
    trigger_id: '1',
    response_url: `${slack.origin}/respond/x`,
  });
  await ada.send(signedRequest(early.toString()));
  expect(slack.of('respond')).toEqual([]);

  const sent = await fetch(`${base}/slack/install`, { redirect: 'manual' });
  expect(sent.status).toBe(302);
  const cookie = sent.headers.get('set-cookie')?.split(';')[0] ?? '';
  const consent = new URL(sent.headers.get('location') ?? '');
  expect(consent.origin).toBe(slack.origin);
  expect(consent.searchParams.get('scope')).toBe(
    'commands,app_mentions:read,im:history,chat:write,files:read,files:write,users:read',
  );
  const agreed = await fetch(`${slack.origin}/oauth/v2/authorize/callback`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      user_id: ada.id,
      ...Object.fromEntries(
        ['redirect_uri', 'scope', 'state', 'client_id'].map((name) => [
          name,
          consent.searchParams.get(name) ?? '',
        ]),
      ),
    }),
  });
  const back = new URL(agreed.headers.get('location') ?? '');
  const arrive = (headers: Record<string, string>) =>
    fetch(`${base}${back.pathname}${back.search}`, { headers, redirect: 'manual' });
  // Another browser with the same link gets nowhere.
  expect((await arrive({})).status).toBeGreaterThanOrEqual(400);
  expect((await arrive({ cookie })).status).toBeLessThan(400);
  // Neither does the same link a second time.
  expect((await arrive({ cookie })).status).toBeGreaterThanOrEqual(400);

  await connectKey(ada, keys.one);
  expect(textOf((await ada.command('slots')).args)).toContain('(self: 1/2)');

  // The token lies encrypted, and in no log.
  const { answer } = await slack.until(
    ({ method, answer: { ok } }) => method === 'oauth.v2.access' && ok === true,
  );
  const token = String(answer.access_token);
  expect(token).toMatch(/^xoxb-/);
  expect(logged.join('')).not.toContain(token);
  for (const name of await readdir(directory)) {
    if (name.startsWith('store'))
      expect((await readFile(`${directory}/${name}`)).includes(token)).toBe(false);
  }

  await world.restart();
  expect(textOf((await ada.command('slots')).args)).toContain('(self: 1/2)');
  await ada.event({ type: 'app_uninstalled' });
  await expect
    .poll(async () => (await world.core.slots.list(TEAM)).notation)
    .toBe('(self: 0/2) (fly: 0/2) 0/4');
  const answers = slack.of('respond').length;
  await ada.send(signedRequest(`${early.toString()}&again=1`));
  expect(slack.of('respond')).toHaveLength(answers);
});

test('when the encryption key changes, the tokens of installations are sealed anew with the keys', async () => {
  const first = `first:${randomBytes(32).toString('base64')}`;
  const both = `second:${randomBytes(32).toString('base64')},${first}`;
  await using machine = await startMachine();
  const installation = { isEnterpriseInstall: false, team: { id: TEAM }, bot: { token: 'xoxb-1-installed' } };
  const withRepository = async <T>(
    keys: string,
    work: (repository: InstallationRepository) => Promise<T>,
  ): Promise<T> => {
    const config = readConfig({ DATA_DIR: machine.dataDir, ENCRYPTION_KEYS: keys });
    await using opened = await openPorts(config, { command: 'test', log: createLog({ write: () => {} }) });
    return await work(new InstallationRepository(opened.ports, createVault(await loadKeyRing(config))));
  };
  await withRepository(first, (repository) => repository.storeInstallation(installation as never));
  const said = await machine.run(['rotate-keys'], { env: { ENCRYPTION_KEYS: both } });
  expect(said.stdout).toContain('Slack tokens of 1 workspace encrypted anew, of 0 as they were.');
  expect(await machine.json(['rotate-keys'], { env: { ENCRYPTION_KEYS: both } })).toMatchObject({
    installations: { resealed: 0, alreadyCurrent: 1, unreadable: [] },
  });
  // The old key is not needed any more.
  const second = both.split(',')[0] ?? '';
  expect(await withRepository(second, (repository) => repository.tokenOf(TEAM))).toBe('xoxb-1-installed');
  expect(await withRepository(first, (repository) => repository.secrets.rotate())).toEqual({
    resealed: 0,
    alreadyCurrent: 0,
    unreadable: [{ id: TEAM, reason: expect.stringContaining('"second" is missing') }],
  });
});

test('what the bot says by itself in a workspace of an organisation goes by the installation of the organisation', async () => {
  await using machine = await startMachine();
  const config = readConfig({ DATA_DIR: machine.dataDir });
  await using opened = await openPorts(config, { command: 'test', log: createLog({ write: () => {} }) });
  const vault = createVault(await loadKeyRing(config));
  const repository = new InstallationRepository(opened.ports, vault);
  const organisation = { id: 'E000000001' };
  const bot = { token: 'xoxb-1-organisation' };
  await repository.storeInstallation({ isEnterpriseInstall: true, enterprise: organisation, bot } as never);
  await expect(repository.tokenOf('TSALES')).rejects.toThrow('not installed in this workspace');
  // A command from one of its workspaces comes in.
  await new Organisations(opened.ports.store).note('TSALES', organisation.id);
  expect(await repository.tokenOf('TSALES')).toBe('xoxb-1-organisation');
  expect(await new InstallationRepository(opened.ports, vault).tokenOf('TSALES')).toBe('xoxb-1-organisation');
  await expect(repository.tokenOf('TOTHER')).rejects.toThrow('not installed in this workspace');
  // After the organisation's removal there is nothing.
  await repository.remove(organisation.id);
  await expect(repository.tokenOf('TSALES')).rejects.toThrow('not installed in this workspace');
});
