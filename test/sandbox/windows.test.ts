import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateWindows, rateHeaders } from './windows.ts';

const MINUTE = 60_000;
const twoAMinute = { minute: 2, hour: null, day: null };

describe('windows', () => {
  it('open with the first request and close a minute later, whatever the clock shows', () => {
    const windows = new RateWindows(MINUTE);
    const at = (now: number) => windows.count('team', 'people/match', twoAMinute, now).refusedBy;

    expect([at(59_000), at(118_000)]).toEqual([undefined, undefined]);
    expect(at(118_999)).toBe('minute');
    expect(at(119_000)).toBeUndefined();
  });

  it('do not count a refused request', () => {
    const windows = new RateWindows(MINUTE);
    for (let request = 0; request < 5; request += 1) windows.count('team', 'people/match', twoAMinute, 0);

    expect(windows.read('team', 'people/match', twoAMinute, 0).minute.used).toBe(2);
  });

  it('are apart for teams and for endpoints', () => {
    const windows = new RateWindows(MINUTE);
    const one = { minute: 1, hour: null, day: null };

    expect(windows.count('a', 'people/match', one, 0).refusedBy).toBeUndefined();
    expect(windows.count('b', 'people/match', one, 0).refusedBy).toBeUndefined();
    expect(windows.count('a', 'people/bulk_match', one, 0).refusedBy).toBeUndefined();
    expect(windows.count('a', 'people/match', one, 0).refusedBy).toBe('minute');
  });

  it('name the one that stays full longest', () => {
    const windows = new RateWindows(MINUTE);
    const limits = { minute: 1, hour: 1, day: 5 };
    windows.count('team', 'people/match', limits, 0);

    expect(windows.count('team', 'people/match', limits, 10).refusedBy).toBe('hour');
  });

  it('let exactly the limit through in every window', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 60 }), (gaps) => {
        const windows = new RateWindows(MINUTE);
        let now = 0;
        let opened = Number.NEGATIVE_INFINITY;
        let used = 0;
        for (const gap of gaps) {
          now += gap;
          const { refusedBy } = windows.count('team', 'people/match', twoAMinute, now);
          if (now >= opened + MINUTE) [opened, used] = [now, 0];
          expect(refusedBy).toBe(used < 2 ? undefined : 'minute');
          used = Math.min(2, used + 1);
        }
      }),
    );
  });

  it('without a limit have an empty limit header and no usage headers', () => {
    const windows = new RateWindows(MINUTE);
    const { states } = windows.count('team', 'people/match', twoAMinute, 0);

    expect(rateHeaders(states)).toEqual({
      'x-rate-limit-minute': '2',
      'x-minute-usage': '1',
      'x-minute-requests-left': '1',
      'x-rate-limit-hourly': '',
      'x-rate-limit-24-hour': '',
    });
  });
});
