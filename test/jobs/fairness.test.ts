import { describe, expect, it } from 'vitest';
import { people, startWorld, WORKSPACE, type World } from './world.ts';

const KEY = 'key-contoso-sales-7Q2A';
/** Forty leads a minute: the lists below would take a quarter of an hour. */
const SLOW = { teams: [{ id: 'team-contoso', plan: { '*': { minute: 4 } }, keys: [KEY] }] };
const OFTEN = { interval: 5 };
const LONG = 600;

/** Leads of the job that are found. */
async function found(world: World, id: string): Promise<number> {
  return (await world.core.jobs.status(id))?.finished ?? 0;
}

async function longListUnderWay(world: World): Promise<string> {
  const id = await world.begin({ rows: people(LONG) });
  await expect.poll(() => found(world, id), OFTEN).toBeGreaterThanOrEqual(40);
  return id;
}

describe('a long list that has all limiters busy', () => {
  it('does not delay two leads that somebody waits for', async () => {
    await using world = await startWorld(SLOW);
    const id = await longListUnderWay(world);
    const { results, stopped } = await world.enrich(people(2, 10_000));
    expect(results.map(({ outcome }) => outcome)).toEqual(['matched', 'matched']);
    expect(stopped).toBeUndefined();
    expect(await found(world, id)).toBeLessThan(200);
    await world.core.jobs.cancel(id);
    expect(world.sandbox.counts().rateLimited).toBe(0);
  });

  it('has a small list beside it, which is done in its turn', async () => {
    await using world = await startWorld(SLOW);
    const id = await longListUnderWay(world);
    expect(await world.run({ rows: people(2, 10_000) })).toMatchObject({ state: 'done' });
    expect(await found(world, id)).toBeLessThan(200);
    await world.core.jobs.cancel(id);
  });

  it('takes turns with a small list that wants something else', async () => {
    await using world = await startWorld(SLOW);
    const id = await longListUnderWay(world);
    const options = { reveal: { personalEmails: true, phones: false, waterfall: false } };
    expect(await world.run({ rows: people(2, 10_000), options })).toMatchObject({ state: 'done' });
    expect(await found(world, id)).toBeLessThan(200);
    await world.core.jobs.cancel(id);
  });
});

it('workspaces that share an Apollo team have the same of it', async () => {
  await using world = await startWorld({ ...SLOW, connect: false });
  await world.connectTo(WORKSPACE, KEY);
  await world.connectTo('fabrikam', KEY);
  const first = await longListUnderWay(world);
  const ahead = await found(world, first);
  const second = await world.begin({ rows: people(LONG, 10_000), workspace: 'fabrikam' });
  await expect.poll(() => found(world, second), OFTEN).toBeGreaterThanOrEqual(80);
  const [own, other] = [(await found(world, first)) - ahead, await found(world, second)];
  // A turn is a call of ten; one more may have left before the second list came.
  expect(Math.abs(own - other)).toBeLessThanOrEqual(40);
  await Promise.all([first, second].map((id) => world.core.jobs.cancel(id)));
  expect(world.sandbox.counts().rateLimited).toBe(0);
});
