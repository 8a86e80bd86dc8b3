import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onEveryStore } from './stores.ts';
import {
  KEYS,
  PHONES,
  people,
  profiles,
  SHORT_MINUTE_MS,
  startWorld,
  WORKSPACE,
  type World,
} from './world.ts';

/** What Apollo's own books say was charged in this world, lost answers included. */
const charged = ({ sandbox }: World) => sandbox.counts().credits;

onEveryStore('credit limits', (start) => {
  test('a list with phones goes on to its end inside a limit that is just enough', async () => {
    await using world = await start({ lateMs: 50, minuteMs: SHORT_MINUTE_MS });
    // One credit for each person and eight for a mobile; all are set aside until the numbers have come.
    const all = await world.run({ rows: profiles(40), options: PHONES });
    await using tight = await start({ lateMs: 50, minuteMs: SHORT_MINUTE_MS });
    const limit = all.credits + 8;
    const status = await tight.run({ rows: profiles(40), options: PHONES, creditLimit: limit });
    expect(status).toMatchObject({ state: 'done', finished: 40, credits: all.credits, latePending: 0 });
    expect(charged(tight)).toBeLessThanOrEqual(limit);
  });

  test('a list with phones pauses at a limit that is not enough, and goes on when it is raised', async () => {
    await using world = await start({ lateMs: 50, minuteMs: SHORT_MINUTE_MS });
    const status = await world.run({ rows: profiles(40), options: PHONES, creditLimit: 100 });
    expect(status).toMatchObject({ state: 'paused', reason: 'credit-limit' });
    expect(charged(world)).toBeLessThanOrEqual(100);
    await world.core.jobs.setCreditLimit(status.id, undefined);
    expect(await world.resume(status.id)).toMatchObject({ state: 'done', finished: 40 });
  });

  test('what is set aside for late phones is set aside once, however often a list is paused', async () => {
    await using world = await start({ lateMs: 600 });
    const rows = profiles(20);
    await world.core.credits.setMonthlyLimit(WORKSPACE, 20 * 9);
    const id = await world.begin({ rows: rows.slice(0, 10), options: PHONES });
    await expect.poll(() => charged(world)).toBeGreaterThan(0);
    for (let pauses = 0; pauses < 3; pauses += 1) {
      await world.core.jobs.pause(id);
      await world.core.jobs.start(id);
    }
    // As much room as ten more people can need is left.
    const other = await world.enrich(rows.slice(10), { options: PHONES });
    expect(other.stopped).toBeUndefined();
    await world.core.jobs.cancel(id);
  });

  test('a call in doubt counts as what it may have cost', async () => {
    await using world = await start();
    world.sandbox.fault({ kind: 'cut', endpoint: 'people/bulk_match', times: 1 });
    const status = await world.run({ rows: people(10), creditLimit: 15 });
    expect(status).toMatchObject({ state: 'paused', reason: 'credit-limit', inDoubtCalls: 1 });
    expect(status.inDoubtCredits).toBe(10);
    expect(charged(world)).toBeLessThanOrEqual(15);
    expect(await world.core.credits.month(WORKSPACE)).toMatchObject({ inDoubtCredits: 10 });
    await world.core.jobs.setCreditLimit(status.id, 20);
    const done = await world.resume(status.id);
    expect(done).toMatchObject({ state: 'done', finished: 10, credits: 10, inDoubtCredits: 10 });
  });

  test('a list whose keys have all run out of credits says so', async () => {
    const teams = [
      { id: 'team-contoso', keys: [KEYS[0], KEYS[1]], credits: { limit: 7 } },
      { id: 'team-fabrikam', keys: [KEYS[2]], credits: { limit: 12 } },
    ];
    await using world = await start({ teams });
    const status = await world.run({ rows: people(200) });
    expect(status).toMatchObject({ state: 'paused', reason: 'no-credits' });
    expect(charged(world)).toBeLessThanOrEqual(19);
  });

  test('phones that nobody can ask for any more do not keep a list from its end', async () => {
    await using world = await start({ lateMs: 3_600_000 });
    const id = await world.begin({ rows: profiles(5), options: PHONES });
    await expect.poll(async () => (await world.core.jobs.status(id))?.latePending).toBeGreaterThan(0);
    for (const slot of [1, 2, 3]) await world.core.slots.disconnect({ workspace: WORKSPACE, slot });
    const status = await world.core.jobs.settled(id);
    expect(status).toMatchObject({ state: 'done', finished: 5 });
    expect(status.latePending).toBeGreaterThan(0);
  });
});

test('whatever is lost on the way, and whenever it is paused, a limit is never passed', async () => {
  const faults = fc.constantFrom('cut' as const, '502' as const, 'nonsense' as const, 'truncated' as const);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 60 }),
      fc.array(fc.tuple(faults, fc.integer({ min: 1, max: 3 })), { maxLength: 4 }),
      fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 3 }),
      async (rows, limit, lost, raises) => {
        await using world = await startWorld();
        for (const [kind, times] of lost) world.sandbox.fault({ kind, endpoint: 'people/bulk_match', times });
        let creditLimit = limit;
        let status = await world.run({ rows: people(rows), creditLimit });
        for (const more of raises) {
          expect(charged(world)).toBeLessThanOrEqual(creditLimit);
          if (status.state === 'done') break;
          creditLimit += more;
          await world.core.jobs.setCreditLimit(status.id, creditLimit);
          if (more % 2 === 1) await world.restart();
          status = await world.resume(status.id);
        }
        expect(charged(world)).toBeLessThanOrEqual(creditLimit);
        expect(status.credits + status.inDoubtCredits).toBeLessThanOrEqual(creditLimit);
        expect(charged(world)).toBeLessThanOrEqual(status.credits + status.inDoubtCredits);
      },
    ),
    { numRuns: 25 },
  );
});
