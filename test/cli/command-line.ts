import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Sandbox, type SandboxSettings, startSandbox } from '../sandbox/index.ts';

const CLI = fileURLToPath(new URL('../../bot/cli/main.ts', import.meta.url));

export const KEYS = {
  contoso: 'contoso-sales-key-0000-7Q2A',
  contosoToo: 'contoso-growth-key-0000-9F4K',
  fabrikam: 'fabrikam-enrich-key-000-3M8T',
  spare: 'adventure-works-key-000-5P1C',
} as const;

/** A minute of Apollo's in which phones are polled for after half a second, ms. */
export const SHORT_MINUTE_MS = 3_000;

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that was started and runs. */
export interface Started {
  readonly child: ChildProcess;
  readonly ran: Promise<Ran>;
}

/** The command line on a machine of its own: a folder, a store, and a sandbox in place of Apollo. */
export interface Machine extends AsyncDisposable {
  readonly folder: string;
  readonly dataDir: string;
  readonly sandbox: Sandbox;
  /** Runs a command to its end. */
  run(args: readonly string[], given?: { input?: string; env?: Record<string, string> }): Promise<Ran>;
  /** As {@link run} with `--json`; fails unless the command exits with `code`. */
  json<T = Record<string, unknown>>(
    args: readonly string[],
    given?: { input?: string; code?: number; env?: Record<string, string> },
  ): Promise<T>;
  start(args: readonly string[], env?: Record<string, string>): Started;
  /** Puts a file into the folder; gives its path. */
  file(name: string, text: string | Uint8Array): Promise<string>;
  read(name: string): Promise<string>;
}

/** `env`: settings of every command beside those that a machine has anyway. */
export async function startMachine({
  env: shared = {},
  ...settings
}: SandboxSettings & { readonly env?: Record<string, string> } = {}): Promise<Machine> {
  const folder = await mkdtemp(path.join(tmpdir(), 'command-line-'));
  const dataDir = path.join(folder, 'data');
  const sandbox = await startSandbox({
    teams: [
      { id: 'team-contoso', keys: [KEYS.contoso, KEYS.contosoToo] },
      { id: 'team-fabrikam', keys: [KEYS.fabrikam] },
      { id: 'team-adventure', keys: [KEYS.spare] },
    ],
    matchRate: 1,
    lateMs: 1500,
    ...settings,
  });
  await mkdir(path.join(folder, 'home'));
  const start: Machine['start'] = (args, env = {}) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], {
      cwd: folder,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: path.join(folder, 'home'),
        NO_COLOR: '1',
        DATA_DIR: dataDir,
        APOLLO_BASE_URL: sandbox.url,
        APOLLO_MINUTE_MS: String(settings.minuteMs ?? 60_000),
        ...shared,
        ...env,
      },
    });
    return { child, ran: ended(child) };
  };
  const run: Machine['run'] = async (args, { input = '', env } = {}) => {
    const { child, ran } = start(args, env);
    child.stdin?.end(input);
    return await ran;
  };
  return {
    folder,
    dataDir,
    sandbox,
    run,
    start,
    json: async (args, { input, code = 0, env } = {}) => {
      const ran = await run([...args, '--json'], {
        ...(input !== undefined && { input }),
        ...(env !== undefined && { env }),
      });
      if (ran.code !== code) {
        throw new Error(`${args.join(' ')} exited with ${ran.code}:\n${ran.stdout}\n${ran.stderr}`);
      }
      return JSON.parse(ran.stdout);
    },
    file: async (name, text) => {
      const file = path.join(folder, name);
      await writeFile(file, text);
      return file;
    },
    read: (name) => readFile(path.join(folder, name), 'utf8'),
    [Symbol.asyncDispose]: async () => {
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ended(child: ChildProcess): Promise<Ran> {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (part: string) => {
      texts[name] += part;
    });
  }
  const [code] = await once(child, 'close');
  return { code, ...texts };
}

const SURNAMES = ['Lovelace', 'Hopper', 'Turing', 'Perlman', 'Liskov'];

/** A list of that many different people, one a row below a header. */
export function people(count: number): string {
  const rows = Array.from({ length: count }, (_, number) => {
    const first = `Ada${letters(number)}`;
    const last = SURNAMES[number % SURNAMES.length] ?? '';
    const slug = `${first}-${last}`.toLowerCase();
    return `${number},${first},${last},Contoso,contoso.com,https://www.linkedin.com/in/${slug}`;
  });
  return `${['Row,First Name,Last Name,Company,Website,LinkedIn URL', ...rows].join('\n')}\n`;
}

/** A number in letters, since digits are no part of a name. */
function letters(number: number): string {
  const letter = String.fromCharCode(97 + (number % 26));
  return number < 26 ? letter : letters(Math.floor(number / 26) - 1) + letter;
}
