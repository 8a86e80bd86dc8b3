import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Accounts, Journal } from '../../core/enrichment/index.ts';
import { createLog, systemClock } from '../../core/node/index.ts';
import { connectRedis } from '../../core/node/redis/connection.ts';
import { openRedis } from '../../core/node/redis/index.ts';
import { hasRedis, LONG_MS, type RedisServer, startRedis } from './server.ts';

const log = createLog({ write: () => undefined });

const LIMIT = 30;

describe.skipIf(!hasRedis)('credits that processes set aside on Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  /** A process on this Redis, with the spending of one list. */
  async function open(url: string) {
    const state = await openRedis(url, { log, works: 'never', lostAfterMs: LONG_MS });
    const http = { request: () => Promise.reject(new Error('nothing is asked here')) };
    const ports = { ...state, clock: systemClock, http, log };
    const accounts = new Accounts(ports, LONG_MS);
    const spending = accounts.spending({ workspace: 'contoso', source: 'list' });
    return { state, accounts, spending, journal: new Journal(ports) };
  }

  test('by one that died with calls under way are not spent by another, before these are in doubt or after', async () => {
    const url = server.fresh();
    const [died, lives, redis] = await Promise.all([open(url), open(url), connectRedis(url, log)]);
    await died.accounts.open('list', LIMIT);
    const call = {
      endpoint: 'people/bulk_match',
      at: Date.now(),
      workspace: 'contoso',
      slot: 1,
      costs: { list: 10 },
    } as const;
    // One of three is in the journal when it dies, and the others were still to leave.
    for (let index = 0; index < 3; index += 1) expect(await died.spending.tryReserve(10)).toBe(true);
    await died.journal.begin('call', call);
    await redis.client.del(`connectionsphere:alive:${died.state.shared.self}`);
    expect(await lives.spending.tryReserve(10)).toBe(false);
    expect(await lives.journal.recover(lives.accounts)).toBe(1);
    expect(await lives.accounts.usage('list')).toMatchObject({ inDoubtCredits: 10 });
    // What was not spent can be, and nothing of it stays aside.
    expect(await lives.spending.tryReserve(20.1)).toBe(false);
    expect(await lives.spending.tryReserve(20)).toBe(true);
    await Promise.all([died.state.close(), lives.state.close(), redis.close()]);
  });

  test('by one that died with all others are free for the next that starts', async () => {
    const url = server.fresh();
    const [died, redis] = await Promise.all([open(url), connectRedis(url, log)]);
    await died.accounts.open('list', LIMIT);
    expect(await died.spending.tryReserve(LIMIT)).toBe(true);
    await redis.client.del(`connectionsphere:alive:${died.state.shared.self}`);
    const next = await open(url);
    expect(await next.journal.recover(next.accounts)).toBe(0);
    expect(await next.spending.tryReserve(LIMIT)).toBe(true);
    await Promise.all([died.state.close(), next.state.close(), redis.close()]);
  });
});
