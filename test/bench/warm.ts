/**
 * What a lead costs in a process that has worked before, as a server has: `npm run bench:warm -- [rows …]`. Lists of
 * so many people, each looked up and then, the same list again, known; short ones several times. Processor time
 * from CSV to CSV, prepared and worked by the core as the command line does it, its store on disk.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SandboxSettings } from '../sandbox/index.ts';
import { writeRows } from './list-cost.ts';
import { ours } from './strategies/ours.ts';

const SIZES = [1_000, 10_000, 100_000];
/** Before anything is measured, and together at each size. */
const ENOUGH_ROWS = 20_000;
const UNLIMITED = { minute: 1_000_000, hour: null, day: null };
const KEY = 'bench-key-0123456789abcd';

await using resources = new AsyncDisposableStack();
const folder = await mkdtemp(path.join(tmpdir(), 'bench-warm-'));
resources.defer(() => rm(folder, { recursive: true }));
const sandbox = fork(new URL('sandbox-process.ts', import.meta.url), { execArgv: [] });
resources.defer(async () => void sandbox.disconnect());
sandbox.send({
  teams: [{ id: 'team-bench', plan: { '*': UNLIMITED }, credits: { limit: 100_000_000 }, keys: [KEY] }],
} satisfies SandboxSettings);
const [{ url }] = (await once(sandbox, 'message')) as [{ url: string }];

const list = path.join(folder, 'leads.csv');
const { read } = await ours.open({
  list,
  out: path.join(folder, 'enriched-'),
  folder,
  apolloUrl: url,
  teams: [{ id: 'team-bench', keys: [KEY], limits: UNLIMITED }],
  minuteMs: 60_000,
  mostMs: Number.POSITIVE_INFINITY,
});
let people = 0;
let close: (() => Promise<void>) | undefined;
resources.defer(async () => close?.());

/** Processor time of the list as it lies there, µs. */
async function enrich(): Promise<number> {
  const before = process.cpuUsage();
  const prepared = await read();
  close = prepared.close;
  await prepared.work(new AbortController().signal);
  await prepared.write();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

async function cost(rows: number) {
  const times = Math.max(1, Math.round(ENOUGH_ROWS / rows));
  const sum = { lookedUp: 0, known: 0 };
  for (let turn = 0; turn < times; turn += 1) {
    await writeRows(list, people, rows);
    people += rows;
    sum.lookedUp += await enrich();
    sum.known += await enrich();
  }
  const each = (us: number) => Math.round(us / rows / times);
  return { rows, lists: times, lookedUpUs: each(sum.lookedUp), knownUs: each(sum.known) };
}

await cost(ENOUGH_ROWS);
const sizes = process.argv.slice(2).map(Number);
for (const rows of sizes.length > 0 ? sizes : SIZES) {
  const peakMiB = () => Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ ...(await cost(rows)), peakMiB: peakMiB() }));
}
