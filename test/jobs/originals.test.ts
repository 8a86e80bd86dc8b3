import { expect, test } from 'vitest';
import { onEveryStore } from './stores.ts';
import { people, WORKSPACE } from './world.ts';

/** Larger than what is kept under one key, and unlike in all its parts. */
const original = Uint8Array.from({ length: 600_000 }, (_, index) => (index * 31 + (index >> 9)) % 256);

onEveryStore('the workbook that a list came from', (start) => {
  test('is kept as it was, until somebody in it is forgotten', async () => {
    await using world = await start();
    const { id } = await world.run({ rows: people(5), original });
    const other = await world.run({ rows: people(30).slice(20), original });
    expect(await world.core.jobs.original(id)).toEqual(original);
    const [found] = await Array.fromAsync(world.core.jobs.results(id));
    await world.core.forget(WORKSPACE, found?.person?.id ?? '');
    expect(await world.core.jobs.original(id)).toBeUndefined();
    // Nobody in the other one was meant.
    expect(await world.core.jobs.original(other.id)).toEqual(original);
  });

  test('goes with a list that nobody starts', async () => {
    await using world = await start();
    const { id } = await world.prepare({ rows: people(5), original });
    await world.core.jobs.discard(id);
    expect(await world.core.jobs.original(id)).toBeUndefined();
  });
});
