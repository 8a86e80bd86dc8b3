import express, { type Request, type Response, type Router } from 'express';
import { type Html, html } from '../html.ts';
import { notice, plainPage } from '../layout.ts';
import { sessionSecret, setSessionCookie } from '../security.ts';
import { Sessions } from '../sessions.ts';
import { fieldOf, requireOwnForm, send, type WebContext } from '../visit.ts';

const FIRST_PAGE = '/app/integrations/apollo';

/** The ways in, and the way out. */
export function signInPages(context: WebContext): Router {
  const { sessions, tokens, config } = context;
  const router = express.Router();
  const form = express.urlencoded({ extended: false, limit: 16 * 1024 });

  router.get('/sign-in', (request, response) => send(response, signInPage(wayBack(request.query.to))));

  router.post('/sign-in', form, async (request: Request, response: Response) => {
    requireOwnForm(request, config.publicUrl);
    const to = wayBack(fieldOf(request, 'to'));
    const token = await tokens.verify(fieldOf(request, 'token'));
    if (!token) {
      const wrong = 'This token is not valid: mistyped, over, or revoked. Nobody was signed in.';
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

/** Where to go on after signing in: a page of ours, never an address of somebody else's. */
function wayBack(asked: unknown): string {
  return typeof asked === 'string' && /^\/app\/[\w/?=&.%-]*$/.test(asked) ? asked : FIRST_PAGE;
}
