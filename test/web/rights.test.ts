import { afterAll, beforeAll, expect, it } from 'vitest';
import { SCOPES } from '../../bot/api/tokens.ts';
import { KEYS } from '../api/api-server.ts';
import { startWebWorld, type WebWorld } from './world.ts';

let world: WebWorld;
beforeAll(async () => {
  world = await startWebWorld({ keys: [KEYS.contoso] });
});
afterAll(() => world[Symbol.asyncDispose]());

it('lets an operator fill a slot that was asked for, by a one-time link', async () => {
  await using ada = await world.signedIn();
  await ada.page
    .getByRole('article')
    .filter({ hasText: 'Slot 3' })
    .getByRole('button', { name: 'Ask for it' })
    .click();
  await ada.page.getByText('Asked for by Ada').waitFor();
  await ada.page.goto(`${world.url}/app/operator`);
  await ada.page.getByText('needs the right "operator"').waitFor();

  await using operator = await world.signedIn({}, 'operators', SCOPES);
  const { page } = operator;
  await page.goto(`${world.url}/app/operator`);
  await page.getByText('contoso, slot 3, by Ada').waitFor();
  await operator.isAccessible();
  await page.getByRole('button', { name: 'Fill slot 3' }).first().click();
  await operator.isAccessible();
  await page.getByRole('link', { name: 'Enter the key' }).click();
  await page.getByLabel('Apollo API key').fill(KEYS.fabrikam);
  await page.getByRole('button', { name: 'Connect Apollo.io' }).click();
  await page.getByText('You can close this page').waitFor();
  await page.goto(`${world.url}/app/operator`);
  await page.getByText('Nothing is asked for').waitFor();
  await page.getByText('(self: 1/2) (fly: 1/2) 2/4').waitFor();
  await page.getByRole('link', { name: 'Clear' }).click();
  await page.getByRole('button', { name: 'Clear the slot' }).click();
  await page.getByText('(self: 1/2) (fly: 0/2) 1/4').waitFor();
});

it('makes a token, shows it once, and takes it back; the session that came by it ends with it', async () => {
  await using ada = await world.signedIn();
  const { page } = ada;
  await page.goto(`${world.url}/app/tokens`);
  await page.getByLabel('What it is for').fill('n8n <script>alert(1)</script>');
  await page.getByRole('button', { name: 'Make the token' }).click();
  const secret = await page.locator('#secret').textContent();
  expect(secret).toMatch(/^csa_/);
  await ada.isAccessible();
  await page.goto(`${world.url}/app/tokens`);
  expect(await page.content()).not.toContain(secret ?? 'csa_');
  await ada.isAccessible();
  await using program = await world.visit();
  await program.page.goto(`${world.url}/sign-in`);
  await program.page.getByLabel('Token').fill(secret ?? '');
  await program.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await program.page.getByRole('heading', { name: 'Apollo.io' }).waitFor();
  await page.getByRole('link', { name: 'Roll n8n <script>' }).click();
  await ada.isAccessible();
  await page.getByLabel('The old token').selectOption('7');
  await page.getByRole('button', { name: 'Make the new token' }).click();
  await page.getByText('The old one goes on until').waitFor();
  expect(await page.locator('#secret').textContent()).not.toBe(secret);
  await page.getByRole('link', { name: 'I have it' }).click();
  await program.page.reload();
  await program.page.getByRole('heading', { name: 'Apollo.io' }).waitFor();
  await page.getByRole('button', { name: 'Revoke n8n <script>' }).last().click();
  await page.getByText('was revoked').waitFor();
  await program.page.reload();
  await program.page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
});

it('shows credits, and sets the limit of the month', async () => {
  await using ada = await world.signedIn();
  const { page } = ada;
  await page.goto(`${world.url}/app/credits`);
  await page.getByLabel('Credits a month').fill('a lot');
  await page.getByRole('button', { name: 'Set the limit' }).click();
  await page.getByText('A limit is a number').waitFor();
  await page.getByLabel('Credits a month').fill('5000');
  await page.getByRole('button', { name: 'Set the limit' }).click();
  await page.getByText('The monthly limit is 5,000 credits now').waitFor();
  await ada.isAccessible();
});
