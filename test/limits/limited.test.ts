import { expect, it } from 'vitest';
import { healthWords } from '../../core/slots/index.ts';
import { people, startWorld, WORKSPACE, type World } from '../jobs/world.ts';

const KEY = 'key-contoso-sales-7Q2A';

/** What people see of the one slot. */
async function words({ core, clock }: World): Promise<string> {
  const [slot] = (await core.slots.list(WORKSPACE)).slots;
  if (slot?.state !== 'connected') throw new Error('Nothing is connected.');
  return healthWords(slot.connection.health, clock.now());
}

it('says that a slot waits for the end of the day, and until when', async () => {
  await using world = await startWorld({
    teams: [{ id: 'team', plan: { '*': { minute: 50, day: 4 } }, keys: [KEY] }],
  });
  const told = Promise.withResolvers<void>();
  world.core.slots.onChange(({ change }) => {
    if (change === 'changed') told.resolve();
  });
  const id = await world.begin({ rows: people(80) });
  await told.promise;
  expect(await words(world)).toMatch(
    /^At its limit per day for another 2[34] h\. It continues automatically\.$/,
  );
  // Four calls of the eight needed fit into the day.
  expect(world.sandbox.counts().byEndpoint['people/bulk_match']).toBe(4);
  await world.core.jobs.pause(id);
  world.clock.advance(25 * 3_600_000);
  expect(await words(world)).toBe('Healthy.');
  expect(world.sandbox.counts().rateLimited).toBe(0);
});
