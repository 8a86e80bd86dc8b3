import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../api/free-port.ts';
import { type Executed, type RawExecution, readExecution } from './executed.ts';
import { N8N } from './install.ts';
import type { N8n } from './n8n.ts';

/** ms for n8n to start: it moves its database first. */
const START_MS = 180_000;
const LOOK_EVERY_MS = 100;
const ENDED = ['success', 'error', 'crashed', 'canceled'];

/** Who logs in to the editor. */
export const OWNER = {
  email: 'owner@contoso.com',
  firstName: 'Ada',
  lastName: 'Lovelace',
  password: 'Contoso-2026',
} as const;

/** A process of n8n: its server, or a worker in queue mode. */
export class N8nProcess implements AsyncDisposable {
  readonly url: string;
  /** Of the operating system. */
  readonly pid: number | undefined;
  readonly #child: ChildProcess;
  /** Lines that it wrote. */
  readonly output: string[] = [];

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.pid = child.pid;
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => void this.output.push(text));
    }
  }

  /** `command`: as on n8n's command line. Resolves when it answers; `env` comes on top of the n8n's. */
  static async start(
    n8n: N8n,
    command: readonly string[],
    env: Record<string, string> = {},
  ): Promise<N8nProcess> {
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    const child = spawn(process.execPath, [N8N, ...command], {
      cwd: n8n.folder,
      env: {
        ...n8n.env,
        N8N_PORT: port,
        QUEUE_HEALTH_CHECK_PORT: port,
        N8N_LISTEN_ADDRESS: '127.0.0.1',
        N8N_HOST: '127.0.0.1',
        WEBHOOK_URL: `${url}/`,
        N8N_RUNNERS_BROKER_PORT: String(await freePort()),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const started = new N8nProcess(url, child);
    const until = Date.now() + START_MS;
    while (!(await started.#isReady())) {
      if (child.exitCode !== null || Date.now() > until) {
        await started[Symbol.asyncDispose]();
        throw new Error(`n8n ${command.join(' ')} did not start:\n${started.output.join('').slice(-4000)}`);
      }
      await rest();
    }
    return started;
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/healthz/readiness`)).ok;
    } catch {
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    const end = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await once(this.#child, 'exit');
    clearTimeout(end);
  }
}

/** What an owner does in n8n's editor, over the addresses that the editor asks. */
export class Editor {
  readonly #url: string;
  readonly #headers: Record<string, string> = {
    'content-type': 'application/json',
    'browser-id': 'test',
    // n8n closes idle connections just when the next request is on its way.
    connection: 'close',
  };

  private constructor(url: string) {
    this.#url = url;
  }

  /** Sets a new n8n up and logs in. */
  static async setUp({ url }: N8nProcess): Promise<Editor> {
    const editor = new Editor(url);
    const response = await fetch(`${url}/rest/owner/setup`, {
      method: 'POST',
      headers: editor.#headers,
      body: JSON.stringify(OWNER),
    });
    if (!response.ok) throw new Error(`n8n took no owner: ${await response.text()}`);
    editor.#headers.cookie = response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
    const scopes = ['execution:list', 'execution:read', 'workflow:activate', 'workflow:deactivate'];
    const { rawApiKey } = await editor.ask<{ rawApiKey: string }>('POST', '/rest/api-keys', {
      label: 'test',
      scopes,
      expiresAt: null,
    });
    editor.#headers['x-n8n-api-key'] = rawApiKey;
    return editor;
  }

  async ask<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: this.#headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 2000)}`);
    const answer = JSON.parse(text);
    return path.startsWith('/rest/') ? answer.data : answer;
  }

  /** Switches a workflow on: its triggers listen from now on. */
  async activate(workflow: string): Promise<void> {
    await this.ask('POST', `/api/v1/workflows/${workflow}/activate`);
  }

  async deactivate(workflow: string): Promise<void> {
    await this.ask('POST', `/api/v1/workflows/${workflow}/deactivate`);
  }

  /** Runs a workflow from its manual trigger, as the button does; resolves when it has ended. */
  async run(workflow: string, trigger: string): Promise<Executed> {
    return await this.ended(await this.start(workflow, trigger));
  }

  /** The same; gives the execution's id at once. */
  async start(workflow: string, trigger: string): Promise<string> {
    const { executionId } = await this.ask<{ executionId: string }>(
      'POST',
      `/rest/workflows/${workflow}/run`,
      { triggerToStartFrom: { name: trigger } },
    );
    return executionId;
  }

  /** Executions of a workflow so far, the oldest first. */
  async executions(workflow: string): Promise<{ id: string; status: string }[]> {
    const { data } = await this.ask<{ data: { id: string; status: string }[] }>(
      'GET',
      `/api/v1/executions?workflowId=${workflow}&limit=100`,
    );
    return data.sort((a, b) => Number(a.id) - Number(b.id));
  }

  async ended(execution: string): Promise<Executed> {
    await this.untilEnded(execution);
    return readExecution(
      await this.ask<RawExecution>('GET', `/api/v1/executions/${execution}?includeData=true`),
    );
  }

  /** Gives the status that an execution ends with, and has n8n read nothing of what it holds. */
  async untilEnded(execution: string): Promise<string> {
    for (;;) {
      const { status } = await this.ask<{ status: string }>('GET', `/api/v1/executions/${execution}`);
      if (ENDED.includes(status)) return status;
      await rest();
    }
  }
}

async function rest(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}
