import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SettingsRepository } from '../../bot/slack/people/settings.ts';
import { KEYS } from '../api/api-server.ts';
import { freePort } from '../api/free-port.ts';
import { CLIENT, startSlackProvider } from './slack-provider.ts';
import { startWebWorld, type WebWorld } from './world.ts';

let world: WebWorld;
let slack: Awaited<ReturnType<typeof startSlackProvider>>;
beforeAll(async () => {
  slack = await startSlackProvider();
  const port = await freePort();
  world = await startWebWorld({
    env: {
      PORT: String(port),
      PUBLIC_URL: `http://localhost:${port}`,
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: 'xoxb-of-the-bot',
      SLACK_SIGNING_SECRET: 'signing-secret',
      SLACK_CLIENT_ID: CLIENT.id,
      SLACK_CLIENT_SECRET: CLIENT.secret,
    },
  });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await slack[Symbol.asyncDispose]();
});

async function signIn(says: Partial<typeof slack.says> = {}) {
  Object.assign(slack.says, { team: 'T0CONTOSO', user: 'U0ADA' }, says);
  const visitor = await world.visit();
  await visitor.page.goto(`${world.url}/app/lists`);
  await visitor.page.getByRole('link', { name: 'Sign in with Slack' }).click();
  for (const name of Object.keys(says)) Reflect.deleteProperty(slack.says, name);
  return visitor;
}

async function paste(page: Page, leads: string): Promise<void> {
  await page.goto(`${world.url}/app/lists/new`);
  await page.getByText('Or paste leads').click();
  await page.getByLabel('Leads').fill(leads);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** Starts a list of so many people, whose addresses begin with a name. */
async function start(page: Page, count: number, name: string): Promise<void> {
  await paste(page, Array.from({ length: count }, (_, at) => `${name}.${at}@contoso.com`).join('\n'));
  await page.getByRole('button', { name: 'Start' }).click();
}

it('signs somebody of Slack in, with the rights that Slack gives, and back to where the person wanted', async () => {
  await using ada = await signIn();
  await ada.page.getByRole('heading', { name: 'Lists' }).waitFor();
  await ada.page.locator('.account summary').click();
  await ada.page.getByText('Signed in as Ada Lovelace in workspace T0CONTOSO').waitFor();
  expect(await ada.page.getByRole('link', { name: 'Tokens' }).count()).toBe(0);
  await using root = await signIn({ user: 'U0ROOT' });
  await root.page.getByRole('link', { name: 'Tokens' }).waitFor();
  // A list is for whoever made it and for admins, as in Slack.
  await paste(ada.page, 'ada@contoso.com');
  await ada.page.getByRole('heading', { name: 'Pasted leads' }).waitFor();
  await ada.page.getByText('How the list was read').click();
  await ada.page.getByRole('button', { name: 'Read it again' }).click();
  await ada.page.getByText('The list was read again').waitFor();
  await ada.page.getByRole('heading', { name: 'Pasted leads' }).waitFor();
  slack.people.U0BOB = { id: 'U0BOB', team_id: 'T0CONTOSO', real_name: 'Bob' };
  await using bob = await signIn({ user: 'U0BOB' });
  await bob.page.getByText('No list yet').waitFor();
  await bob.page.goto(ada.page.url());
  await bob.page.getByText('no such list').waitFor();
  await root.page.goto(ada.page.url());
  await root.page.getByRole('heading', { name: 'Pasted leads' }).waitFor();
});

it('lets in no other team, no guest, nobody who says no, and no answer to another question', async () => {
  const refused = [
    [{ team: 'T0OTHER' }, 'not installed in this Slack workspace'],
    [{ user: 'U0GUEST' }, 'Guests of this workspace may not use this app'],
    [{ user: 'U0NOBODY' }, 'this account is deactivated, or gone'],
    [{ refuses: true }, 'you or an admin said no'],
    [{ nonce: 'of-another-sign-in' }, "Slack's answer could not be trusted"],
    [{ audience: 'another-app' }, "Slack's answer could not be trusted"],
  ] as const;
  for (const [says, words] of refused) {
    await using visitor = await signIn(says);
    await visitor.page.getByText(words).waitFor();
    expect((await visitor.context.cookies()).map(({ name }) => name)).not.toContain(
      '__Host-connectionsphere',
    );
  }
});

it('takes an answer only from the browser that asked, once', async () => {
  const begun = await fetch(`${world.url}/sign-in/slack`, { redirect: 'manual' });
  const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state');
  const back = (cookie: string) =>
    fetch(`${world.url}/sign-in/slack/back?code=x&state=${state}`, {
      redirect: 'manual',
      headers: { cookie },
    });
  expect((await back('')).status).toBe(403);
  const cookie = `__Host-connectionsphere-slack=${state}`;
  expect(await (await back(cookie)).text()).toContain('could not be trusted');
  expect(await (await back(cookie)).text()).toContain('Begin again');
  expect(world.server.logged.join('\n')).not.toContain(CLIENT.secret);
});

it('lets a person of Slack spend no more in a month than admins allow, in lists, at once and by raising a limit', async () => {
  const workspace = 'T0CONTOSO';
  await world.server.meanwhile(async ({ core, ports }) => {
    await core.slots.connect({ workspace, key: KEYS.contoso });
    const settings = new SettingsRepository(ports.store, core.audit);
    await settings.set(workspace, { ...(await settings.of(workspace)), personCredits: 12 });
  });
  await using ada = await signIn();
  const { page } = ada;
  await start(page, 30, 'lead');
  await page.getByText('It pauses at 12 credits').waitFor();
  await page.getByText('It reached its credit limit').waitFor();
  expect(world.server.sandbox.counts().credits).toBe(12);
  const list = page.url();
  await page.goto(`${list}/limit`);
  await page.getByLabel('Credits').fill('20');
  await page.getByRole('button', { name: 'Set the limit' }).click();
  await page.getByText('this list may have 12 at most. An admin can give it more').waitFor();
  await start(page, 3, 'other');
  await page.getByText('You have used up the credits that one person may spend here in a month').waitFor();
  await page.goto(`${world.url}/app/people`);
  await page.getByLabel('Who').fill('grace.hopper@contoso.com');
  await page.getByRole('button', { name: 'Look up' }).click();
  await page.getByText('0 of them are left, so nobody was looked up').waitFor();
  // Nor by taking a cancelled list up again.
  await page.goto(`${list}/cancel`);
  await page.getByRole('button', { name: 'Cancel the list' }).click();
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByText('It reached its credit limit').waitFor();
  expect(world.server.sandbox.counts().credits).toBe(12);
});

it('lets an admin give a list more than its person may spend', async () => {
  await using root = await signIn({ user: 'U0ROOT' });
  const { page } = root;
  await start(page, 20, 'boss');
  await page.getByText('It reached its credit limit').waitFor();
  await page.goto(`${page.url()}/limit`);
  await page.getByLabel('Credits').fill('20');
  await page.getByRole('button', { name: 'Set the limit' }).click();
  await page.getByText('Done', { exact: true }).waitFor();
});
