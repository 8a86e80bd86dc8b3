import { expect, test } from 'vitest';
import type { JobStatus } from '../../core/jobs/index.ts';
import { onEveryStore } from './stores.ts';
import { PHONES, people, profiles, SHORT_MINUTE_MS, WORKSPACE, type World } from './world.ts';

/** Row numbers by outcome, as whoever reads the results sees them. */
async function outcomes({ core }: World, id: string): Promise<Map<string, number[]>> {
  const seen = new Map<string, number[]>();
  for await (const { row, outcome = 'none' } of core.jobs.results(id)) {
    seen.set(outcome, [...(seen.get(outcome) ?? []), row]);
  }
  return seen;
}

/** An outcome for everybody whom Apollo was asked for, and figures that agree with the rows. */
async function showsWhatWasPaidFor(world: World, { id, finished, counts }: JobStatus): Promise<void> {
  expect(finished).toBe(world.sandbox.counts().lookups.people);
  expect(counts).toMatchObject({ matched: finished, lookups: finished });
  expect((await outcomes(world, id)).get('matched')).toHaveLength(finished);
}

const ROWS = 600;

onEveryStore('a list that stops halfway', (start) => {
  test('shows all that was paid for, and goes on with the rest', async () => {
    await using world = await start();
    const paused = await world.run({ rows: people(ROWS), creditLimit: 130 });
    expect(paused).toMatchObject({ state: 'paused', reason: 'credit-limit', credits: 130 });
    await showsWhatWasPaidFor(world, paused);

    await world.core.jobs.setCreditLimit(paused.id, 370);
    const again = await world.resume(paused.id);
    expect(again).toMatchObject({ state: 'paused', credits: 370 });
    await showsWhatWasPaidFor(world, again);

    await world.core.jobs.setCreditLimit(paused.id, undefined);
    const done = await world.resume(paused.id);
    expect(done).toMatchObject({ state: 'done', finished: ROWS, counts: { matched: ROWS, lookups: ROWS } });
    expect([...(await outcomes(world, paused.id)).keys()]).toEqual(['matched']);
    expect(world.sandbox.counts()).toMatchObject({ credits: done.credits, chargedMoreThanOnce: [] });
  });

  test('has what was paid for when it is cancelled', async () => {
    await using world = await start({ latencyMs: 20 });
    const id = await world.begin({ rows: people(ROWS) });
    await expect.poll(() => world.sandbox.counts().credits, { interval: 5 }).toBeGreaterThan(50);
    await world.core.jobs.cancel(id);
    const cancelled = await world.core.jobs.settled(id);
    expect(cancelled).toMatchObject({ state: 'cancelled', credits: world.sandbox.counts().credits });
    await showsWhatWasPaidFor(world, cancelled);
  });

  test('counts once who has an e-mail there when phones come late', async () => {
    await using world = await start({ lateMs: 400, minuteMs: SHORT_MINUTE_MS });
    const id = await world.begin({ rows: profiles(40), options: PHONES, creditLimit: 100 });
    await world.core.jobs.settled(id);
    await world.core.jobs.cancel(id).catch(() => undefined);
    const stopping = new AbortController();
    const maintenance = world.core.tend(stopping.signal);
    await expect.poll(async () => (await world.core.jobs.status(id))?.counts.phones).toBeGreaterThan(0);
    stopping.abort();
    await maintenance;
    let emails = 0;
    let phones = 0;
    for await (const { person } of world.core.jobs.results(id)) {
      if (person?.email) emails += 1;
      if (person?.phones?.length) phones += 1;
    }
    expect((await world.core.jobs.status(id))?.counts).toMatchObject({ emails, phones });
  });

  test('forgets people there too', async () => {
    await using world = await start();
    const { id } = await world.run({ rows: people(20), creditLimit: 10 });
    const found: { row: number; apolloId: string }[] = [];
    for await (const { row, person } of world.core.jobs.results(id)) {
      if (person) found.push({ row, apolloId: person.id });
    }
    const [{ row, apolloId } = { row: -1, apolloId: '' }] = found;
    expect(await world.core.forget(WORKSPACE, apolloId)).toMatchObject({ rows: 1 });
    expect((await outcomes(world, id)).get('skipped')).toEqual([row]);
    const cells: string[] = [];
    for await (const result of world.core.jobs.results(id))
      if (result.row === row) cells.push(...result.cells);
    expect(cells.join('')).toBe('');
  });
});
