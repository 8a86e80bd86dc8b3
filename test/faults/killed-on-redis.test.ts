import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { columnsFor } from '../../core/enrichment/columns.ts';
import { DEFAULT_OPTIONS, type JobStatus } from '../../core/index.ts';
import { type Cluster, startCluster, WORKSPACE } from '../redis/cluster.ts';
import { hasRedis } from '../redis/server.ts';
import { random } from '../sandbox/chance.ts';
import { compareBooks } from './books.ts';
import { length, report, seeded } from './length.ts';

const KEYS = ['contoso-sales-key-0000-7Q2A', 'fabrikam-enrich-key-000-3M8T', 'adventure-works-key-000-5P1C'];
const LEADS = length(360, 20_000);
const KILLS = length(3, 100);
/** Between two kills, at most, ms: spread over half of the list at full length. */
const PAUSE_MS = length(600, 6_000);
const WORKERS = 3;
const COLUMNS = ['apollo_outcome', 'apollo_id'].map((name) => columnsFor(DEFAULT_OPTIONS).indexOf(name));
/** Slow enough that the workers die while they work; a kill and a start take a second or so. */
const LIMIT = { '*': { minute: 1000 }, 'people/bulk_match': { minute: 2 } };

describe.skipIf(!hasRedis)('a job on Redis, any of whose workers is killed again and again', () => {
  seeded('gives every row once and in order, and its books agree with what Apollo charged', async (seed) => {
    const chance = random(seed);
    await using cluster = await startCluster({
      minuteMs: 1000,
      latencyMs: { median: 60, p95: 200 },
      matchRate: 0.9,
      teams: KEYS.map((key, index) => ({
        id: `team-${index}`,
        plan: LIMIT,
        credits: { limit: 100_000 },
        keys: [key],
      })),
    });
    const { web, sandbox } = cluster;
    for (const key of KEYS) await web.slots.connect({ workspace: WORKSPACE, key });
    const began = performance.now();
    const id = await cluster.prepare(LEADS);
    await web.jobs.start(id);
    const kills = await killAgainAndAgain(cluster, id, chance);
    const done = await web.jobs.settled(id);

    expect(kills).toBeGreaterThanOrEqual(KILLS);
    expect(done).toMatchObject({ state: 'done', rows: LEADS, finished: LEADS });
    expect(done.counts.failed).toBe(0);
    await expectEveryRow(cluster, done);
    const { people, repeats } = compareBooks(done, sandbox);
    expect((await web.credits.month(WORKSPACE)).credits).toBe(done.credits);
    report('Killed on Redis', {
      leads: LEADS,
      kills,
      'distinct people charged': people,
      'credits on the books of Apollo': sandbox.counts().credits,
      'credits of the job': done.credits,
      'calls in doubt': done.inDoubtCalls,
      'people charged again': repeats,
      '429s': sandbox.counts().rateLimited,
      seconds: Math.round((performance.now() - began) / 1000),
    });
  });
});

/**
 * Kills any worker that is up and starts another, until there were enough or the job has ended. Nobody waits for the
 * one that starts: on a busy machine that takes as long as the list, which the others would finish meanwhile.
 */
async function killAgainAndAgain(cluster: Cluster, id: string, chance: () => number): Promise<number> {
  const up: ChildProcess[] = [];
  const start = async () => void up.push(await cluster.startWorker());
  const starts = Array.from({ length: WORKERS }, start);
  let kills = 0;
  while (kills < KILLS) {
    await delay(chance() * PAUSE_MS);
    if ((await cluster.web.jobs.status(id))?.state !== 'running') break;
    const [victim] = up.splice(Math.floor(chance() * up.length), 1);
    if (!victim) continue;
    const exited = once(victim, 'exit');
    victim.kill('SIGKILL');
    await exited;
    kills += 1;
    starts.push(start());
  }
  await Promise.all(starts);
  return kills;
}

async function expectEveryRow({ web }: Cluster, job: JobStatus): Promise<void> {
  const outcomes: Record<string, number> = { matched: 0, unmatched: 0 };
  const seen = new Set<string>();
  let row = 0;
  for await (const { cells, added } of web.jobs.results(job.id)) {
    const letters = [...String(row)].map((digit) => String.fromCharCode(97 + Number(digit))).join('');
    expect(cells[0]).toBe(`Ada${letters}`);
    const [outcome = '', apolloId = ''] = COLUMNS.map((at) => added[at]);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (apolloId !== '') expect(seen.has(apolloId)).toBe(false);
    seen.add(apolloId);
    row += 1;
  }
  expect(row).toBe(job.rows);
  expect(outcomes).toEqual({ matched: job.counts.matched, unmatched: job.counts.unmatched });
}
