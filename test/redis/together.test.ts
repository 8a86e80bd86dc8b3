import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Core, type CoreEvent, DEFAULT_OPTIONS, type RawLead } from '../../core/index.ts';
import { createLog } from '../../core/node/index.ts';
import { connectRedis } from '../../core/node/redis/connection.ts';
import { type Cluster, person, startCluster, WORKSPACE } from './cluster.ts';
import { hasRedis, LOST_AFTER_MS } from './server.ts';

const KEY = 'contoso-sales-key-0000-7Q2A';

/** Cores that share nothing but Redis, as if each had a process of its own. */
describe.skipIf(!hasRedis)('cores on one Redis', () => {
  let cluster: Cluster;
  let workers: Core[];
  let next = 0;
  beforeAll(async () => {
    cluster = await startCluster({
      minuteMs: 1000,
      latencyMs: 20,
      teams: [{ id: 'team', plan: { '*': { minute: 2000 } }, keys: [KEY], credits: { limit: 1_000_000 } }],
    });
    workers = [await cluster.openCore('all'), await cluster.openCore('worker')];
    await cluster.web.slots.connect({ workspace: WORKSPACE, key: KEY });
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  function leads(count: number): RawLead[] {
    const people = Array.from({ length: count }, () => person(next++));
    return people.map(([, , , , address = '']) => ({ linkedin_url: address }));
  }
  const list = (people: number, creditLimit?: number) => {
    const from = next;
    next += people;
    return cluster.prepare(people, { from, creditLimit });
  };
  const charged = () => cluster.sandbox.counts().credits;

  test('ask for somebody once, whoever is asked at the same moment', async () => {
    const request = {
      workspace: WORKSPACE,
      kind: 'person',
      leads: leads(5),
      options: DEFAULT_OPTIONS,
    } as const;
    const before = cluster.sandbox.counts().lookups.people;
    const answers = await Promise.all([cluster.web, ...workers].map((core) => core.enrich(request)));
    expect(cluster.sandbox.counts().lookups.people - before).toBe(5);
    for (const { results } of answers) {
      expect(results.map(({ outcome }) => outcome)).toEqual(results.map(() => 'matched'));
      expect(results.map(({ person: found }) => found?.id)).toEqual(
        answers[0]?.results.map(({ person: found }) => found?.id),
      );
    }
  });

  test('show what all of them use of a team’s limits', async () => {
    const used = async (core: Core) => {
      const limiter = (await core.limiters()).find(({ endpoint }) => endpoint === 'people/match');
      return limiter?.windows.find(({ window }) => window === 'minute')?.used;
    };
    await expect
      .poll(async () => {
        await workers[0]?.enrich({
          workspace: WORKSPACE,
          kind: 'person',
          leads: leads(1),
          options: DEFAULT_OPTIONS,
        });
        return await used(cluster.web);
      })
      .toBeGreaterThan(0);
  });

  test('keep a credit limit together, and go on when it is raised', async () => {
    const before = charged();
    const spent = async () => (await cluster.web.credits.month(WORKSPACE)).credits;
    const spentBefore = await spent();
    const id = await list(600, 100);
    await cluster.web.jobs.start(id);
    const paused = await cluster.web.jobs.settled(id);
    expect(paused).toMatchObject({ state: 'paused', reason: 'credit-limit' });
    expect(charged() - before).toBeLessThanOrEqual(100);
    expect(charged() - before).toBeGreaterThan(90);
    expect(paused.credits).toBe(charged() - before);
    await workers[0]?.jobs.setCreditLimit(id, undefined);
    await workers[1]?.jobs.start(id);
    const done = await cluster.web.jobs.settled(id);
    expect(done).toMatchObject({ state: 'done', finished: 600 });
    expect(done.credits).toBe(charged() - before);
    expect((await spent()) - spentBefore).toBe(charged() - before);
  });

  test('keep the monthly limit of the workspace together', async () => {
    const before = charged();
    await cluster.web.credits.setMonthlyLimit(WORKSPACE, before + 40);
    const jobs = [await list(100), await list(100)];
    for (const id of jobs) await cluster.web.jobs.start(id);
    for (const id of jobs) {
      expect(await cluster.web.jobs.settled(id)).toMatchObject({ state: 'paused', reason: 'monthly-limit' });
    }
    expect(charged() - before).toBeLessThanOrEqual(40);
    await cluster.web.credits.setMonthlyLimit(WORKSPACE, undefined);
    for (const id of jobs) await cluster.web.jobs.cancel(id);
  });

  test('keep the monthly limit of a slot together', async () => {
    const before = charged();
    await cluster.web.credits.setSlotLimit(WORKSPACE, 1, before + 40);
    const jobs = [await list(100), await list(100)];
    for (const id of jobs) await cluster.web.jobs.start(id);
    for (const id of jobs) {
      expect(await cluster.web.jobs.settled(id)).toMatchObject({ state: 'paused', reason: 'slot-limit' });
    }
    expect(charged() - before).toBeLessThanOrEqual(40);
    expect(charged() - before).toBeGreaterThan(30);
    await workers[0]?.credits.setSlotLimit(WORKSPACE, 1, undefined);
    for (const id of jobs) await cluster.web.jobs.cancel(id);
  });

  test('pause, resume and cancel a job from wherever somebody says so', async () => {
    const id = await list(4000);
    await cluster.web.jobs.start(id);
    await expect.poll(async () => (await workers[0]?.jobs.status(id))?.finished).toBeGreaterThan(100);
    await workers[1]?.jobs.pause(id);
    const paused = await cluster.web.jobs.status(id);
    expect(paused).toMatchObject({ state: 'paused', reason: 'asked' });
    expect(paused?.finished).toBeLessThan(4000);
    await delay(200);
    expect((await cluster.web.jobs.status(id))?.credits).toBe(paused?.credits);
    await workers[0]?.jobs.start(id);
    await expect
      .poll(async () => (await cluster.web.jobs.status(id))?.finished)
      .toBeGreaterThan(paused?.finished ?? 4000);
    await cluster.web.jobs.cancel(id);
    expect(await workers[1]?.jobs.status(id)).toMatchObject({ state: 'cancelled' });
    // Who changes their mind goes on with it, from anywhere.
    await workers[0]?.jobs.start(id);
    expect((await cluster.web.jobs.settled(id)).state).toBe('done');
  });

  test('tell what happened once, wherever somebody listens', async () => {
    const heard: CoreEvent[] = [];
    const listeners = [await cluster.openCore('web'), await cluster.openCore('web')];
    for (const core of listeners) await core.events.subscribe(async (event) => void heard.push(event));
    const id = await list(30);
    await cluster.web.jobs.start(id);
    await cluster.web.jobs.settled(id);
    const finished = () => heard.filter((event) => event.type === 'job.finished' && event.job === id);
    await expect.poll(() => finished().length).toBe(1);
    await delay(300);
    expect(finished()).toHaveLength(1);
  });

  test('know at once of a slot that another one emptied', async () => {
    const spare = await cluster.web.slots.list(WORKSPACE);
    expect(spare.slots.filter(({ state }) => state === 'connected')).toHaveLength(1);
    await cluster.web.slots.disconnect({ workspace: WORKSPACE, slot: 1 });
    await expect
      .poll(async () => {
        const request = {
          workspace: WORKSPACE,
          kind: 'person',
          leads: leads(1),
          options: DEFAULT_OPTIONS,
        } as const;
        return (await workers[0]?.enrich(request))?.stopped;
      })
      .toBe('no-slot');
    await workers[1]?.slots.connect({ workspace: WORKSPACE, key: KEY });
  });

  test('leave nobody waiting for a list that the queue has lost', async () => {
    const before = charged();
    const id = await list(1500);
    await cluster.web.jobs.start(id);
    await expect.poll(async () => (await cluster.web.jobs.status(id))?.finished).toBeGreaterThan(100);
    const redis = await connectRedis(cluster.redis.url, createLog({ write: () => undefined }));
    await redis.client.unlink(await redis.client.keys('*bullmq*'));
    await redis.close();
    expect(await cluster.web.jobs.settled(id)).toMatchObject({ state: 'paused', reason: 'interrupted' });
    await workers[0]?.jobs.start(id);
    const done = await cluster.web.jobs.settled(id);
    expect(done).toMatchObject({ state: 'done', finished: 1500 });
    expect(charged() - before).toBe(done.credits);
  });

  test('wait while Redis is away in the middle of a job, and lose nothing', async () => {
    const before = charged();
    const id = await list(1500);
    await cluster.web.jobs.start(id);
    await expect.poll(async () => (await cluster.web.jobs.status(id))?.finished).toBeGreaterThan(200);
    // Redis writes its file every second; what it had not written, it would have lost in a crash.
    await cluster.redis.stop();
    // Longer than a lock lives without its holder: whoever had one does that piece of work again.
    await delay(LOST_AFTER_MS * 1.2);
    await cluster.redis.start();
    const done = await cluster.web.jobs.settled(id);
    expect(done).toMatchObject({ state: 'done', finished: 1500 });
    expect(charged() - before).toBe(done.credits);
    expect(cluster.sandbox.counts().chargedMoreThanOnce).toEqual([]);
    expect(cluster.sandbox.counts().rateLimited).toBe(0);
    expect(cluster.log.join('\n')).toContain('Redis is gone; work waits until it is back');
  });

  test('say so when Redis was emptied, and go on with what is given to them then', async () => {
    const id = await list(2000);
    await cluster.web.jobs.start(id);
    await expect.poll(async () => (await cluster.web.jobs.status(id))?.finished).toBeGreaterThan(100);
    const redis = await connectRedis(cluster.redis.url, createLog({ write: () => undefined }));
    await redis.client.flushAll();
    await redis.close();
    await expect.poll(() => cluster.log.join('\n')).toContain('Redis was emptied');
    expect(await cluster.web.jobs.status(id)).toBeUndefined();
    expect((await cluster.web.slots.list(WORKSPACE)).notation).toContain('0/4');
    await cluster.web.slots.connect({ workspace: WORKSPACE, key: KEY });
    const again = await list(50);
    await cluster.web.jobs.start(again);
    expect(await cluster.web.jobs.settled(again)).toMatchObject({ state: 'done', finished: 50 });
  });
});
