import { expect, it } from 'vitest';
import { people, startWorld, WORKSPACE } from './world.ts';

const CAPPED = 'key-contoso-capped-user-1A';
const FREE = 'key-contoso-other-user-2B';

it('the cap of one user ends that key’s work, and the team’s other key goes on', async () => {
  await using world = await startWorld({
    teams: [{ id: 'team', keys: [{ key: CAPPED, cap: { limit: 5 } }, FREE] }],
    connect: false,
  });
  await world.connect(CAPPED, FREE);
  const [capped] = await world.core.slots.connections(WORKSPACE);
  expect(capped?.credits).toMatchObject({ left: 5, user: 5, team: 10_000 });
  const done = await world.run({ rows: people(40) });
  expect(done).toMatchObject({ state: 'done', finished: 40, counts: { matched: 40 } });
  expect(done.credits).toBe(world.sandbox.counts().credits);
  const [one, other] = await world.core.slots.connections(WORKSPACE);
  expect(one?.credits?.left).toBeLessThanOrEqual(5);
  expect(other?.health.state).toBe('healthy');
});

it('spent credits are named with the day on which there are some again', async () => {
  const cycleEndsAt = Date.now() + 10 * 86_400_000;
  await using world = await startWorld({
    teams: [{ id: 'team', credits: { limit: 12, cycleEndsAt }, keys: [FREE] }],
    connect: false,
  });
  await world.connect(FREE);
  const paused = await world.run({ rows: people(40) });
  expect(paused).toMatchObject({ state: 'paused', reason: 'no-credits' });
  const [connection] = await world.core.slots.connections(WORKSPACE);
  expect(connection?.health).toMatchObject({ state: 'out-of-credits' });
  expect(connection?.health).toHaveProperty('until');
  world.sandbox.setCredits('team', { limit: 100 });
  expect(await world.resume(paused.id)).toMatchObject({ state: 'done', counts: { matched: 40 } });
});
