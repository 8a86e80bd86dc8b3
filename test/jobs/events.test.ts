import { describe, expect, it } from 'vitest';
import type { CoreEvent } from '../../core/index.ts';
import { people, startWorld, TEAMS, WORKSPACE, type World } from './world.ts';

const KEY = 'key-contoso-sales-7Q2A';
const ONE_KEY = { teams: [{ id: 'team-contoso', keys: [KEY] }] };

/** What was told so far, without what differs from run to run. */
async function told(world: World): Promise<object[]> {
  await world.core.events.settled();
  return world.events.map(({ id: _, at: __, ...event }) => event);
}

describe('people are told', () => {
  it('of the end of a list, once', async () => {
    await using world = await startWorld();
    const { id } = await world.run({ rows: people(5) });
    expect(await told(world)).toEqual([{ workspace: WORKSPACE, type: 'job.finished', job: id }]);
    await world.restart();
    expect(await told(world)).toHaveLength(1);
  });

  it('why a list stopped, and nothing of one that was cancelled', async () => {
    await using world = await startWorld({ connect: false });
    const { id } = await world.run({ rows: people(5) });
    const paused = { workspace: WORKSPACE, type: 'job.paused', job: id, reason: 'no-slot' };
    expect(await told(world)).toEqual([paused]);
    await world.core.jobs.cancel(id);
    expect(await told(world)).toEqual([paused]);
  });

  it('of a key that Apollo refuses or that has no credits, once, by slot', async () => {
    await using world = await startWorld({
      teams: [
        { id: 'team-contoso', keys: [KEY] },
        { id: 'team-fabrikam', credits: { limit: 10_000 }, keys: ['key-fabrikam-one-3M8T'] },
      ],
    });
    world.sandbox.revoke(KEY);
    world.sandbox.setCredits('team-fabrikam', { limit: 1, used: 1 });
    expect(await world.run({ rows: people(60) })).toMatchObject({ state: 'paused' });
    await expect
      .poll(async () => (await told(world)).filter((event) => JSON.stringify(event).includes('slot.trouble')))
      .toHaveLength(2);
    expect(await told(world)).toContainEqual({
      workspace: WORKSPACE,
      type: 'slot.trouble',
      slot: 1,
      state: 'refused',
    });
    expect(await told(world)).toContainEqual({
      workspace: WORKSPACE,
      type: 'slot.trouble',
      slot: 2,
      state: 'out-of-credits',
    });
  });

  it('when credits run low, once for all keys of the team', async () => {
    const [contoso] = TEAMS;
    const teams = contoso ? [{ ...contoso, credits: { limit: 100, used: 85 } }] : [];
    await using world = await startWorld({ teams });
    await world.run({ rows: people(10) });
    await expect.poll(async () => (await told(world)).length).toBe(2);
    const { credits } = world.sandbox.counts();
    expect(await told(world)).toContainEqual({
      workspace: WORKSPACE,
      type: 'slot.credits-low',
      slot: 1,
      left: 15 - credits,
      limit: 100,
    });
  });
});

describe('what could not be told', () => {
  it('is told after a crash, under the same id', async () => {
    await using world = await startWorld(ONE_KEY);
    await world.core.events.subscribe(() => new Promise(() => undefined));
    await world.run({ rows: people(5) });
    await expect.poll(() => world.events).toHaveLength(1);
    await world.kill();
    await world.core.events.settled();
    expect(world.events.map(({ id }) => id)).toEqual([world.events[0]?.id, world.events[0]?.id]);
  });

  it('is told at the next start when whoever hears it has failed', async () => {
    await using world = await startWorld(ONE_KEY);
    await world.core.events.subscribe(() => Promise.reject(new Error('Slack is away')));
    const { id } = await world.run({ rows: people(5) });
    await world.core.events.settled();
    expect(world.logged.join('\n')).toMatch(/An event could not be delivered .*Slack is away/);
    await world.restart();
    expect(await told(world)).toEqual(
      Array.from({ length: 2 }, () => ({ workspace: WORKSPACE, type: 'job.finished', job: id })),
    );
    await world.restart();
    expect(world.events).toHaveLength(2);
  });

  it('waits, in order, while somebody subscribes', async () => {
    await using world = await startWorld(ONE_KEY);
    const release = world.core.events.hold();
    const first = await world.run({ rows: people(5) });
    const second = await world.run({ rows: people(5, 5) });
    const heard: CoreEvent[] = [];
    await world.core.events.subscribe(async (event) => void heard.push(event));
    expect(world.events).toEqual([]);
    release();
    await world.core.events.settled();
    const jobs = heard.map((event) => event.type === 'job.finished' && event.job);
    expect(jobs).toEqual([first.id, second.id]);
    expect(world.events).toEqual(heard);
  });
});
