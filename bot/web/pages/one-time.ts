import { type Connected, SlotsError } from '@connectionsphere/core';
import express, { type Request, type Response, type Router } from 'express';
import { html } from '../html.ts';
import { icons } from '../icons.ts';
import { type Page, plainPage, time } from '../layout.ts';
import { type Link, LinkGone, type Purpose } from '../links.ts';
import { setSessionCookie } from '../security.ts';
import { Sessions } from '../sessions.ts';
import { fieldOf, readerOf, requireOwnForm, send, type WebContext } from '../visit.ts';
import { connectedFacts, connectForm } from './connect-form.ts';
import { sharedList, sharedResult, sharedResultPage } from './shared-result.ts';

/** What one-time links open: without a session, without navigation. Only a POST uses one up. */
export function oneTimePages(context: WebContext): Router {
  const { links, config } = context;
  const router = express.Router();

  router.get('/c/:token', async (request, response) => {
    response.locals.operation = { id: 'one-time link' };
    try {
      const link = await links.look(request.params.token);
      send(response, plainPage(await opened(context, link, request)));
    } catch (error) {
      if (!(error instanceof LinkGone)) throw error;
      send(response, plainPage(gone(error)), 410);
    }
  });

  const form = express.urlencoded({ extended: false, limit: 16 * 1024 });
  router.post('/c/:token', form, async (request: Request, response: Response) => {
    response.locals.operation = { id: 'one-time link' };
    requireOwnForm(request, config.publicUrl);
    const token = String(request.params.token);
    try {
      await links.use(token, (link, secret) => use(context, link, secret, request, response));
    } catch (error) {
      if (error instanceof LinkGone) return send(response, plainPage(gone(error)), 410);
      if (!(error instanceof SlotsError)) throw error;
      const link = await links.look(token);
      send(response, plainPage(await opened(context, link, request, error.message)), 422);
    }
  });

  return router;
}

/** A link that takes a key. */
interface KeyLink extends Link {
  readonly purpose: Extract<Purpose, { readonly kind: 'connect' | 'replace' | 'fill' }>;
}

/** What a link is for, and the form that uses it up. `wrong`: what was wrong with what was sent. */
async function opened(
  context: WebContext,
  { purpose, ...link }: Link,
  request: Request,
  wrong?: string,
): Promise<Page> {
  const { workspace, by, until } = link;
  switch (purpose.kind) {
    case 'sign-in':
      return {
        title: 'Sign in',
        body: html`<div class="panel centre"><h1>Sign in</h1><p class="lead">As <b>${by}</b>, in workspace <b>${workspace}</b>.</p><form method="post"><button class="button primary wide">Continue</button></form><p class="soft">The link works once, until ${time(until)}.</p></div>`,
      };
    case 'show':
      return {
        title: purpose.title,
        body: html`<div class="panel centre"><h1>${purpose.title}</h1><p class="lead">${by} sent you something that is shown once. It cannot be opened again afterwards.</p><form method="post"><button class="button primary wide">Show it</button></form></div>`,
      };
    case 'result': {
      const job = await sharedList(context, workspace, purpose.list);
      return sharedResultPage(job, link, readerOf(request));
    }
    default:
      return keyPage({ ...link, purpose }, fieldOf(request, 'label'), wrong);
  }
}

function keyPage({ purpose, workspace, by, until }: KeyLink, label: string, wrong: string | undefined): Page {
  const where = purpose.slot === undefined ? 'a free slot' : `slot ${purpose.slot}`;
  const words = {
    connect: 'Connect Apollo.io',
    replace: `Replace the key in ${where}`,
    fill: `Fill ${where} with an Apollo key`,
  }[purpose.kind];
  return {
    title: words,
    body: connectForm({
      heading: words,
      lead: html`<b>${by}</b> asks you to put an Apollo key into <b>${where}</b> of workspace <b>${workspace}</b>. This page can do that and nothing else; it works until ${time(until)}.`,
      action: '',
      button: purpose.kind === 'replace' ? 'Replace the key' : 'Connect Apollo.io',
      wrong,
      label,
    }),
  };
}

/** Does what the link is for, and answers. */
async function use(
  context: WebContext,
  { purpose, ...link }: Link,
  secret: string | undefined,
  request: Request,
  response: Response,
): Promise<void> {
  const { workspace, by } = link;
  switch (purpose.kind) {
    case 'sign-in': {
      const { scopes, via } = purpose;
      const session = await context.sessions.begin({ workspace, by, scopes, via });
      setSessionCookie(response, session, Sessions.LASTS_MS);
      return response.redirect(303, '/app/integrations/apollo');
    }
    case 'show':
      return send(
        response,
        plainPage({
          title: purpose.title,
          body: html`<h1>${purpose.title}</h1><p class="lead">Copy it now: this page shows it once.</p><div class="panel"><div class="copy"><code id="secret" tabindex="0">${secret}</code><button type="button" class="button" data-copy="secret" hidden>Copy</button></div></div>`,
        }),
      );
    case 'result': {
      const job = await sharedList(context, workspace, purpose.list);
      const page = await sharedResult(context, job, request, response);
      if (page) send(response, plainPage(page));
      return;
    }
    default: {
      const connected = await takeKey(context, { ...link, purpose }, request);
      return send(
        response,
        plainPage({
          title: 'Connected',
          body: html`<div class="celebrate">${icons.check}</div><h1>Connected</h1><p class="lead">Apollo took the key. You can close this page.</p><div class="panel">${connectedFacts(connected, readerOf(request))}</div>`,
        }),
      );
    }
  }
}

async function takeKey(
  { core }: WebContext,
  { purpose, workspace, by }: KeyLink,
  request: Request,
): Promise<Connected> {
  const asked = {
    workspace,
    key: fieldOf(request, 'key'),
    label: fieldOf(request, 'label'),
    by: `${by}, by one-time link`,
  };
  switch (purpose.kind) {
    case 'connect':
      return await core.slots.connect({ ...asked, slot: purpose.slot });
    case 'replace':
      return await core.slots.replace({ ...asked, slot: purpose.slot });
    case 'fill':
      return await core.slots.fill({ ...asked, slot: purpose.slot });
  }
}

function gone({ message }: LinkGone): Page {
  return {
    title: 'This link has ended',
    body: html`<div class="panel centre"><h1>This link has ended</h1><p class="lead">${message}</p></div>`,
  };
}
