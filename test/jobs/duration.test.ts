import { describe, expect, it } from 'vitest';
import { estimateSeconds } from '../../core/jobs/duration.ts';

const MINUTE = 60_000;
const perMinute = (limit: number) => ({ minute: { limit } });

describe('how long a list will take', () => {
  it('nobody can say without a key', () => {
    expect(estimateSeconds(10, [], MINUTE)).toBeUndefined();
  });

  it('is no time when nobody has to be asked for', () => {
    expect(estimateSeconds(0, [perMinute(20)], MINUTE)).toBe(0);
  });

  it.each([
    ['one window holds all calls', 20, 1],
    ['one call more needs the next window', 21, 60],
    ['windows are fixed, so the last burst comes at the beginning of its window', 60, 120],
    ['an hour of windows', 20 * 61, 3600],
  ])('follows from the limit per minute: %s', (_, calls, seconds) => {
    expect(estimateSeconds(calls, [perMinute(20)], MINUTE)).toBe(seconds);
  });

  it('is bound by the tightest window', () => {
    const limits = { minute: { limit: 50 }, hour: { limit: 100 }, day: { limit: 600 } };
    expect(estimateSeconds(101, [limits], MINUTE)).toBe(3600);
    // Found by halving, and rounded up.
    expect(estimateSeconds(601, [limits], MINUTE)).toBeCloseTo(86_400, -1);
  });

  it('is halved by a second team, and not by what Apollo does not limit', () => {
    expect(estimateSeconds(40, [perMinute(20)], MINUTE)).toBe(60);
    expect(estimateSeconds(40, [perMinute(20), perMinute(20)], MINUTE)).toBe(1);
    expect(estimateSeconds(4000, [{ minute: { limit: null } }], MINUTE)).toBe(60);
    expect(estimateSeconds(4000, [undefined], MINUTE)).toBe(60);
  });

  it("follows the length of Apollo's minute", () => {
    expect(estimateSeconds(41, [perMinute(20)], 1000)).toBe(2);
  });
});
