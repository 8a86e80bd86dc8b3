import { describe, expect, it } from 'vitest';
import { people, startWorld, WORKSPACE, type World } from './world.ts';

const KEY = 'key-contoso-sales-7Q2A';
/** Fifty leads a minute, so that a longer list is still running when something is done to it. */
const SLOW = { teams: [{ id: 'team-contoso', plan: { '*': { minute: 5 } }, keys: [KEY] }] };
const OFTEN = { interval: 5 };

/** Resolves when somebody has been asked for. */
async function begun(world: World): Promise<void> {
  await expect.poll(() => world.sandbox.counts().lookups.people, OFTEN).toBeGreaterThan(0);
}

function calls(world: World): number {
  return world.sandbox.counts().byEndpoint['people/bulk_match'] ?? 0;
}

describe('a list', () => {
  it('says what it would cost, and costs nothing before it is started', async () => {
    await using world = await startWorld();
    await world.run({ rows: people(10) });
    const before = calls(world);
    const rows = [...people(25), ...people(5), ['', '', '', '', '']];
    const job = await world.prepare({ rows });
    expect(job).toMatchObject({
      state: 'ready',
      estimate: { rows: 31, duplicates: 5, known: 10, skipped: 1, lookups: 15, mostCredits: 15 },
    });
    expect(calls(world)).toBe(before);
    expect((await world.core.jobs.status(job.id))?.finished).toBe(0);
  });

  it('is gone when it is thrown away before the start, and not afterwards', async () => {
    await using world = await startWorld();
    const { id } = await world.prepare({ rows: people(5) });
    await world.core.jobs.discard(id);
    expect(await world.core.jobs.status(id)).toBeUndefined();
    await expect(world.core.jobs.start(id)).rejects.toThrow(`There is no job ${id}`);
    const { id: started } = await world.run({ rows: people(5) });
    await expect(world.core.jobs.discard(started)).rejects.toThrow('was started already');
  });

  it('is refused where nothing in it identifies anybody, or nobody is in it', async () => {
    await using world = await startWorld();
    await expect(world.prepare({ rows: [] })).rejects.toThrow('has no rows');
    await expect(world.prepare({ headers: ['Shoe size'], rows: [['42']] })).rejects.toThrow(
      /No column of leads\.csv identifies anybody. Columns: Shoe size/,
    );
  });

  it('is listed, the newest first, in its own workspace only', async () => {
    await using world = await startWorld({ connect: false });
    const ids: string[] = [];
    for (let each = 0; each < 3; each += 1) {
      ids.unshift((await world.prepare({ rows: people(1) })).id);
      world.clock.advance(1000);
    }
    await world.prepare({ rows: people(1), workspace: 'fabrikam' });
    const listed = async (page?: { limit?: number; after?: string }) =>
      (await world.core.jobs.list(WORKSPACE, page)).map(({ id }) => id);
    expect(await listed()).toEqual(ids);
    expect(await listed({ limit: 2 })).toEqual(ids.slice(0, 2));
    expect(await listed({ limit: 2, after: ids[1] ?? '' })).toEqual(ids.slice(2));
  });

  it('comes back whole from any row on', async () => {
    await using world = await startWorld({ matchRate: 0.5 });
    const { id } = await world.run({ rows: people(600) });
    const all: number[] = [];
    for await (const { row, outcome } of world.core.jobs.results(id)) {
      expect(outcome).toMatch(/^(un)?matched$/);
      all.push(row);
    }
    expect(all).toEqual(Array.from({ length: 600 }, (_, row) => row));
    const rest: number[] = [];
    for await (const { row } of world.core.jobs.results(id, 333)) rest.push(row);
    expect(rest).toEqual(all.slice(333));
  });

  it('says that its rows have expired rather than giving back empty ones', async () => {
    await using world = await startWorld();
    const { id } = await world.run({ rows: people(3) });
    world.clock.advance(366 * 86_400_000);
    await expect(world.output(id)).rejects.toThrow(/no job|expired/);
  });
});

describe('a running list', () => {
  it('stops when it is paused, with nothing under way, and goes on where it was', async () => {
    await using world = await startWorld(SLOW);
    const rows = people(320);
    const id = await world.begin({ rows });
    await begun(world);
    await world.core.jobs.pause(id);
    const paused = await world.core.jobs.status(id);
    expect(paused).toMatchObject({ state: 'paused', reason: 'asked' });
    expect(world.core.waiting()).toBe(0);
    expect([...world.core.underWay().values()].every((calls) => calls === 0)).toBe(true);
    const counts = world.sandbox.counts();
    expect(counts.lookups.people).toBeLessThan(320);
    expect(paused?.credits).toBe(counts.credits);

    world.sandbox.setPlan('team-contoso', 'paid');
    expect(await world.resume(id)).toMatchObject({ state: 'done', finished: 320 });
    expect(world.sandbox.counts()).toMatchObject({ chargedMoreThanOnce: [], rateLimited: 0 });
    expect(world.sandbox.counts().lookups.people).toBe(320);
    expect((await world.output(id)).map(({ cells }) => cells)).toEqual(rows);
  });

  it('is over when it is cancelled: what was found can be read, the rest is empty', async () => {
    await using world = await startWorld(SLOW);
    // The first chunk is complete in one call, the others are not.
    const rows = [...Array.from({ length: 250 }, () => people(1)[0] ?? []), ...people(300, 1)];
    const id = await world.begin({ rows });
    await expect.poll(async () => (await world.core.jobs.status(id))?.finished, OFTEN).toBeGreaterThan(249);
    await world.core.jobs.cancel(id);
    expect(await world.core.jobs.status(id)).toMatchObject({ state: 'cancelled' });
    const output = await world.output(id);
    expect(output.map(({ cells }) => cells)).toEqual(rows);
    const outcomes = output.map(({ added }) => added.apollo_outcome);
    expect(outcomes.slice(0, 250).every((outcome) => outcome === 'matched')).toBe(true);
    expect(outcomes.at(-1)).toBe('');
    await expect(world.core.jobs.cancel(id)).rejects.toThrow('nothing to cancel');
  });

  it('is taken up where it was after it was cancelled, and costs nothing twice', async () => {
    await using world = await startWorld(SLOW);
    const id = await world.begin({ rows: people(320), creditLimit: 320 });
    await begun(world);
    await world.core.jobs.cancel(id);
    const cancelled = await world.core.jobs.settled(id);
    expect(cancelled).toMatchObject({ state: 'cancelled', endedAt: expect.any(Number) });
    await world.restart();
    world.tend();
    await world.core.jobs.resumeReady();
    expect(await world.core.jobs.status(id)).toMatchObject({ state: 'cancelled' });

    const resumed = await world.resume(id);
    expect(resumed).toMatchObject({ state: 'done', finished: 320, creditLimit: 320 });
    expect(resumed.endedAt).toBeGreaterThan(cancelled.endedAt ?? 0);
    const { chargedMoreThanOnce, credits } = world.sandbox.counts();
    expect([resumed.credits, chargedMoreThanOnce]).toEqual([credits, []]);
    await expect(world.core.jobs.start(id)).rejects.toThrow('is done already');
  });

  it('is not taken up when its rows are not kept any longer', async () => {
    await using world = await startWorld(SLOW);
    const id = await world.begin({ rows: people(320) });
    await begun(world);
    await world.core.jobs.cancel(id);
    await world.store.collection('chunks').delete(`${id}/0`);
    await expect(world.core.jobs.start(id)).rejects.toThrow('have expired; enrich the list again');
    expect(await world.core.jobs.status(id)).toMatchObject({ state: 'cancelled' });
  });

  it('pauses when the program ends, and is interrupted when it dies', async () => {
    await using world = await startWorld(SLOW);
    const id = await world.begin({ rows: people(200) });
    await begun(world);
    await world.restart();
    expect(await world.core.jobs.status(id)).toMatchObject({ state: 'paused', reason: 'shutdown' });
    await world.core.jobs.start(id);
    await world.kill();
    expect(await world.core.jobs.status(id)).toMatchObject({ state: 'paused', reason: 'interrupted' });
    world.sandbox.setPlan('team-contoso', 'paid');
    const done = await world.resume(id);
    expect(done).toMatchObject({ state: 'done', finished: 200 });
    expect(world.sandbox.counts().peopleCharged).toBe(done.credits);
  });

  it('counts the calls of a process that died as in doubt, and asks for nobody else again', async () => {
    await using world = await startWorld({ latencyMs: 20 });
    const id = await world.begin({ rows: people(40) });
    await expect.poll(() => calls(world), OFTEN).toBeGreaterThan(0);
    await world.kill();
    const paused = await world.core.jobs.status(id);
    expect(paused?.inDoubtCalls).toBeGreaterThan(0);
    expect(paused?.credits).toBe(0);
    const done = await world.resume(id);
    expect(done).toMatchObject({ state: 'done', finished: 40, inDoubtCalls: paused?.inDoubtCalls });
    const counts = world.sandbox.counts();
    expect(done.credits).toBe(counts.peopleCharged);
    expect(counts.credits - counts.peopleCharged).toBeLessThanOrEqual(10 * done.inDoubtCalls);
  });

  it('asks for duplicates once, wherever in the list they stand', async () => {
    await using world = await startWorld();
    const rows = [...people(260), ...people(260)].reverse();
    const done = await world.run({ rows });
    expect(done.counts).toMatchObject({ matched: 520, lookups: 260, duplicates: 260, known: 0 });
    expect(world.sandbox.counts().lookups.people).toBe(260);
    const ids = new Map<string, string>();
    for (const { cells, added } of await world.output(done.id)) {
      const name = cells.join();
      expect(ids.get(name) ?? added.apollo_id).toBe(added.apollo_id);
      ids.set(name, added.apollo_id ?? '');
    }
    expect(new Set(ids.values()).size).toBe(260);
  });
});

describe('a paused list', () => {
  it('waits for a key when there is none, and is done when there is one', async () => {
    await using world = await startWorld({ ...SLOW, connect: false });
    const paused = await world.run({ rows: people(20) });
    expect(paused).toMatchObject({ state: 'paused', reason: 'no-slot', credits: 0 });
    expect(paused.estimate.seconds).toBeUndefined();
    await world.core.jobs.resumeReady();
    expect(await world.core.jobs.settled(paused.id)).toMatchObject({ state: 'paused', reason: 'no-slot' });
    await world.connect(KEY);
    await world.core.jobs.resumeReady();
    expect(await world.core.jobs.settled(paused.id)).toMatchObject({ state: 'done', finished: 20 });
  });

  it('says that credits are gone, and goes on when there are some', async () => {
    await using world = await startWorld({
      teams: [{ id: 'team-contoso', credits: { limit: 15 }, keys: [KEY] }],
    });
    const paused = await world.run({ rows: people(40) });
    expect(paused).toMatchObject({ state: 'paused', reason: 'no-credits' });
    expect(paused.credits).toBe(world.sandbox.counts().credits);
    world.sandbox.setCredits('team-contoso', { limit: 1000 });
    expect(await world.resume(paused.id)).toMatchObject({ state: 'done', finished: 40 });
    expect(world.sandbox.counts().chargedMoreThanOnce).toEqual([]);
  });

  it('does not go on by itself once a person has paused it', async () => {
    await using world = await startWorld({ connect: false });
    const { id } = await world.run({ rows: people(5) });
    await world.core.jobs.pause(id);
    await world.connect(KEY);
    await world.core.jobs.resumeReady();
    expect(await world.core.jobs.settled(id)).toMatchObject({ state: 'paused', reason: 'asked' });
    expect(calls(world)).toBe(0);
    expect(await world.resume(id)).toMatchObject({ state: 'done' });
  });
});
