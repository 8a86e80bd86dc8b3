/**
 * A million rows of which nine in ten are known already: how long, how much processor time a row, how much
 * memory. `npm run bench -- [rows]`. The store is filled first with what earlier jobs would have left; the
 * list is then enriched by the real command line in a process of its own, the rest being looked up in the
 * sandbox.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type KnownResult, KnownResults } from '../../core/enrichment/index.ts';
import { identifyPerson, leadFromRow, mapColumns } from '../../core/leads/index.ts';
import { openStore, systemClock } from '../../core/node/index.ts';
import { startSandbox } from '../sandbox/index.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const ROWS = Number(positionals[0] ?? 1_000_000);
const KNOWN_SHARE = 0.9;
const CLI = new URL('../../bot/cli/main.ts', import.meta.url).pathname;
const HEADERS = ['First Name', 'Last Name', 'Title', 'Company', 'Website', 'LinkedIn URL', 'Signal'];

function row(number: number): string[] {
  const name = number.toString(36);
  return [
    `Ada${name}`,
    'Lovelace',
    'Head of RevOps',
    'Northwind Analytics',
    'https://www.contoso.com/about',
    `https://www.linkedin.com/in/ada-lovelace-${name}/?trk=people`,
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
      name: `Ada${number.toString(36)} Lovelace`,
      title: 'Head of Revenue Operations',
      headline: 'Head of Revenue Operations at Northwind Analytics',
      seniority: 'head',
      email: `ada.${number.toString(36)}@contoso.com`,
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

const folder = await mkdtemp(path.join(tmpdir(), 'million-'));
const data = path.join(folder, 'data');
const list = path.join(folder, 'leads.csv');
const out = path.join(folder, 'enriched.csv');
const key = 'bench-key-0123456789abcd';
const unlimited = { '*': { minute: 1_000_000 } };
const sandbox = await startSandbox({
  teams: [{ id: 'team-bench', plan: unlimited, credits: { limit: 10_000_000, used: 0 }, keys: [key] }],
});
const environment = { ...process.env, DATA_DIR: data, APOLLO_BASE_URL: sandbox.url };

/** Runs the command line and gives what it printed, with the most memory it held, bytes. */
async function cli(
  args: string[],
  input?: string,
): Promise<{ json: Record<string, unknown>; peak: number; cpu: number }> {
  const child = spawn(process.execPath, [...process.execArgv, CLI, ...args, '--json'], {
    env: environment,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(input ?? '');
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  let peak = 0;
  let cpu = 0;
  const watch = setInterval(async () => {
    const [status, stat] = await Promise.all(
      ['status', 'stat'].map((name) => readFile(`/proc/${child.pid}/${name}`, 'utf8').catch(() => '')),
    );
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status ?? '')?.[1] ?? 0) * 1024);
    const times = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Fields 14 and 15 of proc(5), in ticks of 10 ms.
    cpu = Math.max(cpu, (Number(times?.[11] ?? 0) + Number(times?.[12] ?? 0)) / 100);
  }, 100);
  const [code] = await once(child, 'close');
  clearInterval(watch);
  if (code !== 0) throw new Error(`The command line ended with ${code}: ${text}`);
  return { json: JSON.parse(text), peak, cpu };
}

const file = createWriteStream(list);
file.write(`${HEADERS.join(',')}\n`);
for (let number = 0; number < ROWS; number += 1) {
  const line = `${row(number)
    .map((cell) => (cell.includes(',') ? `"${cell}"` : cell))
    .join(',')}\n`;
  if (!file.write(line)) await once(file, 'drain');
}
file.end();
await once(file, 'close');

const mapping = mapColumns(HEADERS, [row(0), row(1)]);
const store = await openStore(data);
const results = new KnownResults(store, 90 * 86_400_000);
const now = systemClock.now();
for (let start = 0; start < ROWS * KNOWN_SHARE; start += 250) {
  const some: KnownResult[] = [];
  for (let number = start; number < Math.min(start + 250, ROWS * KNOWN_SHARE); number += 1) {
    const identity = identifyPerson(leadFromRow(row(number), mapping));
    if (identity) some.push(known(number, identity, now));
  }
  await results.remember('default', some);
}
await store.close();

await cli(['connect', '--label', 'Bench'], key);
const began = performance.now();
const { json, peak, cpu } = await cli(['enrich', list, '--out', out, '--yes']);
const seconds = (performance.now() - began) / 1000;
console.log(
  JSON.stringify(
    {
      rows: json.rows,
      known: json.known,
      lookups: json.lookups,
      credits: json.credits,
      rateLimited: json.rateLimited,
      seconds: Math.round(seconds),
      cpuMicrosecondsPerRow: Math.round((cpu * 1e6) / ROWS),
      peakMiB: Math.round(peak / 2 ** 20),
    },
    null,
    2,
  ),
);
await sandbox.close();
await rm(folder, { recursive: true });
