import { describe, expect, it } from 'vitest';
import { type Actor, type Job, ScheduleOver } from '../../core/index.ts';
import { nextAfter } from '../../core/jobs/schedule-times.ts';
import { onEveryStore } from './stores.ts';
import { people, startWorld, WORKSPACE, type World } from './world.ts';

const DAY_MS = 86_400_000;
const WEEKLY = { every: 'week', olderThanDays: 30 } as const;
const ADA: Actor = { kind: 'person', id: 'U1', name: 'Ada', via: 'slack' };

/** The time of schedules comes, and whoever lives long looks. */
async function run(world: World): Promise<void> {
  await world.core.jobs.scheduleRuns.runDue(new AbortController().signal);
}

/** The runs that schedules made, when each is over, the newest first. */
async function runs(world: World) {
  const made = (await world.core.jobs.list(WORKSPACE)).filter(({ repeats }) => repeats !== undefined);
  return await Promise.all(made.map(({ id }) => world.core.jobs.settled(id)));
}

const next = async (world: World) => (await world.core.jobs.schedules.list(WORKSPACE))[0];

onEveryStore('a list with a schedule', (start) => {
  it('runs again at its time, and asks only for whom the answer is too old', async () => {
    await using world = await start();
    const first = await world.run({ rows: people(5) });
    await world.core.jobs.schedules.set(first.id, { every: 'week', olderThanDays: 10 });
    const { credits } = world.sandbox.counts();

    await run(world);
    expect(await runs(world)).toEqual([]);

    world.clock.advance(7 * DAY_MS);
    await run(world);
    const [week] = await runs(world);
    expect(week).toMatchObject({ state: 'done', repeats: first.id, name: first.name, credits: 0 });
    expect(week?.counts).toMatchObject({ matched: 5, known: 5, lookups: 0 });
    expect(world.sandbox.counts().credits).toBe(credits);

    world.clock.advance(7 * DAY_MS);
    await run(world);
    const [fortnight] = await runs(world);
    expect(fortnight?.counts).toMatchObject({ matched: 5, known: 0, lookups: 5 });
    expect((await next(world))?.last).toMatchObject({ job: fortnight?.id });
  });

  it('runs once at a time that several look at', async () => {
    await using world = await start();
    const { id } = await world.run({ rows: people(3) });
    await world.core.jobs.schedules.set(id, WEEKLY);
    world.clock.advance(8 * DAY_MS);
    await Promise.all([run(world), run(world), run(world)]);
    expect(await runs(world)).toHaveLength(1);
    await run(world);
    expect(await runs(world)).toHaveLength(1);
  });

  it('keeps its schedule over a restart, and makes up once for what it missed', async () => {
    await using world = await start();
    const { id } = await world.run({ rows: people(3) });
    const { nextAt } = await world.core.jobs.schedules.set(id, WEEKLY);
    await world.restart();
    world.clock.advance(30 * DAY_MS);
    await run(world);
    expect(await runs(world)).toHaveLength(1);
    expect((await next(world))?.nextAt).toBe(nextAt + 28 * DAY_MS);
  });

  it('is shown with its list and its runs, and switched off at either', async () => {
    await using world = await start();
    const { id } = await world.run({ rows: people(3) });
    await world.core.jobs.schedules.set(id, WEEKLY);
    world.clock.advance(8 * DAY_MS);
    await run(world);
    const [made] = await runs(world);
    expect(made?.schedule).toMatchObject({ job: id, ...WEEKLY });
    expect((await world.core.jobs.status(id))?.schedule).toEqual(made?.schedule);
    expect(await world.core.jobs.schedules.remove(made?.id ?? '')).toBe(true);
    expect((await world.core.jobs.status(id))?.schedule).toBeUndefined();
    expect(await world.core.jobs.schedules.remove(id)).toBe(false);
    world.clock.advance(8 * DAY_MS);
    await run(world);
    expect(await runs(world)).toHaveLength(1);
  });

  it('keeps to the limits of its list, pauses as any list does, and does not run beside a run', async () => {
    await using world = await start();
    const { id } = await world.run({ rows: people(30), creditLimit: 30 });
    await world.core.jobs.schedules.set(id, { every: 'month', olderThanDays: 1 });
    await world.core.credits.setMonthlyLimit(WORKSPACE, 35);
    world.clock.advance(31 * DAY_MS);
    // A month of its own, of which little is left.
    await world.core.credits.setMonthlyLimit(WORKSPACE, 5);
    await run(world);
    const [made] = await runs(world);
    expect(made).toMatchObject({ state: 'paused', reason: 'monthly-limit', creditLimit: 30 });
    world.clock.advance(31 * DAY_MS);
    await run(world);
    expect(await runs(world)).toHaveLength(1);
    expect((await next(world))?.last).toMatchObject({ job: made?.id, problem: expect.any(String) });
    expect(world.events).toContainEqual(expect.objectContaining({ type: 'schedule.missed', job: id }));
  });

  it('ends when no key is connected any more', async () => {
    await using world = await start();
    const { id } = await world.run({ rows: people(3) });
    await world.core.jobs.schedules.set(id, WEEKLY);
    for (const slot of [1, 2, 3]) await world.core.slots.disconnect({ workspace: WORKSPACE, slot });
    world.clock.advance(8 * DAY_MS);
    await run(world);
    expect(await next(world)).toBeUndefined();
    expect(await runs(world)).toEqual([]);
    expect(world.events).toContainEqual(
      expect.objectContaining({
        type: 'schedule.ended',
        job: id,
        why: expect.stringContaining('No Apollo key'),
      }),
    );
  });

  it('goes with the workspace', async () => {
    await using world = await start();
    const { id } = await world.run({ rows: people(3) });
    await world.core.jobs.schedules.set(id, WEEKLY);
    await world.core.removeWorkspace(WORKSPACE);
    expect(await world.core.jobs.schedules.list(WORKSPACE)).toEqual([]);
  });
});

describe('a list with a schedule', () => {
  it('ends when its rows are not kept any longer', async () => {
    await using world = await startWorld();
    const { id } = await world.run({ rows: people(3) });
    await world.core.jobs.schedules.set(id, WEEKLY);
    world.clock.advance(400 * DAY_MS);
    await run(world);
    expect(await next(world)).toBeUndefined();
    expect(world.events).toContainEqual(
      expect.objectContaining({ type: 'schedule.ended', why: 'Its rows are not kept any longer.' }),
    );
  });

  it('is run once where the process is killed while it makes the list', async () => {
    await using world = await startWorld({ latencyMs: 20 });
    const { id } = await world.run({ rows: people(600) });
    await world.core.jobs.schedules.set(id, { every: 'week', olderThanDays: 1 });
    world.clock.advance(8 * DAY_MS);
    void run(world);
    await expect.poll(async () => (await next(world))?.making, { interval: 1 }).toBeDefined();
    const making = (await next(world))?.making;
    await world.kill();
    await run(world);
    const made = await runs(world);
    expect(made.map((job) => job.id)).toEqual([making]);
    expect(made[0]).toMatchObject({ rows: 600, state: 'done' });
    expect((await next(world))?.making).toBeUndefined();
  });

  it('comes at its time again after a clock that was years ahead was set right', async () => {
    await using world = await startWorld();
    const { id } = await world.run({ rows: people(3) });
    world.clock.advance(300 * DAY_MS);
    await world.core.jobs.schedules.set(id, WEEKLY);
    world.clock.advance(-300 * DAY_MS);
    await run(world);
    const { nextAt = 0 } = (await next(world)) ?? {};
    expect(nextAt - world.clock.now()).toBeLessThanOrEqual(7 * DAY_MS);
    expect(nextAt).toBeGreaterThan(world.clock.now());
    expect(await runs(world)).toEqual([]);
  });

  it('does not look up whoever was forgotten meanwhile', async () => {
    await using world = await startWorld();
    const rows = people(3).map((row, index) => row.with(3, `ada${index}@contoso.com`));
    const { id } = await world.run({ rows });
    await world.core.jobs.schedules.set(id, WEEKLY);
    await world.core.forget(WORKSPACE, 'ada1@contoso.com');
    world.clock.advance(8 * DAY_MS);
    await run(world);
    const [made] = await runs(world);
    expect(made).toMatchObject({ rows: 3, counts: { skipped: 1 } });
    expect(JSON.stringify(await world.output(made?.id ?? ''))).not.toContain('ada1@');
  });

  it('refuses what cannot be', async () => {
    await using world = await startWorld();
    const { id } = await world.prepare({ rows: people(3) });
    const { schedules } = world.core.jobs;
    await expect(schedules.set(id, WEEKLY)).rejects.toThrow('Start it first');
    await world.resume(id);
    await expect(schedules.set(id, { every: 'week', olderThanDays: 0 })).rejects.toThrow('1 to 3650');
    await expect(schedules.set('none', WEEKLY)).rejects.toThrow('There is no job none');
  });

  it('keeps its times where only the days change', async () => {
    await using world = await startWorld();
    const { id } = await world.run({ rows: people(3) });
    const { nextAt } = await world.core.jobs.schedules.set(id, WEEKLY);
    world.clock.advance(DAY_MS);
    const changed = await world.core.jobs.schedules.set(id, { every: 'week', olderThanDays: 3 });
    expect(changed).toMatchObject({ nextAt, olderThanDays: 3 });
    const monthly = await world.core.jobs.schedules.set(id, { every: 'month', olderThanDays: 3 });
    expect(monthly.nextAt).toBeGreaterThan(nextAt);
  });
});

describe('a schedule of a person', () => {
  async function withSchedule(starts: (world: World, job: Job) => Promise<void>) {
    let acting = ADA;
    const world = await startWorld({
      acting: {
        actor: () => acting,
        actAs: async (actor, work) => {
          const before = acting;
          acting = actor;
          try {
            return await work();
          } finally {
            acting = before;
          }
        },
      },
    });
    const { id } = await world.run({ rows: people(3) });
    await world.core.jobs.schedules.set(id, { every: 'week', olderThanDays: 1 });
    acting = { kind: 'server', id: 'server', via: 'server' };
    world.clock.advance(8 * DAY_MS);
    // None of this process knows the person: another one does.
    await run(world);
    expect(await runs(world)).toEqual([]);
    world.core.jobs.scheduleRuns.startedBy({
      knows: ({ kind }) => kind === 'person',
      start: (_, job) => starts(world, job),
    });
    await run(world);
    return { world, id };
  }

  it('is started by the surface that knows them, in their name', async () => {
    const { world, id } = await withSchedule(({ core }, job) => core.jobs.start(job.id));
    await using _ = world;
    const [made] = await runs(world);
    expect(made).toMatchObject({ by: { kind: 'person', id: 'U1' }, repeats: id, state: 'done' });
    const deeds = await Array.fromAsync(world.core.audit.entries({ workspace: WORKSPACE }));
    expect(deeds.map(({ deed, by }) => [deed, by.id])).toEqual([
      ['list.start', 'U1'],
      ['schedule.set', 'U1'],
      ['list.start', 'U1'],
      ...Array.from({ length: 3 }, () => ['slot.connect', 'U1']),
    ]);
  });

  it('ends when they may not any more, and leaves nothing of the list', async () => {
    const { world, id } = await withSchedule(async () => {
      throw new ScheduleOver('They may not enrich any more.');
    });
    await using _ = world;
    expect(await runs(world)).toEqual([]);
    expect(await next(world)).toBeUndefined();
    expect(world.events).toContainEqual(
      expect.objectContaining({
        type: 'schedule.ended',
        job: id,
        by: 'U1',
        why: 'They may not enrich any more.',
      }),
    );
    const [last] = await Array.fromAsync(world.core.audit.entries({ workspace: WORKSPACE }));
    expect(last).toMatchObject({ deed: 'schedule.end', by: { kind: 'server' }, facts: { list: id } });
  });

  it('leaves nothing behind of a workspace that is removed meanwhile', async () => {
    let removed: Promise<void> | undefined;
    const { world } = await withSchedule(async ({ core }, job) => {
      removed = core.removeWorkspace(WORKSPACE);
      await expect.poll(() => core.slots.connections(WORKSPACE)).toEqual([]);
      await core.jobs.start(job.id);
    });
    await using _ = world;
    await removed;
    expect(await world.core.jobs.list(WORKSPACE)).toEqual([]);
    expect(await next(world)).toBeUndefined();
  });
});

describe('the time of a schedule', () => {
  const at = (text: string) => Date.parse(`${text}Z`);

  it.each([
    ['week', '2026-11-23T09:30', '2026-11-23T09:30', '2026-11-30T09:30'],
    ['week', '2026-11-23T09:30', '2027-01-01T00:00', '2027-01-04T09:30'],
    ['month', '2026-11-23T09:30', '2026-11-23T09:30', '2026-12-23T09:30'],
    ['month', '2026-01-31T09:30', '2026-01-31T09:30', '2026-02-28T09:30'],
    ['month', '2026-01-31T09:30', '2026-02-28T09:30', '2026-03-31T09:30'],
    ['month', '2027-11-30T09:30', '2028-02-01T00:00', '2028-02-29T09:30'],
    ['month', '2026-11-23T09:30', '2026-03-01T00:00', '2026-03-23T09:30'],
  ] as const)('every %s from %s, after %s, is %s', (every, from, now, then) => {
    expect(nextAfter(every, at(from), at(now))).toBe(at(then));
  });
});
