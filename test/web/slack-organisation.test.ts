import { expect, it } from 'vitest';
import { InstallationRepository } from '../../bot/slack/installation/many-workspaces.ts';
import { type ApiServer, startApiServer } from '../api/api-server.ts';
import { freePort } from '../api/free-port.ts';
import { CLIENT, startSlackProvider } from './slack-provider.ts';

const ORGANISATION = 'E0GROUP';
const TEAMS = ['T0SALES', 'T0LEGAL'];

/** A server whose app is installed for a whole organisation; `env`: how. */
async function startOrganisation(env: Record<string, string>) {
  await using stack = new AsyncDisposableStack();
  const slack = stack.use(await startSlackProvider(ORGANISATION));
  const colleague = { enterprise_id: ORGANISATION, teams: TEAMS };
  slack.people.U0ADA = { id: 'U0ADA', team_id: 'T0SALES', real_name: 'Ada', enterprise_user: colleague };
  slack.people.U0EVE = {
    id: 'U0EVE',
    team_id: 'T0OTHER',
    real_name: 'Eve',
    enterprise_user: { enterprise_id: 'E0OTHER', teams: ['T0OTHER'] },
  };
  const port = await freePort();
  const server = stack.use(
    await startApiServer({
      env: {
        PORT: String(port),
        PUBLIC_URL: `http://localhost:${port}`,
        SLACK_API_URL: slack.apiUrl,
        SLACK_SIGNING_SECRET: 'signing-secret',
        SLACK_CLIENT_ID: CLIENT.id,
        SLACK_CLIENT_SECRET: CLIENT.secret,
        ...env,
      },
      keys: [],
    }),
  );
  const own = stack.move();
  return { slack, server, [Symbol.asyncDispose]: () => own.disposeAsync() };
}

/** What somebody sees first after signing in with Slack, as a browser goes there. */
async function signIn({ url }: ApiServer): Promise<string> {
  const go = (to: string, cookie = '') => fetch(to, { redirect: 'manual', headers: { cookie } });
  const cookieOf = (answer: Response, name: string) =>
    answer.headers
      .getSetCookie()
      .find((each) => each.startsWith(`${name}=`))
      ?.split(';')[0];
  const begun = await go(`${url}/sign-in/slack`);
  const consented = await go(begun.headers.get('location') ?? '');
  const answer = await go(
    consented.headers.get('location') ?? '',
    cookieOf(begun, '__Host-connectionsphere-slack'),
  );
  const session = cookieOf(answer, '__Host-connectionsphere');
  if (session === undefined) {
    const refusal = await answer.text();
    // A page of ours, without a word of the program's.
    expect(refusal).toContain('<p class="eyebrow">403</p>');
    expect(refusal).not.toContain('node:internal');
    return refusal;
  }
  return await (await go(`${url}/app/integrations/apollo`, session)).text();
}

it('signs people of each workspace in where one bot token is for the whole organisation, and nobody of another', async () => {
  await using world = await startOrganisation({ SLACK_BOT_TOKEN: 'xoxb-of-the-organisation' });
  const { slack, server } = world;
  for (const [at, team] of TEAMS.entries()) {
    Object.assign(slack.says, { team, user: 'U0ADA', organisation: ORGANISATION, inIdToken: at === 0 });
    expect(await signIn(server)).toMatch(new RegExp(`Signed in as.*Ada.*${team}`, 's'));
  }
  Object.assign(slack.says, { team: 'T0OTHER', user: 'U0EVE', organisation: 'E0OTHER' });
  expect(await signIn(server)).toContain('This app belongs to another company');
});

it('signs people in whose workspace nothing was heard from yet, where the organisation installed the app', async () => {
  await using world = await startOrganisation({});
  const { slack, server } = world;
  await server.meanwhile(async ({ ports, vault }) => {
    await new InstallationRepository(ports, vault).storeInstallation({
      team: undefined,
      enterprise: { id: ORGANISATION, name: 'Group' },
      isEnterpriseInstall: true,
      user: { id: 'U0ADMIN', token: undefined, scopes: undefined },
      bot: { token: 'xoxb-of-the-organisation', scopes: [], id: 'B0BOT', userId: 'U0BOT' },
    });
  });
  Object.assign(slack.says, { team: 'T0LEGAL', user: 'U0ADA', organisation: ORGANISATION });
  expect(await signIn(server)).toMatch(/Signed in as.*Ada.*T0LEGAL/s);
  Object.assign(slack.says, { team: 'T0OTHER', user: 'U0EVE', organisation: 'E0OTHER' });
  expect(await signIn(server)).toContain('not installed in this Slack workspace');
});
