import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accounts, type Cluster, startCluster, WORKSPACE } from './cluster.ts';
import { hasRedis } from './server.ts';

const KEYS = ['contoso-sales-key-0000-7Q2A', 'fabrikam-enrich-key-000-3M8T', 'adventure-works-key-000-5P1C'];
const LIMIT = { '*': { minute: 600 }, 'people/bulk_match': { minute: 20 } } as const;

describe.skipIf(!hasRedis)('several processes on one Redis', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({
      minuteMs: 1000,
      latencyMs: 40,
      teams: KEYS.map((key, index) => ({ id: `team-${index}`, plan: LIMIT, keys: [key] })),
    });
    for (const key of KEYS) await cluster.web.slots.connect({ workspace: WORKSPACE, key });
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  test('workers die and start while they share limits, and nobody is paid for twice', async () => {
    const { web } = cluster;
    const workers = [await cluster.startWorker(), await cluster.startWorker()];
    const id = await cluster.prepare(1500);
    await web.jobs.start(id);
    await expect.poll(async () => (await web.jobs.status(id))?.finished).toBeGreaterThan(300);
    workers[0]?.kill('SIGKILL');
    await cluster.startWorker();
    const done = await web.jobs.settled(id);
    expect(cluster.log.filter((line) => /"level":"(error)"/.test(line))).toEqual([]);
    expect(done).toMatchObject({ state: 'done', finished: 1500 });
    const figures = accounts(cluster, done);
    expect(figures.matched).toBe(1500);
    expect(figures.rateLimited).toBe(0);
    expect(figures.chargedTwice).toBeLessThanOrEqual(Number(figures.inDoubtCalls) * 10);
    for (const worker of workers)
      if (worker.exitCode === null && worker.signalCode === null) {
        worker.kill('SIGTERM');
        expect((await once(worker, 'exit'))[0]).toBe(0);
      }
  });
});
