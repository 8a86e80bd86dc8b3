import { expect, test } from 'vitest';
import { OneTimeLinks } from '../../bot/web/links.ts';
import { createVault } from '../../core/index.ts';
import { createCoordination, loadKeyRing, readConfig, systemClock } from '../../core/node/index.ts';
import { startWorld } from './bot.ts';
import { textOf } from './person.ts';
import { TEAM } from './slack-server.ts';

const LINK = /http:\/\/127\.0\.0\.1:\d+\/c\/([\w-]{43})/;

test('with PUBLIC_URL, keys and tokens go by one-time links, and the page opens as the person who asked', async () => {
  const { ada, root, store, directory } = await startWorld({ isPublic: true });
  const ring = await loadKeyRing(readConfig({ DATA_DIR: directory }));
  const ports = { store, clock: systemClock, coordination: createCoordination() };
  const links = new OneTimeLinks(ports, createVault(ring));
  const linkIn = (shown: unknown) => LINK.exec(JSON.stringify(shown))?.[1] ?? '';

  const opened = await ada.command('open');
  expect(opened.args.response_type).toBe('ephemeral');
  expect(await links.look(linkIn(opened.args))).toMatchObject({
    workspace: TEAM,
    purpose: { kind: 'sign-in', scopes: ['read', 'connect', 'enrich'], via: { slack: ada.id } },
  });

  const form = await ada.modal('connect');
  expect(await links.look(linkIn(form))).toMatchObject({ workspace: TEAM, purpose: { kind: 'connect' } });
  expect(textOf(form)).toContain('Or here');

  const made = await root.command('token n8n');
  expect(textOf(made.args)).not.toMatch(/csa_/);
  await links.use(linkIn(made.args), async (_, secret) => expect(secret).toMatch(/^csa_/));
});

test('without PUBLIC_URL, it says what has to be set', async () => {
  const { ada } = await startWorld();
  expect(textOf((await ada.command('open')).args)).toContain('PUBLIC_URL');
  expect(textOf(await ada.modal('connect'))).not.toContain('Or here');
});
