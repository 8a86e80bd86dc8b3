import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { expect } from 'vitest';
import { SCOPES } from '../../bot/api/tokens.ts';
import type { LinkRequest } from '../../bot/web/links.ts';
import { type ApiServer, type ApiServerSettings, startApiServer } from '../api/api-server.ts';

const CHROMIUM = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((place) => place !== undefined && existsSync(place));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Visitor extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** No violation of WCAG 2.2 AA, or of axe's best practices, on what is shown now. */
  isAccessible(): Promise<void>;
}

/** The real server, the sandbox in place of Apollo, and a browser. */
export interface WebWorld extends AsyncDisposable {
  readonly server: ApiServer;
  /** `http://localhost:…`: browsers keep the session's cookie only for a name, and only for this one without TLS. */
  readonly url: string;
  /** Somebody's own browser. Anything that the policy forbids, and any error of a script, fails the test at its end. */
  visit(options?: BrowserContextOptions): Promise<Visitor>;
  /** A one-time link, as the command line gets it from the running server. */
  link(request: Partial<LinkRequest> & Pick<LinkRequest, 'purpose'>): Promise<string>;
  /** Signed in to a workspace with every right but an operator's, or these. */
  signedIn(
    options?: BrowserContextOptions,
    workspace?: string,
    scopes?: readonly (typeof SCOPES)[number][],
  ): Promise<Visitor>;
}

export async function startWebWorld(settings: ApiServerSettings = {}): Promise<WebWorld> {
  if (!CHROMIUM)
    throw new Error('No Chromium was found. Install it ("apt-get install chromium"), or set CHROMIUM.');
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startApiServer({ keys: [], ...settings }));
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  stack.defer(() => browser.close());
  const visit: WebWorld['visit'] = async (options) => {
    const context = await browser.newContext({ viewport: { width: 1200, height: 850 }, ...options });
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('console', (message) => {
      // An answer that says what is wrong with a form is no fault.
      if (message.type() === 'error' && !message.text().includes('the server responded with a status of')) {
        wrong.push(message.text());
      }
    });
    return {
      page,
      context,
      isAccessible: async () => {
        // The debugger brings the script in, past the policy of the page.
        const found = await page.evaluate(`${AXE}; axe.run({ resultTypes: ['violations'] })
          .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`);
        expect(found).toEqual([]);
      },
      [Symbol.asyncDispose]: async () => {
        await context.close();
        expect(wrong).toEqual([]);
      },
    };
  };
  const link: WebWorld['link'] = async (wanted) => {
    const made = await ask(path.join(server.folder, 'server.sock'), 'makeLink', [
      { workspace: 'contoso', by: 'Ada', ...wanted },
    ]);
    return (made as { url: string }).url;
  };
  const own = stack.move();
  return {
    server,
    // Another port after a restart.
    get url() {
      return server.url.replace('127.0.0.1', 'localhost');
    },
    visit,
    link,
    signedIn: async (
      options,
      workspace = 'contoso',
      scopes = SCOPES.filter((scope) => scope !== 'operator'),
    ) => {
      const visitor = await visit(options);
      await visitor.page.goto(
        await link({ workspace, purpose: { kind: 'sign-in', scopes, via: 'machine' } }),
      );
      await visitor.page.getByRole('button', { name: 'Continue' }).click();
      return visitor;
    },
    [Symbol.asyncDispose]: () => own.disposeAsync(),
  };
}

/** Has the running server do something, as the command line does. */
async function ask(socketPath: string, call: string, args: readonly unknown[]): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const asked = request({
    socketPath,
    method: 'POST',
    path: `/${call}`,
    headers: { 'content-type': 'application/json' },
  });
  asked.on('error', reject);
  asked.on('response', (response) => text(response).then(resolve, reject));
  asked.end(JSON.stringify(args));
  return (JSON.parse(await promise) as { value: unknown }).value;
}
