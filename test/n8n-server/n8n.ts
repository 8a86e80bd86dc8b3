import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../api/free-port.ts';
import { run } from './command.ts';
import { type Executed, type RawExecution, readExecution } from './executed.ts';
import installN8n, { N8N, npm } from './install.ts';

const PACKAGE = path.resolve(import.meta.dirname, '../../n8n-nodes');

export interface Credential {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

export interface Workflow {
  readonly id: string;
  readonly name: string;
  readonly nodes: readonly WorkflowNode[];
  readonly connections: object;
  readonly settings?: object;
}

export interface WorkflowNode {
  readonly name: string;
  readonly type: string;
  readonly parameters: Record<string, unknown>;
  readonly credentials?: Record<string, { readonly id: string; readonly name: string }>;
  readonly [more: string]: unknown;
}

/** A real n8n with a user folder of its own, and our package in it as users get it. */
export class N8n implements AsyncDisposable {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;

  private constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.env = env;
  }

  /** `env`: beside what keeps n8n to this machine, e.g. its database. */
  static async create(env: Record<string, string> = {}): Promise<N8n> {
    const n8n = await N8n.createEmpty(env);
    await n8n.#install();
    return n8n;
  }

  /** One without our package. */
  static async createEmpty(env: Record<string, string> = {}): Promise<N8n> {
    await installN8n();
    const folder = await mkdtemp(path.join(tmpdir(), 'n8n-'));
    const n8n = new N8n(folder, {
      PATH: process.env.PATH,
      HOME: folder,
      N8N_USER_FOLDER: folder,
      N8N_ENCRYPTION_KEY: randomBytes(16).toString('hex'),
      N8N_DIAGNOSTICS_ENABLED: 'false',
      N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
      N8N_TEMPLATES_ENABLED: 'false',
      N8N_HIRING_BANNER_ENABLED: 'false',
      N8N_PERSONALIZATION_ENABLED: 'false',
      N8N_SECURE_COOKIE: 'false',
      N8N_RESTRICT_FILE_ACCESS_TO: folder,
      // `execute` puts out its result as a line of the log.
      N8N_LOG_LEVEL: 'info',
      ...env,
    });
    return n8n;
  }

  /** A folder with an npm that has our package in its registry; everything else it leaves to the machine's. */
  async npmWithPackage(): Promise<string> {
    const folder = path.join(this.folder, 'npm');
    await mkdir(folder);
    await npm(['pack', '--pack-destination', folder], PACKAGE);
    const tarball = (await readdir(folder)).find((file) => file.endsWith('.tgz')) ?? '';
    const real = (await run('which', ['npm'], { cwd: folder, env: this.env })).trim();
    const script = `#!/bin/sh
case "$1" in
  view) echo '"${/-(\d+\.\d+\.\d+.*)\.tgz$/.exec(tarball)?.[1]}"' ;;
  pack) cp '${path.join(folder, tarball)}' . && echo '${tarball}' ;;
  *) exec '${real}' "$@" ;;
esac
`;
    await writeFile(path.join(folder, 'npm'), script, { mode: 0o755 });
    return folder;
  }

  /** Packs our package and installs it as n8n installs community packages. */
  async #install(): Promise<void> {
    const nodes = path.join(this.folder, '.n8n', 'nodes');
    await mkdir(nodes, { recursive: true });
    await npm(['pack', '--pack-destination', nodes], PACKAGE);
    const tarball = (await readdir(nodes)).find((file) => file.endsWith('.tgz'));
    if (!tarball) throw new Error('npm packed nothing');
    await writeFile(path.join(nodes, 'package.json'), '{"name":"installed-nodes","private":true}');
    await npm(['install', `./${tarball}`, '--ignore-scripts', '--omit=peer', '--legacy-peer-deps'], nodes);
  }

  async importCredentials(credentials: readonly Credential[]): Promise<void> {
    await this.#import('credentials', credentials);
  }

  async importWorkflows(workflows: readonly Workflow[]): Promise<void> {
    await this.#import(
      'workflow',
      workflows.map((workflow) => ({ active: false, settings: {}, ...workflow })),
    );
  }

  async #import(what: 'credentials' | 'workflow', list: readonly object[]): Promise<void> {
    const file = path.join(this.folder, `${what}.json`);
    await writeFile(file, JSON.stringify(list));
    await this.command([`import:${what}`, `--input=${file}`]);
    await rm(file);
  }

  /** Runs a workflow from its manual trigger, in a process of its own. */
  async execute(id: string): Promise<Executed> {
    const text = await this.command(['execute', `--id=${id}`, '--rawOutput']);
    // Among lines of the log there is one document, as JSON.stringify indents it.
    const document = /^\{\n[\s\S]*?^\}$/m.exec(text)?.[0];
    if (document === undefined) throw new Error(`n8n gave no execution:\n${text.slice(-4000)}`);
    const raw: RawExecution = JSON.parse(document);
    return readExecution(raw);
  }

  async command(args: readonly string[]): Promise<string> {
    const env = { ...this.env, N8N_RUNNERS_BROKER_PORT: String(await freePort()) };
    return await run(process.execPath, [N8N, ...args], { cwd: this.folder, env });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
