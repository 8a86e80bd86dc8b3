import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Core, DEFAULT_OPTIONS, type JobStatus, mapColumns } from '../../core/index.ts';
import { createLog, openPorts, type Role, readConfig } from '../../core/node/index.ts';
import { type Sandbox, type SandboxSettings, startSandbox } from '../sandbox/index.ts';
import { openCore } from './core.ts';
import { LOST_AFTER_MS, type RedisServer, startRedis } from './server.ts';

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
const HEADERS = ['First Name', 'Last Name', 'Company', 'Website', 'LinkedIn URL'];
export const WORKSPACE = 'contoso';

export interface Cluster extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly redis: RedisServer;
  /** A process that serves people and works on no chunk: this one. */
  readonly web: Core;
  /** Warnings and errors that worker processes logged. */
  readonly log: string[];
  startWorker(): Promise<ChildProcess>;
  /** A core of its own in this process, on the same Redis. */
  openCore(role: Role): Promise<Core>;
  /** Prepares a list of people. */
  prepare(people: number, how?: Preparation): Promise<string>;
}

interface Preparation {
  /** The number of the first of the people; default: 0. */
  readonly from?: number;
  readonly creditLimit?: number | undefined;
  readonly workspace?: string;
}

/** One Redis, a sandbox of three Apollo teams, one web process, and workers as processes of their own. */
export async function startCluster(settings: SandboxSettings & { minuteMs: number }): Promise<Cluster> {
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'cluster-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const redis = started.use(await startRedis());
  const sandbox = await startSandbox({ matchRate: 1, lateMs: 1500, ...settings });
  started.defer(() => sandbox.close());
  const environment = {
    PATH: process.env.PATH ?? '',
    REDIS_URL: redis.url,
    LOST_AFTER_MS: String(LOST_AFTER_MS),
    DATA_DIR: folder,
    APOLLO_BASE_URL: sandbox.url,
    APOLLO_MINUTE_MS: String(settings.minuteMs),
    SLOTS_SELF: '4',
    SLOTS_DFY: '0',
  };
  const config = readConfig(environment);
  const log: string[] = [];
  const cores = started.use(new AsyncDisposableStack());
  const open: Cluster['openCore'] = async (role) => {
    const write = (line: string) => void log.push(line);
    const ports = cores.use(
      await openPorts(config, { command: 'test', role, log: createLog({ level: 'warn', write }) }),
    );
    const core = await openCore(ports.ports, config);
    cores.defer(() => core.close());
    return core;
  };
  const web = await open('web');
  const workers = new Set<ChildProcess>();
  started.defer(async () => {
    for (const worker of workers) {
      if (worker.exitCode !== null || worker.signalCode !== null) continue;
      worker.kill('SIGKILL');
      await once(worker, 'exit');
    }
  });
  const resources = started.move();
  return {
    sandbox,
    redis,
    web,
    log,
    openCore: open,
    startWorker: async () => {
      const worker = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', WORKER], {
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      workers.add(worker);
      worker.stderr.setEncoding('utf8').on('data', (text: string) => log.push(text));
      const exited = once(worker, 'exit').then(() => {
        throw new Error(`A worker ended instead of starting: ${log.join('')}`);
      });
      await Promise.race([once(worker.stdout, 'data'), exited]);
      exited.catch(() => undefined);
      return worker;
    },
    prepare: async (people, { from = 0, creditLimit, workspace = WORKSPACE } = {}) => {
      const rows = Array.from({ length: people }, (_, index) => person(from + index));
      const job = await web.jobs.prepare({
        workspace,
        name: 'leads.csv',
        headers: HEADERS,
        source: {},
        mapping: mapColumns(HEADERS, rows.slice(0, 5)),
        rows: (async function* () {
          yield* rows;
        })(),
        options: DEFAULT_OPTIONS,
        fresh: false,
        ...(creditLimit !== undefined && { creditLimit }),
      });
      return job.id;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

export function person(number: number): string[] {
  const letters = [...String(number)].map((digit) => String.fromCharCode(97 + Number(digit))).join('');
  const address = `https://www.linkedin.com/in/ada${letters}-lovelace`;
  return [`Ada${letters}`, 'Lovelace', 'Contoso', 'contoso.com', address];
}

/** What must be true of a job that is done, however many processes worked on it and died. */
export function accounts(cluster: Cluster, job: JobStatus): Record<string, number> {
  const counts = cluster.sandbox.counts();
  return {
    people: job.rows,
    matched: job.counts.matched,
    credits: job.credits,
    creditsOnApollosBooks: counts.credits,
    chargedTwice: counts.chargedMoreThanOnce.length,
    inDoubtCalls: job.inDoubtCalls,
    rateLimited: counts.rateLimited,
    calls: counts.calls,
  };
}
