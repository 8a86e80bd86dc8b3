import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../core/node/log.ts';
import { connectRedis } from '../../core/node/redis/connection.ts';
import { openRedis } from '../../core/node/redis/index.ts';
import { KEYS, people, SHORT_MINUTE_MS, startWorld } from '../jobs/world.ts';
import { hasRedis, LONG_MS, type RedisServer, startRedis } from './server.ts';

const log = createLog({ write: () => undefined });

describe.skipIf(!hasRedis)('claims on Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  test('hold while their process lives, each group whole, and not when it died without releasing them', async () => {
    const url = server.fresh();
    const open = () => openRedis(url, { log, works: 'never', lostAfterMs: LONG_MS });
    const [one, two, redis] = await Promise.all([open(), open(), connectRedis(url, log)]);
    const [mine, theirs] = [one.shared.claims, two.shared.claims];
    expect(await mine.take([['ada', 'ada@contoso.com'], ['alan']])).toEqual([true, true]);
    // What shares a name with what is claimed is not taken in part.
    expect(await theirs.take([['ada@contoso.com', 'grace'], ['radia']])).toEqual([false, true]);
    expect(await mine.take([['grace'], ['alan']])).toEqual([true, true]);
    await mine.release(['alan', 'radia']);
    expect(await theirs.take([['alan']])).toEqual([true]);
    expect(await mine.take([['radia']])).toEqual([false]);
    expect(await mine.areHeld([['ada', 'ada@contoso.com'], ['grace', 'alan'], []])).toEqual([
      true,
      false,
      true,
    ]);
    await redis.client.del(`connectionsphere:alive:${one.shared.self}`);
    expect(await theirs.take([['ada', 'ada@contoso.com'], ['grace']])).toEqual([true, true]);
    // What it releases when it goes on is another's by now.
    await mine.release(['ada', 'grace']);
    expect(await theirs.take([['ada']])).toEqual([true]);
    expect(await redis.client.hGet('connectionsphere:claims', 'ada')).toBe(two.shared.self);
    await Promise.all([one.close(), two.close(), redis.close()]);
  });

  test('that another process took are not asked for, though they wait for a call here already', async () => {
    const url = server.fresh();
    const redis = await connectRedis(url, log);
    const alive = 'connectionsphere:alive:other';
    let isTaken = false;
    let asked = 0;
    await using world = await startWorld({
      redisUrl: url,
      // One call at a time leaves, while the others wait.
      teams: [{ id: 'team-contoso', plan: { 'people/bulk_match': { minute: 1 } }, keys: [KEYS[0]] }],
      minuteMs: SHORT_MINUTE_MS,
      between: (http) => ({
        ...http,
        request: async (request) => {
          if (!request.url.includes('bulk_match')) return await http.request(request);
          asked += 1;
          // As after this process stood still, with the first call under way.
          if (!isTaken) await takeAll();
          return await http.request(request);
        },
      }),
    });
    const takeAll = async () => {
      isTaken = true;
      await redis.client.set(alive, '1');
      const names = Object.keys(await redis.client.hGetAll('connectionsphere:claims'));
      await redis.client.hSet(
        'connectionsphere:claims',
        Object.fromEntries(names.map((name) => [name, 'other'])),
      );
    };
    const id = await world.begin({ rows: people(30) });
    const idle = () =>
      world.core.waiting() + [...world.core.underWay().values()].reduce((sum, n) => sum + n, 0);
    await expect.poll(() => isTaken && idle()).toBe(0);
    expect(asked).toBe(1);
    await redis.client.del(alive);
    expect(await world.core.jobs.settled(id)).toMatchObject({
      state: 'done',
      credits: 30,
      inDoubtCalls: 0,
      inDoubtCredits: 0,
      counts: { matched: 30 },
    });
    expect(world.sandbox.counts().lookups.people).toBe(30);
    await redis.close();
  });
});
