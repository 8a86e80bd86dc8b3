import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../core/node/log.ts';
import { connectRedis } from '../../core/node/redis/connection.ts';
import { openRedis } from '../../core/node/redis/index.ts';
import { hasRedis, type RedisServer, startRedis } from './server.ts';

const log = createLog({ write: () => undefined });

/** No sign of life is given again, and none ends, while the test runs. */
const LONG_MS = 600_000;

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
    await redis.client.del(`connectionsphere:alive:${one.shared.self}`);
    expect(await theirs.take([['ada', 'ada@contoso.com'], ['grace']])).toEqual([true, true]);
    // What it releases when it goes on is another's by now.
    await mine.release(['ada', 'grace']);
    expect(await theirs.take([['ada']])).toEqual([true]);
    expect(await redis.client.hGet('connectionsphere:claims', 'ada')).toBe(two.shared.self);
    await Promise.all([one.close(), two.close(), redis.close()]);
  });
});
