import { expect, test, vi } from 'vitest';
import { KeyMalformed } from '../../core/index.ts';
import { startWorld } from './bot.ts';
import { textOf, typed } from './person.ts';
import { TEAM } from './slack-server.ts';

const LINK = /http:\/\/127\.0\.0\.1:\d+\/c\/([\w-]{43})/;

test('with PUBLIC_URL, keys and tokens go by one-time links, and the page opens as the person who asked', async () => {
  const { ada, root, links } = await startWorld({ isPublic: true });
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

test('the Home tab opens the page by a link made at the press, and the form for the next key offers one too', async () => {
  const { ada, keys, slack } = await startWorld({ isPublic: true });
  await ada.event({ type: 'app_home_opened', tab: 'home', channel: 'D1' });
  const { answer } = await slack.until(({ method }) => method === 'views.publish');
  const { view } = answer as { view: never };
  // One that stood there would be used up by the first press.
  expect(JSON.stringify(view)).not.toMatch(LINK);
  const home = { home: view };
  const shown = await ada.press(home, 'page.link', ({ method }) => method === 'views.open');
  expect(textOf(shown.args.view)).toContain('Pass it to nobody');
  expect(JSON.stringify(shown.args.view)).toMatch(LINK);

  const connected = await ada.submitted(await ada.modal('connect'), { key: typed('key', keys.one) });
  const next = await ada.press(
    { modal: connected },
    'slots.connect',
    ({ method }) => method === 'views.update',
  );
  expect(JSON.stringify(next.args.view)).toMatch(LINK);
});

test('a key that was refused after Slack had stopped waiting: the form comes again with a link', async () => {
  const { ada, core, slack } = await startWorld({ isPublic: true });
  const form = await ada.modal('connect');
  const answered = Promise.withResolvers<never>();
  vi.spyOn(core.slots, 'connect').mockReturnValue(answered.promise);
  await ada.submit(form, { key: typed('key', 'anything') });
  answered.reject(new KeyMalformed());
  const again = await slack.until(({ method }) => method === 'views.update');
  expect(textOf(again.args)).toContain('Or here');
  expect(JSON.stringify(again.args.view)).toMatch(LINK);
});

test('without PUBLIC_URL, it says what has to be set', async () => {
  const { ada, slack } = await startWorld();
  expect(textOf((await ada.command('open')).args)).toContain('PUBLIC_URL');
  expect(textOf(await ada.modal('connect'))).not.toContain('Or here');
  await ada.event({ type: 'app_home_opened', tab: 'home', channel: 'D1' });
  const home = await slack.until(({ method }) => method === 'views.publish');
  expect(JSON.stringify(home.args)).not.toContain('page.link');
});
