import express, { type Request, type Response, type Router } from 'express';
import { Problem } from '../../api/problem.ts';
import { type Html, html } from '../html.ts';
import { notice, plainPage } from '../layout.ts';
import { cookieOf, SLACK_STATE, sessionSecret, setCookie, setSessionCookie } from '../security.ts';
import { Sessions } from '../sessions.ts';
import { SlackSignIn } from '../slack-sign-in.ts';
import { fieldOf, requireOwnForm, send, type WebContext } from '../visit.ts';

const FIRST_PAGE = '/app/integrations/apollo';
/** As long as the sign-in that it belongs to, ms. */
const STATE_LASTS_MS = 10 * 60_000;

/** The ways in, and the way out. */
export function signInPages(context: WebContext): Router {
  const { sessions, tokens, config } = context;
  const router = express.Router();
  const form = express.urlencoded({ extended: false, limit: 16 * 1024 });

  router.get('/sign-in', (request, response) => send(response, signInPage(wayBack(request.query.to))));

  const slackSignIn = slackSignInOf(context);

  router.get('/sign-in/slack', async (request, response) => {
    if (!slackSignIn) return response.redirect(303, '/sign-in');
    const { url, state } = await slackSignIn.begin(wayBack(request.query.to));
    setCookie(response, SLACK_STATE, state, STATE_LASTS_MS);
    response.redirect(303, url);
  });

  router.get('/sign-in/slack/back', async (request, response) => {
    const { slack } = context;
    if (!slackSignIn || !slack) return response.redirect(303, '/sign-in');
    const state = cookieOf(request, SLACK_STATE);
    setCookie(response, SLACK_STATE, '', 0);
    const query = request.originalUrl.slice(request.path.length);
    const { team, user, organisation, to } = await slackSignIn.end(query, state);
    const identity = await slack.identify(team, user, organisation).catch((error: unknown) => {
      throw new Problem(403, 'sign-in-failed', error instanceof Error ? error.message : String(error));
    });
    const secret = await sessions.begin(identity);
    setSessionCookie(response, secret, Sessions.LASTS_MS);
    response.redirect(303, to);
  });

  router.post('/sign-in', form, async (request: Request, response: Response) => {
    requireOwnForm(request, config.publicUrl);
    const to = wayBack(fieldOf(request, 'to'));
    const token = await tokens.verify(fieldOf(request, 'token'));
    if (!token) {
      const wrong = 'This token is not valid: mistyped, expired, or revoked. You are not signed in.';
      return send(response, signInPage(to, wrong), 422);
    }
    const { workspace, name, scopes, id } = token;
    const by = `token “${name}”`;
    const secret = await sessions.begin({ workspace, by, scopes, via: { token: id } });
    setSessionCookie(response, secret, Sessions.LASTS_MS);
    response.redirect(303, to);
  });

  router.post('/sign-out', form, async (request: Request, response: Response) => {
    requireOwnForm(request, config.publicUrl);
    const session = await sessions.find(sessionSecret(request) ?? '');
    if (session) {
      if (request.query.everywhere === undefined) await sessions.end(session);
      else await sessions.endAll(session);
    }
    setSessionCookie(response, '', 0);
    send(
      response,
      plainPage({
        title: 'Signed out',
        body: html`<div class="panel centre"><h1>Signed out</h1><p class="lead">Your session ${request.query.everywhere === undefined ? 'has' : 'and all your others have'} ended.</p><p><a class="button" href="/sign-in">Sign in again</a></p></div>`,
      }),
    );
  });

  function signInPage(to: string, wrong?: string): Html {
    return plainPage({
      title: 'Sign in',
      body: html`<h1>Sign in</h1>
${slackSignIn && html`<section class="panel"><h2>With Slack</h2><p>You may do here what you may do with the bot in Slack.</p><div class="actions"><a class="button primary" href="/sign-in/slack?to=${encodeURIComponent(to)}">Sign in with Slack</a></div></section>`}
<section class="panel"><h2>On the machine that runs it</h2><p>Type this where ConnectionSphere is installed; it gives you a link that signs you in once:</p><pre><code>./connectionsphere open</code></pre></section>
<section class="panel"><h2>With an API token</h2><form method="post" action="/sign-in" class="form">
  ${wrong !== undefined && notice('wrong', wrong)}
  <input type="hidden" name="to" value="${to}">
  <div class="field"><label for="token">Token</label><div class="secret"><input id="token" name="token" type="password" required autocomplete="off" spellcheck="false" placeholder="csa_…"><button type="button" class="button quiet" data-reveal="token" aria-pressed="false" hidden>Show</button></div><p class="note">You may do here what the token may do.</p></div>
  <div class="actions"><button class="button">Sign in</button></div></form></section>`,
    });
  }

  return router;
}

/** Where the settings say how: a client of Slack's, and an address that Slack can send people back to. */
function slackSignInOf({ config, ports, log, slack }: WebContext): SlackSignIn | undefined {
  const { client, apiUrl } = config.slack;
  if (!slack || !client || config.publicUrl === undefined) return undefined;
  const redirectUrl = `${config.publicUrl}/sign-in/slack/back`;
  return new SlackSignIn({ ports, log, client, apiUrl, redirectUrl });
}

/** Where to go on after signing in: a page of ours, never an address of somebody else's. */
function wayBack(asked: unknown): string {
  return typeof asked === 'string' && /^\/app\/[\w/?=&.%-]*$/.test(asked) ? asked : FIRST_PAGE;
}
