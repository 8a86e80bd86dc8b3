import { afterAll, beforeAll, expect, it } from 'vitest';
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

it('signs somebody of Slack in, with the rights that Slack gives, and back to where the person wanted', async () => {
  await using ada = await signIn();
  await ada.page.getByRole('heading', { name: 'Lists' }).waitFor();
  await ada.page.locator('.account summary').click();
  await ada.page.getByText('Signed in as Ada Lovelace in workspace T0CONTOSO').waitFor();
  expect(await ada.page.getByRole('link', { name: 'Tokens' }).count()).toBe(0);
  await using root = await signIn({ user: 'U0ROOT' });
  await root.page.getByRole('link', { name: 'Tokens' }).waitFor();
  // A list is for whoever made it and for admins, as in Slack.
  await ada.page.goto(`${world.url}/app/lists/new`);
  await ada.page.getByText('Or paste leads').click();
  await ada.page.getByLabel('Leads').fill('ada@contoso.com');
  await ada.page.getByRole('button', { name: 'Continue' }).click();
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
