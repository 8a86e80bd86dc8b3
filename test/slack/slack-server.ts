import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { View } from '@slack/types';
import { createEmulator } from 'emulate';
import { parse } from 'yaml';
import { freePort } from '../api/free-port.ts';
import { assertMessageLimits, assertViewLimits } from './block-limits.ts';

export const TEAM = 'T000000001';
export const BOT_TOKEN = 'xoxb-1-test-bot';
/** A user's token, for what people do in Slack themselves, such as sending a file. */
const PERSON_TOKEN = 'xoxp-1-test-person';

const manifestFile = new URL('../../manifest.yml', import.meta.url);
/** What administrators give to Slack; the emulator grants the bot these scopes and no others. */
export const manifest = parse(readFileSync(manifestFile, 'utf8')) as Manifest;

interface Parameter {
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly name: string;
  readonly is_required?: boolean;
}

/** The variant with steps for Workflow Builder. */
export const stepsManifest = parse(
  readFileSync(new URL('../../manifest.steps.yml', import.meta.url), 'utf8'),
) as Manifest & {
  settings: { function_runtime: string };
  functions: Record<
    string,
    {
      title: string;
      description: string;
      input_parameters: Record<string, Parameter>;
      output_parameters: Record<string, Parameter>;
    }
  >;
};

interface Manifest {
  _metadata: { major_version: number };
  display_information: Record<string, string>;
  features: {
    bot_user: { display_name: string };
    shortcuts: { name: string; type: string; callback_id: string; description: string }[];
    slash_commands: { command: string; description: string; usage_hint: string }[];
  };
  oauth_config: { scopes: { bot: string[] } };
  settings: {
    event_subscriptions: { bot_events: string[] };
    org_deploy_enabled: boolean;
    socket_mode_enabled: boolean;
  };
}

/** A call of the Web API, or an answer to a `response_url` (method `respond`). */
export interface Call {
  readonly method: string;
  readonly args: Record<string, unknown>;
  readonly answer: Record<string, unknown>;
}

interface Fault {
  readonly method: string;
  times: number;
  readonly status?: number;
  readonly error?: string;
  readonly retryAfter?: number;
  /** The call is answered, as it would be, only then. */
  readonly held?: Promise<void>;
  /** The call is never answered. */
  readonly silent?: true;
  /** Only calls that this holds for. */
  readonly when?: (args: Record<string, unknown>) => boolean;
}

/**
 * Slack as the bot sees it: the emulator, with scopes enforced, behind a recorder that keeps every call,
 * checks every message and view against Slack's limits, fails on demand, and takes what the emulator lacks
 * (`response_url`).
 */
export class SlackServer {
  readonly calls: Call[] = [];
  readonly #faults: Fault[] = [];
  readonly #waiting = new Set<() => void>();
  /** What `users.info` says of somebody beside what the emulator knows. */
  readonly #people = new Map<string, Record<string, unknown>>();
  readonly #answers = new Map<string, Record<string, unknown>>();
  /** Steps of workflows that run: their functions by their executions. */
  readonly #steps = new Map<string, string>();
  readonly #server: Server;
  #emulator: { close(): Promise<void> } | undefined;
  /** Where the emulator itself listens: what it calls its address is ours. */
  #emulatorUrl = '';
  /** What `apps.connections.open` gives: the emulator has no Socket Mode. */
  socketUrl = '';
  /** Types of blocks that have not arrived in this workspace: a message with one is refused. */
  readonly unknownBlocks = new Set<string>();
  /** Problems that the limits found in what the bot sent. */
  readonly problems: unknown[] = [];

  constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        this.problems.push(new Error(`${request.method} ${request.url}`, { cause: error }));
        response.destroy();
      });
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get apiUrl(): string {
    return `${this.origin}/api/`;
  }

  async start(users: readonly { name: string; is_admin?: boolean }[]): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const scopes = manifest.oauth_config.scopes.bot;
    const port = await freePort();
    this.#emulatorUrl = `http://127.0.0.1:${port}`;
    this.#emulator = await createEmulator({
      service: 'slack',
      port,
      baseUrl: this.origin,
      seed: {
        slack: {
          strict_scopes: true,
          users: [...users],
          oauth_apps: [
            {
              client_id: '1.2',
              client_secret: 'client-secret',
              app_id: 'A000000009',
              name: 'ConnectionSphere',
              redirect_uris: [`${this.origin}/slack/oauth_redirect`],
              scopes,
              bot_id: 'B000000009',
              bot_user_id: 'U00000BOT',
              bot_name: 'connectionsphere',
            },
          ],
          tokens: [
            {
              token: BOT_TOKEN,
              user_id: 'U00000BOT',
              scopes,
              app_id: 'A000000009',
              bot_id: 'B000000009',
              bot_user_id: 'U00000BOT',
            },
            {
              token: PERSON_TOKEN,
              user: users[0]?.name ?? '',
              scopes: ['users:read', 'files:write', 'files:read', 'chat:write', 'im:write', 'im:read'],
            },
          ],
        },
      } as never,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#emulator?.close();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** The next calls of a method fail. */
  fail(fault: Omit<Fault, 'times'> & { times?: number }): void {
    this.#faults.push({ times: 1, ...fault });
  }

  /** From now on a method is answered with this. */
  answer(method: string, body: Record<string, unknown>): void {
    this.#answers.set(method, body);
  }

  /** From now on `users.info` says this of somebody, too: a guest, an owner of an organisation, a stranger. */
  tell(user: string, profile: Record<string, unknown>): void {
    this.#people.set(user, profile);
  }

  heal(): void {
    this.#faults.length = 0;
  }

  of(method: string): Call[] {
    return this.calls.filter((call) => call.method === method);
  }

  /** Resolves with the first call (from `from` on) that `test` holds for, now or when it comes. */
  async until(test: (call: Call) => boolean, from = 0, withinMs = 30_000): Promise<Call> {
    const deadline = AbortSignal.timeout(withinMs);
    for (;;) {
      const found = this.calls.slice(from).find(test);
      if (found) return found;
      if (deadline.aborted) {
        throw new Error(`Never called. Calls were: ${this.calls.map(({ method }) => method).join(', ')}`);
      }
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
        deadline.addEventListener('abort', wake, { once: true });
      });
    }
  }

  /** Asks the emulator as the bot does, without being recorded. */
  async api(
    method: string,
    args: Record<string, unknown>,
    token = BOT_TOKEN,
  ): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.#emulatorUrl}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(args),
    });
    return (await response.json()) as Record<string, unknown>;
  }

  async userId(name: string): Promise<string> {
    const { members } = (await this.api('users.list', {}, PERSON_TOKEN)) as {
      members: { id: string; name: string }[];
    };
    const found = members.find((member) => member.name === name);
    if (!found) throw new Error(`No user ${name}`);
    return found.id;
  }

  /** The conversation of somebody with the bot. */
  async directMessage(user: string): Promise<string> {
    const posted = await this.api('chat.postMessage', { channel: user, text: 'Hello' });
    return String(posted.channel);
  }

  /** A trigger that opens one modal for somebody, as commands and buttons carry it. */
  async trigger(user: string): Promise<string> {
    const { trigger_id } = (await this.api('views.generateTriggerId', { user_id: user })) as {
      trigger_id: string;
    };
    return trigger_id;
  }

  /** Somebody's file in Slack; with `channel`, sent there. Gives its id. */
  async upload(name: string, content: string | Uint8Array, channel = 'U00000BOT'): Promise<string> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const started = (await this.api(
      'files.getUploadURLExternal',
      { filename: name, length: bytes.length },
      PERSON_TOKEN,
    )) as {
      upload_url: string;
      file_id: string;
    };
    await fetch(started.upload_url, { method: 'POST', body: bytes as Uint8Array<ArrayBuffer> });
    const done = await this.api(
      'files.completeUploadExternal',
      { files: [{ id: started.file_id, title: name }], channel_id: channel },
      PERSON_TOKEN,
    );
    if (done.ok !== true) throw new Error(`Upload failed: ${JSON.stringify(done)}`);
    return started.file_id;
  }

  /** What the bot uploaded, by the file's id. */
  async fileText(id: string): Promise<string> {
    const { file } = (await this.api('files.info', { file: id })) as { file: { url_private: string } };
    const response = await fetch(file.url_private, { headers: { authorization: `Bearer ${BOT_TOKEN}` } });
    return await response.text();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const path = request.url ?? '/';
    if (path.startsWith('/respond/')) {
      const args = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
      this.#record({ method: 'respond', args: { ...args, url: path }, answer: {} });
      response.end('ok');
      return;
    }
    const method = path.startsWith('/api/') ? (path.slice('/api/'.length).split('?')[0] ?? '') : undefined;
    const args = method === undefined ? {} : argsIn(body.toString('utf8'));
    if (method !== undefined && (await this.#failed(method, args, response))) return;
    const own = method === undefined ? undefined : this.#ownAnswer(method, args);
    if (method !== undefined && own) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(own));
      this.#record({ method, args, answer: own });
      return;
    }
    const forwarded = await fetch(`${this.#emulatorUrl}${path}`, {
      method: request.method ?? 'GET',
      headers: {
        ...(request.headers.authorization && { authorization: request.headers.authorization }),
        ...(request.headers['content-type'] && { 'content-type': request.headers['content-type'] }),
      },
      ...(request.method === 'POST' && { body }),
      redirect: 'manual',
    });
    const answer = this.#withPerson(args, Buffer.from(await forwarded.arrayBuffer()));
    const location = forwarded.headers.get('location');
    response.writeHead(forwarded.status, {
      'content-type': forwarded.headers.get('content-type') ?? 'text/plain',
      ...(location !== null && { location }),
    });
    response.end(answer);
    if (method === undefined) return;
    this.#record({ method, args, answer: JSON.parse(answer.toString('utf8')) as Record<string, unknown> });
  }

  #withPerson({ user }: Record<string, unknown>, answer: Buffer): Buffer {
    const profile = this.#people.get(String(user));
    if (!profile) return answer;
    const body = JSON.parse(answer.toString('utf8')) as Record<string, unknown>;
    if (typeof body.user !== 'object') return answer;
    return Buffer.from(JSON.stringify({ ...body, user: { ...body.user, ...profile } }));
  }

  /** To what the emulator does not know, or should answer otherwise. */
  #ownAnswer(method: string, args: Record<string, unknown>): Record<string, unknown> | undefined {
    const blocks = [args.blocks ?? []].flat() as { type?: string }[];
    if (/^chat\./.test(method) && blocks.some(({ type = '' }) => this.unknownBlocks.has(type)))
      return { ok: false, error: 'invalid_blocks' };
    if (method === 'apps.connections.open') return { ok: true, url: this.socketUrl };
    return method.startsWith('functions.') ? this.#endStep(args) : this.#answers.get(method);
  }

  /** A step of a workflow begins; gives its execution. The emulator knows no workflows. */
  beginStep(callback: string): string {
    const execution = `Fx${randomUUID().replaceAll('-', '').toUpperCase().slice(0, 12)}`;
    this.#steps.set(execution, callback);
    return execution;
  }

  /** Ends a step once, and checks what it gives against what the manifest promises. */
  #endStep({ function_execution_id, outputs }: Record<string, unknown>): Record<string, unknown> {
    const callback = this.#steps.get(String(function_execution_id));
    if (callback === undefined) return { ok: false, error: 'function_execution_not_found' };
    this.#steps.delete(String(function_execution_id));
    if (outputs) assertOutputs(callback, outputs as Record<string, unknown>, this.problems);
    return { ok: true };
  }

  async #failed(method: string, args: Record<string, unknown>, response: ServerResponse): Promise<boolean> {
    const fault = this.#faults.find(
      (each) => each.method === method && each.times > 0 && (each.when?.(args) ?? true),
    );
    if (!fault) return false;
    fault.times -= 1;
    if (fault.held) {
      await fault.held;
      return false;
    }
    const answer = { ok: false, error: fault.error ?? 'internal_error' };
    if (fault.silent) {
      this.#record({ method, args, answer });
      return true;
    }
    const retry = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
    response.writeHead(fault.status ?? 200, { 'content-type': 'application/json', ...retry });
    response.end(JSON.stringify(answer));
    this.#record({ method, args, answer });
    return true;
  }

  #record(call: Call): void {
    this.calls.push(call);
    try {
      const { method, args } = call;
      if (/^chat\.(?!delete)|^respond$/.test(method)) assertMessageLimits(args);
      if (/^views\./.test(method) && args.view) assertViewLimits(args.view as View);
    } catch (error) {
      this.problems.push(error);
    }
    for (const wake of [...this.#waiting]) wake();
  }
}

function assertOutputs(callback: string, outputs: Record<string, unknown>, problems: unknown[]): void {
  const promised = stepsManifest.functions[callback]?.output_parameters ?? {};
  for (const [name, value] of Object.entries(outputs)) {
    if (promised[name]?.type !== typeof value) {
      problems.push(new Error(`${callback} gives ${name} as ${typeof value}, not ${promised[name]?.type}`));
    }
  }
  for (const [name, { is_required }] of Object.entries(promised)) {
    if (is_required && outputs[name] === undefined) problems.push(new Error(`${callback} gives no ${name}`));
  }
}

/** The Web API client sends forms whose deeper values are JSON. */
function argsIn(body: string): Record<string, unknown> {
  if (body.startsWith('{')) return JSON.parse(body) as Record<string, unknown>;
  return Object.fromEntries(
    [...new URLSearchParams(body)].map(([name, value]) => [
      name,
      /^[[{]/.test(value) ? JSON.parse(value) : value,
    ]),
  );
}
