import { describe, expect, it } from 'vitest';
import { PHONES, people, profiles, startWorld, WORKSPACE, type World } from './world.ts';

const KEY = 'key-contoso-sales-7Q2A';
const ONE_KEY = { teams: [{ id: 'team-contoso', credits: { limit: 10_000 }, keys: [KEY] }] };
/** It looks once a minute, which is little more than half a second of the machine's. */
const OFTEN = { interval: 10 };

async function expectDone(world: World, id: string): Promise<void> {
  await expect.poll(async () => (await world.core.jobs.status(id))?.state, OFTEN).toBe('done');
}

/** Without anybody doing anything. */
describe('a process that lives long goes on by itself', () => {
  it('with lists that a crash or a restart interrupted', async () => {
    await using world = await startWorld({ ...ONE_KEY, latencyMs: 20 });
    const crashed = await world.begin({ rows: people(300) });
    await world.kill();
    world.tend();
    await expectDone(world, crashed);
    const { credits, inDoubtCalls } = (await world.core.jobs.status(crashed)) ?? {};
    const counts = world.sandbox.counts();
    expect(credits).toBe(counts.peopleCharged);
    expect(counts.credits - counts.peopleCharged).toBeLessThanOrEqual(10 * (inDoubtCalls ?? 0));
  });

  it('when a key is connected', async () => {
    await using world = await startWorld({ ...ONE_KEY, connect: false });
    world.tend();
    const { id } = await world.run({ rows: people(10) });
    await world.connect(KEY);
    await expectDone(world, id);
  });

  it('when Apollo takes a refused key again', async () => {
    await using world = await startWorld(ONE_KEY);
    world.sandbox.revoke(KEY);
    const { id, reason } = await world.run({ rows: people(10) });
    expect(reason).toBe('no-slot');
    world.tend();
    world.sandbox.restore(KEY);
    await expectDone(world, id);
    const { slots } = await world.core.slots.list(WORKSPACE);
    expect(slots[0]).toMatchObject({ state: 'connected', connection: { health: { state: 'healthy' } } });
  });

  it('when there are credits again', async () => {
    await using world = await startWorld(ONE_KEY);
    world.sandbox.setCredits('team-contoso', { limit: 5 });
    const { id, reason } = await world.run({ rows: people(30) });
    expect(reason).toBe('no-credits');
    world.tend();
    world.sandbox.setCredits('team-contoso', { limit: 1000 });
    await expectDone(world, id);
    expect(world.sandbox.counts().chargedMoreThanOnce).toEqual([]);
  });

  it('when a limit is raised', async () => {
    await using world = await startWorld(ONE_KEY);
    const { id } = await world.run({ rows: people(10), creditLimit: 3 });
    world.tend();
    await world.core.jobs.setCreditLimit(id, 100);
    await expectDone(world, id);
  });

  it('but not with what a person has paused', async () => {
    await using world = await startWorld({ ...ONE_KEY, connect: false });
    const asked = await world.run({ rows: people(10) });
    await world.core.jobs.pause(asked.id);
    const other = await world.run({ rows: people(10, 10) });
    world.tend();
    await world.connect(KEY);
    await expectDone(world, other.id);
    expect(await world.core.jobs.status(asked.id)).toMatchObject({ state: 'paused', reason: 'asked' });
  });

  it('and polls for the phones of a request that nobody waits for any more', async () => {
    await using world = await startWorld({ ...ONE_KEY, webhooks: 'never' });
    const answer = await world.enrich(profiles(20), { options: PHONES });
    expect(answer.results.every(({ person }) => !person?.phones)).toBe(true);
    world.tend();
    await expect
      .poll(async () => {
        const again = await world.enrich(profiles(20), { options: PHONES });
        return again.results.filter(({ person }) => person?.phones?.length).length;
      }, OFTEN)
      .toBeGreaterThan(5);
    // Two calls were made, and the phones of one may be here before those of the other are asked for.
    await expect
      .poll(async () => {
        const { credits } = await world.core.credits.month(WORKSPACE);
        return credits - world.sandbox.counts().credits;
      }, OFTEN)
      .toBe(0);
    expect(world.sandbox.counts().chargedMoreThanOnce).toEqual([]);
  });

  it('and counts phones that came after a list was cancelled, and says so', async () => {
    await using world = await startWorld({ ...ONE_KEY, lateMs: 300, webhooks: 'never' });
    const id = await world.begin({ rows: profiles(20), options: PHONES });
    await expect.poll(async () => (await world.core.jobs.status(id))?.latePending, OFTEN).toBeGreaterThan(0);
    await world.core.jobs.cancel(id);
    world.tend();
    await expect
      .poll(() => world.events.filter(({ type }) => type === 'job.phones'), OFTEN)
      .toMatchObject([{ job: id, workspace: WORKSPACE }]);
    const status = await world.core.jobs.status(id);
    expect(status).toMatchObject({ state: 'cancelled', latePending: 0 });
    expect(status?.credits).toBe(world.sandbox.counts().credits);
  });

  it('and reads what is left of the credits of those who spend', async () => {
    await using world = await startWorld(ONE_KEY);
    await world.run({ rows: people(10) });
    world.tend();
    const left = 10_000 - world.sandbox.counts().credits;
    await expect
      .poll(async () => (await world.core.slots.list(WORKSPACE)).slots[0], OFTEN)
      .toMatchObject({ connection: { credits: { left } } });
  });
});
