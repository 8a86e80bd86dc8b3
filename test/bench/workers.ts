/**
 * Four worker processes and one web process on one Redis, three Apollo teams: how much of the teams' limits
 * they use together, and what they are charged, while a worker is killed and another one started every few
 * seconds. `node test/bench/workers.ts [--seconds 80] [--workers 4] [--every 15] [--minute 10] [--no-kill]`.
 * Apollo's minute lasts ten seconds here. What a killed worker had under way counts as used until it is
 * certain that it has died (ten seconds), so shorter minutes show a loss that a real one has not. The exit code is 1 when limits were passed, or people charged twice
 * beyond the calls that are shown as in doubt.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DEFAULT_OPTIONS } from '../../core/index.ts';
import { createLog } from '../../core/node/log.ts';
import { connectRedis } from '../../core/node/redis/connection.ts';
import { accounts, startCluster, WORKSPACE } from '../redis/cluster.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '80' },
    workers: { type: 'string', default: '4' },
    every: { type: 'string', default: '15' },
    minute: { type: 'string', default: '10' },
    'no-kill': { type: 'boolean', default: false },
  },
});
const SECONDS = Number(values.seconds);
const MINUTE_MS = Number(values.minute) * 1000;
/** Twenty a second. */
const CALLS_A_MINUTE = MINUTE_MS / 50;
const KEYS = ['contoso-sales-key-0000-7Q2A', 'fabrikam-enrich-key-000-3M8T', 'adventure-works-key-000-5P1C'];
const SAMPLE_MS = 100;
const CALLS_A_SECOND = (KEYS.length * CALLS_A_MINUTE * 1000) / MINUTE_MS;

await using cluster = await startCluster({
  minuteMs: MINUTE_MS,
  latencyMs: { median: 60, p95: 150 },
  teams: KEYS.map((key, index) => ({
    id: `team-${index}`,
    plan: { '*': { minute: 6000 }, 'people/bulk_match': { minute: CALLS_A_MINUTE } },
    credits: { limit: 1_000_000 },
    keys: [key],
  })),
});
for (const key of KEYS) await cluster.web.slots.connect({ workspace: WORKSPACE, key });
const redis = await connectRedis(cluster.redis.url, createLog({ write: () => undefined }));
const workers = await Promise.all(
  Array.from({ length: Number(values.workers) }, () => cluster.startWorker()),
);
const job = await cluster.prepare(Math.ceil(SECONDS * CALLS_A_SECOND * 10));
await cluster.web.jobs.start(job);
// Limits are learnt in the first window, one call at a time.
await delay(MINUTE_MS);

const before = await redisFigures();
const began = performance.now();
/** Calls so far, every tenth of a second while there was enough to do for all. */
const samples: { at: number; calls: number }[] = [];
let killed = 0;
let busy = true;
let next = began + Number(values.every) * 1000;
for (;;) {
  await delay(SAMPLE_MS);
  const status = await cluster.web.jobs.status(job);
  if (!status) throw new Error('The job is gone');
  busy &&= status.rows - status.finished > CALLS_A_MINUTE * KEYS.length * 10;
  if (busy) samples.push({ at: performance.now(), calls: cluster.sandbox.counts().calls });
  if (status.state !== 'running') break;
  if (values['no-kill'] || performance.now() < next || !busy) continue;
  next += Number(values.every) * 1000;
  workers.shift()?.kill('SIGKILL');
  killed += 1;
  workers.push(await cluster.startWorker());
}
const done = await cluster.web.jobs.settled(job);
const after = await redisFigures();
const figures = accounts(cluster, done);
for (const worker of workers) worker.kill('SIGKILL');
const onePerson = await onePersonAtATime();
await redis.close();
console.log(
  JSON.stringify(
    {
      state: done.state,
      workersKilled: killed,
      ...shareUsed(),
      ...figures,
      redisPerCall: perCall(before, after),
      redisForOnePerson: onePerson,
    },
    null,
    2,
  ),
);
for (const line of cluster.log) process.stderr.write(line);
const doubtful = Number(figures.inDoubtCalls) * 10;
if (Number(figures.rateLimited) > 0 || Number(figures.chargedTwice) > doubtful) process.exitCode = 1;

/**
 * What Redis counted so far, and the calls to Apollo. Commands that leave a process in one turn of its event loop are read
 * together: a read is a round trip. Commands are counted inside scripts too.
 */
async function redisFigures(): Promise<Record<string, number>> {
  const info = await redis.client.info();
  const figure = (name: string) =>
    Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? Number.NaN);
  return {
    calls: cluster.sandbox.counts().calls,
    roundTrips: figure('total_reads_processed'),
    commands: figure('total_commands_processed'),
    bytesToRedis: figure('total_net_input_bytes'),
    bytesFromRedis: figure('total_net_output_bytes'),
    bytesKept: figure('used_memory'),
    processorUs: (figure('used_cpu_user') + figure('used_cpu_sys')) * 1_000_000,
  };
}

/** What somebody costs who is asked for while nothing else happens. */
async function onePersonAtATime(): Promise<Record<string, number>> {
  const ask = async (name: string) => {
    const leads = [{ linkedin_url: `linkedin.com/in/${name}-lovelace` }];
    await cluster.web.enrich({ workspace: WORKSPACE, kind: 'person', leads, options: DEFAULT_OPTIONS });
  };
  // The first of them learn the limits.
  for (let index = 0; index < 10; index += 1) await ask(`grace${index}`);
  const first = await redisFigures();
  for (let index = 0; index < 20; index += 1) await ask(`alan${index}`);
  return perCall(first, await redisFigures());
}

function perCall(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  const calls = Number(after.calls) - Number(before.calls);
  return Object.fromEntries(
    Object.entries(after)
      .filter(([name]) => name !== 'calls')
      .map(([name, value]) => [name, Number(((value - Number(before[name])) / calls).toFixed(1))]),
  );
}

/** Over as many whole minutes as fit, from every moment at which they could begin: calls come in bursts. */
function shareUsed(): { minutesMeasured: number; shareOfLimitsUsed: number | undefined } {
  const length = (samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0);
  const minutes = Math.floor(length / MINUTE_MS) - 1;
  const shares = samples.flatMap(({ at, calls }) => {
    const end = samples.find((later) => later.at >= at + minutes * MINUTE_MS);
    if (!end || minutes < 1) return [];
    return [(end.calls - calls) / (((end.at - at) / 1000) * CALLS_A_SECOND)];
  });
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return {
    minutesMeasured: minutes,
    shareOfLimitsUsed: shares.length > 0 ? Number(mean.toFixed(3)) : undefined,
  };
}
