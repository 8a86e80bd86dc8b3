import { expect, it } from 'vitest';
import type { AllowanceSnapshot } from '../../core/limits/allowance.ts';
import { RememberedAllowance } from '../../core/limits/remembered-allowance.ts';
import type { Clock } from '../../core/ports.ts';
import { MemoryStore } from '../slots/world.ts';
import { VirtualClock } from './virtual-clock.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };

it.each<[string, number, (allowance: RememberedAllowance, now: number) => void]>([
  ['a call that was never answered', 2, (allowance, now) => void allowance.send(now)],
  [
    "others' calls, as an answer told",
    5,
    (allowance, now) => allowance.settle(allowance.send(now), now, { minute: { limit: 10, used: 5 } }),
  ],
  ['no call that never left', 1, (allowance, now) => allowance.withdraw(allowance.send(now), now)],
  [
    'what a refusal told',
    10,
    (allowance, now) => {
      const readings = { minute: { limit: 10, used: 10 } };
      const refusal = { window: 'minute', readings, retryAfterMs: undefined } as const;
      allowance.refuse(allowance.send(now), now, refusal);
    },
  ],
])('after the end of a process its team’s window counts %s', async (_, used, call) => {
  const clock = new VirtualClock();
  const store = new MemoryStore();
  // Each process counts its monotonic time from a beginning of its own.
  const later: Clock = {
    now: () => clock.now(),
    sleep: async () => {},
    monotonic: () => clock.monotonic() + 1_000_000_000,
  };
  const open = (at: Clock, team = 'contoso') =>
    new RememberedAllowance(team, 60_000, { clock: at, log, store }).open();
  const before = await open(clock);
  const now = clock.monotonic();
  before.settle(before.send(now), now, { minute: { limit: 10, used: 1 } });
  call(before, now);
  const usesNow = async () => (await open(later)).uses(later.monotonic());
  await expect.poll(usesNow).toMatchObject([{ window: 'minute', limit: 10, used }]);
  expect((await open(later, 'fabrikam')).uses(later.monotonic())).toEqual([]);
  await clock.advance(121_000);
  expect((await usesNow())[0]?.used).toBe(0);
});

it('says when it cannot be stored, and goes on', async () => {
  const clock = new VirtualClock();
  const logged: string[] = [];
  const full = () => Promise.reject(new Error('the disk is full'));
  const store = new MemoryStore();
  const allowances = { ...store.collection<AllowanceSnapshot>('allowances'), set: full };
  const allowance = new RememberedAllowance('contoso', 60_000, {
    clock,
    log: { ...log, error: (message) => void logged.push(message) },
    store: Object.assign(new MemoryStore(), { collection: () => allowances }),
  });
  allowance.send(clock.monotonic());
  await expect.poll(() => logged).toEqual(['An allowance could not be stored']);
  allowance.learn({ minute: { limit: 10 } }, clock.monotonic());
  expect(allowance.uses(clock.monotonic())).toMatchObject([{ limit: 10, used: 1 }]);
});
