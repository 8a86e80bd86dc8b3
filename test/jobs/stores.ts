import { afterAll, beforeAll, describe } from 'vitest';
import { hasRedis, type RedisServer, startRedis } from '../redis/server.ts';
import { startWorld, type World, type WorldSettings } from './world.ts';

/** The same behaviour on the embedded store and on a Redis of its own. */
export function onEveryStore(
  name: string,
  tests: (start: (settings?: WorldSettings) => Promise<World>) => void,
): void {
  describe(`${name}, on the embedded store`, () => tests(startWorld));
  describe.skipIf(!hasRedis)(`${name}, on Redis`, () => {
    let redis: RedisServer;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis[Symbol.asyncDispose]());
    tests((settings) => startWorld({ ...settings, redisUrl: redis.fresh() }));
  });
}
