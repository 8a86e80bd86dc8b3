import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Metrics } from '../../bot/server/metrics.ts';
import { statusRoutes } from '../../bot/server/status-routes.ts';
import { createHttp, createLog, systemClock } from '../../core/node/index.ts';
import { connectRedis, type RedisConnection } from '../../core/node/redis/connection.ts';
import { openRedis } from '../../core/node/redis/index.ts';
import { startWorld } from '../jobs/world.ts';
import { hasRedis, LOST_AFTER_MS, type RedisServer, startRedis } from './server.ts';

const log = createLog({ write: () => undefined });

describe.skipIf(!hasRedis)('what is done on Redis does not grow with what lies there', () => {
  let server: RedisServer;
  let redis: RedisConnection;
  beforeAll(async () => {
    server = await startRedis();
    redis = await connectRedis(server.url, log);
  });
  afterAll(async () => {
    await redis?.close();
    await server?.[Symbol.asyncDispose]();
  });

  /** How often Redis was given this command, by whomever. */
  const count = async (command: string): Promise<number> => {
    const stats = await redis.client.info('commandstats');
    return Number(new RegExp(`^cmdstat_${command}:calls=(\\d+)`, 'm').exec(stats)?.[1] ?? 0);
  };

  test('a start after a day on which a thousand processes died looks once for what they left', async () => {
    const dead = Array.from({ length: 1000 }, (_, index) => {
      return { score: Date.now() - index, value: `process-${index}` };
    });
    await redis.client.zAdd('connectionsphere:processes', dead);
    await redis.client.hSet('connectionsphere:claims', { lead: 'process-1', other: 'process-2' });
    const before = await count('hscan');
    const state = await openRedis(server.url, { log, works: 'never', lostAfterMs: LOST_AFTER_MS });
    await expect.poll(() => redis.client.hLen('connectionsphere:claims')).toBe(0);
    expect((await count('hscan')) - before).toBe(1);
    expect(state.shared.isLost('process-999')).toBe(true);
    await state.close();
    expect(await redis.client.zScore('connectionsphere:processes', state.shared.self)).toBeNull();
  });

  test('a process that ends in order is known to be gone', async () => {
    const open = () => openRedis(server.url, { log, works: 'never', lostAfterMs: LOST_AFTER_MS });
    const [one, two] = [await open(), await open()];
    await one.shared.lookForLost();
    expect(one.shared.isLost(two.shared.self)).toBe(false);
    await two.close();
    await one.shared.lookForLost();
    expect(one.shared.isLost(two.shared.self)).toBe(true);
    await one.close();
  });

  test('a process that stood still and goes on counts as living again', async () => {
    const open = () => openRedis(server.url, { log, works: 'never', lostAfterMs: LOST_AFTER_MS });
    const [one, two] = [await open(), await open()];
    await redis.client.del(`connectionsphere:alive:${two.shared.self}`);
    await one.shared.lookForLost();
    expect(one.shared.isLost(two.shared.self)).toBe(true);
    const isLost = async () => {
      await one.shared.lookForLost();
      return one.shared.isLost(two.shared.self);
    };
    await expect.poll(isLost).toBe(false);
    await two.close();
    await one.close();
  });

  test('an estimate that nobody wants is removed without a look at all keys', async () => {
    await using world = await startWorld({ redisUrl: server.fresh() });
    const { id } = await world.prepare({ rows: [['ada@contoso.com'], ['alan@contoso.com']] });
    const scans = await count('scan');
    await world.core.jobs.discard(id);
    expect((await count('scan')) - scans).toBe(0);
    expect(await world.core.jobs.status(id)).toBeUndefined();
  });

  test('a server is not ready while Redis takes nothing, and again when it does', async () => {
    await using state = Object.assign(await openRedis(server.fresh(), { log, works: 'never' }), {
      async [Symbol.asyncDispose]() {
        await state.close();
      },
    });
    const { store, coordination, shared } = state;
    const ports = { clock: systemClock, http: createHttp(), log, store, coordination, shared };
    const app = express().use(statusRoutes(ports, new Metrics(), new AbortController().signal));
    const listening = app.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    const { port } = listening.address() as AddressInfo;
    const ready = async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status;
    expect(await ready()).toBe(200);
    await redis.client.configSet('min-replicas-to-write', '1');
    expect(await ready()).toBe(503);
    await redis.client.configSet('min-replicas-to-write', '0');
    expect(await ready()).toBe(200);
    listening.close();
    await ports.http.close();
  });
});
