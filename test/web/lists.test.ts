import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KEYS, leads } from '../api/api-server.ts';
import { workbook } from '../files/workbook.ts';
import { startWebWorld, type WebWorld } from './world.ts';

let world: WebWorld;
beforeAll(async () => {
  world = await startWebWorld({ keys: [KEYS.contoso], latencyMs: { median: 300, p95: 400 } });
});
afterAll(() => world[Symbol.asyncDispose]());

function csv(count: number, from = 0): string {
  const rows = leads(count, from).map(
    ({ first_name, last_name, domain }) => `${first_name},${last_name},${domain}`,
  );
  return ['First Name,Last Name,Website', ...rows].join('\n');
}

it('takes a dropped file from the first look to the enriched file', async () => {
  await using ada = await world.signedIn();
  const { page } = ada;
  await page.goto(`${world.url}/app/lists`);
  await ada.isAccessible();
  await page.getByRole('link', { name: 'New list' }).click();
  await ada.isAccessible();
  await page
    .getByLabel('Drop a file here')
    .setInputFiles({ name: 'fair <b>.csv', mimeType: 'text/csv', buffer: Buffer.from(csv(30)) });
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'fair <b>.csv' }).waitFor();
  await page
    .getByRole('row', { name: /First Name/ })
    .getByText('by its name')
    .waitFor();
  await page.getByText('30 credits at most').waitFor();
  await ada.isAccessible();
  await page.getByLabel(/Phone numbers/).check();
  await page.getByRole('button', { name: 'Start' }).click();
  // It can cost more than what was shown: nothing starts.
  await page.getByText('it can cost more now').waitFor();
  await page.getByLabel(/Phone numbers/).uncheck();
  await page.getByRole('button', { name: 'Update the estimate' }).click();
  await page.getByText('30 credits at most').waitFor();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('Done', { exact: true }).waitFor();
  await page.getByRole('rowheader', { name: '30' }).waitFor();
  await ada.isAccessible();
  await page.getByLabel('Outcome').selectOption('unmatched');
  await page.getByText('No row is like that').waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'CSV', exact: true }).click(),
  ]);
  const written = await readFile(await download.path(), 'utf8');
  expect(written.trim().split('\n')).toHaveLength(31);
  expect(download.suggestedFilename()).toContain('enriched.csv');
});

it('gives a result to a person without an account, once', async () => {
  await using ada = await world.signedIn();
  const { page } = ada;
  const { body: job } = await world.server.call('POST', '/v1/jobs', { body: { leads: leads(3) } });
  const list = job.id;
  await page.goto(`${world.url}/app/lists/${list}`);
  await page.getByText('Done', { exact: true }).waitFor();
  const share = async () => {
    await page.goto(`${world.url}/app/lists/${list}`);
    await page.getByRole('button', { name: 'Share by one-time link' }).click();
    await ada.isAccessible();
    return (await page.locator('#link').textContent()) ?? '';
  };
  const link = await share();
  for (let look = 0; look < 3; look += 1) {
    const response = await fetch(link);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('content-disposition')).toBeNull();
  }
  expect((await fetch(link, { method: 'POST' })).status).toBe(403);
  await using guest = await world.visit({ javaScriptEnabled: false });
  await guest.page.goto(link);
  expect(await guest.page.getByRole('navigation').count()).toBe(0);
  await guest.page.getByText('3 of 3 rows found').waitFor();
  const [file] = await Promise.all([
    guest.page.waitForEvent('download'),
    guest.page.getByRole('button', { name: 'Download CSV' }).click(),
  ]);
  expect((await readFile(await file.path(), 'utf8')).trim().split('\n')).toHaveLength(4);
  // The link is used up once the server has sent all, which the browser may know sooner.
  await expect
    .poll(async () => {
      await guest.page.goto(link);
      return guest.page.getByText('This link was used already').count();
    })
    .toBe(1);
  // A short list can be looked at instead.
  await guest.page.goto(await share());
  await guest.page.getByRole('button', { name: 'Show it here' }).click();
  await guest.page.getByRole('rowheader', { name: '3' }).waitFor();
  await expect
    .poll(async () => {
      await page.goto(`${world.url}/app/activity`);
      return page.getByRole('row', { name: /used a one-time link/ }).count();
    })
    .toBeGreaterThanOrEqual(2);
  expect(
    await page
      .getByRole('row', { name: /took results out/ })
      .first()
      .textContent(),
  ).toContain('by a one-time link');
});

it('reads a list again by another header row and sheet, without the file', async () => {
  await using ada = await world.signedIn();
  const { page } = ada;
  const drop = async (name: string, buffer: Buffer) => {
    await page.goto(`${world.url}/app/lists/new`);
    await page.getByLabel('Drop a file here').setInputFiles({ name, mimeType: 'text/csv', buffer });
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('How the list was read').click();
  };
  await drop(
    'twice.csv',
    Buffer.from(
      'Name,Firma,Ort\nErika Muster,Fabrikam,Ulm\nName,Ort,Firma\nAda Lovelace,"Bonn, Rhein",Contoso\n',
    ),
  );
  await page.getByText('Now it is row 1.').waitFor();
  await ada.isAccessible();
  await page.getByLabel('Header row').fill('3');
  await page.getByRole('button', { name: 'Read it again' }).click();
  await page.getByText('Now it is row 3.').waitFor({ state: 'attached' });
  await page.getByRole('row', { name: /Ort/ }).getByText('Bonn, Rhein').waitFor();
  await page.getByText('1 credits at most').waitFor();
  const sheets = [
    [
      ['Name', 'Company'],
      ['Ada Lovelace', 'Contoso'],
    ],
    [['Title'], [], ['Name', 'Company'], ['Grace Hopper', 'Fabrikam']],
  ];
  await drop('book.xlsx', workbook(...sheets));
  await page
    .getByRole('row', { name: /Company/ })
    .getByText('Contoso')
    .waitFor();
  const second = await page.getByLabel('Sheet').locator('option').nth(1).textContent();
  await page.getByLabel('Sheet').selectOption(second);
  await page.getByRole('button', { name: 'Read it again' }).click();
  await page
    .getByRole('row', { name: /Company/ })
    .getByText('Fabrikam')
    .waitFor();
});

it('asks what a list is one of where that is not clear, and takes the answer', async () => {
  await using ada = await world.signedIn();
  const { page } = ada;
  const list = {
    name: 'who.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('Xname;Yname;Firma\nMbali;Dlamini;Contoso\nThabo;Nkosi;Fabrikam\n'),
  };
  await page.goto(`${world.url}/app/lists/new`);
  await page.getByLabel('Drop a file here').setInputFiles(list);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('a list of people or of companies?').waitFor();
  await page.getByRole('row', { name: /Xname/ }).getByText('Mbali').waitFor();
  await ada.isAccessible();
  expect(await page.getByRole('button', { name: 'Start' }).count()).toBe(0);
  await page.getByLabel('It is a list of').selectOption('people');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('2 credits at most').waitFor();
});

it('lets somebody say what the columns are of which none was recognised, and reads the list otherwise', async () => {
  await using ada = await world.signedIn({ javaScriptEnabled: false });
  const { page } = ada;
  const before = world.server.sandbox.counts().credits;
  await page.goto(`${world.url}/app/lists/new`);
  await page.getByText('Or paste leads').click();
  await page.getByLabel('Leads').fill('Shoe size,Thing\n42,contoso\n43,fabrikam');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('No column of Pasted leads identifies anybody').waitFor();
  await page.getByRole('row', { name: /Thing/ }).getByText('fabrikam').waitFor();
  // What is chosen stays, also where it does not suffice.
  await page.getByLabel('What the column Shoe size is').selectOption('first_name');
  await page.getByLabel('It is a list of').selectOption('companies');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('No column of Pasted leads names a company').waitFor();
  expect(await page.getByLabel('What the column Shoe size is').inputValue()).toBe('first_name');
  const address = page.url();
  const start = await page.request.post(`${address}/start`, { headers: { 'sec-fetch-site': 'same-origin' } });
  expect(await start.text()).toContain('What the column Thing is');
  await page.goto(address);
  await page.getByText('How the list was read').click();
  await page.getByLabel('Header row').fill('0');
  await page.getByRole('button', { name: 'Read it again' }).click();
  await page.getByText('Now no row does.').waitFor();
  await page.getByRole('row', { name: /42/ }).waitFor();
  await page.getByLabel('Header row').fill('1');
  await page.getByRole('button', { name: 'Read it again' }).click();
  await page.getByText('Now it is row 1.').waitFor();
  await page.getByLabel('What the column Thing is').selectOption('company');
  await page.getByRole('button', { name: 'Continue' }).click();
  // Apollo takes no company by its name alone.
  await page.getByText('0 companies').waitFor();
  await page.getByRole('button', { name: 'Start' }).waitFor();
  expect(world.server.sandbox.counts().credits).toBe(before);
});

it('leads on from an error: back, to the section, or to the sign-in', async () => {
  await using ada = await world.signedIn();
  const { page } = ada;
  await page.goto(`${world.url}/app/lists/none`);
  await page.getByText('no such list').waitFor();
  await ada.isAccessible();
  await page.getByRole('link', { name: 'Go to Lists' }).click();
  await page.getByRole('heading', { name: 'Lists' }).waitFor();
  await page.evaluate("document.querySelector('.brand').href = '/nowhere'");
  await page.locator('.brand').click();
  await page.getByText('nothing at this address').waitFor();
  await page.getByRole('link', { name: 'Go to Integrations' }).waitFor();
  await page.getByRole('link', { name: 'Back to where you were' }).click();
  await page.getByRole('heading', { name: 'Lists' }).waitFor();
  await using guest = await world.visit();
  await guest.page.goto(`${world.url}/nowhere`);
  await guest.page.getByRole('link', { name: 'Sign in' }).click();
  await guest.page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

it('stays a list of companies, as was said, when another option is changed', async () => {
  await using ada = await world.signedIn();
  const { page } = ada;
  await page.goto(`${world.url}/app/lists/new`);
  await page.getByText('Or paste leads').click();
  await page
    .getByLabel('Leads')
    .fill('Domain,E-mail\ncontoso.com,ada@contoso.com\nfabrikam.com,ada@fabrikam.com');
  await page.getByText('Choose the sheet, header row or kind yourself').click();
  await page.getByLabel('It is a list of').selectOption('companies');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('2 companies').waitFor();
  await page.getByLabel('Credit limit').fill('10');
  await page.getByRole('button', { name: 'Update the estimate' }).click();
  await page.getByText('This is what the list costs as it is set now.').waitFor();
  await page.getByText('2 companies').waitFor();
});

it('pauses, raises the limit and goes on', async () => {
  await using ada = await world.signedIn();
  const { page } = ada;
  await page.goto(`${world.url}/app/lists/new`);
  await page.getByText('Or paste leads').click();
  await page.getByLabel('Leads').fill(csv(40, 100));
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Credit limit').fill('10');
  const otherTab = await ada.context.newPage();
  await otherTab.goto(page.url());
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('It reached its credit limit').waitFor();
  // The other tab still shows the list as it was.
  await otherTab.getByRole('button', { name: 'Discard this list' }).click();
  await otherTab.getByText('This list is paused, so nothing of it was changed').waitFor();
  await otherTab.close();
  await ada.isAccessible();
  // What ends a list is asked about first.
  await page.getByRole('link', { name: 'Cancel', exact: true }).click();
  await page.getByText(/It ends: \d+ rows of it/).waitFor();
  await page.getByRole('link', { name: 'Keep it' }).click();
  await page.getByRole('link', { name: 'Change the limit' }).click();
  await ada.isAccessible();
  await page.getByLabel('Credits').fill('many');
  await page.getByRole('button', { name: 'Set the limit' }).click();
  await page.getByText('A credit limit is a number').waitFor();
  await page.getByLabel('Credits').fill('100');
  await page.getByRole('button', { name: 'Set the limit' }).click();
  await page.getByText('Done', { exact: true }).waitFor();
});

it('says what is wrong with a list, without JavaScript too', async () => {
  await using ada = await world.signedIn({ javaScriptEnabled: false });
  const { page } = ada;
  await page.goto(`${world.url}/app/lists/new`);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('Choose a file, or paste some leads').waitFor();
  await page
    .getByLabel('Drop a file here')
    .setInputFiles({ name: 'empty.csv', mimeType: 'text/csv', buffer: Buffer.from('') });
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('alert').getByText('empty.csv').waitFor();
});

it('has a list run again by itself, and no longer', async () => {
  await using ada = await world.signedIn();
  const { page } = ada;
  await page.goto(`${world.url}/app/lists/new`);
  await page
    .getByLabel('Drop a file here')
    .setInputFiles({ name: 'weekly.csv', mimeType: 'text/csv', buffer: Buffer.from(csv(2, 400)) });
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('Done', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Run it again by itself' }).click();
  await ada.isAccessible();
  await page.getByLabel('How often').selectOption('month');
  await page.getByLabel('Ask again for answers older than').fill('14');
  await page.getByRole('button', { name: 'Run it again' }).click();
  await page.getByText(/Runs again every month, next on .*, for answers older than 14 days/).waitFor();
  await page.getByRole('link', { name: 'Change when it runs again' }).click();
  await page.getByRole('button', { name: 'Run it no longer' }).click();
  await page.getByText('does not run again by itself any more').waitFor();
  await page.getByRole('link', { name: 'Run it again by itself' }).waitFor();
});
