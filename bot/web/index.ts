/** The page: slots, lists and everything around them, for people with a browser. */
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Router } from 'express';
import { problemOf } from '../api/failure.ts';
import { assetRoutes } from './assets.ts';
import { html } from './html.ts';
import { plainPage, sectionOf } from './layout.ts';
import { activity } from './pages/activity.ts';
import { credits } from './pages/credits.ts';
import { hookPages } from './pages/hooks.ts';
import { integrations } from './pages/integrations.ts';
import { lists } from './pages/lists.ts';
import { oneTimePages } from './pages/one-time.ts';
import { operatorPages } from './pages/operator.ts';
import { people } from './pages/people.ts';
import { signInPages } from './pages/sign-in.ts';
import { tokenPages } from './pages/tokens.ts';
import { pageHeaders, sessionSecret } from './security.ts';
import { Screens, send, type WebContext } from './visit.ts';

export { OneTimeLinks } from './links.ts';
export { Sessions } from './sessions.ts';
export type { WebContext } from './visit.ts';

/** All pages. */
export function createWeb(context: WebContext): Router {
  const router = express.Router();
  router.use(assetRoutes());
  router.use(pageHeaders);
  router.get('/', async (request, response) => {
    if (await context.sessions.find(sessionSecret(request) ?? ''))
      return response.redirect(303, '/app/integrations');
    send(response, frontPage());
  });
  router.get('/app', (_, response) => response.redirect(303, '/app/integrations'));
  router.use(signInPages(context), oneTimePages(context));
  const screens = new Screens(context);
  integrations(screens, context);
  people(screens, context);
  lists(screens, context);
  credits(screens, context);
  activity(screens, context);
  hookPages(screens, context);
  tokenPages(screens, context);
  operatorPages(screens, context);
  router.use(screens.router);
  return router;
}

/**
 * What answers where nothing else does, and what was thrown; mounted last, on the application itself: Express passes
 * over a router of their own once something was thrown.
 */
export function createErrorPages(
  context: Pick<WebContext, 'log'>,
): readonly (RequestHandler | ErrorRequestHandler)[] {
  const notFound: RequestHandler = (request, response) => {
    send(response, errorPage(request, 404, 'There is nothing at this address.'), 404);
  };
  const failed: ErrorRequestHandler = (error, request, response, next) => {
    const problem = problemOf(error);
    if (problem.status === 500) context.log.error('A page failed', { error });
    else context.log.info('A page was refused', { status: problem.status, code: problem.code });
    if (response.headersSent) {
      response.destroy();
      return next();
    }
    send(response, errorPage(request, problem.status, problem.message), problem.status);
  };
  return [pageHeaders, notFound, failed];
}

function frontPage() {
  return plainPage({
    title: 'Welcome',
    body: html`<h1>ConnectionSphere for Apollo</h1>
<p class="lead">This server enriches lead lists over up to four Apollo.io keys: verified e-mails, direct dials and company data.</p>
<div class="actions"><a class="button primary" href="/sign-in">Sign in</a><a class="button" href="/docs">Read about the HTTP API</a></div>
<section class="panel"><h2>What runs here</h2><ul class="plain-list"><li>The page: slots, people, lists, credits, tokens and hooks</li><li>The HTTP API, for programs and n8n: <a href="/docs">how it is called</a></li></ul></section>`,
  });
}

const TITLES: Readonly<Record<number, string>> = {
  403: 'Not allowed',
  404: 'Not found',
  409: 'Not possible now',
  413: 'Too large',
  422: 'That did not work',
  500: 'Something went wrong here',
  502: 'Apollo gave no usable answer',
  503: 'Not available just now',
};

type WayOn = readonly [address: string, words: string];

/**
 * Where a person can go on who met an error: back, and to the section; whoever is not signed in, to the sign-in. None for a
 * one-time link, whose pages have no navigation. Asks no store: it may be what failed.
 */
function waysOn(request: Request, status: number): WayOn[] {
  const { path } = request;
  if (path.startsWith('/c/')) return [];
  if (sessionSecret(request) === undefined) return [['/sign-in', 'Sign in']];
  const from = URL.parse(request.get('referer') ?? '');
  const isOwn = from !== null && from.host === request.get('host') && from.pathname.startsWith('/app/');
  const back: WayOn[] =
    isOwn && (from.pathname !== path || request.method !== 'GET')
      ? [[`${from.pathname}${from.search}`, 'Back to where you were']]
      : [];
  // Who may not do something may not see all of its section either.
  const section = status === 403 ? undefined : sectionOf(path);
  const { path: to, name } = section ?? { path: '/app/integrations', name: 'Integrations' };
  return [...back, [to, `Go to ${name}`]];
}

function errorPage(request: Request, status: number, message: string) {
  const ways = waysOn(request, status);
  const title = TITLES[status] ?? 'That did not work';
  return plainPage({
    title,
    body: html`<div class="panel centre"><p class="eyebrow">${status}</p><h1>${title}</h1><p class="lead">${message}</p>${ways.length > 0 && html`<div class="actions">${ways.map(([address, words], at) => html`<a class="button ${at === 0 && 'primary'}" href="${address}">${words}</a>`)}</div>`}</div>`,
  });
}
