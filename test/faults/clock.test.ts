import { describe, expect, it, vi } from 'vitest';
import { answers, type KnownResult } from '../../core/enrichment/known.ts';
import { openStore } from '../../core/node/index.ts';
import { PHONES, people, profiles, startWorld, type World } from '../jobs/world.ts';
import { temporaryDirectory } from '../platform/temporary-directory.ts';

const PLAIN = { personalEmails: false, phones: false, waterfall: false };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 2, 9);

describe('known results', () => {
  const known = (at: number): KnownResult => ({
    outcome: 'matched',
    keys: ['li:ada'],
    at,
    reveal: PLAIN,
    credits: 1,
    by: { source: 'this job', row: 0 },
  });
  const freshness = { matchedForMs: 90 * DAY, unmatchedForMs: 14 * DAY };

  it.each([
    ['of now', 0, true],
    ['of another machine, whose clock is a minute ahead', 60_000, true],
    ['of 89 days ago', -89 * DAY, true],
    ['of 91 days ago', -91 * DAY, false],
    ['of a clock that was a year ahead, so that nobody knows how old it is', 365 * DAY, false],
  ])('%s', (_, age, good) => {
    expect(answers(known(NOW + age), PLAIN, freshness, NOW)).toBe(good);
    const askAgain = { ...freshness, notBefore: NOW };
    expect(answers(known(NOW + age), PLAIN, askAgain, NOW)).toBe(good && age >= 0);
  });

  it.each([-365 * DAY, -1, 0, 365 * DAY])(
    'of the list itself are never paid for twice, however the clock was set meanwhile (%i ms)',
    (jump) => {
      const own = { ...freshness, notBefore: NOW, source: 'this job' };
      expect(answers(known(NOW + jump), PLAIN, own, NOW)).toBe(true);
      expect(answers(known(NOW + jump), { ...PLAIN, phones: true }, own, NOW)).toBe(false);
      expect(answers(known(NOW), PLAIN, { ...own, matchedForMs: 0 }, NOW + 1)).toBe(true);
    },
  );
});

it('keeps what a clock that jumped ahead made expire, until it has stayed there for an hour', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  try {
    const time = { jump: 0 };
    const clock = { now: () => NOW + time.jump + performance.now() };
    const store = await openStore(await temporaryDirectory(), { clock });
    const results = store.collection<string>('results');
    await results.set('ada', 'paid for', { ttlMs: 90 * DAY });
    const pass = async (ms: number) => {
      await vi.advanceTimersByTimeAsync(ms);
      await new Promise(setImmediate);
    };
    await pass(60_000);
    time.jump = 365 * DAY;
    await pass(HOUR / 2);
    expect(await results.get('ada')).toBeUndefined();
    time.jump = 0;
    await pass(60_000);
    expect(await results.get('ada')).toBe('paid for');
    time.jump = 365 * DAY;
    await pass(2 * HOUR);
    time.jump = 0;
    expect(await results.get('ada')).toBeUndefined();
    await store.close();
  } finally {
    vi.useRealTimers();
  }
});

/** No two dates are further apart than a list is kept, or it would be over its time at one of them. */
const WILD = [-3 * DAY, 40 * DAY, -360 * DAY, HOUR, 323 * DAY, -HOUR];
/** Apollo keeps late results for 30 days, and so do we. */
const WITHIN_A_MONTH = [-3 * DAY, 20 * DAY, -25 * DAY, HOUR, 8 * DAY, -HOUR];

/** Sets the date as a bad time server does, again and again, until the work is done. */
async function jumping<T>(world: World, jumps: readonly number[], work: Promise<T>): Promise<T> {
  const done = new AbortController();
  const set = (async () => {
    for (let number = 0; !done.signal.aborted; number += 1) {
      world.clock.advance(jumps[number % jumps.length] ?? 0);
      await world.clock.sleep(1500, done.signal);
    }
  })();
  try {
    return await work;
  } finally {
    done.abort();
    await set;
  }
}

describe('while the date jumps about', () => {
  it('limits hold, nobody is paid for twice, and every row comes back', async () => {
    const plan = { 'people/bulk_match': { minute: 6 } };
    await using world = await startWorld({
      teams: [{ id: 'team-contoso', plan, keys: ['key-contoso-sales-7Q2A'] }],
      speed: 100,
      latencyMs: 3,
    });
    const rows = [...people(150), ...people(150)];
    const status = await jumping(world, WILD, world.run({ rows, fresh: true, creditLimit: 500 }));
    expect(status).toMatchObject({ state: 'done', finished: 300, rateLimited: 0, inDoubtCalls: 0 });
    const counts = world.sandbox.counts();
    expect(counts.rateLimited).toBe(0);
    expect(counts.chargedMoreThanOnce).toEqual([]);
    expect(status.credits).toBe(counts.credits);
    expect(status.workedMs).toBeGreaterThan(0);
    expect((await world.output(status.id)).map(({ cells }) => cells)).toEqual(rows);
  });

  it('late phones are polled for as if nothing had happened', async () => {
    await using world = await startWorld({ speed: 100, lateMs: 60, webhooks: 'never' });
    const status = await jumping(world, WITHIN_A_MONTH, world.run({ rows: profiles(30), options: PHONES }));
    expect(status).toMatchObject({ state: 'done', finished: 30, latePending: 0 });
    expect(status.counts.phones).toBeGreaterThan(5);
    expect(status.credits).toBe(world.sandbox.counts().credits);
  });

  it('late phones are polled for after a start at an earlier date', async () => {
    await using world = await startWorld({ speed: 100, lateMs: 200, webhooks: 'never' });
    const id = await world.begin({ rows: profiles(20), options: PHONES });
    await expect.poll(async () => (await world.core.jobs.status(id))?.finished).toBe(20);
    await world.core.jobs.pause(id);
    world.clock.advance(-30 * DAY);
    await world.restart();
    expect(await world.resume(id)).toMatchObject({ state: 'done', latePending: 0 });
    const job = await world.core.jobs.status(id);
    expect(job?.credits).toBe(world.sandbox.counts().credits);
  });
});
