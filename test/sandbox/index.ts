import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { control } from './control.ts';
import { postOnThisMachine } from './late.ts';
import { type Controls, createModel } from './model.ts';
import type { SandboxSettings } from './settings.ts';
import { machineTime } from './time.ts';

export type { Fault, FaultKind } from './faults.ts';
export type { Counts } from './ledger.ts';
export type {
  CreditSettings,
  KeySettings,
  Plan,
  SandboxSettings,
  TeamSettings,
  WebhookMode,
} from './settings.ts';
export { EXAMPLE_TEAMS } from './settings.ts';

/** A running stand-in for Apollo. */
export interface Sandbox extends Controls, AsyncDisposable {
  /** Base address of the API; ends with `/api/v1`. */
  readonly url: string;
  /** Where the page of counts is; everything below `controlUrl` is the sandbox's own and not Apollo's. */
  readonly controlUrl: string;
  /** Stops at once; open connections are closed. */
  close(): Promise<void>;
}

/** Starts a sandbox on the loopback interface. */
export async function startSandbox(settings: SandboxSettings = {}): Promise<Sandbox> {
  const model = createModel(settings, { time: machineTime, post: postOnThisMachine });
  const server = createServer((request, response) => {
    void serve(request, response).catch((error: unknown) => {
      // A client that goes away while it is still sending is no failure of the sandbox.
      if (!request.destroyed) console.error('The sandbox failed:', error);
      response.destroy();
    });
  });
  // A client keeps connections for longer than Node's 5 s; none may break under its hands.
  server.keepAliveTimeout = 75_000;
  const port = await listen(server, settings.port ?? 0);
  const sandbox: Sandbox = {
    ...model,
    url: `http://127.0.0.1:${port}/api/v1`,
    controlUrl: `http://127.0.0.1:${port}/_sandbox`,
    close: async () => {
      model.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
  return sandbox;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', headers } = request;
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const body = await readBody(request);
    if (url.pathname === '/_sandbox' || url.pathname.startsWith('/_sandbox/')) {
      const reply = control(sandbox, model.faults(), method, url.pathname, body);
      response.writeHead(reply.status, { 'content-type': `${reply.type}; charset=utf-8` }).end(reply.body);
      return;
    }
    await model.answer({ method, url, headers, body }, response);
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
