import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Core, DEFAULT_OPTIONS, mapColumns } from '../../core/index.ts';
import { type Cluster, person, startCluster } from './cluster.ts';
import { hasRedis } from './server.ts';

const HEADERS = ['First Name', 'Last Name', 'Company', 'Website', 'LinkedIn URL'];
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
  const begin = async (core: Core, workspace: string, people: number): Promise<string> => {
    const rows = Array.from({ length: people }, () => person(next++));
    const { id } = await core.jobs.prepare({
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
    });
    await core.jobs.start(id);
    return id;
  };

  test.each([1, 2])(
    'waits for no other team’s limit, with %i workers',
    async (workers) => {
      for (; opened < workers; opened += 1) await cluster.openCore('worker');
      const slow = await Promise.all(SLOW.map((workspace) => begin(cluster.web, workspace, 2_000)));
      const quick = await begin(cluster.web, QUICK, 500);
      expect(await cluster.web.jobs.settled(quick)).toMatchObject({ state: 'done', finished: 500 });
      for (const id of slow) {
        expect(await cluster.web.jobs.status(id)).toMatchObject({ state: 'running', inDoubtCalls: 0 });
        await cluster.web.jobs.cancel(id);
      }
    },
    60_000,
  );
});
