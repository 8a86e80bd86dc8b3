import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Allowance } from '../../core/limits/allowance.ts';
import { Window } from '../../core/limits/window.ts';

/** Apollo's side of one window: opens with the first request counted, fixed length, strict limit. */
class ApolloWindow {
  #end = Number.NEGATIVE_INFINITY;
  #count = 0;
  refused = 0;
  counted = 0;
  readonly length: number;
  readonly limit: number;
  constructor(length: number, limit: number) {
    this.length = length;
    this.limit = limit;
  }
  count(now: number): number {
    if (now >= this.#end) {
      this.#end = now + this.length;
      this.#count = 0;
    }
    if (this.#count >= this.limit) {
      this.refused += 1;
      return this.#count;
    }
    this.counted += 1;
    this.#count += 1;
    return this.#count;
  }
}

interface Scene {
  length: number;
  limit: number;
  concurrency: number;
  /** ms from its place in the window to the first byte, from there to being counted, and to the answer; in turn. */
  delays: [wait: number, transit: number, work: number][];
  /** Share of answers that are lost after Apollo counted them, in percent. */
  lost: number;
  /** ms between one send and the next, at least: 0 is a client that always has work. */
  gap: number;
}

/**
 * Plays a client that sends whenever its window has room, against Apollo's window, in simulated time.
 * `shared`: as processes do that have the window's state in common, each step begins with what was stored.
 */
function play(scene: Scene, windows: number, shared = false) {
  const apollo = new ApolloWindow(scene.length, scene.limit);
  let stored = new Window(scene.length, scene.limit);
  const current = () => {
    if (!shared) return stored;
    const loaded = new Window(scene.length);
    loaded.load(JSON.parse(JSON.stringify(stored.dump())));
    stored = loaded;
    return loaded;
  };
  const events: { at: number; order: number; run: () => void }[] = [];
  let order = 0;
  const at = (time: number, run: () => void) => events.push({ at: time, order: order++, run });
  let now = 0;
  let underWay = 0;
  let drawn = 0;
  let nextSend = 0;
  const end = scene.length * windows;
  const wake = () => {
    if (now >= end) return;
    while (underWay < scene.concurrency) {
      if (now < nextSend) {
        at(nextSend, wake);
        return;
      }
      const room = current().room(now);
      if (room.free === 0) {
        if ('at' in room && room.at !== undefined) at(room.at, wake);
        return;
      }
      const ticket = current().send(now, String(drawn));
      nextSend = now + scene.gap;
      underWay += 1;
      const [wait, transit, work] = scene.delays[drawn++ % scene.delays.length] ?? [1, 1, 1];
      const leftAt = now + wait;
      let used = 0;
      const lost = (drawn * 37) % 100 < scene.lost;
      at(leftAt + transit, () => {
        used = apollo.count(now);
      });
      // The answer's head is there for a while before the rest of it is read.
      at(leftAt + transit + work + wait / 2, () => {
        underWay -= 1;
        const ours = current();
        const known = shared ? [...ours.underWay()].find(({ id }) => id === ticket.id) : ticket;
        ours.settle(known ?? ticket, now, lost ? undefined : { limit: scene.limit, used }, {
          leftAt,
          headAt: now - wait / 2,
        });
        wake();
      });
    }
  };
  at(0, wake);
  for (;;) {
    let next = 0;
    for (let i = 1; i < events.length; i++) {
      const a = events[i];
      const b = events[next];
      if (a && b && (a.at < b.at || (a.at === b.at && a.order < b.order))) next = i;
    }
    const [event] = events.splice(next, 1);
    if (!event || event.at > end) break;
    now = event.at;
    event.run();
  }
  return apollo;
}

const scenes = fc.record({
  length: fc.integer({ min: 500, max: 3000 }),
  limit: fc.integer({ min: 1, max: 60 }),
  concurrency: fc.integer({ min: 1, max: 20 }),
  delays: fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 1, max: 900 }),
    ),
    { minLength: 1, maxLength: 30 },
  ),
  lost: fc.constantFrom(0, 0, 10, 50),
  gap: fc.constantFrom(0, 0, 7, 90),
});

describe('a window seen from outside', () => {
  it('is never passed, whatever the delays, losses and pauses', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        expect(play(scene, 8).refused).toBe(0);
      }),
      { numRuns: 400 },
    );
  });

  it('is the same window for processes that hand its state on', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const { refused, counted } = play(scene, 8, true);
        expect({ refused, counted }).toEqual({ refused: 0, counted: play(scene, 8).counted });
      }),
      { numRuns: 100 },
    );
  });

  it('is used to 98 % where limits bind and a round trip is a twentieth of the window', () => {
    const apollo = play(
      { length: 3000, limit: 200, concurrency: 40, delays: [[0, 2, 148]], lost: 0, gap: 0 },
      20,
    );
    expect(apollo.refused).toBe(0);
    expect(apollo.counted / (200 * 20)).toBeGreaterThan(0.98);
  });

  it('learns its limit from one request before it sends a second', () => {
    const window = new Window(60_000);
    expect(window.room(0)).toEqual({ free: 1 });
    const ticket = window.send(0);
    expect(window.room(1)).toEqual({ free: 0, at: undefined });
    window.settle(ticket, 300, { limit: 20, used: 1 });
    // As long as nobody has seen a window end, few are under way together: so many may be refused at once.
    expect(window.room(301)).toEqual({ free: 4 });
  });

  it('sends as many as there are when its windows have been seen to begin anew', () => {
    const window = new Window(60_000, 20);
    for (let used = 1; used <= 20; used += 1) {
      window.settle(window.send(used * 100), used * 100 + 50, { limit: 20, used });
    }
    expect(window.room(59_000).free).toBe(0);
    expect(window.room(60_150)).toEqual({ free: 1 });
    window.settle(window.send(60_150), 60_200, { limit: 20, used: 1 });
    expect(window.room(60_300)).toEqual({ free: 19 });
  });

  it('leaves room for requests of other clients that usage headers show', () => {
    const window = new Window(60_000, 10);
    const ticket = window.send(0);
    window.settle(ticket, 100, { limit: 10, used: 8 });
    expect(window.room(101)).toEqual({ free: 2 });
  });

  it('opened between the first byte of its first request and the head of its answer', () => {
    const window = new Window(60_000, 2);
    const [first, second] = [window.send(0), window.send(1)];
    // Both waited for a disk; the answers say that the second was counted first.
    window.settle(second, 900, { limit: 2, used: 1 }, { leftAt: 700, headAt: 850 });
    window.settle(first, 950, { limit: 2, used: 2 }, { leftAt: 650, headAt: 900 });
    expect(window.snapshot(1000, 0)).toMatchObject({ earliest: 700, latest: 850 });
  });

  it('that was opened by a call whose answer a crash took ends as late as that call may have come to Apollo', () => {
    const before = new Window(60_000, 1);
    before.send(1000);
    const snapshot = before.snapshot(1000, 0);
    if (!snapshot) throw new Error('nothing is remembered');
    const after = new Window(60_000);
    after.restore(snapshot, 3000, 0);
    // It came to Apollo after 1,000 and before the new process began.
    expect(after.room(61_100)).toEqual({ free: 0, at: 63_000 });
    expect(after.room(63_000)).toEqual({ free: 1 });
    const later = new Window(60_000);
    later.restore(snapshot, 122_000, 0);
    expect(later.room(122_000)).toEqual({ free: 1 });
  });

  it('takes up after a restart where it left off', () => {
    const before = new Window(60_000, 5);
    for (let i = 0; i < 5; i++) before.settle(before.send(i), 100 + i, { limit: 5, used: i + 1 });
    const snapshot = before.snapshot(1000, 1_000_000);
    expect(snapshot).toBeDefined();
    if (!snapshot) return;
    const after = new Window(60_000);
    after.restore(snapshot, 50, 1_001_000);
    expect(after.room(50).free).toBe(0);
    // 60 s after the first request the old window is over; here that is 50 ms + 59 s + its uncertainty.
    expect(after.room(59_101)).toEqual({ free: 1 });
    after.settle(after.send(59_101), 59_200, { limit: 5, used: 1 });
    expect(after.room(59_300).free).toBeGreaterThan(1);
  });
});

describe('an allowance', () => {
  it('remembers as much of requests that were answered slowly as of others', () => {
    const remembered = (answerMs: number) => {
      const allowance = new Allowance(60_000);
      const sent = Array.from({ length: 900 }, (_, index) => ({
        at: index * 50,
        ticket: allowance.send(index * 50),
      }));
      for (const { at, ticket } of sent) {
        const readings = { minute: { limit: 1000 }, hour: { limit: 10_000 } };
        allowance.settle(ticket, at + answerMs, readings);
      }
      return JSON.stringify(allowance.snapshot(sent.length * 50 + answerMs, 1_700_000_000_000)).length;
    };
    expect(remembered(5_000)).toBeLessThan(remembered(50) * 1.2);
  });

  it('binds by its tightest window and says which', () => {
    const allowance = new Allowance(1000);
    const readings = (used: number) => ({
      minute: { limit: 20, used },
      hour: { limit: 2, used },
      day: { limit: null },
    });
    allowance.settle(allowance.send(0), 10, readings(1));
    allowance.settle(allowance.send(20), 30, readings(2));
    expect(allowance.room(40).free).toBe(0);
    expect(allowance.limitedBy(40)).toMatchObject({ window: 'hour', until: 60_010 });
    expect(allowance.room(60_011).free).toBeGreaterThan(0);
  });

  it('stands still after a 429 for as long as Apollo said', () => {
    const allowance = new Allowance(60_000);
    allowance.learn({ minute: { limit: 100, used: 0 }, hour: { limit: null }, day: { limit: null } }, 0);
    allowance.refuse(allowance.send(0), 0, { window: 'minute', readings: {}, retryAfterMs: 5000 });
    expect(allowance.room(4999)).toEqual({ free: 0, at: 5000 });
    // Nobody knows yet whether that was enough: one call at a time finds out.
    expect(allowance.room(5000).free).toBe(1);
    allowance.settle(allowance.send(5000), 5300, { minute: { limit: 100, used: 1 } });
    expect(allowance.room(5400).free).toBeGreaterThan(1);
  });

  it('knows the end of a minute better than the whole seconds of a 429, unless they mean another time', () => {
    const refused = (retryAfterMs: number) => {
      const allowance = new Allowance(60_000);
      const readings = { minute: { limit: 100, used: 1 }, hour: { limit: null }, day: { limit: null } };
      allowance.settle(allowance.send(0), 100, readings);
      allowance.refuse(allowance.send(400), 500, { window: 'minute', readings, retryAfterMs });
      return allowance.room(500);
    };
    // The minute is over 60 s after it was seen to be open.
    expect(refused(60_000)).toEqual({ free: 0, at: 60_100 });
    expect(refused(62_000)).toEqual({ free: 0, at: 62_500 });
    expect(refused(5_000)).toEqual({ free: 0, at: 5_500 });
  });
});
