import { expect, test } from 'vitest';
import { jobDocument } from '../../bot/api/documents.ts';
import { jobAnswer } from '../../bot/api/schemas.ts';
import { jobText } from '../../bot/cli/job-report.ts';
import { Pace } from '../../bot/pace.ts';
import { readerFor } from '../../bot/reader.ts';
import { progressMessage } from '../../bot/slack/messages/progress.ts';
import { listProgress } from '../../bot/web/pages/list-progress.ts';
import type { JobStatus } from '../../core/index.ts';
import { withinLimits } from '../../core/jobs/outlook.ts';
import type { TeamLimits } from '../../core/limits/index.ts';
import { job } from '../slack/fixtures.ts';
import { KEYS, people, startWorld } from './world.ts';

const MINUTE = 60_000;
const NOW = { monotonic: 1_000, epoch: 1_790_000_000_000 };

/** A team that has used this much of sixty calls a minute, in a window that ends in 40 s. */
function team(used: number): TeamLimits {
  const endsAt = NOW.monotonic + 40_000;
  const limit = { window: 'minute', limit: 60, used, endsAt } as const;
  return { windows: [limit], batchSize: 10, ...(used === 60 && { limitedUntil: endsAt }) };
}

test('a list waits until the first of its teams may call again', () => {
  const waiting = { for: 'apollo-limit', until: NOW.epoch + 40_000 };
  expect(withinLimits(100, [team(60)], NOW, MINUTE).waiting).toEqual(waiting);
  expect(withinLimits(100, [team(60), team(20)], NOW, MINUTE).waiting).toBeUndefined();
  // Nobody is left to be asked for, and nobody could be.
  expect(withinLimits(0, [team(60)], NOW, MINUTE)).toEqual({});
  expect(withinLimits(100, [], NOW, MINUTE)).toEqual({});
});

test.each([
  ['the rest of the window that is open holds them', 400, 20, 1_000],
  ['they wait for the next one', 600, 60, 40_000],
  ['every window after it is a minute later', 2_400, 60, 40_000 + 3 * MINUTE],
])('what is left takes as long as limits let it: %s', (_, lookups, used, least) => {
  const { limitsMs } = withinLimits(lookups, [team(used)], NOW, MINUTE);
  // Found by halving, and rounded up to the second.
  expect(limitsMs).toBeGreaterThanOrEqual(least);
  expect(limitsMs).toBeLessThanOrEqual(least + 1_000);
});

test('a list at a limit says so and until when, counts that into the time left, and no more once it moves', async () => {
  const plan = { '*': {}, 'people/bulk_match': { minute: 2 } };
  await using world = await startWorld({ teams: [{ id: 'team-contoso', plan, keys: [KEYS[0]] }] });
  const id = await world.begin({ rows: people(50) });
  const status = async () => {
    const now = await world.core.jobs.status(id);
    if (!now) throw new Error('The list is gone');
    return now;
  };
  await expect.poll(async () => (await status()).waiting, { interval: 5 }).toBeDefined();
  const before = world.clock.now();
  const { waiting, limitsMs = 0, ...waits } = await status();
  expect(waits.state).toBe('running');
  expect(waiting?.for).toBe('apollo-limit');
  expect(waiting?.until).toBeGreaterThan(before);
  expect(limitsMs).toBeGreaterThanOrEqual((waiting?.until ?? 0) - world.clock.now());
  const done = await world.core.jobs.settled(id);
  expect(done).toMatchObject({ state: 'done', finished: 50, rateLimited: 0 });
  expect([done.waiting, done.limitsMs]).toEqual([undefined, undefined]);
});

/** Five windows' worth of leads: ten seconds of work at the beginning of each minute, then it stands still. */
function seen(workedMs: number): JobStatus {
  const within = Math.min(10_000, workedMs % MINUTE);
  const finished = Math.floor(workedMs / MINUTE) * 600 + Math.round((within / 10_000) * 600);
  const rest = MINUTE - (workedMs % MINUTE);
  const windows = Math.ceil((2_400 - Math.floor(workedMs / MINUTE) * 600) / 600);
  const limitsMs = windows <= 0 ? 0 : rest + (windows - 1) * MINUTE;
  const waiting = within === 10_000 ? { for: 'apollo-limit', until: NOW.epoch + rest } : undefined;
  const { counts, estimate, ...base } = job('List', 3_000);
  return {
    ...base,
    workedMs,
    finished,
    counts: { ...counts, lookups: finished },
    estimate: { ...estimate, lookups: 3_000, seconds: 240 },
    limitsMs,
    ...(waiting && { waiting }),
  } as JobStatus;
}

test('the time left is not longer the longer a list stands still', () => {
  const pace = new Pace();
  let last = Number.POSITIVE_INFINITY;
  for (let workedMs = 0; workedMs < 4 * MINUTE; workedMs += 1_000) {
    const status = seen(workedMs);
    pace.saw(status);
    const left = pace.leftMs(status) ?? Number.NaN;
    expect(left).toBeLessThanOrEqual(last);
    last = workedMs < 2_000 ? Number.POSITIVE_INFINITY : left;
  }
});

test('the first answer does not say how long a list takes', () => {
  const pace = new Pace();
  const { counts, estimate, ...base } = job('List', 325);
  for (const [workedMs, finished] of [
    [0, 0],
    [500, 1],
  ] as const) {
    const status = {
      ...base,
      workedMs,
      finished,
      counts: { ...counts, lookups: finished },
      estimate: { ...estimate, lookups: 300, seconds: 3 },
    } as JobStatus;
    pace.saw(status);
    expect(pace.leftMs(status)).toBeLessThanOrEqual(3_000);
  }
});

test.each([
  ['apollo-limit', /waits for Apollo's limit until /i],
  ['disk', /waits for room on the server's disk/i],
] as const)('every surface says that a list waits: %s', (what, words) => {
  const until = what === 'apollo-limit' ? { until: NOW.epoch + 40_000 } : {};
  const status = job('List', 30, { waiting: { for: what, ...until }, limitsMs: 40_000 });
  const reader = readerFor('en-US');
  const slots = { workspace: 'T1', slots: [], summary: '' } as never;
  const said = [
    jobText(status),
    String(listProgress({ job: status, reader, scopes: [], leftMs: 40_000 })).replaceAll('&#39;', "'"),
    JSON.stringify(progressMessage({ status, slots, limiters: [], reader, leftMs: 40_000 })),
  ];
  for (const text of said) expect(text).toMatch(words);
  expect(jobAnswer.partial().parse(jobDocument(status))).toMatchObject({
    waiting: { for: what },
    secondsLeft: 40,
  });
});
