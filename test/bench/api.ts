/**
 * The API under load, against a server in a process of its own: 500 requests a second of known leads, sent at
 * their times whether or not earlier ones are answered, and a million rows in and out as streams.
 * `npm run bench:api -- [rows] [seconds] [requests per second]`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import PRODUCT_FLAGS from '../../scripts/node-flags.json' with { type: 'json' };
import { startSandbox } from '../sandbox/index.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const ROWS = Number(positionals[0] ?? 1_000_000);
const SECONDS = Number(positionals[1] ?? 20);
const PER_SECOND = Number(positionals[2] ?? 500);
const PEOPLE = 1000;
const CLI = new URL('../../bot/cli/main.ts', import.meta.url).pathname;

const folder = await mkdtemp(path.join(tmpdir(), 'bench-api-'));
const key = 'bench-key-0123456789abcd';
const sandbox = await startSandbox({
  teams: [{ id: 'team-bench', credits: { limit: 10_000_000, used: 0 }, keys: [key] }],
  matchRate: 1,
});
const env = {
  ...process.env,
  DATA_DIR: folder,
  APOLLO_BASE_URL: sandbox.url,
  API_REQUESTS_PER_MINUTE: '1000000',
};

async function cli(args: readonly string[], input = ''): Promise<string> {
  const child = spawn(process.execPath, [...PRODUCT_FLAGS, CLI, ...args, '--json'], { env });
  child.stdin.end(input);
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    out += part;
  });
  await once(child, 'close');
  return out;
}

await cli(['connect'], key);
const { token } = JSON.parse(await cli(['token', 'create'])) as { token: string };
const server = spawn(process.execPath, [...PRODUCT_FLAGS, CLI, 'serve', '--port', '0', '--json'], {
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = (await once(server.stdout, 'data')) as [Buffer];
const { port } = JSON.parse(line.toString()) as { port: number };
const authorization = `Bearer ${token}`;
const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** A request; gives its status and when the answer had ended, ms of the process's clock. */
async function ask(method: string, at: string, body?: string): Promise<{ status: number; text: string }> {
  const asked = request({
    agent,
    host: '127.0.0.1',
    port,
    method,
    path: at,
    headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
  });
  asked.end(body);
  const [response] = await once(asked, 'response');
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += part;
  return { status: response.statusCode, text };
}

const leadOf = (number: number) => ({
  linkedin_url: `https://www.linkedin.com/in/ada-lovelace-${(number % PEOPLE).toString(36)}`,
});
for (let from = 0; from < PEOPLE; from += 100) {
  const leads = Array.from({ length: 100 }, (_, index) => leadOf(from + index));
  await ask('POST', '/v1/people/enrich', JSON.stringify({ leads }));
}

const bodies = Array.from({ length: PEOPLE }, (_, number) => JSON.stringify({ leads: [leadOf(number)] }));
async function load(seconds: number): Promise<{ latencies: number[]; refused: number }> {
  const latencies: number[] = [];
  let refused = 0;
  const began = performance.now();
  const all: Promise<void>[] = [];
  for (let number = 0; number < seconds * PER_SECOND; number += 1) {
    const due = began + (number * 1000) / PER_SECOND;
    while (performance.now() < due) await sleep(Math.max(1, due - performance.now()));
    all.push(
      ask('POST', '/v1/people/enrich', bodies[number % PEOPLE]).then(({ status }) => {
        latencies.push(performance.now() - due);
        if (status !== 200) refused += 1;
      }),
    );
  }
  await Promise.all(all);
  return { latencies: latencies.sort((a, b) => a - b), refused };
}

async function metric(name: string): Promise<number> {
  const { text } = await ask('GET', '/metrics');
  return Number(new RegExp(`^connectionsphere_${name} (\\S+)`, 'm').exec(text)?.[1]);
}

const ms = (value: number | undefined) => `${(value ?? Number.NaN).toFixed(1)} ms`;
await load(3);
const cpuBefore = await metric('process_cpu_seconds_total');
const { latencies, refused } = await load(SECONDS);
const cpu = (await metric('process_cpu_seconds_total')) - cpuBefore;
const quantile = (share: number) => ms(latencies[Math.ceil(latencies.length * share) - 1]);
console.log(
  `${PER_SECOND} requests/s of a known lead for ${SECONDS} s: p50 ${quantile(0.5)}, p95 ${quantile(0.95)}, p99 ${quantile(0.99)}, most ${ms(latencies.at(-1))}; ${refused} not answered with 200`,
);
console.log(`processor time of the server: ${ms((cpu * 1000) / latencies.length)} a request`);

let most = 0;
const resident = async () => {
  const bytes = await metric('process_resident_memory_bytes');
  most = Math.max(most, bytes);
  return bytes;
};
const mb = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`;
const before = await resident();
const sampler = setInterval(() => void resident().catch(() => {}), 500);

function* list(): Generator<string> {
  let piece = 'Row,LinkedIn URL,Signal\n';
  for (let number = 0; number < ROWS; number += 1) {
    piece += `${number},${leadOf(number).linkedin_url},"Posted on LinkedIn, in the past 30 days"\n`;
    if (piece.length < 64 * 1024) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

const since = (start: number) => `${((performance.now() - start) / 1000).toFixed(1)} s`;
const url = `http://127.0.0.1:${port}`;
let start = performance.now();
const made = await fetch(`${url}/v1/jobs?name=million.csv`, {
  method: 'POST',
  headers: { authorization, 'content-type': 'text/csv' },
  body: Readable.from(list(), { objectMode: false }),
  duplex: 'half',
} as RequestInit);
const job = (await made.json()) as { id: string; rows: number };
console.log(`${job.rows} rows in: ${since(start)}`);
start = performance.now();
for (;;) {
  const { text } = await ask('GET', `/v1/jobs/${job.id}`);
  if (JSON.parse(text).state === 'done') break;
  await sleep(250);
}
console.log(`worked: ${since(start)}`);
start = performance.now();
const answer = await fetch(`${url}/v1/jobs/${job.id}/results?format=csv`, { headers: { authorization } });
let bytes = 0;
let lines = 0;
for await (const part of answer.body ?? []) {
  bytes += part.length;
  for (const byte of part) if (byte === 10) lines += 1;
}
console.log(`${lines - 1} rows out (${mb(bytes)}): ${since(start)}`);
clearInterval(sampler);
console.log(`memory of the server: ${mb(before)} before, ${mb(most)} at most`);

agent.destroy();
server.kill('SIGTERM');
const [code] = await once(server, 'close');
console.log(`the server stopped with ${code}; ${sandbox.counts().credits} credits for ${PEOPLE} people`);
await sandbox.close();
await rm(folder, { recursive: true, force: true });
