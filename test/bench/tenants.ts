/**
 * What more tenants cost: `npm run bench:tenants -- [workspaces …]`. So many workspaces with an Apollo team each, in one
 * process with its store on disk, enrich 20,000 leads together, a list each; Apollo answers after 300 ms.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openCore } from '../../bot/core.ts';
import { type Core, DEFAULT_OPTIONS, mapColumns } from '../../core/index.ts';
import { createLog, readConfig } from '../../core/node/index.ts';
import type { SandboxSettings } from '../sandbox/index.ts';
import { HEADERS, row } from './list-cost.ts';

const WORKSPACES = [4, 64, 256, 1_000];
const LEADS = 20_000;
const LATENCY_MS = 300;
/** Before anything is measured: what has run is compiled. */
const WARMING_LEADS = 4_000;

const counts = process.argv.slice(2).map(Number);
for (const workspaces of counts.length > 0 ? counts : WORKSPACES) {
  console.log(JSON.stringify(await measured(workspaces)));
}

async function measured(workspaces: number) {
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-tenants-'));
  resources.defer(() => rm(folder, { recursive: true }));
  const keys = Array.from(
    { length: workspaces },
    (_, index) => `bench-key-${String(index).padStart(10, '0')}`,
  );
  const sandbox = fork(new URL('sandbox-process.ts', import.meta.url), { execArgv: [] });
  resources.defer(async () => void sandbox.disconnect());
  sandbox.send({
    teams: keys.map((key, index) => ({ id: `team-${index}`, credits: { limit: 1_000_000 }, keys: [key] })),
    latencyMs: LATENCY_MS,
  } satisfies SandboxSettings);
  const [{ url }] = (await once(sandbox, 'message')) as [{ url: string }];
  const config = readConfig({ DATA_DIR: path.join(folder, 'data'), APOLLO_BASE_URL: url });
  const { core, close } = await openCore(config, createLog({ level: 'error' }), { command: 'bench' });
  resources.defer(close);
  await Promise.all(keys.map((key, index) => core.slots.connect({ workspace: `bench-${index}`, key })));
  await enrich(core, workspaces, 0, WARMING_LEADS);

  const before = process.cpuUsage();
  const began = performance.now();
  const done = await enrich(core, workspaces, WARMING_LEADS, LEADS);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  return {
    workspaces,
    cpuUsPerLead: Math.round((user + system) / LEADS),
    leadsPerSecond: Math.round(LEADS / seconds),
    seconds: Math.round(seconds * 10) / 10,
    ...done,
  };
}

/** A list for each workspace, all started together. */
async function enrich(core: Core, workspaces: number, first: number, leads: number) {
  const each = leads / workspaces;
  const jobs = await Promise.all(
    Array.from({ length: workspaces }, async (_, index) => {
      const rows = Array.from({ length: each }, (_, at) => row(first + index * each + at));
      return await core.jobs.prepare({
        workspace: `bench-${index}`,
        name: 'bench.csv',
        headers: HEADERS,
        source: undefined,
        mapping: mapColumns(HEADERS, rows.slice(0, 200)),
        rows: asynchronous(rows),
        options: DEFAULT_OPTIONS,
        fresh: false,
      });
    }),
  );
  await Promise.all(jobs.map(({ id }) => core.jobs.start(id)));
  const ended = await Promise.all(jobs.map(({ id }) => core.jobs.settled(id)));
  return {
    unfinished: ended.filter(({ state }) => state !== 'done').length,
    rateLimited: ended.reduce((sum, { rateLimited }) => sum + rateLimited, 0),
  };
}

async function* asynchronous<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
