import { readFile } from 'node:fs/promises';
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
  const own = await page.request.post(`${world.url}/app/operator/fill`, {
    form: { workspace: 'contoso', slot: '1' },
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  expect(own.status()).toBe(404);
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
  await page.getByRole('link', { name: 'Revoke n8n <script>' }).last().click();
  await ada.isAccessible();
  await page.getByRole('button', { name: 'Revoke the token' }).click();
  await page.getByText('was revoked').waitFor();
  await program.page.reload();
  await program.page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
});

it('shows credits by slot, person and way, sets limits, and gives a CSV of the month', async () => {
  await using ada = await world.signedIn();
  const { page } = ada;
  await page.goto(`${world.url}/app/people`);
  await page.getByLabel('Who').fill('Ada Lovelace at contoso.com');
  await page.getByRole('button', { name: 'Look up' }).click();
  await page.getByText('Cost 1 credit').waitFor();
  await page.goto(`${world.url}/app/credits`);
  await page.getByText('Ada on the page').waitFor();
  await page.getByLabel('All slots together').fill('a lot');
  await page.getByRole('button', { name: 'Set the limits' }).click();
  await page.getByText('A limit is a number').waitFor();
  await page.getByLabel('All slots together').fill('5000');
  await page.getByLabel('Limit of slot 1').fill('1200');
  await page.getByRole('button', { name: 'Set the limits' }).click();
  await page.getByText('The monthly limit is 5,000 credits now. The limit of slot 1 is 1,200').waitFor();
  await ada.isAccessible();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'CSV of the month' }).click(),
  ]);
  const csv = await readFile(await download.path(), 'utf8');
  expect(csv.split('\r\n')).toEqual(
    expect.arrayContaining(['by,what,credits', 'slot,1,1', 'person,"Ada, on the page",1']),
  );
});
