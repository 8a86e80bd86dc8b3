/**
 * What the real command line costs for a list of so many rows, from CSV to CSV. The store is filled first
 * with what earlier jobs would have left.
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type KnownResult, KnownResults } from '../../core/enrichment/index.ts';
import { identifyPerson, leadFromRow, mapColumns } from '../../core/leads/index.ts';
import { openStore, systemClock } from '../../core/node/index.ts';
import PRODUCT_FLAGS from '../../scripts/node-flags.json' with { type: 'json' };
import type { SandboxSettings } from '../sandbox/index.ts';
import { firstName } from './leads.ts';

const CLI = new URL('../../bot/cli/main.ts', import.meta.url).pathname;
export const HEADERS = ['First Name', 'Last Name', 'Title', 'Company', 'Website', 'LinkedIn URL', 'Signal'];
const KEY = 'bench-key-0123456789abcd';

/** Processor time and memory of one list. */
export interface ListCost {
  readonly rows: number;
  readonly known: number;
  readonly lookups: number;
  readonly credits: number;
  readonly rateLimited: number;
  readonly seconds: number;
  /** Processor time of the whole command less that of one which does nothing, over the rows. */
  readonly cpuMicrosecondsPerRow: number;
  readonly peakMiB: number;
}

/** `knownShare`: of the rows, 0 to 1, evenly spread. `flags`: for Node, such as `--cpu-prof`. */
export async function listCost(
  rows: number,
  knownShare: number,
  flags: readonly string[] = [],
): Promise<ListCost> {
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'list-cost-'));
  resources.defer(() => rm(folder, { recursive: true }));
  // Not with the small heap that this process may have: it remembers every person it was asked for.
  const sandbox = fork(new URL('sandbox-process.ts', import.meta.url), { execArgv: [] });
  resources.defer(async () => void sandbox.disconnect());
  const unlimited = { '*': { minute: 1_000_000 } };
  sandbox.send({
    teams: [{ id: 'team-bench', plan: unlimited, credits: { limit: 10_000_000 }, keys: [KEY] }],
  } satisfies SandboxSettings);
  const [{ url }] = (await once(sandbox, 'message')) as [{ url: string }];
  const data = path.join(folder, 'data');
  const env = { ...process.env, DATA_DIR: data, APOLLO_BASE_URL: url };
  const list = path.join(folder, 'leads.csv');
  await writeRows(list, 0, rows);
  await fill(data, rows, knownShare);

  await command(['connect', '--label', 'Bench'], env, [], KEY);
  const idle = await command(['jobs'], env);
  const began = performance.now();
  const out = path.join(folder, 'enriched.csv');
  const { json, peak, cpuMs } = await command(['enrich', list, '--out', out, '--yes'], env, flags);
  return {
    rows: Number(json.rows),
    known: Number(json.known),
    lookups: Number(json.lookups),
    credits: Number(json.credits),
    rateLimited: Number(json.rateLimited),
    seconds: Math.round((performance.now() - began) / 100) / 10,
    cpuMicrosecondsPerRow: Math.round(((cpuMs - idle.cpuMs) * 1000) / rows),
    peakMiB: Math.round(peak / 2 ** 20),
  };
}

interface Ran {
  readonly json: Record<string, unknown>;
  /** The most memory it had resident, bytes. */
  readonly peak: number;
  readonly cpuMs: number;
}

/** Runs the command line. Linux only: figures are read from /proc. */
async function command(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  flags: readonly string[] = [],
  input = '',
): Promise<Ran> {
  const child = spawn(process.execPath, [...PRODUCT_FLAGS, ...flags, CLI, ...args, '--json'], {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.end(input);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  let peak = 0;
  let cpuMs = 0;
  const look = async () => {
    const [status = '', stat = ''] = await Promise.all(
      ['status', 'stat'].map((name) => readFile(`/proc/${child.pid}/${name}`, 'utf8').catch(() => '')),
    );
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024);
    const times = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Fields 14 and 15 of proc(5), in ticks of 10 ms.
    cpuMs = Math.max(cpuMs, (Number(times[11] ?? 0) + Number(times[12] ?? 0)) * 10);
  };
  const watch = setInterval(() => void look(), 20);
  const [code] = await once(child, 'close');
  clearInterval(watch);
  if (code !== 0) throw new Error(`The command line ended with ${code}: ${text}`);
  return { json: JSON.parse(text), peak, cpuMs };
}

/** Writes a list of so many people, another one for each number from `first` on. */
export async function writeRows(list: string, first: number, rows: number): Promise<void> {
  const file = createWriteStream(list);
  file.write(`${HEADERS.join(',')}\n`);
  for (let number = first; number < first + rows; number += 1) {
    const cells = row(number).map((cell) => (cell.includes(',') ? `"${cell}"` : cell));
    if (!file.write(`${cells.join(',')}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

/** Puts results into the store for the first of every so many rows. */
async function fill(data: string, rows: number, knownShare: number): Promise<void> {
  const mapping = mapColumns(HEADERS, [row(0), row(1)]);
  const store = await openStore(data);
  const results = new KnownResults(store, 90 * 86_400_000);
  const now = systemClock.now();
  for (let start = 0; start < rows * knownShare; start += 250) {
    const some: KnownResult[] = [];
    for (let number = start; number < Math.min(start + 250, rows * knownShare); number += 1) {
      const identity = identifyPerson(leadFromRow(row(number), mapping));
      if (identity) some.push(known(number, identity, now));
    }
    await results.remember('default', some);
  }
  await store.close();
}

export function row(number: number): string[] {
  const name = firstName(number);
  return [
    name,
    'Lovelace',
    'Head of RevOps',
    'Northwind Analytics',
    'https://www.contoso.com/about',
    `https://www.linkedin.com/in/${name.toLowerCase()}-lovelace/?trk=people`,
    'Posted on LinkedIn, in the past 30 days',
  ];
}

function known(number: number, identity: KnownResult['keys'], at: number): KnownResult {
  return {
    outcome: 'matched',
    keys: identity,
    at,
    reveal: { personalEmails: false, phones: false, waterfall: false },
    credits: 1,
    by: { source: 'earlier', row: number },
    person: {
      id: number.toString(16).padStart(24, '0'),
      name: `${firstName(number)} Lovelace`,
      title: 'Head of Revenue Operations',
      headline: 'Head of Revenue Operations at Northwind Analytics',
      seniority: 'head',
      email: `${firstName(number).toLowerCase()}.lovelace@contoso.com`,
      emailStatus: 'verified',
      linkedinUrl: identity[0].replace('li:', 'http://www.linkedin.com/in/'),
      city: 'London',
      country: 'United Kingdom',
      company: {
        id: '5e66b6381e05b4008c8331b8',
        name: 'Contoso',
        domain: 'contoso.com',
        industry: 'software',
        size: 1200,
      },
    },
  };
}
