import { expect, test } from 'vitest';
import { StoreNotWritten } from '../../core/node/index.ts';
import { people, startWorld, type World } from './world.ts';

/** From the moment at which Apollo has charged for something, the disk is full, until the function that is given is called. */
function fillDisk({ store, sandbox }: World): { refused: () => number; free: () => void } {
  const write = store.atomically.bind(store);
  let refused = 0;
  store.atomically = async (work) => {
    if (sandbox.counts().credits === 0) return await write(work);
    refused += 1;
    throw new StoreNotWritten('/data', 'disk full. Free space');
  };
  return {
    refused: () => refused,
    free: () => {
      store.atomically = write;
    },
  };
}

test('answers that come while the disk is full are kept until it takes them: nobody is paid for twice', async () => {
  await using world = await startWorld();
  world.tend();
  const disk = fillDisk(world);
  const id = await world.begin({ rows: people(40) });
  await expect.poll(() => world.sandbox.counts().credits).toBe(40);
  await expect.poll(disk.refused).toBeGreaterThan(4);
  expect(await world.core.jobs.status(id)).toMatchObject({
    state: 'running',
    waiting: { for: 'disk' },
    credits: 0,
  });
  disk.free();
  const done = await world.core.jobs.settled(id);
  expect(done).toMatchObject({ state: 'done', credits: 40, inDoubtCalls: 0, counts: { matched: 40 } });
  expect(done.waiting).toBeUndefined();
  const { credits, chargedMoreThanOnce } = world.sandbox.counts();
  expect([credits, chargedMoreThanOnce]).toEqual([40, []]);
  expect(world.logged.filter((line) => line.startsWith('The store takes nothing'))).not.toEqual([]);
});

test('a process that is asked to end meanwhile does, and what could not be kept is in doubt', async () => {
  await using world = await startWorld();
  world.tend();
  const disk = fillDisk(world);
  const id = await world.begin({ rows: people(10) });
  await expect.poll(disk.refused).toBeGreaterThan(0);
  await world.core.close();
  disk.free();
  await world.kill();
  expect(await world.core.jobs.status(id)).toMatchObject({ inDoubtCalls: 1, inDoubtCredits: 10 });
});
