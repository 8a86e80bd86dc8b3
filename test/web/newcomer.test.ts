import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SCOPES } from '../../bot/api/tokens.ts';
import { KEYS, leads } from '../api/api-server.ts';
import { startWebWorld, type WebWorld } from './world.ts';

let world: WebWorld;
beforeAll(async () => {
  world = await startWebWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

function csv(count: number): Buffer {
  const rows = leads(count).map(
    ({ first_name, last_name, domain }) => `${first_name},${last_name},${domain}`,
  );
  return Buffer.from(['First Name,Last Name,Website', ...rows].join('\n'));
}

it('takes a newcomer from the link that npm start prints to the enriched workbook in at most eight clicks', async () => {
  await using ada = await world.visit();
  const { page } = ada;
  let clicks = 0;
  const click = async (role: 'button' | 'link', name: string) => {
    clicks += 1;
    await page.getByRole(role, { name }).first().click();
  };
  await page.goto(await world.link({ purpose: { kind: 'sign-in', scopes: SCOPES, via: 'machine' } }));
  await click('button', 'Continue');
  await click('link', 'Connect Apollo.io');
  await page.getByLabel('Apollo API key').fill(KEYS.contoso);
  await click('button', 'Connect Apollo.io');
  await click('link', 'Drop a list');
  await page
    .getByLabel('Drop a file here')
    .setInputFiles({ name: 'fair.csv', mimeType: 'text/csv', buffer: csv(12) });
  await click('button', 'Continue');
  await click('button', 'Start');
  await page.getByText('Done', { exact: true }).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), click('link', 'Excel')]);
  expect(clicks).toBeLessThanOrEqual(8);
  expect(download.suggestedFilename()).toBe('fair-enriched.xlsx');
  // A ZIP, as workbooks are.
  expect((await readFile(await download.path())).subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
});

it('lets a list be enriched by the keyboard alone', async () => {
  await using ada = await world.signedIn();
  const { page } = ada;
  await page.goto(`${world.url}/app/lists`);
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  await tabTo(page, 'New list');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'New list' }).waitFor();
  await tabTo(page, 'Or paste leads');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Leads');
  await page.keyboard.type('ada@contoso.com');
  await tabTo(page, 'Continue');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Pasted leads' }).waitFor();
  await tabTo(page, 'Start');
  await page.keyboard.press('Enter');
  await page.getByText('Done', { exact: true }).waitFor();
  await tabTo(page, 'CSV');
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(download.suggestedFilename()).toBe('Pasted leads-enriched.csv');
});

it('shows what contradicts the list side by side, and takes it in or leaves it out', async () => {
  await using ada = await world.signedIn();
  const { page } = ada;
  // Who has these addresses is known, and is called otherwise than the list says.
  await page.goto(`${world.url}/app/people`);
  await page.getByLabel('Who').fill('ada@contoso.com; grace@contoso.com');
  await page.getByRole('button', { name: 'Look up' }).click();
  await page.getByText(/^Cost/).waitFor();
  await page.goto(`${world.url}/app/lists/new`);
  await page.getByText('Or paste leads').click();
  await page
    .getByLabel('Leads')
    .fill('email,first name,last name\nada@contoso.com,Zebulon,Quark\ngrace@contoso.com,Xanthippe,Vortex');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('Done', { exact: true }).waitFor();
  await page.getByRole('heading', { name: 'To review' }).waitFor();
  await ada.isAccessible();
  await page.getByRole('button', { name: 'Accept' }).first().click();
  await page.getByText('accepted: it is in your file now').waitFor();
  await page.getByRole('button', { name: 'Reject' }).first().click();
  await page.getByText('rejected: it counts as not found').waitFor();
  expect(await page.getByRole('heading', { name: 'To review' }).count()).toBe(0);
});

it('fits 320 px in the dark on every page, and shows a second workspace nothing of the first', async () => {
  const narrow = { viewport: { width: 320, height: 700 }, colorScheme: 'dark' } as const;
  await using ada = await world.signedIn(narrow);
  await ada.page.goto(`${world.url}/app/lists`);
  const list = await ada.page.getByRole('link', { name: 'fair.csv' }).getAttribute('href');
  for (const path of [
    list,
    '/app/people',
    '/app/credits',
    '/app/tokens',
    '/app/hooks',
    '/app/activity',
    '/sign-in',
    '/',
  ]) {
    await ada.page.goto(`${world.url}${path}`);
    const width = await ada.page.evaluate('document.documentElement.scrollWidth');
    expect([path, width]).toEqual([path, 320]);
    await ada.isAccessible();
  }
  await using bob = await world.signedIn({}, 'fabrikam');
  for (const path of ['/app/lists', '/app/credits', '/app/activity', '/app/integrations/apollo']) {
    await bob.page.goto(`${world.url}${path}`);
    expect(await bob.page.content()).not.toMatch(/fair\.csv|7Q2A|Pasted leads/);
  }
  await bob.page.goto(`${world.url}${list}`);
  await bob.page.getByText('no such list').waitFor();
  expect((await bob.page.request.get(`${world.url}${list}/download`)).status()).toBe(404);
});

/** The words of what has the focus. */
async function focused(page: Page): Promise<string> {
  return await page.evaluate(`(() => {
    const element = document.activeElement;
    const label = element?.labels?.[0]?.textContent ?? element?.textContent ?? '';
    return label.trim().replace(/\\s+/g, ' ');
  })()`);
}

async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The focus never came to "${name}".`);
}
