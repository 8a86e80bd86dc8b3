import { expect, test } from 'vitest';
import { KEYS, people, startMachine } from '../cli/command-line.ts';
import { serve, stop } from '../server/serve.ts';
import { hasRedis, LOST_AFTER_MS, type RedisServer, startRedis } from './server.ts';

/** Six processes one after the other and fifteen seconds in which nobody answers, on a busy machine; ms. */
const LONG_MS = 300_000;

const AWAY = {
  killed: (redis: RedisServer) => redis.kill(),
  'standing still': async (redis: RedisServer) => redis.freeze(),
} as const;
const BACK = {
  killed: (redis: RedisServer) => redis.start(),
  'standing still': async (redis: RedisServer) => redis.goOn(),
} as const;

/** Settings of a machine whose state is on this Redis. */
const on = ({ url }: RedisServer) => ({
  REDIS_URL: url,
  LOST_AFTER_MS: String(LOST_AFTER_MS),
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
});

test.skipIf(!hasRedis).concurrent.each(['killed', 'standing still'] as const)(
  'a server that is stopped ends although Redis is %s, and says so',
  async (how) => {
    await using redis = await startRedis();
    await using machine = await startMachine({ env: on(redis) });
    const server = await serve(machine);
    await AWAY[how](redis);
    const { code, stderr } = await stop(server);
    expect(code).toBe(1);
    expect(stderr).toContain('The store has not answered for 15 seconds');
  },
  LONG_MS,
);

test.skipIf(!hasRedis).concurrent.each(['killed', 'standing still'] as const)(
  'a list whose command ends while Redis is %s goes on from what is stored',
  async (how) => {
    await using redis = await startRedis();
    await using machine = await startMachine({ env: on(redis), latencyMs: 300 });
    await machine.json(['connect'], { input: KEYS.contoso });
    await machine.file('leads.csv', people(300));
    const list = machine.start(['enrich', 'leads.csv', '--out', 'out.csv', '--yes']);
    await expect.poll(() => machine.sandbox.counts().credits, { timeout: 60_000 }).toBeGreaterThan(30);
    await AWAY[how](redis);
    list.child.kill('SIGTERM');
    const { code, stderr } = await list.ran;
    expect(code).toBe(1);
    expect(stderr).toContain('The store has not answered for 15 seconds');

    await BACK[how](redis);
    const { jobs } = await machine.json<{ jobs: { id: string }[] }>(['jobs']);
    const done = await machine.json(['resume', jobs[0]?.id ?? '', '--out', 'out.csv']);
    expect(done).toMatchObject({ state: 'done', rows: 300, matched: 300 });
    const { credits } = machine.sandbox.counts();
    expect(Number(done.credits)).toBeLessThanOrEqual(credits);
    expect(Number(done.credits) + Number(done.inDoubtCredits)).toBeGreaterThanOrEqual(credits);
  },
  LONG_MS,
);
