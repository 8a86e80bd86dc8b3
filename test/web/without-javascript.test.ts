import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SCOPES } from '../../bot/api/tokens.ts';
import { KEYS } from '../api/api-server.ts';
import { startWebWorld, type WebWorld } from './world.ts';

let world: WebWorld;
beforeAll(async () => {
  world = await startWebWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const LIST = `First Name,Last Name,Email
Zebulon,Quark,ada@contoso.com
,,grace@contoso.com
`;

it('takes a key, a list, a decision about a contradiction and the finished file without JavaScript', async () => {
  await using ada = await world.visit({ javaScriptEnabled: false });
  const { page } = ada;
  const press = (name: string) => page.getByRole('button', { name }).first().click();
  await page.goto(await world.link({ purpose: { kind: 'sign-in', scopes: SCOPES, via: 'machine' } }));
  await press('Continue');
  await page.getByRole('link', { name: 'Connect Apollo.io' }).first().click();
  await page.getByLabel('Apollo API key').fill(KEYS.contoso);
  await press('Connect Apollo.io');
  await page.getByRole('heading', { name: 'Connected' }).waitFor();
  // Who has the address is known from here on, and is called otherwise than the list says.
  await page.goto(`${world.url}/app/people`);
  await page.getByLabel('Who').fill('ada@contoso.com');
  await press('Look up');
  await page.getByText(/^Cost/).waitFor();

  await page.goto(`${world.url}/app/lists/new`);
  await page
    .getByLabel('Drop a file here')
    .setInputFiles({ name: 'fair.csv', mimeType: 'text/csv', buffer: Buffer.from(LIST) });
  await press('Continue');
  await page.getByRole('heading', { name: 'fair.csv' }).waitFor();
  const address = page.url();
  await press('Start');
  // Nothing was changed: it is the same list.
  expect(page.url()).toBe(address);
  await expect
    .poll(async () => {
      await page.reload();
      return await page.getByText('Done', { exact: true }).count();
    })
    .toBe(1);
  await page.getByRole('heading', { name: 'To review' }).waitFor();
  await press('Accept');
  await page.getByText('accepted: it is in your file now').waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'CSV' }).first().click(),
  ]);
  expect(download.suggestedFilename()).toBe('fair-enriched.csv');
  const written = await readFile(await download.path(), 'utf8');
  expect(written.trim().split('\n')).toHaveLength(3);
  expect(written).toContain('ada@contoso.com');
});
