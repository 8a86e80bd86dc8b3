import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, startCluster } from './cluster.ts';
import { hasRedis } from './server.ts';

const SLOW = ['one', 'two', 'three', 'four'].map((name) => `contoso-${name}`);
const QUICK = 'fabrikam';

/** Lists of other companies stand still: their teams may make five calls, and then none for ten minutes. */
describe.skipIf(!hasRedis)('a list whose team can be called', () => {
  let cluster: Cluster;
  const keyOf = (workspace: string) => `${workspace}-sales-key-0000-7Q2A`;
  beforeAll(async () => {
    cluster = await startCluster({
      minuteMs: 600_000,
      latencyMs: 5,
      teams: [...SLOW, QUICK].map((id) => ({
        id,
        plan: { '*': { minute: id === QUICK ? 2000 : 5 } },
        keys: [keyOf(id)],
        credits: { limit: 1_000_000 },
      })),
    });
    for (const workspace of [...SLOW, QUICK]) {
      await cluster.web.slots.connect({ workspace, key: keyOf(workspace) });
    }
  }, 30_000);
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  let next = 0;
  let opened = 0;
  const begin = async (workspace: string, people: number): Promise<string> => {
    const from = next;
    next += people;
    const id = await cluster.prepare(people, { from, workspace });
    await cluster.web.jobs.start(id);
    return id;
  };

  test.each([1, 2])(
    'waits for no other team’s limit, with %i workers',
    async (workers) => {
      for (; opened < workers; opened += 1) await cluster.openCore('worker');
      const slow = await Promise.all(SLOW.map((workspace) => begin(workspace, 2_000)));
      const quick = await begin(QUICK, 500);
      expect(await cluster.web.jobs.settled(quick)).toMatchObject({ state: 'done', finished: 500 });
      for (const id of slow) {
        expect(await cluster.web.jobs.status(id)).toMatchObject({ state: 'running', inDoubtCalls: 0 });
        await cluster.web.jobs.cancel(id);
      }
    },
    60_000,
  );
});
