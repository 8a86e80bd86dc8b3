import { expect, it } from 'vitest';
import { SharedAllowance } from '../../core/limits/shared-allowance.ts';
import type { Shared } from '../../core/ports.ts';
import { VirtualClock } from './virtual-clock.ts';

/** What the allowances of a process share; `values` is what all processes have. */
function shared(clock: VirtualClock, self: string, values: Map<string, unknown>, lost: Set<string>): Shared {
  const unused = () => {
    throw new Error('nobody needs this here');
  };
  return {
    self,
    works: 'always',
    isLost: (process) => lost.has(process),
    onLost: unused,
    lookForLost: unused,
    now: () => clock.now(),
    async update<T, R>(key: string, change: (value: T | undefined) => { value: T; result: R }): Promise<R> {
      const { value, result } = change(values.get(key) as T | undefined);
      values.set(key, value);
      return result;
    },
    isAlone: false,
    reservations: { reserve: unused, release: unused, unsettled: unused, settle: unused, hold: unused },
    claims: { take: unused, areHeld: unused, release: unused },
    chunks: unused as never,
    tell: () => undefined,
    hear: unused,
  };
}

function createScene({
  self = 'one',
  clock = new VirtualClock(),
  values = new Map<string, unknown>(),
  lost = new Set<string>(),
} = {}) {
  const state = shared(clock, self, values, lost);
  const scene = {
    clock,
    values,
    lost,
    /** So often another process was quicker, and a change is made again. */
    repeats: 0,
    /** Nothing can be shared any more. */
    isClosed: false,
    refused: 0,
    allowance: new SharedAllowance({
      id: 'team/people/bulk_match',
      minuteMs: 60_000,
      shared: {
        ...state,
        update: (key, change) => {
          const before = structuredClone(values.get(key));
          for (; scene.repeats > 0; scene.repeats -= 1) change(structuredClone(before) as never);
          if (!scene.isClosed) return state.update(key, change);
          scene.refused += 1;
          return Promise.reject(new Error('closed'));
        },
      },
      clock,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      onRoom: () => undefined,
    }),
  };
  return scene;
}

/** Answers of Redis come together, so that what waits for one runs between any two steps of what waits for another. */
const EVERY_STEP = Array.from({ length: 24 }, (_, steps) => steps);

async function pass(steps: number): Promise<void> {
  for (let step = 0; step < steps; step += 1) await Promise.resolve();
}

it.each(EVERY_STEP)('has room for whoever asks %i steps after another began', async (steps) => {
  const { allowance, clock } = createScene();
  allowance.learn({ minute: { limit: 10, used: 0 } }, clock.monotonic());
  await pass(steps);
  allowance.request(1);
  await clock.advance(1);
  expect(allowance.room(clock.monotonic()).free).toBe(1);
});

it.each(EVERY_STEP)(
  'lets go of all that it has when it ends, %i steps after it asked for room',
  async (steps) => {
    const scene = createScene();
    const { allowance, clock } = scene;
    allowance.learn({ minute: { limit: 10, used: 0 } }, clock.monotonic());
    await clock.advance(1);
    allowance.request(3);
    await pass(steps);
    await allowance.settled();
    expect(allowance.uses(clock.monotonic())).toMatchObject([{ window: 'minute', used: 0 }]);
    scene.isClosed = true;
    await clock.advance(1000);
    expect(scene.refused).toBe(0);
  },
);

it('gives no more permits than the share of the limit that is ours, and the rest when that is lifted', async () => {
  const { allowance, clock } = createScene();
  allowance.share = 50;
  allowance.learn({ minute: { limit: 10, used: 0 } }, clock.monotonic());
  await clock.advance(1);
  let sent = 0;
  const sendAll = async () => {
    for (let time = 0; time < 12; time += 1) {
      allowance.request(20);
      await clock.advance(1);
      for (; allowance.room(clock.monotonic()).free > 0; ) {
        const ticket = allowance.send(clock.monotonic());
        sent += 1;
        allowance.settle(ticket, clock.monotonic(), { minute: { limit: 10, used: sent } });
      }
      await clock.advance(300);
    }
  };
  await sendAll();
  expect(sent).toBe(5);
  allowance.share = 100;
  await sendAll();
  expect(sent).toBe(10);
});

it('gives each permit once where a change is made again because another process was quicker', async () => {
  const held = async (repeats: number) => {
    const scene = createScene();
    const { allowance, clock } = scene;
    allowance.learn({ minute: { limit: 1_000, used: 0 } }, clock.monotonic());
    await clock.advance(1);
    scene.repeats = repeats;
    allowance.request(4);
    await clock.advance(1);
    return allowance.room(clock.monotonic()).free;
  };
  expect(await held(0)).toBeGreaterThan(0);
  expect(await held(3)).toBe(await held(0));
});

it('counts the calls of a process that died as sent: Apollo may have them', async () => {
  const { clock, allowance, values, lost } = createScene();
  const other = createScene({ self: 'two', clock, values, lost }).allowance;
  allowance.learn({ minute: { limit: 1_000, used: 0 } }, clock.monotonic());
  await clock.advance(1);
  other.request(4);
  await clock.advance(1);
  let sent = 0;
  for (; other.room(clock.monotonic()).free > 0; sent += 1) other.send(clock.monotonic());
  expect(sent).toBeGreaterThan(0);
  lost.add('two');
  await allowance.refresh();
  expect(allowance.uses(clock.monotonic())).toMatchObject([{ window: 'minute', limit: 1_000, used: sent }]);
});

it('does not wait for the answers that a process that died would have had', async () => {
  const { clock, allowance, values, lost } = createScene();
  const other = createScene({ self: 'two', clock, values, lost }).allowance;
  // As long as nobody knows the limit, only so many calls may be under way.
  other.request(1_000);
  await clock.advance(1);
  for (; other.room(clock.monotonic()).free > 0; ) other.send(clock.monotonic());
  allowance.request(1);
  await clock.advance(1);
  expect(allowance.room(clock.monotonic()).free).toBe(0);
  lost.add('two');
  await clock.advance(1_000);
  allowance.request(1);
  await clock.advance(1);
  expect(allowance.room(clock.monotonic()).free).toBe(1);
});
