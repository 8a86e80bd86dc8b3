import { afterAll, beforeAll, expect, it } from 'vitest';
import { KEYS } from '../api/api-server.ts';
import { startWebWorld, type WebWorld } from './world.ts';

let world: WebWorld;
beforeAll(async () => {
  world = await startWebWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

it('takes a key by form, says what is wrong with a bad one, and never shows it', async () => {
  await using ada = await world.signedIn();
  const { page } = ada;
  await expect.poll(() => page.getByText('(self: 0/2) (fly: 0/2) 0/4').count()).toBe(1);
  await ada.isAccessible();
  await page.getByRole('link', { name: 'Connect Apollo.io' }).first().click();
  await ada.isAccessible();
  const field = page.getByLabel('Apollo API key');
  expect(await field.getAttribute('type')).toBe('password');
  await page.getByRole('button', { name: 'Show' }).click();
  expect(await field.getAttribute('type')).toBe('text');
  await field.fill('not-a-key-of-anybody-0000');
  await page.getByRole('button', { name: 'Connect Apollo.io' }).click();
  await page.getByRole('alert').getByText('Apollo refuses this key').waitFor();
  expect(await page.content()).not.toContain('not-a-key-of-anybody');
  await ada.isAccessible();
  await page.getByLabel('Label').fill('Sales EU');
  await page.getByLabel('Apollo API key').fill(KEYS.contoso);
  await page.getByRole('button', { name: 'Connect Apollo.io' }).click();
  await page.getByRole('heading', { name: 'Connected' }).waitFor();
  await ada.isAccessible();
  // The same key adds nothing.
  await page.getByRole('link', { name: 'Connect another key' }).click();
  await page.getByLabel('Apollo API key').fill(KEYS.contoso);
  await page.getByRole('button', { name: 'Connect Apollo.io' }).click();
  await page.getByText('This key is connected already').waitFor();
  await page.getByRole('link', { name: 'Cancel' }).click();
  await page.getByText('(self: 1/2) (fly: 0/2) 1/4').waitFor();
  await page.getByRole('button', { name: 'Test' }).click();
  await page.getByText('Apollo was asked just now').waitFor();
  await ada.isAccessible();
  expect(await page.content()).not.toContain(KEYS.contoso);
  expect(world.server.logged.join('\n')).not.toContain(KEYS.contoso);
  expect(world.server.logged.join('\n')).not.toContain('not-a-key-of-anybody');
});

it('takes a key by a one-time link that looking at does not use up', async () => {
  const link = await world.link({ purpose: { kind: 'connect', slot: 2 } });
  // As Slack and mail programs look at it before anybody does.
  for (let look = 0; look < 3; look += 1) {
    const response = await fetch(link);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  }
  await using guest = await world.visit({ javaScriptEnabled: false });
  await guest.page.goto(link);
  expect(await guest.page.getByRole('navigation').count()).toBe(0);
  await guest.page.getByLabel('Apollo API key').fill('mistyped-key-of-apollo-00');
  await guest.page.getByRole('button', { name: 'Connect Apollo.io' }).click();
  await guest.page.getByText('Apollo refuses this key').waitFor();
  await guest.page.getByLabel('Apollo API key').fill(KEYS.fabrikam);
  await guest.page.getByRole('button', { name: 'Connect Apollo.io' }).click();
  await guest.page.getByText('You can close this page').waitFor();
  expect((await fetch(link)).status).toBe(410);
  await guest.page.goto(link);
  await guest.page.getByText('This link was used already').waitFor();
});

it('replaces, disconnects and puts back', async () => {
  await using ada = await world.signedIn();
  const { page } = ada;
  const first = page.getByRole('article').filter({ hasText: 'Slot 1' });
  await first.getByText('Leave a share of the limits to colleagues').click();
  await first.getByLabel('Percent that lists may use').fill('60');
  await first.getByRole('button', { name: 'Set the share' }).click();
  await page.getByText('Slot 1 uses 60 % of its limits from the next call on').waitFor();
  await first.getByText("uses 60 % of its team's limits").waitFor();
  await first.getByRole('link', { name: 'Replace' }).click();
  await page.getByLabel('Apollo API key').fill('mistyped-key-of-apollo-00');
  await page.getByRole('button', { name: 'Replace the key' }).click();
  await page.getByText('Apollo refuses this key').waitFor();
  await page.getByRole('link', { name: 'Cancel' }).click();
  await first.getByText('7Q2A').waitFor();
  await first.getByRole('link', { name: 'Replace' }).click();
  await page.getByLabel('Apollo API key').fill(KEYS.spare);
  await page.getByRole('button', { name: 'Replace the key' }).click();
  await page.getByText('Slot 1 has the key ending in 5P1C now').waitFor();
  await first.getByRole('link', { name: 'Disconnect' }).click();
  await page.getByText('No list is running, so nothing stops').waitFor();
  await ada.isAccessible();
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await page.getByText('(self: 1/2)').waitFor();
  await ada.isAccessible();
  await first.getByRole('button', { name: 'Undo' }).click();
  await first.getByText('5P1C').waitFor();
});

it('asks the operators for a slot, and they fill it by a one-time link', async () => {
  await using ada = await world.signedIn();
  await ada.page
    .getByRole('article')
    .filter({ hasText: 'Slot 3' })
    .getByRole('button', { name: 'Ask for it' })
    .click();
  await ada.page.getByText('Asked for by Ada').waitFor();
  await ada.isAccessible();
});

it('shows a workspace nothing of another, and does nothing without the right', async () => {
  await using bob = await world.signedIn({}, 'fabrikam', ['read']);
  await bob.page.getByText('(self: 0/2) (fly: 0/2) 0/4').waitFor();
  expect(await bob.page.getByRole('link', { name: 'Connect Apollo.io' }).count()).toBe(0);
  await bob.page.goto(`${world.url}/app/integrations/apollo/connect`);
  await bob.page.getByText('needs the right "connect"').waitFor();
});

it('takes no form that another site sent', async () => {
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }, {}]) {
    const response = await fetch(`${world.url}/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } as Record<string, string>,
      body: new URLSearchParams({ token: world.server.token }),
    });
    expect(response.status).toBe(403);
    expect(response.headers.get('set-cookie')).toBeNull();
  }
});

it('signs in with a token, and out everywhere', async () => {
  await using one = await world.visit();
  await using other = await world.visit();
  for (const { page } of [one, other]) {
    await page.goto(`${world.url}/app/lists`);
    await page.getByLabel('Token').fill(world.server.token);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'Lists' }).waitFor();
  }
  const [cookie] = await one.context.cookies(world.url);
  expect(cookie).toMatchObject({
    name: '__Host-connectionsphere',
    httpOnly: true,
    secure: true,
    sameSite: 'Lax',
  });
  await one.page.locator('.account summary').click();
  await one.page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await one.page.getByRole('heading', { name: 'Signed out' }).waitFor();
  await other.page.reload();
  await other.page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
  await other.isAccessible();
});

it('fits 320 px, in the dark, without a bar to scroll sideways', async () => {
  await using ada = await world.signedIn({ viewport: { width: 320, height: 700 }, colorScheme: 'dark' });
  for (const path of [
    '/app/integrations',
    '/app/integrations/apollo',
    '/app/integrations/apollo/connect',
    '/app/lists',
    '/app/lists/new',
    '/nowhere',
  ]) {
    await ada.page.goto(`${world.url}${path}`);
    expect(await ada.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    await ada.isAccessible();
  }
});
