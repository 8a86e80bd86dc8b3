import type { Core, Log, Ports } from '@connectionsphere/core';
import type { Config } from '@connectionsphere/core/node';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { actingAs } from '../acting.ts';
import { Problem } from '../api/problem.ts';
import type { Scope, Tokens } from '../api/tokens.ts';
import { inTime } from '../deadline.ts';
import type { Notices } from '../hooks/index.ts';
import { type Reader, readerFor } from '../reader.ts';
import type { SlotRequests } from '../slot-requests.ts';
import type { Html } from './html.ts';
import { appPage, type Page } from './layout.ts';
import type { OneTimeLinks } from './links.ts';
import { isOwnForm, sessionSecret } from './security.ts';
import { actorOf, type Session, type Sessions, type SlackPeople } from './sessions.ts';
import { personOf } from './whose-lists.ts';

/** What the pages work on. */
export interface WebContext {
  readonly core: Core;
  readonly ports: Ports;
  readonly log: Log;
  readonly config: Config;
  readonly tokens: Tokens;
  readonly notices: Notices;
  readonly links: OneTimeLinks;
  readonly sessions: Sessions;
  /** Where Slack is served: its people, whose rights and lists are the same here. */
  readonly slack: SlackPeople | undefined;
  readonly requests: SlotRequests;
  /** Where people reach the server, without a slash at its end. */
  readonly address: () => string;
  /** Aborts when the process is asked to end. */
  readonly stopping: AbortSignal;
}

/** One request of somebody who is signed in. */
export interface Visit {
  readonly session: Session;
  readonly workspace: string;
  /** Whose name stands beside what is done: Slack's id of its people, whom the bot can tell things. */
  readonly doer: string;
  readonly reader: Reader;
  readonly request: Request;
  readonly response: Response;
  /** Fields of the form, trimmed; '' for one that is not there. */
  readonly field: (name: string) => string;
}

/** What a visit ends with: a page, a piece of one for htmx, or another address to go on to. */
export type Outcome =
  | { readonly page: Page; readonly status?: number }
  | { readonly piece: Html; readonly status?: number }
  /** `done`, `wrong`: what to say there. */
  | { readonly goTo: string; readonly done?: string; readonly wrong?: string }
  /** Answered already. */
  | { readonly answered: true };

export type Screen = (visit: Visit) => Promise<Outcome>;

const FORM_BYTES = 256 * 1024;

/** Routes for those who are signed in; each asks for its scope itself, whoever drew the button. */
export class Screens {
  readonly router: Router = express.Router();
  readonly #context: WebContext;

  constructor(context: WebContext) {
    this.#context = context;
  }

  get(path: string, scope: Scope, screen: Screen): void {
    this.router.get(path, (request, response) => this.#serve(scope, screen, request, response));
  }

  /** `formBytes`: the largest form that is taken. */
  post(path: string, scope: Scope, screen: Screen, formBytes = FORM_BYTES): void {
    const form = express.urlencoded({ extended: false, limit: formBytes });
    this.router.post(path, this.#ownForm, form, (request: Request, response: Response) =>
      this.#serve(scope, screen, request, response),
    );
  }

  readonly #ownForm = (request: Request, _: Response, next: NextFunction) => {
    requireOwnForm(request, this.#context.config.publicUrl);
    next();
  };

  async #serve(scope: Scope, screen: Screen, request: Request, response: Response): Promise<void> {
    // For the metrics, where no path of a caller's own may stand.
    response.locals.operation = { id: 'page' };
    const { sessions } = this.#context;
    const secret = sessionSecret(request);
    const session = secret === undefined ? undefined : await inTime(sessions.find(secret));
    if (!session) {
      const back = request.method === 'GET' ? `?to=${encodeURIComponent(request.originalUrl)}` : '';
      return response.redirect(303, `/sign-in${back}`);
    }
    response.locals.session = session;
    if (!session.scopes.includes(scope)) {
      throw new Problem(
        403,
        'scope-missing',
        `You may not do that here: it needs the right "${scope}". Ask an admin of workspace ${session.workspace}, or sign in in another way.`,
      );
    }
    const outcome = await actingAs(actorOf(session, scope === 'operator'), () =>
      screen({
        session,
        workspace: session.workspace,
        doer: personOf(session.via) ?? session.by,
        reader: readerOf(request),
        request,
        response,
        field: (name) => fieldOf(request, name),
      }),
    );
    await this.#end(outcome, session, request, response);
  }

  async #end(outcome: Outcome, session: Session, request: Request, response: Response): Promise<void> {
    const { sessions } = this.#context;
    if ('answered' in outcome) return;
    if ('goTo' in outcome) {
      const { goTo, done, wrong } = outcome;
      if (wrong !== undefined) await sessions.say(session, { kind: 'wrong', text: wrong });
      else if (done !== undefined) await sessions.say(session, { kind: 'done', text: done });
      return response.redirect(303, goTo);
    }
    if ('piece' in outcome) return send(response, outcome.piece, outcome.status);
    const flash = await sessions.heard(session);
    send(response, appPage(outcome.page, session, request.path, flash), outcome.status);
  }
}

/** Throws a 403 for a form that no page of ours sent. */
export function requireOwnForm(request: Request, publicUrl: string | undefined): void {
  if (isOwnForm(request, publicUrl)) return;
  throw new Problem(
    403,
    'foreign-form',
    'This form was not sent by a page of this server, so nothing was done. Open the page here, and send it from there. Behind a proxy, set PUBLIC_URL.',
  );
}

export function fieldOf(request: Request, name: string): string {
  const value = (request.body as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' ? value.trim() : '';
}

export function send(response: Response, page: Html, status = 200): void {
  response.status(status).type('html').send(String(page));
}

/** Numbers as the reader's browser wants them. */
export function readerOf(request: Request): Reader {
  return readerFor(request.acceptsLanguages()[0]?.replace('*', 'en-US') ?? 'en-US');
}

/** Whether htmx asks, for a piece of a page. */
export function asksForPiece(request: Request): boolean {
  return request.get('hx-request') === 'true';
}
