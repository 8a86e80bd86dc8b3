import { once } from 'node:events';
import { createServer, connect as dial, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../core/node/log.ts';
import { openRedis, type RedisState } from '../../core/node/redis/index.ts';
import { freePort } from '../api/free-port.ts';
import { hasRedis, LONG_MS, type RedisServer, startRedis } from './server.ts';

const log = createLog({ write: () => undefined });

/** Stands between a process and Redis, and loses answers. */
async function startProxy(redis: RedisServer) {
  const open = new Set<Socket>();
  let losing: 'no' | 'asked' | 'yes' = 'no';
  let { promise: lost, resolve: onLost } = Promise.withResolvers<void>();
  const server = createServer((client) => {
    const upstream = dial(Number(new URL(redis.url).port), '127.0.0.1');
    open.add(client);
    client.on('data', (data) => {
      if (losing === 'asked' && data.includes('EVALSHA')) losing = 'yes';
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (losing === 'yes') onLost();
      else client.write(data);
    });
    for (const side of [client, upstream]) {
      side.on('error', () => undefined);
      side.on('close', () => {
        open.delete(client);
        client.destroy();
        upstream.destroy();
      });
    }
  });
  server.listen(await freePort(), '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No address');
  return {
    url: (redisUrl: string) => redisUrl.replace(/:\d+/, `:${address.port}`),
    /** From the next script on, Redis carries out what it is asked, and nobody hears of it. Resolves when it has. */
    loseAnswers: () => {
      ({ promise: lost, resolve: onLost } = Promise.withResolvers<void>());
      losing = 'asked';
      return lost;
    },
    /** Breaks all connections; new ones are whole. */
    breakConnections: () => {
      losing = 'no';
      for (const socket of open) socket.destroy();
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

describe.skipIf(!hasRedis)('what was begun when the connection to Redis broke', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis?.[Symbol.asyncDispose]());

  /** Does it over a connection that breaks when Redis has carried it out. */
  async function losing<T>(begin: (state: RedisState) => Promise<T>) {
    const url = redis.fresh();
    await using opened = new AsyncDisposableStack();
    const proxy = opened.use(await startProxy(redis));
    const open = async (at: string) => {
      const state = await openRedis(at, { log, works: 'never', lostAfterMs: LONG_MS });
      opened.defer(() => state.close());
      return state;
    };
    const direct = await open(url);
    const through = await open(proxy.url(url));
    // Redis knows the scripts from then on: what is lost is no answer that it does not.
    await begin(direct);
    const lost = proxy.loseAnswers();
    const begun = begin(through);
    await lost;
    proxy.breakConnections();
    const result = await begun;
    const resources = opened.move();
    return { result, direct, [Symbol.asyncDispose]: () => resources.disposeAsync() };
  }

  const account = { counters: 'limits', key: 'contoso', limit: 100 };

  test('is added to counters once', async () => {
    const numbers = ({ store }: RedisState) => store.counters('numbers');
    await using lost = await losing((state) => numbers(state).add('a', { n: 1 }));
    expect(await numbers(lost.direct).get('a')).toEqual({ n: 2 });
  });

  test('is reserved once, and given back once', async () => {
    await using reserved = await losing(({ shared }) => shared.reservations.reserve([account], 10, 3));
    expect(reserved.result).toEqual({ times: 3, never: false });
    expect(await reserved.direct.shared.reservations.reserve([account], 10, 100)).toMatchObject({ times: 4 });

    await using released = await losing(async ({ shared }) => {
      await shared.reservations.reserve([account], 10, 3);
      await shared.reservations.release([account], 10);
    });
    expect(await released.direct.shared.reservations.reserve([account], 10, 100)).toMatchObject({ times: 6 });
  });

  test('changes what processes share once', async () => {
    await using lost = await losing(({ shared }) =>
      shared.update<number, void>('turns', (n = 0) => ({ value: n + 1, result: undefined })),
    );
    const read = (n = 0) => ({ value: n, result: n });
    expect(await lost.direct.shared.update<number, number>('turns', read)).toBe(2);
  });

  test('what several processes change together, each of a value that it last saw, is lost for none', async () => {
    const url = redis.fresh();
    const open = () => openRedis(url, { log, works: 'never', lostAfterMs: LONG_MS });
    const states = await Promise.all([open(), open(), open()]);
    const add = async ({ shared }: RedisState) =>
      await shared.update<number, number>('turns', (n = 0) => ({ value: n + 1, result: n + 1 }));
    const read = (n = 0) => ({ value: n, result: n });
    const results = await Promise.all(
      states.flatMap((state) => Array.from({ length: 50 }, () => add(state))),
    );
    expect(new Set(results).size).toBe(150);
    for (const { shared } of states) expect(await shared.update<number, number>('turns', read)).toBe(150);
    await Promise.all(states.map((state) => state.close()));
  });

  test('takes a lock that is its own, and does the work once', async () => {
    let done = 0;
    await using _lost = await losing(({ coordination }) =>
      coordination.exclusive('slot', async () => {
        done += 1;
      }),
    );
    expect(done).toBe(2);
  });

  test('begins a run with each of its chunks once', async () => {
    await using lost = await losing(({ shared }) =>
      shared.chunks.add({ job: 'job', run: shared.self }, [0, 1, 2]),
    );
    const chunks: number[] = [];
    let finished = 0;
    const stop = lost.direct.shared.chunks.serve({
      chunk: async (_, number) => {
        chunks.push(number);
        return 'done';
      },
      mayBegin: () => 'now',
      finish: async () => {
        finished += 1;
        return 'done';
      },
    });
    await expect.poll(() => finished, { timeout: 20_000 }).toBe(2);
    expect(chunks.sort()).toEqual([0, 0, 1, 1, 2, 2]);
    await stop();
  });

  test('a run begins on a Redis that was started again and knows no scripts', async () => {
    const state = await openRedis(redis.fresh(), { log, works: 'never', lostAfterMs: LONG_MS });
    const run = { job: 'job', run: 'one' };
    await state.shared.chunks.add(run, [0]);
    await redis.stop();
    await redis.start();
    await state.shared.chunks.add({ ...run, run: 'two' }, [0]);
    expect(await state.shared.chunks.has(run)).toBe(true);
    expect(await state.shared.chunks.has({ ...run, run: 'two' })).toBe(true);
    await state.close();
  });

  test('writes in the order in which they were begun, also those that waited', async () => {
    const url = redis.fresh();
    await using proxy = await startProxy(redis);
    const state = await openRedis(proxy.url(url), { log, works: 'never' });
    const values = state.store.collection<number>('values');
    await values.set('last', 0);
    const lost = proxy.loseAnswers();
    const writes = [1, 2, 3].map((value) => values.set('last', value));
    await lost;
    writes.push(values.set('last', 4));
    proxy.breakConnections();
    writes.push(values.set('last', 5));
    await Promise.all(writes);
    expect(await values.get('last')).toBe(5);
    await state.close();
  });
});
