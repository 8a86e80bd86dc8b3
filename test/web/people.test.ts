import { afterAll, beforeAll, expect, it } from 'vitest';
import { hookAnswer } from '../../bot/api/schemas.ts';
import { KEYS } from '../api/api-server.ts';
import { startReceiver } from '../api/receiver.ts';
import { startWebWorld, type WebWorld } from './world.ts';

let world: WebWorld;
beforeAll(async () => {
  world = await startWebWorld({ keys: [KEYS.contoso], env: { ALLOW_PRIVATE_CALLBACKS: 'true' } });
});
afterAll(() => world[Symbol.asyncDispose]());

it('looks one person, several and a company up at once, and says what is wrong with a question', async () => {
  await using ada = await world.signedIn();
  const { page } = ada;
  const ask = async (who: string) => {
    await page.getByLabel('Who').fill(who);
    await page.getByRole('button', { name: 'Look up' }).click();
  };
  await page.goto(`${world.url}/app/people`);
  await ada.isAccessible();
  await ask('nobody');
  await page.getByText('does not identify a person or company').waitFor();
  await ada.isAccessible();
  await ask('Ada Lovelace at contoso.com; Grace Hopper at contoso.com');
  await page.getByRole('heading', { name: 'Grace Hopper' }).waitFor();
  await page.getByText('Cost 2 credits').waitFor();
  expect(page.url()).not.toContain('Lovelace');
  await ada.isAccessible();
  await ask('Ada Lovelace at contoso.com');
  await page.getByText('from before, free').waitFor();
  await page.getByText('Cost 0 credits').waitFor();
  await ask('contoso.com');
  await page.getByText('Cost 1 credit.').waitFor();
  await page.getByLabel(/Phone numbers too/).check();
  await ask('Ada Lovelace at contoso.com');
  await page.getByText('Looking again costs nothing').waitFor();
  await using reader = await world.signedIn({}, 'contoso', ['read']);
  await reader.page.goto(`${world.url}/app/people`);
  await reader.page.getByText('needs the right "enrich"').waitFor();
});

it('switches a hook on again that was given up, on the page and over the API', async () => {
  await using receiver = await startReceiver();
  const token = await world.server.makeToken('contoso', ['hooks']);
  const made = await world.server.call('POST', '/v1/hooks', {
    token,
    body: { url: receiver.url, events: ['job.finished'] },
  });
  const { id } = made.body;
  const hooks = async () => (await world.server.call('GET', '/v1/hooks', { token })).body.hooks;
  const giveUp = () =>
    world.server.meanwhile(async ({ ports }) => {
      const stored = ports.store.collection<object>('hooks');
      await stored.set(id, { ...(await stored.get(id)), failingSince: 1, switchedOffAt: 2 });
    });
  await giveUp();
  expect(await hooks()).toMatchObject([{ id, switchedOffAt: '1970-01-01T00:00:00.002Z' }]);
  const again = await world.server.call('POST', `/v1/hooks/${id}/deliveries/any`, { token });
  expect(again).toMatchObject({ status: 409, body: { code: 'hook-off' } });
  const other = await world.server.makeToken('fabrikam', ['hooks']);
  const on = `/v1/hooks/${id}/switch-on`;
  expect((await world.server.call('POST', on, { token: other })).body.code).toBe('no-such-hook');
  const back = await world.server.call('POST', on, { token });
  expect(hookAnswer.parse(back.body)).not.toHaveProperty('switchedOffAt');
  await giveUp();
  await using ada = await world.signedIn();
  const { page } = ada;
  await page.goto(`${world.url}/app/hooks`);
  await page.getByText('Switched off on').waitFor();
  await ada.isAccessible();
  await page.getByRole('button', { name: 'Switch on again' }).click();
  await page.getByText('is told again, from the next event on').waitFor();
  expect(await page.getByText('Switched off on').count()).toBe(0);
  expect((await hooks())[0]).not.toHaveProperty('switchedOffAt');
  await world.server.call('DELETE', `/v1/hooks/${id}`, { token });
});

it('makes a hook, shows what was delivered, sends it once more, and deletes it; the trail says who did', async () => {
  await using receiver = await startReceiver();
  await using ada = await world.signedIn();
  const { page } = ada;
  await page.goto(`${world.url}/app/hooks`);
  await ada.isAccessible();
  await page.getByLabel('Address').fill(receiver.url);
  await page.getByRole('button', { name: 'Make the hook' }).click();
  await page.getByText('The hook is made').waitFor();
  expect(await page.locator('#secret').textContent()).toMatch(/^whsec_/);
  await ada.isAccessible();
  await page.goto(`${world.url}/app/lists/new`);
  await page.getByText('Or paste leads').click();
  await page.getByLabel('Leads').fill('ada@contoso.com');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Start' }).click();
  const [first] = await receiver.came(1);
  // What came of a delivery is stored after the receiver has answered.
  await expect
    .poll(async () => {
      await page.goto(`${world.url}/app/hooks`);
      return page.getByRole('row', { name: /job\.finished Delivered 1/ }).count();
    })
    .toBe(1);
  await ada.isAccessible();
  await page.getByRole('button', { name: 'Send again' }).click();
  const again = (await receiver.came(2))[1];
  expect(again?.headers['connectionsphere-delivery']).toBe(first?.headers['connectionsphere-delivery']);
  await using bob = await world.signedIn({}, 'fabrikam');
  await bob.page.goto(`${world.url}/app/hooks`);
  expect(await bob.page.content()).not.toContain(receiver.url);
  await page.goto(`${world.url}/app/hooks`);
  const hook = await page.getByRole('link', { name: 'Delete' }).getAttribute('href');
  await bob.page.goto(`${world.url}${hook}`);
  await bob.page.getByText('no such hook').waitFor();
  await page.getByRole('link', { name: 'Delete' }).click();
  await ada.isAccessible();
  await page.getByRole('button', { name: 'Delete the hook' }).click();
  await page.getByRole('heading', { name: 'Make the first hook' }).waitFor();
  await page.goto(`${world.url}/app/activity`);
  await page.getByRole('row', { name: /Ada on the page deleted a hook .*when a list is done/ }).waitFor();
  // What only programs can read stands in the download.
  expect(await page.getByRole('table').textContent()).not.toMatch(/[0-9a-f]{12}/);
  await ada.isAccessible();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'All of it' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^activity-\d{4}-\d\d-\d\d\.ndjson$/);
  await bob.page.goto(`${world.url}/app/activity`);
  await bob.page.getByRole('cell', { name: 'signed in' }).waitFor();
  expect(await bob.page.content()).not.toContain('Ada on');
});
