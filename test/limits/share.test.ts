import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Allowance } from '../../core/limits/allowance.ts';
import { Chance } from '../sandbox/chance.ts';

const MINUTE = 60_000;
const NO_LONGER = { hour: { limit: null }, day: { limit: null } } as const;

interface Scene {
  readonly limit: number;
  /** Percent of the limit that is ours. */
  readonly share: number;
  readonly latencyMs: number;
  /** The colleague's tool sends one every so many ms while it has some of the rest, and then sleeps so long. */
  readonly colleague: { readonly everyMs: number; readonly restMs: number };
  /** Between one of our calls and the next, at least, ms: 0 where there is always work. */
  readonly gapMs: number;
  readonly seed: number;
  /** As processes do that share an allowance: every step begins with what was stored. */
  readonly stored: boolean;
}

/** Minutes of work without end beside a colleague who uses the rest; each window of Apollo's opens with its first request. */
function play({ limit, share, latencyMs, colleague, gapMs, seed, stored }: Scene, minutes: number) {
  const chance = new Chance(seed);
  const ours = Math.max(1, Math.floor((limit * share) / 100));
  const windows: { end: number; ours: number; theirs: number }[] = [];
  let refused = 0;
  const windowAt = (now: number) => {
    const last = windows.at(-1);
    if (last && now < last.end) return last;
    const opened = { end: now + MINUTE, ours: 0, theirs: 0 };
    windows.push(opened);
    return opened;
  };
  let kept = new Allowance(MINUTE);
  kept.share = share;
  const allowance = () => {
    if (!stored) return kept;
    const next = new Allowance(MINUTE);
    next.share = share;
    next.load(JSON.parse(JSON.stringify(kept.dump())));
    kept = next;
    return next;
  };
  const events: { at: number; run: (now: number) => void }[] = [];
  const at = (time: number, run: (now: number) => void) => {
    events.splice(events.findLastIndex((event) => event.at <= time) + 1, 0, { at: time, run });
  };
  let underWay = 0;
  let nextWork = 0;
  let id = 0;
  const wake = (now: number) => {
    while (underWay < 8) {
      if (now < nextWork) return;
      const room = allowance().room(now);
      if (room.free === 0) {
        if ('at' in room && room.at !== undefined) at(Math.max(room.at, now + 1), wake);
        return;
      }
      const name = String(id++);
      const ticket = allowance().send(now, name);
      underWay += 1;
      if (gapMs > 0) {
        nextWork = now + gapMs * 2 * chance.next();
        at(nextWork, wake);
      }
      const took = latencyMs * (0.5 + chance.next());
      at(now + took / 3, (counted) => {
        const window = windowAt(counted);
        const used = window.ours + window.theirs + 1;
        const isRefused = used > limit;
        if (isRefused) refused += 1;
        else window.ours += 1;
        at(now + took, (answered) => {
          underWay -= 1;
          const mine = stored ? (allowance().underWay().get(name) ?? ticket) : ticket;
          const readings = { minute: { limit, used: Math.min(used, limit) }, ...NO_LONGER };
          if (isRefused) kept.refuse(mine, answered, { window: 'minute', readings, retryAfterMs: undefined });
          else kept.settle(mine, answered, readings);
          wake(answered);
        });
      });
    }
  };
  const work = (now: number) => {
    const window = windowAt(now);
    const may = window.theirs < limit - ours;
    if (may) window.theirs += 1;
    at(now + (may ? colleague.everyMs : colleague.restMs), work);
  };
  at(chance.next() * MINUTE, work);
  at(0, wake);
  for (let event = events.shift(); event && event.at <= minutes * MINUTE; event = events.shift()) {
    event.run(event.at);
  }
  return { refused, ours, windows };
}

describe('a share of a limit that is left to colleagues', () => {
  it('is never used, whenever their windows open, and nobody is refused', () => {
    fc.assert(
      fc.property(
        fc.record({
          limit: fc.integer({ min: 2, max: 120 }),
          share: fc.integer({ min: 1, max: 99 }),
          latencyMs: fc.integer({ min: 20, max: 4_000 }),
          colleague: fc.record({
            everyMs: fc.integer({ min: 50, max: 20_000 }),
            restMs: fc.integer({ min: 500, max: 90_000 }),
          }),
          gapMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10_000 })),
          seed: fc.integer({ min: 1, max: 1_000 }),
          stored: fc.boolean(),
        }),
        (scene) => {
          const { refused, ours, windows } = play(scene, 12);
          expect(refused).toBe(0);
          expect(Math.max(...windows.map((window) => window.ours))).toBeLessThanOrEqual(ours);
        },
      ),
      {
        numRuns: 50,
        // Work that comes in drops, while another opens the windows.
        examples: [
          [
            {
              limit: 100,
              share: 7,
              latencyMs: 20,
              colleague: { everyMs: 415, restMs: 500 },
              gapMs: 7062,
              seed: 4,
              stored: false,
            },
          ],
        ],
      },
    );
  });

  it.each([false, true])('leaves the other half of the limit to us, shared by processes: %s', (stored) => {
    const colleague = { everyMs: 300, restMs: 5_000 };
    const { refused, windows } = play(
      { limit: 100, share: 50, latencyMs: 400, colleague, gapMs: 0, seed: 7, stored },
      10,
    );
    const sum = windows.reduce((all, window) => all + window.ours, 0);
    expect(refused).toBe(0);
    expect(sum).toBeGreaterThan(0.85 * 50 * 10);
    expect(Math.max(...windows.map((window) => window.theirs))).toBe(50);
  });

  it('shows how much of our part is used, and goes on after a restart', () => {
    const before = new Allowance(MINUTE);
    before.share = 50;
    const readings = (used: number) => ({ minute: { limit: 20, used }, ...NO_LONGER });
    for (let used = 9; used <= 12; used += 1) before.settle(before.send(used), used, readings(used));
    expect(before.uses(20)).toMatchObject([{ window: 'minute', limit: 10, used: 4 }]);
    const after = new Allowance(MINUTE);
    after.share = 50;
    after.restore(before.snapshot(20, 0), 30, 0);
    expect(after.uses(30)).toMatchObject([{ limit: 10, used: 4 }]);
    after.share = 100;
    expect(after.uses(30)).toMatchObject([{ limit: 20, used: 12 }]);
  });

  it('is one call at least, and none of a team without a limit', () => {
    const small = new Allowance(MINUTE);
    small.share = 1;
    small.learn({ minute: { limit: 5 }, ...NO_LONGER }, 0);
    expect(small.room(0).free).toBe(1);
  });
});
