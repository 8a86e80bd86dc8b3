import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../core/node/log.ts';
import { openRedis } from '../../core/node/redis/index.ts';
import { hasRedis, LONG_MS, type RedisServer, startRedis } from './server.ts';

const log = createLog({ write: () => undefined });

describe.skipIf(!hasRedis)('work in the queue on Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  test('that a process gives back, since it ends, is done by whoever takes it next', async () => {
    const state = await openRedis(server.fresh(), { log, works: 'never', lostAfterMs: LONG_MS });
    const { chunks } = state.shared;
    const run = { job: 'job', run: 'run' };
    await chunks.add(run, [0, 1, 2]);
    const begun: string[] = [];
    const givenBack = new Set(['chunk 1', 'finish']);
    const begin = (what: string) => {
      begun.push(what);
      return givenBack.delete(what) ? 'again' : 'done';
    };
    const stop = chunks.serve({
      chunk: async (_, number) => begin(`chunk ${number}`),
      mayBegin: () => 'now',
      finish: async () => begin('finish'),
    });
    await expect.poll(() => chunks.has(run), { timeout: 20_000 }).toBe(false);
    expect(begun.slice(0, -2).toSorted()).toEqual(['chunk 0', 'chunk 1', 'chunk 1', 'chunk 2']);
    // The run ends after all of its chunks.
    expect(begun.slice(-2)).toEqual(['finish', 'finish']);
    await stop();
    await state.close();
  });
});
