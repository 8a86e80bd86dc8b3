import { describe, expect, it } from 'vitest';
import { onEveryStore } from './stores.ts';
import { people, startWorld, WORKSPACE } from './world.ts';

/** Dearer than a credit each, and no whole number. */
const FRACTIONS = [{ id: 'team-contoso', credits: { price: 0.35 }, keys: ['key-contoso-sales-7Q2A'] }];

describe("a job's credit limit", () => {
  it.each([0, 1, 9, 10, 11, 57])('of %i is never passed, and used as far as it goes', async (creditLimit) => {
    await using world = await startWorld();
    const paused = await world.run({ rows: people(100), creditLimit });
    expect(paused).toMatchObject({ state: 'paused', reason: 'credit-limit' });
    const { credits } = world.sandbox.counts();
    expect(credits).toBe(paused.credits);
    expect(credits).toBe(creditLimit);
  });

  it('holds where one credit of the price list costs a fraction', async () => {
    await using world = await startWorld({ teams: FRACTIONS });
    const paused = await world.run({ rows: people(200), creditLimit: 20 });
    expect(paused).toMatchObject({ state: 'paused', reason: 'credit-limit' });
    const { credits } = world.sandbox.counts();
    expect(paused.credits).toBeCloseTo(credits, 4);
    expect(credits).toBeLessThanOrEqual(20);
    // Less than what the next look-up may cost is left.
    expect(credits).toBeGreaterThan(19);
  });

  it('can be raised while the job is paused or runs, and lifted', async () => {
    await using world = await startWorld();
    const rows = people(100);
    const { id } = await world.run({ rows, creditLimit: 10 });
    await world.core.jobs.setCreditLimit(id, 30);
    await world.core.jobs.resumeReady();
    expect(await world.core.jobs.settled(id)).toMatchObject({
      state: 'paused',
      reason: 'credit-limit',
      credits: 30,
    });
    await world.core.jobs.setCreditLimit(id, undefined);
    await world.core.jobs.resumeReady();
    const done = await world.core.jobs.settled(id);
    expect(done).toMatchObject({ state: 'done', finished: 100 });
    expect(done.credits).toBe(world.sandbox.counts().credits);
    expect(world.sandbox.counts().chargedMoreThanOnce).toEqual([]);
  });

  it('lets a job end that needs nothing more', async () => {
    await using world = await startWorld();
    await world.run({ rows: people(20) });
    expect(await world.run({ rows: people(20), creditLimit: 0 })).toMatchObject({
      state: 'done',
      credits: 0,
      counts: { known: 20, lookups: 0 },
    });
  });

  it('counts what was spent before a pause or a crash', async () => {
    await using world = await startWorld();
    const { id } = await world.run({ rows: people(100), creditLimit: 25 });
    await world.restart();
    expect(await world.resume(id)).toMatchObject({ state: 'paused', reason: 'credit-limit', credits: 25 });
    await world.kill();
    expect(await world.resume(id)).toMatchObject({ state: 'paused', reason: 'credit-limit', credits: 25 });
    expect(world.sandbox.counts().credits).toBe(25);
  });
});

onEveryStore('lists and requests together', (start) => {
  it('the monthly limit is never passed by several jobs and requests together', async () => {
    await using world = await start();
    await world.core.credits.setMonthlyLimit(WORKSPACE, 50);
    const ids = [await world.begin({ rows: people(60) }), await world.begin({ rows: people(60, 60) })];
    const direct = await world.enrich(people(10, 120));
    for (const id of ids) {
      expect(await world.core.jobs.settled(id)).toMatchObject({ state: 'paused', reason: 'monthly-limit' });
    }
    const { credits } = world.sandbox.counts();
    expect(credits).toBe(50);
    expect(await world.core.credits.month(WORKSPACE)).toMatchObject({ credits: 50, monthlyLimit: 50 });
    const statuses = await Promise.all(ids.map((id) => world.core.jobs.status(id)));
    expect(statuses.reduce((sum, status) => sum + (status?.credits ?? 0), direct.credits)).toBe(50);
  });
});

describe("a workspace's monthly limit", () => {
  it('says what each slot spent', async () => {
    await using world = await startWorld();
    await world.run({ rows: people(300) });
    const { credits, bySlot } = await world.core.credits.month(WORKSPACE);
    expect(credits).toBe(world.sandbox.counts().credits);
    expect(Object.values(bySlot).reduce((sum, spent) => sum + spent, 0)).toBe(credits);
  });

  it("is another workspace's business", async () => {
    await using world = await startWorld({ connect: false });
    await world.connect('key-contoso-sales-7Q2A');
    await world.connectTo('fabrikam', 'key-fabrikam-one-3M8T');
    await world.core.credits.setMonthlyLimit(WORKSPACE, 5);
    const [own, other] = await Promise.all([
      world.run({ rows: people(20) }),
      world.run({ rows: people(20), workspace: 'fabrikam' }),
    ]);
    expect(own).toMatchObject({ state: 'paused', reason: 'monthly-limit', credits: 5 });
    expect(other).toMatchObject({ state: 'done' });
  });

  it('is there again when the month is over, and the job goes on', async () => {
    await using world = await startWorld();
    await world.core.credits.setMonthlyLimit(WORKSPACE, 15);
    const { id } = await world.run({ rows: people(30) });
    await world.core.jobs.resumeReady();
    expect(await world.core.jobs.settled(id)).toMatchObject({ state: 'paused', reason: 'monthly-limit' });
    world.clock.advance(31 * 86_400_000);
    await world.core.jobs.resumeReady();
    expect(await world.core.jobs.settled(id)).toMatchObject({ state: 'done', credits: 30 });
    expect(await world.core.credits.month(WORKSPACE)).toMatchObject({ credits: 15 });
  });

  it('goes on at once when it is lifted', async () => {
    await using world = await startWorld();
    await world.core.credits.setMonthlyLimit(WORKSPACE, 0);
    const { id } = await world.run({ rows: people(5) });
    await world.core.credits.setMonthlyLimit(WORKSPACE, undefined);
    await world.core.jobs.resumeReady();
    expect(await world.core.jobs.settled(id)).toMatchObject({ state: 'done' });
  });
});
