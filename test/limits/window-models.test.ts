import { describe, expect, it } from 'vitest';
import { readLimitHeaders } from '../../core/apollo/limits.ts';
import { Allowance } from '../../core/limits/allowance.ts';
import { Window } from '../../core/limits/window.ts';
import { play } from '../bench/window-models.ts';
import { WINDOW_MODELS } from '../sandbox/window-models.ts';

const LATENCY = { median: 400, p95: 1000 };
const HEADERS = ['true', 'withheld', 'double', 'stale'] as const;

describe.each(WINDOW_MODELS)('windows that are "%s"', (model) => {
  it.each(HEADERS.flatMap((headers) => [true, false].map((retryAfter) => ({ headers, retryAfter }))))(
    'are used well with headers "$headers" and retry-after $retryAfter',
    ({ headers, retryAfter }) => {
      const scene = { model, headers, retryAfter, limit: 200, minutes: 12, latencyMs: LATENCY, seed: 1 };
      const { refused, used, longestStandstill } = play(scene);
      expect(refused).toBeLessThanOrEqual(0.05);
      expect(used).toBeGreaterThanOrEqual(0.85);
      expect(longestStandstill).toBeLessThan(3);
    },
  );
});

it('a limit is not taken for lower where renewed windows explain the refusals', () => {
  const scene = { model: 'renewed', retryAfter: true, minutes: 12, latencyMs: LATENCY } as const;
  for (const limit of [20, 200]) {
    for (const seed of [3, 5]) {
      expect(play({ ...scene, headers: 'true', limit, seed }).used).toBeGreaterThan(0.85);
      expect(play({ ...scene, headers: 'half', known: true, limit, seed }).used).toBeGreaterThan(0.85);
    }
  }
});

it('a limit that nobody tells is not taken for lower than what was accepted beside a refusal', () => {
  const scene = { model: 'aligned', headers: 'withheld', retryAfter: false, limit: 1000 } as const;
  expect(play({ ...scene, minutes: 12, latencyMs: LATENCY, seed: 1 }).used).toBeGreaterThan(0.85);
});

it('a limit that nobody tells is found again after a higher one was tried and refused', () => {
  // A bucket allows more at first than ever after.
  const scene = {
    model: 'bucket',
    headers: 'withheld',
    limit: 200,
    minutes: 12,
    latencyMs: LATENCY,
  } as const;
  for (const seed of [1, 3, 8]) {
    for (const retryAfter of [true, false])
      expect(play({ ...scene, retryAfter, seed }).refused).toBeLessThan(0.02);
  }
});

it('windows as Apollo documents them are used to the last call, and nothing is refused', () => {
  const scene = { headers: 'true', retryAfter: true, limit: 200, minutes: 12, latencyMs: LATENCY } as const;
  for (const seed of [1, 2, 3]) {
    const { refused, used } = play({ ...scene, model: 'fixed', seed });
    expect(refused).toBe(0);
    expect(used).toBeGreaterThan(0.98);
  }
});

it('a limit of 0 is no limit', () => {
  const allowance = new Allowance(60_000);
  const readings = readLimitHeaders({ 'x-rate-limit-minute': '0', 'x-minute-usage': '1' });
  allowance.settle(allowance.send(0), 100, readings);
  expect(allowance.room(200).free).toBeGreaterThan(0);
});

it('one refusal by mistake does not stop the work', () => {
  const allowance = new Allowance(60_000);
  const readings = { minute: { limit: 100, used: 1 }, hour: { limit: null }, day: { limit: null } };
  allowance.settle(allowance.send(0), 100, readings);
  allowance.refuse(allowance.send(200), 300, { window: undefined, readings: {}, retryAfterMs: undefined });
  let sent = 0;
  for (let now = 2000; now < 122_000; now += 100) {
    if (allowance.room(now).free === 0) continue;
    allowance.settle(allowance.send(now), now + 50, {
      ...readings,
      minute: { limit: 100, used: sent % 100 },
    });
    sent += 1;
  }
  expect(sent).toBeGreaterThan(100);
});

it('a window that opened in the future is not believed', () => {
  const before = new Window(86_400_000, 10);
  const day = 86_400_000;
  for (let each = 0; each < 10; each += 1) {
    before.settle(before.send(day), day + 100, { limit: 10, used: each + 1 });
  }
  const after = new Window(86_400_000);
  after.load(JSON.parse(JSON.stringify(before.dump())), 60_000);
  expect(after.room(60_000).free).toBeGreaterThan(0);
  const restored = new Window(86_400_000);
  const snapshot = before.snapshot(day + 200, 0);
  if (snapshot) restored.restore(snapshot, 60_000, 0);
  expect(restored.room(60_000).free).toBeGreaterThan(0);
});

it('calls without an answer at a restart count as sent', () => {
  const before = new Window(60_000, 5);
  before.settle(before.send(0), 100, { limit: 5, used: 1 });
  for (let each = 0; each < 4; each += 1) before.send(200);
  const snapshot = before.snapshot(1000, 0);
  const after = new Window(60_000);
  if (snapshot) after.restore(snapshot, 2000, 0);
  expect(after.used(2000)).toBe(5);
  expect(after.room(2000).free).toBe(0);
});
