import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onEveryStore } from './stores.ts';
import { PHONES, people, profiles, SHORT_MINUTE_MS, WORKSPACE, type World } from './world.ts';

/** Two Apollo teams, so that what one slot may not do can be done by the other. */
const TEAMS = [
  { id: 'team-contoso', keys: ['key-contoso-sales-7Q2A'] },
  { id: 'team-fabrikam', keys: ['key-fabrikam-one-3M8T'] },
];
const ONE = TEAMS.slice(0, 1);

const charged = ({ sandbox }: World) => sandbox.counts().credits;
const spentBy = async ({ core }: World, slot: number) =>
  (await core.credits.month(WORKSPACE)).bySlot[slot] ?? 0;

onEveryStore("a slot's monthly limit", (start) => {
  test('is used to the last credit and never passed, and says why a list waits', async () => {
    await using world = await start({ teams: ONE });
    await world.core.credits.setSlotLimit(WORKSPACE, 1, 23);
    expect(await world.run({ rows: people(60) })).toMatchObject({
      state: 'paused',
      reason: 'slot-limit',
      credits: 23,
    });
    expect(charged(world)).toBe(23);
    expect(await world.core.credits.month(WORKSPACE)).toMatchObject({ slotLimits: { 1: 23 } });
  });

  test('leaves the rest to the other slots', async () => {
    await using world = await start({ teams: TEAMS });
    await world.core.credits.setSlotLimit(WORKSPACE, 1, 15);
    const done = await world.run({ rows: people(200) });
    expect(done).toMatchObject({ state: 'done', finished: 200 });
    expect(await spentBy(world, 1)).toBeLessThanOrEqual(15);
    expect(charged(world)).toBe(done.credits);
    expect(world.sandbox.counts().chargedMoreThanOnce).toEqual([]);
  });

  test('goes on when it is raised, when it is lifted, and when the month is over', async () => {
    await using world = await start({ teams: ONE });
    const { credits, jobs } = world.core;
    await credits.setSlotLimit(WORKSPACE, 1, 0);
    const { id } = await world.run({ rows: people(40) });
    const paused = (spent: number) => ({ state: 'paused', reason: 'slot-limit', credits: spent });
    await jobs.resumeReady();
    expect(await jobs.settled(id)).toMatchObject(paused(0));
    await credits.setSlotLimit(WORKSPACE, 1, 10);
    await jobs.resumeReady();
    expect(await jobs.settled(id)).toMatchObject(paused(10));
    world.clock.advance(31 * 86_400_000);
    const goOn = async () => {
      await jobs.resumeReady();
      return (await jobs.settled(id)).credits;
    };
    await expect.poll(goOn).toBe(20);
    expect(await jobs.status(id)).toMatchObject(paused(20));
    await credits.setSlotLimit(WORKSPACE, 1, undefined);
    await jobs.resumeReady();
    expect(await jobs.settled(id)).toMatchObject({ state: 'done', credits: 40 });
  });

  test('stands beside the limit of the workspace', async () => {
    await using world = await start({ teams: ONE });
    const { credits } = world.core;
    await Promise.all([
      credits.setMonthlyLimit(WORKSPACE, 5),
      credits.setSlotLimit(WORKSPACE, 1, 50),
      credits.setSlotLimit(WORKSPACE, 2, 60),
    ]);
    expect(await credits.month(WORKSPACE)).toMatchObject({
      monthlyLimit: 5,
      slotLimits: { 1: 50, 2: 60 },
    });
    expect(await world.run({ rows: people(20) })).toMatchObject({ reason: 'monthly-limit', credits: 5 });
  });

  test('counts calls in doubt, also those that a crash left', async () => {
    await using world = await start({ teams: ONE });
    await world.core.credits.setSlotLimit(WORKSPACE, 1, 15);
    world.sandbox.fault({ kind: 'cut', endpoint: 'people/bulk_match', times: 1 });
    const { id, inDoubtCredits } = await world.run({ rows: people(10) });
    expect(inDoubtCredits).toBe(10);
    await world.restart();
    expect(await world.resume(id)).toMatchObject({ state: 'paused', reason: 'slot-limit' });
    expect(charged(world)).toBeLessThanOrEqual(15);
  });

  test('keeps what late phones may cost', async () => {
    await using world = await start({ teams: ONE, lateMs: 50, minuteMs: SHORT_MINUTE_MS });
    await world.core.credits.setSlotLimit(WORKSPACE, 1, 100);
    const status = await world.run({ rows: profiles(40), options: PHONES });
    expect(status).toMatchObject({ state: 'paused', reason: 'slot-limit' });
    expect(charged(world)).toBeLessThanOrEqual(100);
    await world.core.credits.setSlotLimit(WORKSPACE, 1, undefined);
    expect(await world.resume(status.id)).toMatchObject({ state: 'done', finished: 40 });
  });

  test('holds for several lists and a request together, whatever is lost on the way', async () => {
    const limits = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }));
    await fc.assert(
      fc.asyncProperty(limits, fc.integer({ min: 0, max: 3 }), async ([first, second], cuts) => {
        await using world = await start({ teams: TEAMS });
        await world.core.credits.setSlotLimit(WORKSPACE, 1, first);
        await world.core.credits.setSlotLimit(WORKSPACE, 2, second);
        if (cuts > 0) world.sandbox.fault({ kind: 'cut', endpoint: 'people/bulk_match', times: cuts });
        const ids = [await world.begin({ rows: people(40) }), await world.begin({ rows: people(40, 40) })];
        await world.enrich(people(10, 80));
        for (const id of ids) await world.core.jobs.settled(id);
        expect(await spentBy(world, 1)).toBeLessThanOrEqual(first);
        expect(await spentBy(world, 2)).toBeLessThanOrEqual(second);
        expect(charged(world)).toBeLessThanOrEqual(first + second);
      }),
      { numRuns: 6 },
    );
  });
});
