import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DEFAULT_SCOPES, type Scope, Tokens } from '../../bot/api/tokens.ts';
import { type OpenCore, openCore } from '../../bot/core.ts';
import { type Server, startServer } from '../../bot/server/server.ts';
import { createLog, readConfig } from '../../core/node/index.ts';
import { type Sandbox, type SandboxSettings, startSandbox } from '../sandbox/index.ts';

export const KEYS = {
  contoso: 'contoso-sales-key-0000-7Q2A',
  fabrikam: 'fabrikam-enrich-key-000-3M8T',
  spare: 'adventure-works-key-000-5P1C',
} as const;

/** An answer, read whole. */
export interface Got<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: T;
}

/** How a request is made; JSON unless `headers` say otherwise. */
export interface Asked {
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly headers?: Record<string, string>;
}

/** A server of its own with a store of its own, a sandbox in place of Apollo, and one workspace, `contoso`. */
export interface ApiServer extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly url: string;
  readonly folder: string;
  /** Lines of its log, JSON. */
  readonly logged: string[];
  /** May everything that a workspace may. */
  readonly token: string;
  /** A call with the workspace's token, unless another (or none: '') is given. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of an answer, at run time.
  call<T = any>(method: string, path: string, asked?: Asked): Promise<Got<T>>;
  /** Stops the server, does something with its store, and starts it again. */
  meanwhile<T>(work: (opened: OpenCore) => Promise<T>): Promise<T>;
  makeToken(workspace: string, scopes?: readonly Scope[]): Promise<string>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface ApiServerSettings extends SandboxSettings {
  readonly env?: Record<string, string>;
  /** Connected to `contoso`; one unless given. */
  readonly keys?: readonly string[];
}

export async function startApiServer({
  env = {},
  keys = [KEYS.contoso],
  ...settings
}: ApiServerSettings = {}): Promise<ApiServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'api-server-'));
  const sandbox = await startSandbox({
    teams: [
      { id: 'team-contoso', keys: [KEYS.contoso] },
      { id: 'team-fabrikam', keys: [KEYS.fabrikam] },
      { id: 'team-adventure', keys: [KEYS.spare] },
    ],
    matchRate: 1,
    lateMs: 1500,
    ...settings,
  });
  const config = readConfig({
    DATA_DIR: folder,
    APOLLO_BASE_URL: sandbox.url,
    APOLLO_MINUTE_MS: String(settings.minuteMs ?? 60_000),
    PORT: '0',
    ...env,
  });
  const logged: string[] = [];
  const log = createLog({ level: 'debug', json: true, write: (line) => void logged.push(line) });
  let server: Server | undefined;
  const stop = async () => {
    await server?.close();
    server = undefined;
  };
  const start = async () => {
    server = await startServer(config, log);
  };
  const withStore = async <T>(work: (opened: OpenCore) => Promise<T>): Promise<T> => {
    const opened = await openCore(config, log, { command: 'test' });
    try {
      return await work(opened);
    } finally {
      await opened.close();
    }
  };
  const meanwhile: ApiServer['meanwhile'] = async (work) => {
    await stop();
    const result = await withStore(work);
    await start();
    return result;
  };
  const create = (workspace: string, scopes: readonly Scope[]) => async (opened: OpenCore) =>
    (await new Tokens(opened.ports, opened.core.audit).create({ workspace, name: 'test', scopes })).secret;
  const token = await withStore(async (opened) => {
    for (const key of keys) await opened.core.slots.connect({ workspace: 'contoso', key });
    return await create('contoso', DEFAULT_SCOPES)(opened);
  });
  await start();
  return {
    sandbox,
    folder,
    logged,
    token,
    get url() {
      return `http://127.0.0.1:${server?.port}`;
    },
    call: async <T>(method: string, at: string, asked: Asked = {}) => {
      const response = await fetch(`http://127.0.0.1:${server?.port}${at}`, request(method, token, asked));
      const text = await response.text();
      const { status, headers } = response;
      const isJson = /[/+]json$/.test(headers.get('content-type')?.split(';')[0] ?? '');
      return { status, headers, text, body: (isJson ? JSON.parse(text) : undefined) as T };
    },
    meanwhile,
    makeToken: (workspace, scopes = DEFAULT_SCOPES) => meanwhile(create(workspace, scopes)),
    stop,
    start,
    [Symbol.asyncDispose]: async () => {
      await stop();
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function request(method: string, own: string, { body, token = own, headers = {} }: Asked): RequestInit {
  const raw = typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream;
  return {
    method,
    headers: {
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && !raw && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  } as RequestInit;
}

/** So many different people, as leads. */
export function leads(count: number, from = 0): Record<string, string>[] {
  return Array.from({ length: count }, (_, index) => ({
    first_name: `Ada${letters(index + from)}`,
    last_name: 'Lovelace',
    domain: 'contoso.com',
    linkedin_url: `https://www.linkedin.com/in/ada${letters(index + from)}-lovelace`,
  }));
}

/** A number in letters, since digits are no part of a name. */
function letters(number: number): string {
  const letter = String.fromCharCode(97 + (number % 26));
  return number < 26 ? letter : letters(Math.floor(number / 26) - 1) + letter;
}
