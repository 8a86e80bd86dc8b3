import { type Connected, SlotsError } from '@connectionsphere/core';
import express, { type Request, type Response, type Router } from 'express';
import { actingAs } from '../../acting.ts';
import { html } from '../html.ts';
import { icons } from '../icons.ts';
import { type Page, plainPage, time } from '../layout.ts';
import { type Link, LinkGone } from '../links.ts';
import { setSessionCookie } from '../security.ts';
import { Sessions } from '../sessions.ts';
import { fieldOf, readerOf, requireOwnForm, send, type WebContext } from '../visit.ts';
import { connectedFacts, connectForm } from './connect-form.ts';

/** What one-time links open: without a session, without navigation. Only a POST uses one up. */
export function oneTimePages(context: WebContext): Router {
  const { core, links, sessions, config } = context;
  const router = express.Router();

  router.get('/c/:token', async (request, response) => {
    response.locals.operation = { id: 'one-time link' };
    try {
      const link = await links.look(request.params.token);
      send(response, plainPage(await opened(link)));
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
      await links.use(token, (link, secret) => done(link, secret, request, response));
    } catch (error) {
      if (error instanceof LinkGone) return send(response, plainPage(gone(error)), 410);
      if (!(error instanceof SlotsError)) throw error;
      const link = await links.look(token);
      send(response, plainPage(await opened(link, error.message, fieldOf(request, 'label'))), 422);
    }
  });

  async function opened({ purpose, workspace, by, until }: Link, wrong?: string, label = ''): Promise<Page> {
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
      case 'connect':
      case 'replace':
      case 'fill': {
        const where = purpose.slot === undefined ? 'a free slot' : `slot ${purpose.slot}`;
        const words =
          purpose.kind === 'replace'
            ? `Replace the key in ${where}`
            : purpose.kind === 'fill'
              ? `Fill ${where} with an Apollo key`
              : 'Connect Apollo.io';
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
    }
  }

  async function done(
    link: Link,
    secret: string | undefined,
    request: Request,
    response: Response,
  ): Promise<void> {
    const { purpose, workspace, by } = link;
    if (purpose.kind === 'sign-in') {
      const session = await sessions.begin({ workspace, by, scopes: purpose.scopes, via: purpose.via });
      setSessionCookie(response, session, Sessions.LASTS_MS);
      return response.redirect(303, '/app/integrations/apollo');
    }
    if (purpose.kind === 'show') {
      return send(
        response,
        plainPage({
          title: purpose.title,
          body: html`<h1>${purpose.title}</h1><p class="lead">Copy it now: this page shows it once.</p><div class="panel"><div class="copy"><code id="secret" tabindex="0">${secret}</code><button type="button" class="button" data-copy="secret" hidden>Copy</button></div></div>`,
        }),
      );
    }
    const asked = {
      workspace,
      key: fieldOf(request, 'key'),
      label: fieldOf(request, 'label'),
      by: `${by}, by one-time link`,
    };
    // Who opened the link is not known: it counts as its maker's deed.
    const maker = { kind: 'person', id: by, name: asked.by, via: 'link' } as const;
    const connected: Connected = await actingAs(maker, () =>
      purpose.kind === 'replace'
        ? core.slots.replace({ ...asked, slot: purpose.slot })
        : purpose.kind === 'fill'
          ? core.slots.fill({ ...asked, slot: purpose.slot })
          : core.slots.connect({ ...asked, slot: purpose.slot }),
    );
    send(
      response,
      plainPage({
        title: 'Connected',
        body: html`<div class="celebrate">${icons.check}</div><h1>Connected</h1><p class="lead">Apollo took the key. You can close this page.</p><div class="panel">${connectedFacts(connected, readerOf(request))}</div>`,
      }),
    );
  }

  return router;
}

function gone({ message }: LinkGone): Page {
  return {
    title: 'This link is used up',
    body: html`<div class="panel centre"><h1>This link is used up</h1><p class="lead">${message}</p></div>`,
  };
}
