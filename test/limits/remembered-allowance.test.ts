import { expect, it } from 'vitest';
import { RememberedAllowance } from '../../core/limits/remembered-allowance.ts';
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
  const open = (team = 'contoso') => new RememberedAllowance(team, 60_000, { clock, log, store }).open();
  const before = await open();
  const now = clock.monotonic();
  before.settle(before.send(now), now, { minute: { limit: 10, used: 1 } });
  call(before, now);
  const usesNow = async () => (await open()).uses(clock.monotonic());
  await expect.poll(usesNow).toMatchObject([{ window: 'minute', limit: 10, used }]);
  expect((await open('fabrikam')).uses(clock.monotonic())).toEqual([]);
});
