import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../core/node/clock.ts';
import { createLog } from '../../core/node/log.ts';
import { connectRedis } from '../../core/node/redis/connection.ts';
import { RedisLocks } from '../../core/node/redis/locks.ts';
import { RedisStore } from '../../core/node/redis/store.ts';
import { all, behavesAsStore } from '../platform/store-behaviour.ts';
import { hasRedis, LOST_AFTER_MS, type RedisServer, startRedis } from './server.ts';

const log = createLog({ write: () => undefined });

async function open(url: string) {
  const redis = await connectRedis(url, log);
  const locks = new RedisLocks(redis.client, LOST_AFTER_MS);
  const store = new RedisStore(redis, locks, systemClock);
  const close = store.close.bind(store);
  return Object.assign(store, {
    redis,
    locks,
    close: async () => {
      await close();
      await redis.close();
    },
  });
}

describe.skipIf(!hasRedis)('the store on Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  behavesAsStore({ name: 'Redis', place: () => server.fresh(), open, movesTime: false });

  test('an entry with a time to live goes, and what stays is found without it', async () => {
    const store = await open(server.fresh());
    const leads = store.collection<string>('leads');
    await leads.set('short', 'a', { ttlMs: 30 });
    await leads.set('renewed', 'b', { ttlMs: 30 });
    await leads.set('renewed', 'b', { ttlMs: 60_000 });
    await leads.set('kept', 'c');
    await expect.poll(() => leads.get('short')).toBeUndefined();
    expect(await all(leads)).toEqual({ renewed: 'b', kept: 'c' });
    expect(await store.redis.client.zCard('connectionsphere:index:leads')).toBe(2);
    await store.close();
  });

  test('counters add up from any process, once per transaction, or not at all when it fails', async () => {
    const place = server.fresh();
    const [one, two] = [await open(place), await open(place)];
    await Promise.all([
      one.counters('tallies').add('job', { credits: 0.1, calls: 1 }),
      two.counters('tallies').add('job', { credits: 0.2 }, { ttlMs: 60_000 }),
      one.atomically(() => one.counters('tallies').add('job', { calls: 2 })),
    ]);
    const failing = one.atomically(async () => {
      await one.counters('tallies').add('job', { calls: 100 });
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    const { credits, calls } = await two.counters('tallies').get('job');
    expect(credits).toBeCloseTo(0.3);
    expect(calls).toBe(3);
    await Promise.all([one.close(), two.close()]);
  });

  test('commands wait while Redis is away, and nothing is written twice or lost', async () => {
    const store = await open(server.fresh());
    const numbers = store.counters('numbers');
    const leads = store.collection<number>('leads');
    await leads.set('before', 1);
    await delay(1100); // Redis writes its file every second.
    await server.kill();
    const waiting = [
      leads.set('during', 2),
      store.atomically(() => Promise.all([numbers.add('a', { n: 1 }), leads.set('with it', 3)])),
    ];
    await delay(200);
    await server.start();
    await Promise.all(waiting);
    expect(await all(leads)).toEqual({ before: 1, during: 2, 'with it': 3 });
    expect(await numbers.get('a')).toEqual({ n: 1 });
    await store.close();
  });

  test('says where it looked when there is no Redis, and tells no password', async () => {
    const error = await connectRedis('redis://:hunter2@127.0.0.1:1', log).catch((reason) => reason);
    expect(error.name).toBe('RedisUnavailable');
    expect(error.message).toContain('127.0.0.1:1');
    expect(error.message).not.toContain('hunter2');
  });

  describe('exclusive work', () => {
    test('of one name never overlaps, from whichever process', async () => {
      const place = server.fresh();
      const stores = await Promise.all([open(place), open(place), open(place)]);
      let running = 0;
      let most = 0;
      await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          stores[index % 3]?.locks.exclusive('slot', async () => {
            running += 1;
            most = Math.max(most, running);
            await delay(1);
            running -= 1;
          }),
        ),
      );
      expect(most).toBe(1);
      await Promise.all(stores.map((store) => store.close()));
    });

    test('cannot write any more once another process has its lock', async () => {
      const store = await open(server.fresh());
      const leads = store.collection<number>('leads');
      const work = store.locks.exclusive('slot', async () => {
        await leads.set('first', 1);
        // What happens to a process that stands still for longer than its lock lasts.
        await store.redis.client.set('connectionsphere:lock:slot', 'somebody else');
        await leads.set('second', 2);
      });
      await expect(work).rejects.toThrow('another one took over');
      expect(await all(leads)).toEqual({ first: 1 });
      await store.close();
    });
  });
});
