import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JobState, JobStatus } from '../../core/index.ts';
import { JobError } from '../../core/index.ts';
import { people, startWorld, WORKSPACE, type World } from '../jobs/world.ts';
import { length, SEED } from './length.ts';

const KEYS = ['key-contoso-sales-7Q2A', 'key-fabrikam-one-3M8T'];
const TEAMS = [
  { id: 'team-contoso', keys: [KEYS[0] ?? ''] },
  { id: 'team-fabrikam', keys: [KEYS[1] ?? ''] },
];
/** More than one chunk, so that a job can be stopped between two. */
const ROWS = [7, 40, 320];

/** A job as it ought to be: where a run is concerned, which states it may be in by now. */
interface Expected {
  readonly id: string;
  readonly rows: string[][];
  may: readonly (JobState | 'gone')[];
  /** The highest limit that it ever had, credits. */
  mostCredits: number;
  creditLimit: number | undefined;
}

interface Real {
  readonly world: World;
  readonly jobs: Expected[];
}

type Action =
  | {
      readonly do: 'prepare';
      readonly rows: number;
      readonly from: number;
      readonly limit: number | undefined;
    }
  | { readonly do: 'start' | 'pause' | 'cancel' | 'discard' | 'settle'; readonly job: number }
  | { readonly do: 'limit'; readonly job: number; readonly limit: number | undefined }
  | { readonly do: 'connect' | 'disconnect'; readonly key: number }
  | { readonly do: 'reopen' | 'tend' };

const job = fc.nat(3);
const limit = fc.option(fc.constantFrom(0, 5, 30, 1000), { nil: undefined, freq: 2 });
const prepare = fc.record({
  do: fc.constant('prepare' as const),
  rows: fc.constantFrom(...ROWS),
  from: fc.nat(60),
  limit,
});
const onJob = fc.record({
  do: fc.constantFrom('start', 'start', 'pause', 'cancel', 'discard', 'settle'),
  job,
});
const setLimit = fc.record({ do: fc.constant('limit' as const), job, limit });
const onKey = fc.record({ do: fc.constantFrom('connect', 'disconnect'), key: fc.nat(1) });
const action: fc.Arbitrary<Action> = fc.oneof(
  prepare,
  { arbitrary: onJob, weight: 5 },
  setLimit,
  onKey,
  fc.constantFrom<Action>({ do: 'tend' }, { do: 'reopen' }),
);
/** The same without what needs the store for itself. */
const together: fc.Arbitrary<Action> = fc.oneof(
  prepare,
  { arbitrary: onJob, weight: 5 },
  setLimit,
  onKey,
  fc.constant<Action>({ do: 'tend' }),
);

/** Does it to the core; a refusal with `JobError` or by a slot is an answer, and is given. */
async function act({ world, jobs }: Real, what: Action): Promise<Expected | 'refused' | undefined> {
  const { core } = world;
  const meant = 'job' in what ? jobs[what.job] : undefined;
  if ('job' in what && !meant) return undefined;
  const id = meant?.id ?? '';
  try {
    switch (what.do) {
      case 'prepare': {
        const rows = people(what.rows, what.from);
        const { id } = await world.prepare({
          rows,
          ...(what.limit !== undefined && { creditLimit: what.limit }),
        });
        const made: Expected = {
          id,
          rows,
          may: ['ready'],
          mostCredits: what.limit ?? Number.POSITIVE_INFINITY,
          creditLimit: what.limit,
        };
        jobs.push(made);
        return made;
      }
      case 'settle':
        await core.jobs.settled(id);
        break;
      case 'limit':
        await core.jobs.setCreditLimit(id, what.limit);
        break;
      case 'connect':
        await core.slots.connect({ workspace: WORKSPACE, key: KEYS[what.key] ?? '' });
        break;
      case 'disconnect':
        await core.slots.disconnect({ workspace: WORKSPACE, slot: what.key + 1 });
        break;
      case 'reopen':
        await world.restart();
        break;
      case 'tend':
        await core.jobs.resumeReady();
        break;
      default:
        await core.jobs[what.do](id);
    }
  } catch (error) {
    if (error instanceof JobError || /^(Key|No|Slot)/.test((error as Error).name)) return 'refused';
    throw error;
  }
  return meant;
}

/** Which states a job may be in after this, when nothing else is done at the same time. */
function after(before: Expected['may'], what: Action): Expected['may'] {
  const ran = (states: readonly (JobState | 'gone')[]): Expected['may'] => [...new Set(states)];
  const [only] = before;
  const final = before.every((state) => state === 'done' || state === 'gone');
  if (final) return before;
  switch (what.do) {
    case 'start':
      return ['running', 'paused', 'done'];
    case 'pause':
    case 'settle':
      return only === 'ready'
        ? before
        : ran(before.map((state) => (state === 'running' ? 'paused' : state)).concat('done'));
    case 'cancel':
      return before.includes('done') ? ['cancelled', 'done'] : ['cancelled'];
    case 'discard':
      return only === 'ready' ? ['gone'] : before;
    default:
      return before;
  }
}

async function expectPossible(real: Real, expected: Expected): Promise<JobStatus | undefined> {
  const status = await real.world.core.jobs.status(expected.id);
  expect(expected.may).toContain(status?.state ?? 'gone');
  if (!status) return undefined;
  const { counts, finished, rows, state, credits } = status;
  expect(finished).toBeLessThanOrEqual(rows);
  expect(credits).toBeLessThanOrEqual(expected.mostCredits);
  expect(status).toMatchObject({ inDoubtCalls: 0, rateLimited: 0 });
  if (state !== 'running') {
    expect(counts.matched + counts.unmatched + counts.skipped + counts.failed).toBe(finished);
    expect(counts.failed).toBe(0);
  }
  if (state === 'ready') expect([finished, credits]).toEqual([0, 0]);
  if (state === 'done') expect(finished).toBe(rows);
  expect(state === 'paused').toBe(status.reason !== undefined);
  return status;
}

/** Lets everything end that can, and sees that no row is lost and nobody was paid for twice. */
async function expectWell(real: Real): Promise<void> {
  const { world, jobs } = real;
  for (const slot of [0, 1]) await act(real, { do: 'connect', key: slot });
  let credits = 0;
  let inDoubtCalls = 0;
  for (const expected of jobs) {
    const status = await world.core.jobs.status(expected.id);
    if (status && status.state !== 'done' && status.state !== 'cancelled') {
      await world.core.jobs.setCreditLimit(expected.id, undefined);
      expected.mostCredits = Number.POSITIVE_INFINITY;
      const settled = await world.core.jobs.settled(expected.id);
      const done = settled.state === 'done' ? settled : await world.resume(expected.id);
      expect(done).toMatchObject({ state: 'done', finished: expected.rows.length });
    }
    const end = await world.core.jobs.status(expected.id);
    credits += end?.credits ?? 0;
    inDoubtCalls += end?.inDoubtCalls ?? 0;
    if (!end) continue;
    const output = await world.output(expected.id);
    expect(output.map(({ cells }) => cells)).toEqual(expected.rows);
    const outcomes = output.map(({ added }) => added.apollo_outcome);
    if (end.state === 'done')
      for (const outcome of outcomes) expect(outcome).toMatch(/^(matched|unmatched)$/);
  }
  const counts = world.sandbox.counts();
  expect(inDoubtCalls).toBe(0);
  expect(counts.chargedMoreThanOnce).toEqual([]);
  expect(counts.credits).toBe(credits);
  expect(counts.rateLimited).toBe(0);
}

/** A world with one key connected, jobs of which share their people. */
async function setUp(): Promise<Real> {
  const world = await startWorld({ teams: TEAMS, connect: false, matchRate: 0.9, latencyMs: 2, speed: 50 });
  await world.connect(KEYS[0] ?? '');
  return { world, jobs: [] };
}

class JobCommand implements fc.AsyncCommand<object, Real> {
  readonly #what: Action;

  constructor(what: Action) {
    this.#what = what;
  }

  check(): boolean {
    return true;
  }

  async run(_: object, real: Real): Promise<void> {
    const what = this.#what;
    const meant = await act(real, what);
    if (what.do === 'reopen') {
      for (const each of real.jobs) each.may = after(each.may, { do: 'pause', job: 0 });
    } else if (what.do === 'tend') {
      for (const each of real.jobs) if (each.may.includes('paused')) each.may = ['running', 'paused', 'done'];
    } else if (meant && meant !== 'refused') {
      if (what.do !== 'prepare') meant.may = after(meant.may, what);
      if (what.do === 'limit')
        meant.mostCredits = Math.max(meant.mostCredits, what.limit ?? Number.POSITIVE_INFINITY);
    }
    for (const expected of real.jobs) {
      const status = await expectPossible(real, expected);
      // What is final stays so; what was seen to run or pause goes on from there.
      if (status && status.state !== 'running') expected.may = [status.state];
    }
  }

  toString(): string {
    return JSON.stringify(this.#what);
  }
}

it('runs jobs as a simple model says, whatever is done to them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.commands([action.map((what) => new JobCommand(what))], { maxCommands: 25 }),
      async (run) => {
        const real = await setUp();
        try {
          await fc.asyncModelRun(() => ({ model: {}, real }), run);
          await expectWell(real);
        } finally {
          await real.world[Symbol.asyncDispose]();
        }
      },
    ),
    { numRuns: length(12, 500), seed: SEED, interruptAfterTimeLimit: length(15_000, 1_200_000) },
  );
});

it('loses and pays twice for nobody, whoever does what at the same moment', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.tuple(together, fc.nat(8)), { maxLength: 8 }), { minLength: 2, maxLength: 4 }),
      async (actors) => {
        const real = await setUp();
        try {
          await act(real, { do: 'prepare', rows: 320, from: 0, limit: undefined });
          await Promise.all(
            actors.map(async (actions) => {
              for (const [what, rest] of actions) {
                await act(real, what);
                await real.world.clock.sleep(rest * 50);
              }
            }),
          );
          for (const each of real.jobs) {
            each.mostCredits = Number.POSITIVE_INFINITY;
            each.may = ['ready', 'running', 'paused', 'done', 'cancelled', 'gone'];
            await real.world.core.jobs.settled(each.id).catch(() => undefined);
            await expectPossible(real, each);
          }
          await expectWell(real);
        } finally {
          await real.world[Symbol.asyncDispose]();
        }
      },
    ),
    { numRuns: length(12, 500), seed: SEED, interruptAfterTimeLimit: length(15_000, 1_200_000) },
  );
});
