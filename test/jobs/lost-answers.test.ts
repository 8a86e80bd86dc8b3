import { describe, expect, it, test } from 'vitest';
import { onEveryStore } from './stores.ts';
import { people, startWorld, type World } from './world.ts';

const CHUNK_ROWS = 250;

/** How often Apollo charged for the same person, at most. */
function mostCharged(world: World): number {
  return Math.max(1, ...world.sandbox.counts().chargedMoreThanOnce.map(({ times }) => times));
}

describe('answers that are charged and lost on the way', () => {
  it.each(['502', '504', '520', '522', '524'] as const)(
    'are paid for three times at most, however long "%s" lasts and however often the list goes on',
    async (kind) => {
      await using world = await startWorld();
      world.sandbox.fault({ kind, charged: true });
      let status = await world.run({ rows: people(20) });
      for (let times = 0; status.state === 'paused' && times < 5; times += 1) {
        expect(status).toMatchObject({ reason: 'apollo-trouble' });
        expect(status.problem).toContain(kind);
        status = await world.resume(status.id);
      }
      expect(status).toMatchObject({ state: 'done', counts: { failed: 20 }, credits: 0 });
      expect(mostCharged(world)).toBe(3);
      expect(status.inDoubtCredits).toBe(world.sandbox.counts().credits);
    },
  );

  it('pause a list at once where nobody is answered, so that not all of it is paid for in vain', async () => {
    await using world = await startWorld();
    const heal = world.sandbox.fault({ kind: '524', charged: true });
    const paused = await world.run({ rows: people(600) });
    expect(paused).toMatchObject({ state: 'paused', reason: 'apollo-trouble' });
    heal();
    const status = await world.resume(paused.id);
    expect(status).toMatchObject({ state: 'done', finished: 600 });
    expect(status.counts.failed).toBeLessThan(100);
    expect(mostCharged(world)).toBeLessThanOrEqual(3);
  });
});

onEveryStore('answers that nobody can use', (start) => {
  const [first = []] = people(1);

  test('are the end of it for a row and one far below that repeats it', async () => {
    await using world = await start();
    const heal = world.sandbox.fault({ kind: 'nonsense', endpoint: 'people/bulk_match' });
    const blank = Array.from({ length: CHUNK_ROWS }, () => first.map(() => ''));
    const status = await world.run({ rows: [first, ...blank, first] });
    heal();
    expect(status).toMatchObject({ state: 'done', counts: { failed: 2, skipped: CHUNK_ROWS } });
    expect(mostCharged(world)).toBe(2);
    const errors = (await world.output(status.id)).map(({ added }) => added.apollo_error);
    expect(errors.at(-1)).toBe(errors[0]);
  });

  test('are counted on when a list was paused in between, in another process too', async () => {
    await using world = await start();
    const { jobs } = world.core;
    world.sandbox.fault({ kind: 'nonsense', endpoint: 'people/bulk_match' });
    const paused = await world.run({ rows: [first], creditLimit: 1 });
    expect(paused).toMatchObject({ state: 'paused', reason: 'credit-limit', inDoubtCredits: 1 });
    await jobs.setCreditLimit(paused.id, 10);
    await world.restart();
    expect(await world.resume(paused.id)).toMatchObject({ state: 'done', counts: { failed: 1 } });
    expect(mostCharged(world)).toBe(2);
  });

  test('do not keep somebody from asking again in a new list', async () => {
    await using world = await start();
    const heal = world.sandbox.fault({ kind: 'nonsense', endpoint: 'people/bulk_match' });
    expect(await world.run({ rows: [first] })).toMatchObject({ counts: { failed: 1 } });
    heal();
    expect(await world.run({ rows: [first] })).toMatchObject({ counts: { matched: 1 } });
  });
});
