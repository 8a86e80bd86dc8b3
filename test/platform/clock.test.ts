import { expect, test } from 'vitest';
import { systemClock } from '../../core/node/clock.ts';

test('tells the time of day and a time that never goes back', () => {
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
  const before = systemClock.monotonic();
  expect(systemClock.monotonic()).toBeGreaterThanOrEqual(before);
});

test('a sleep of nothing is over at once, and one that is called off ends without an error', async () => {
  await systemClock.sleep(0);
  await systemClock.sleep(-5);
  await systemClock.sleep(60_000, AbortSignal.abort());
  const controller = new AbortController();
  const sleep = systemClock.sleep(60_000, controller.signal);
  controller.abort();
  await sleep;
});

test('sleeps at least as long as asked', async () => {
  const start = systemClock.monotonic();
  await systemClock.sleep(30);
  expect(systemClock.monotonic() - start).toBeGreaterThanOrEqual(30);
});

test('sleeps longer than the 24 days that a timer holds', async () => {
  const controller = new AbortController();
  let over = false;
  const sleep = systemClock.sleep(40 * 24 * 60 * 60 * 1000, controller.signal).then(() => {
    over = true;
  });
  await systemClock.sleep(20);
  expect(over).toBe(false);
  controller.abort();
  await sleep;
});
