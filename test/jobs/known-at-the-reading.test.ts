import { describe, expect, test } from 'vitest';
import { onEveryStore } from './stores.ts';
import { people, person, startWorld, WORKSPACE, type World } from './world.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const RETENTION = 365 * DAY;

/** The words under `apollo_outcome`, row by row. */
async function outcomes(world: World, id: string): Promise<string[]> {
  return (await world.output(id)).map(({ added }) => added.apollo_outcome ?? '');
}

const calls = ({ sandbox }: World) => sandbox.counts().lookups.people;

onEveryStore('whoever is known when a list is read', (start) => {
  test('is in the file and the figures of a list of which the rest cannot be looked up', async () => {
    await using world = await start();
    await world.run({ rows: people(300) });
    const mixed = people(600, 100);
    const stopped = await world.run({ rows: mixed, creditLimit: 0 });
    expect(stopped).toMatchObject({
      state: 'paused',
      finished: 200,
      counts: { known: 200, matched: 200, lookups: 0 },
    });
    expect((await outcomes(world, stopped.id)).filter((outcome) => outcome === 'matched')).toHaveLength(200);

    await world.core.jobs.setCreditLimit(stopped.id, undefined);
    const done = await world.resume(stopped.id);
    expect(done).toMatchObject({ state: 'done', finished: 600, counts: { known: 200, lookups: 400 } });
    expect(calls(world)).toBe(700);
    expect(world.sandbox.counts().chargedMoreThanOnce).toEqual([]);
  });

  test('has the same row and the same count as one that is found out when the list runs', async () => {
    await using world = await start();
    await world.run({ rows: people(20) });
    const { id } = await world.prepare({
      rows: [person(3), person(3), ['', '', '', '', ''], person(400), person(4)],
    });
    expect((await world.core.jobs.status(id))?.estimate).toMatchObject({
      rows: 5,
      duplicates: 1,
      known: 2,
      skipped: 1,
      lookups: 1,
    });
    await world.core.jobs.start(id);
    expect(await world.core.jobs.settled(id)).toMatchObject({
      finished: 5,
      counts: { duplicates: 1, known: 2, lookups: 1, matched: 4, skipped: 1, emails: 4 },
    });
    expect(await outcomes(world, id)).toEqual(['matched', 'matched', 'skipped', 'matched', 'matched']);
  });

  test('is not shown before the list is started', async () => {
    await using world = await start();
    await world.run({ rows: people(5) });
    const { id } = await world.prepare({ rows: people(5) });
    expect(await outcomes(world, id)).toEqual(['', '', '', '', '']);
    expect(await world.core.jobs.status(id)).toMatchObject({ finished: 0, counts: { matched: 0 } });
    await world.core.jobs.cancel(id);
    expect(await outcomes(world, id)).toEqual(['', '', '', '', '']);
  });

  test('and asks to be forgotten before the list is started is skipped', async () => {
    await using world = await start();
    const { id: first } = await world.run({ rows: people(4) });
    const apolloId = (await world.output(first))[1]?.added.apollo_id ?? '';
    const { id } = await world.prepare({ rows: people(4) });
    await world.core.forget(WORKSPACE, apolloId);
    await world.core.jobs.start(id);
    expect(await world.core.jobs.settled(id)).toMatchObject({ counts: { matched: 3, skipped: 1 } });
    expect(await outcomes(world, id)).toEqual(['matched', 'skipped', 'matched', 'matched']);
    expect(calls(world)).toBe(4);
  });

  test('and had asked to be forgotten counts as skipped in the estimate', async () => {
    await using world = await start();
    const { id } = await world.run({ rows: people(4) });
    await world.core.forget(WORKSPACE, (await world.output(id))[1]?.added.apollo_id ?? '');
    const { estimate } = await world.prepare({ rows: people(4) });
    expect(estimate).toMatchObject({ known: 3, skipped: 1, lookups: 0, mostCredits: 0 });
  });

  test('or found before the list stopped, gets company data too when it goes on', async () => {
    await using world = await start();
    await world.run({ rows: people(3) });
    const options = { company: true };
    const stopped = await world.run({ rows: people(20), options, creditLimit: 8 });
    expect(stopped).toMatchObject({ state: 'paused', reason: 'credit-limit' });
    await world.core.jobs.setCreditLimit(stopped.id, undefined);
    expect(await world.resume(stopped.id)).toMatchObject({ state: 'done', counts: { matched: 20 } });
    for await (const { company } of world.core.jobs.results(stopped.id)) expect(company).toBeDefined();
  });

  test('gets company data too where that is asked for', async () => {
    await using world = await start();
    await world.run({ rows: people(3) });
    const done = await world.run({ rows: people(3), options: { company: true } });
    expect(done).toMatchObject({ state: 'done', counts: { known: 3, matched: 3 } });
    for await (const { company } of world.core.jobs.results(done.id)) expect(company).toBeDefined();
  });
});

describe('between the reading of a list and its start', () => {
  test('the estimate holds for a while, also for what grows too old meanwhile', async () => {
    await using world = await startWorld();
    await world.run({ rows: people(3) });
    world.clock.advance(90 * DAY - 70 * MINUTE);
    const { id, estimate } = await world.prepare({ rows: people(3) });
    expect(estimate).toMatchObject({ known: 3, lookups: 0 });
    world.clock.advance(50 * MINUTE);
    await world.core.jobs.start(id);
    expect(await world.core.jobs.settled(id)).toMatchObject({ state: 'done', counts: { known: 3 } });
    expect(calls(world)).toBe(3);
  });

  test('what is too old when the list is started much later is looked up again', async () => {
    await using world = await startWorld();
    await world.run({ rows: people(3) });
    world.clock.advance(90 * DAY - 70 * MINUTE);
    const { id } = await world.prepare({ rows: people(3) });
    world.clock.advance(2 * DAY);
    await world.core.jobs.start(id);
    expect(await world.core.jobs.settled(id)).toMatchObject({ state: 'done', counts: { lookups: 3 } });
  });

  test('what is too old, or gone, within the hour counts as a look-up', async () => {
    await using world = await startWorld();
    await world.run({ rows: people(3) });
    world.clock.advance(90 * DAY - 30 * MINUTE);
    expect((await world.prepare({ rows: people(3) })).estimate).toMatchObject({ known: 0, lookups: 3 });
    world.clock.advance(RETENTION - 90 * DAY);
    const aged = { matchedForMs: 10 * RETENTION };
    expect((await world.prepare({ rows: people(3), options: aged })).estimate).toMatchObject({ lookups: 3 });
  });
});
