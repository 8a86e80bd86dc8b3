import { describe, expect, it } from 'vitest';
import { jobText } from '../../bot/cli/job-report.ts';
import { PHONES, people, startWorld } from './world.ts';

describe('a list whose phones take longer than it waits', () => {
  it('ends with them outstanding, says so, and has them fetched later', async () => {
    // Its quarter of an hour passes in less than a second; Apollo says that it takes ten minutes of the core's.
    await using world = await startWorld({ speed: 1000, lateMs: 600_000 });
    const done = await world.run({ rows: people(40), options: PHONES });
    expect(done).toMatchObject({ state: 'done', counts: { phones: 0 } });
    expect(done.latePending).toBeGreaterThanOrEqual(4);
    expect(done.latePeople).toBe(40);
    const said = jobText(done);
    expect(said).toContain('of up to 40 people');
    expect(said).toContain(`connectionsphere resume ${done.id}`);

    const stopped = new AbortController();
    stopped.abort();
    expect((await world.core.jobs.collectLate(done.id, stopped.signal)).latePeople).toBe(40);
    world.sandbox.arriveLate();
    const collect = () => world.core.jobs.collectLate(done.id, new AbortController().signal);
    // Each waits for another quarter of an hour.
    await expect.poll(async () => (await collect()).latePending).toBe(0);
    const status = await collect();
    expect(status).toMatchObject({ state: 'done', latePending: 0, latePeople: 0 });
    expect(status.counts.phones).toBeGreaterThan(0);
    expect(status.credits).toBe(world.sandbox.counts().credits);
    expect(jobText(status)).not.toContain('resume');
    const rows = await world.output(done.id);
    expect(rows.filter(({ added }) => added.apollo_phone)).toHaveLength(status.counts.phones);
  });
});
