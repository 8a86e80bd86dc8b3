import { describe, expect, it } from 'vitest';
import {
  ApolloInTrouble,
  KeyNotAllowed,
  KeyRefused,
  OutOfCredits,
  RateLimited,
} from '../../core/apollo/errors.ts';
import type { Endpoint, LimitReadings } from '../../core/apollo/types.ts';
import { type Answer, type Call, type Called, Pool, type Work } from '../../core/limits/index.ts';
import { singleProcess } from '../../core/node/index.ts';
import type { UsableConnection } from '../../core/slots/types.ts';
import { MemoryStore } from '../slots/world.ts';
import { VirtualClock } from './virtual-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LATENCY = 200;
const BULK = 'people/bulk_match';

interface Piece extends Work {
  readonly name: string;
}

interface Made extends Call<Piece> {
  readonly at: number;
}

/** What becomes of the `number`th call, 0 the first; answered without an error unless it says so. */
type Answering = (call: Call<Piece>, number: number) => Partial<Answer & Called<Piece>>;

function connection(slot: number, team: string, workspace = 'contoso'): UsableConnection {
  return {
    id: `${workspace}-${slot}`,
    workspace,
    slot,
    kind: 'self',
    label: `Slot ${slot}`,
    last4: '7Q2A',
    team,
    teamKnown: true,
    connectedAt: 0,
    health: { state: 'healthy' },
    key: () => 'key',
  };
}

function limits(minute: number | null, more: LimitReadings = {}): LimitReadings {
  return { minute: { limit: minute, used: 0 }, hour: { limit: null }, day: { limit: null }, ...more };
}

/** What a world may have besides; all ms are 0 unless told. */
interface Scene {
  /** From a call's place in the window to its first byte. */
  readonly leavingMs?: number;
  /** From the arrival of an answer to its reading. */
  readonly readingMs?: number;
  /** From an answer to the end of its storing. */
  readonly storingMs?: number;
  /** Calls that HTTP can have under way. */
  readonly atOnce?: number;
  /** Passes with every look at the clock. */
  readonly tickMs?: number;
}

/** A pool over these connections, whose calls are answered {@link LATENCY} after they left. */
function createWorld(
  connected: UsableConnection[],
  answer: Answering = () => ({}),
  { leavingMs = 0, readingMs = 0, storingMs = 0, atOnce, tickMs = 0 }: Scene = {},
) {
  const clock = new VirtualClock(tickMs);
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const ports = singleProcess({
    clock,
    store: new MemoryStore(),
    http: {
      ...(atOnce !== undefined && { atOnce }),
      request: () => Promise.reject(new Error('nothing is asked here')),
    },
    log: silent,
  });
  const made: Made[] = [];
  const noCapacity: Piece[] = [];
  const failed: string[] = [];
  const limited: { team: string; window: string; until: number }[] = [];
  const listeners: (() => void)[] = [];
  const state = { connected };
  const pool = new Pool<Piece>({
    ports,
    connections: {
      usable: async () => state.connected,
      failed: async ({ slot }, error) => {
        failed.push(`${slot} ${error.name}`);
      },
      limited: async (team, window, until) => {
        limited.push({ team, window, until });
      },
      onChange: (listener) => void listeners.push(listener),
    },
    minuteMs: MINUTE,
    call: async (call) => {
      const number = made.push({ ...call, at: clock.monotonic() }) - 1;
      await clock.sleep(leavingMs);
      call.watch.leaving();
      await clock.sleep(LATENCY);
      call.watch.answered();
      call.watch.arrived();
      await clock.sleep(readingMs);
      const { again = [], atLimit, ...answered } = answer(call, number);
      call.answered({ limits: limits(1000), sent: true, ...answered });
      await clock.sleep(storingMs);
      return { again, ...(atLimit && { atLimit }) };
    },
    noCapacity: (works) => void noCapacity.push(...works),
  });
  return {
    pool,
    clock,
    made,
    noCapacity,
    failed,
    limited,
    connect: (...more: UsableConnection[]) => {
      state.connected = more;
      for (const listener of listeners) listener();
    },
    add: (
      count: number,
      { source = 'list', kind = 'person', urgent = false, workspace = 'contoso', options = '' } = {},
    ) => {
      const batchKey = `${workspace}|${kind}|${urgent}|${options}`;
      const work = { workspace, source, kind: kind as Work['kind'], urgent, mobile: false, batchKey };
      pool.add(Array.from({ length: count }, (_, index) => ({ ...work, name: `${source}${index}` })));
    },
    batches: () => made.map(({ batch }) => batch.map(({ name }) => name).join(' ')),
  };
}

const ONE = [connection(1, 'contoso-team')];
const TWO_TEAMS = [...ONE, connection(2, 'fabrikam-team')];

describe('a pool', () => {
  it('fills a ten with leads of several lists that come within a few milliseconds', async () => {
    const { add, clock, batches } = createWorld(ONE);
    add(3, { source: 'a' });
    await clock.advance(4);
    add(3, { source: 'b' });
    expect(batches()).toEqual([]);
    await clock.advance(6);
    expect(batches()).toEqual(['a0 b0 a1 b1 a2 b2']);
  });

  it('uses the least share that any key of a team says, and more as soon as that is changed', async () => {
    const team = (share?: number) => [
      ...ONE,
      { ...connection(2, 'contoso-team', 'fabrikam'), ...(share && { share }) },
    ];
    const { add, clock, connect, made } = createWorld(team(50), () => ({ limits: limits(10) }));
    add(500);
    await clock.advance(50_000);
    expect(made).toHaveLength(5);
    connect(...team());
    await clock.advance(5_000);
    expect(made).toHaveLength(10);
  });

  it('does not let somebody wait who waits for it', async () => {
    const { add, clock, made } = createWorld(ONE);
    add(1, { urgent: true });
    await clock.advance(0);
    expect(made).toMatchObject([{ at: 0, endpoint: 'people/match' }]);
  });

  it('gives work to every team, and asks for each lead once', async () => {
    const { add, clock, made } = createWorld(TWO_TEAMS);
    add(200);
    await clock.advance(5 * LATENCY);
    expect(made.flatMap(({ batch }) => batch.map(({ name }) => name)).sort()).toEqual(
      Array.from({ length: 200 }, (_, index) => `list${index}`).sort(),
    );
    expect(new Set(made.map(({ connection: { team } }) => team)).size).toBe(2);
  });

  it('asks a slot again that was at its limit for a moment, however time passes meanwhile', async () => {
    for (let tickMs = 0; tickMs <= 100; tickMs += 1) {
      const atLimit = { sent: false, atLimit: 'for-now' } as const;
      const { add, clock, made, noCapacity } = createWorld(
        ONE,
        ({ batch }, number) => (number < 5 ? { ...atLimit, again: [batch] } : {}),
        { tickMs },
      );
      add(10);
      for (let second = 0; second < 20 && made.length < 6; second += 1) await clock.advance(1_000);
      expect({ tickMs, calls: made.length, noCapacity }).toEqual({ tickMs, calls: 6, noCapacity: [] });
    }
  });

  it('says that all slots are at their limits, however long it takes to ask them one after the other', async () => {
    const slots = [1, 2, 3, 4].map((slot) => connection(slot, `team-${slot}`));
    for (const storingMs of [0, 100, 800]) {
      const atLimit = { sent: false, atLimit: 'for-good' } as const;
      const { add, clock, made, noCapacity } = createWorld(
        slots,
        ({ batch }) => ({ ...atLimit, again: [batch] }),
        { storingMs },
      );
      add(10);
      await clock.advance(60_000);
      expect({ storingMs, calls: made.length, noCapacity: noCapacity.length }).toEqual({
        storingMs,
        calls: 4,
        noCapacity: 10,
      });
    }
  });

  it('asks a slot for what costs less, though it has no room for what costs more', async () => {
    const isDear = ({ batchKey }: Piece) => batchKey.endsWith('phones');
    const { add, clock, made, noCapacity } = createWorld(ONE, ({ batch }) =>
      batch.some(isDear) ? { sent: false, atLimit: 'for-good', again: [batch] } : {},
    );
    add(10, { options: 'phones', source: 'dear' });
    add(30, { source: 'cheap' });
    await clock.advance(10_000);
    expect(noCapacity.map(({ source }) => source)).toEqual(Array.from({ length: 10 }, () => 'dear'));
    expect(made.flatMap(({ batch }) => batch).filter((piece) => !isDear(piece))).toHaveLength(30);
  });

  it('lets no team wait for all calls of another', async () => {
    const { add, clock, made } = createWorld(TWO_TEAMS);
    add(20);
    await clock.advance(2 * LATENCY);
    made.length = 0;
    add(60);
    await clock.advance(0);
    const teams = made.map(({ connection: { team } }) => team);
    expect(teams).toEqual(Array.from({ length: 3 }, () => ['contoso-team', 'fabrikam-team']).flat());
  });

  it('hands over what a refused key had, and uses that key no more', async () => {
    const { add, clock, made, failed } = createWorld(
      TWO_TEAMS,
      ({ connection: { slot }, batch, endpoint }) =>
        slot === 1 ? { error: new KeyRefused('Refused.', endpoint), again: [batch] } : {},
    );
    add(60);
    await clock.advance(10 * LATENCY);
    const done = made.filter(({ connection: { slot } }) => slot === 2).flatMap(({ batch }) => batch);
    expect(done).toHaveLength(60);
    const refused = made.filter(({ connection: { slot } }) => slot === 1);
    expect(new Set(refused.map(({ at }) => at)).size).toBe(1);
    expect(failed).toEqual(refused.map(() => '1 KeyRefused'));
  });

  it('leaves all keys of a team alone whose credits are gone', async () => {
    const shared = [connection(1, 'one'), connection(2, 'one'), connection(3, 'other')];
    const { add, clock, made } = createWorld(shared, ({ connection: { team }, batch, endpoint }) =>
      team === 'one' ? { error: new OutOfCredits('None left.', endpoint), again: [batch] } : {},
    );
    add(80);
    await clock.advance(10 * LATENCY);
    const spent = made.filter(({ connection: { team } }) => team === 'one');
    expect(new Set(spent.map(({ at }) => at)).size).toBe(1);
    expect(made.filter(({ connection: { slot } }) => slot === 3).flatMap(({ batch }) => batch)).toHaveLength(
      80,
    );
  });

  it('asks singly with a key that may not ask for ten', async () => {
    const { add, clock, made } = createWorld(ONE, ({ endpoint, batch }) =>
      endpoint === BULK ? { error: new KeyNotAllowed('Left out.', endpoint), again: [batch] } : {},
    );
    add(5);
    await clock.advance(10 * LATENCY);
    expect(made.map(({ endpoint, batch }) => `${endpoint} ${batch.length}`)).toEqual([
      `${BULK} 5`,
      ...Array.from({ length: 5 }, () => 'people/match 1'),
    ]);
  });

  it('gives back what no key of the workspace can do, and what comes later is done when there is one', async () => {
    const { add, clock, noCapacity, made, connect } = createWorld([connection(1, 'team', 'fabrikam')]);
    add(3);
    await clock.advance(10);
    expect(noCapacity).toHaveLength(3);
    expect(made).toEqual([]);
    connect(...ONE);
    add(3);
    await clock.advance(LATENCY);
    expect(made).toHaveLength(1);
    expect(noCapacity).toHaveLength(3);
  });

  it('keeps to a limit per minute, and goes on when the minute is over', async () => {
    const { add, clock, made } = createWorld(ONE, (_, number) => ({
      limits: limits(6, { minute: { limit: 6, used: (number % 6) + 1 } }),
    }));
    add(240);
    await clock.advance(5 * MINUTE);
    expect(made).toHaveLength(24);
    for (const { at } of made) {
      expect(
        made.filter((other) => other.at >= at && other.at < at + MINUTE - LATENCY).length,
      ).toBeLessThanOrEqual(6);
    }
  });

  it('knows of a minute from the answer, however long that takes to be stored', async () => {
    const { add, clock, made } = createWorld(
      ONE,
      (_, number) => ({ limits: limits(2, { minute: { limit: 2, used: (number % 2) + 1 } }) }),
      { storingMs: MINUTE / 2 },
    );
    add(40);
    await clock.advance(MINUTE + 2 * LATENCY);
    // Once it is over for the first time, one call shows that it is: the other follows its answer.
    expect(made.map(({ at }) => at)).toEqual([0, LATENCY, MINUTE + LATENCY, MINUTE + 2 * LATENCY]);
  });

  it('knows of a minute from the first byte, however long that had to wait', async () => {
    const asks = (leavingMs: number) => {
      const { add, clock, made } = createWorld(
        ONE,
        (_, number) => ({ limits: limits(400, { minute: { limit: 400, used: (number % 400) + 1 } }) }),
        { leavingMs },
      );
      add(4100);
      return clock.advance(MINUTE + 20 * LATENCY).then(() => made.map(({ at }) => at));
    };
    // The last of a minute's calls asks whether the next is there: a tenth of a round trip after the first byte's.
    expect((await asks(0))[399]).toBeCloseTo(MINUTE + LATENCY / 10, 0);
    expect((await asks(2000))[399]).toBeCloseTo(MINUTE + 2000 + LATENCY / 10, 0);
  });

  it('makes no more calls than HTTP can have under way, and lets every team have its turn', async () => {
    const { add, clock, made } = createWorld(TWO_TEAMS, undefined, { atOnce: 6 });
    add(300);
    // The first of each team tells what its limits are.
    await clock.advance(1.5 * LATENCY);
    expect(made).toHaveLength(2 + 6);
    await clock.advance(20 * LATENCY);
    expect(made).toHaveLength(30);
    const ofTheFirst = made.filter(({ connection: { slot } }) => slot === 1).length;
    expect(ofTheFirst).toBeGreaterThanOrEqual(12);
    expect(ofTheFirst).toBeLessThanOrEqual(18);
  });

  it('does not look again and again for work that waits for answers to be read', async () => {
    const { add, clock } = createWorld(TWO_TEAMS, undefined, { readingMs: 100 });
    add(20);
    await clock.advance(10 * LATENCY);
    add(10);
    await clock.advance(LATENCY + 50);
    add(30);
    let looks = 0;
    const sleep = clock.sleep.bind(clock);
    clock.sleep = (ms, signal) => {
      looks += 1;
      return sleep(ms, signal);
    };
    await clock.advance(40);
    expect(looks).toBeLessThan(10);
  });

  it('reads the answers that are there before more calls leave, but for a team that has none under way', async () => {
    const { add, clock, made } = createWorld(TWO_TEAMS, undefined, { readingMs: 100 });
    add(20);
    await clock.advance(10 * LATENCY);
    add(10);
    await clock.advance(LATENCY + 50);
    expect(made).toHaveLength(3);
    add(30);
    await clock.advance(10);
    expect(made).toHaveLength(4);
    expect(made[3]?.connection.slot).not.toBe(made[2]?.connection.slot);
    await clock.advance(50);
    expect(made).toHaveLength(6);
  });

  it('needs no more of a list before the calls that it has begun have left', async () => {
    const { add, clock, pool } = createWorld(ONE, undefined, { leavingMs: 50 });
    add(100);
    await clock.advance(1);
    expect(pool.isFed('list')).toBe(true);
    await clock.advance(50);
    expect(pool.isFed('list')).toBe(false);
  });

  it('needs no more of a list that has work waiting for every limiter, unless all of it waits for limits', async () => {
    const { add, clock, pool } = createWorld(ONE, () => ({
      limits: limits(4, { minute: { limit: 4, used: 4 } }),
    }));
    add(100);
    expect(pool.isFed('list')).toBe(false);
    add(2000);
    await clock.advance(1);
    expect(pool.isFed('list')).toBe(true);
    await clock.advance(LATENCY);
    expect(pool.isFed('list')).toBe(false);
  });

  it('says once that an hour is used up, and until when', async () => {
    const { add, clock, made, limited } = createWorld(ONE, (_, number) => ({
      limits: limits(null, { hour: { limit: 4, used: (number % 4) + 1 } }),
    }));
    add(80);
    await clock.advance(HOUR / 2);
    expect(made).toHaveLength(4);
    expect(limited).toHaveLength(1);
    const [told] = limited;
    expect(told).toMatchObject({ team: 'contoso-team', window: 'hour' });
    expect((told?.until ?? 0) - clock.now()).toBeCloseTo(HOUR / 2, -4);
    await clock.advance(HOUR / 2 + MINUTE);
    expect(made).toHaveLength(8);
  });

  it('wakes for a window that reopens, whatever else was begun meanwhile', async () => {
    const { add, clock, made } = createWorld(ONE, (_, number) => ({
      limits: limits(2, { minute: { limit: 2, used: (number % 2) + 1 } }),
    }));
    add(40);
    await clock.advance(MINUTE / 2);
    expect(made).toHaveLength(2);
    // They wait for the same window, and linger first to be filled up: an alarm before that of the window.
    add(3, { source: 'other', options: 'phones' });
    await clock.advance(4 * MINUTE);
    expect(made).toHaveLength(5);
  });

  it('rests when Apollo is in trouble, and goes on by itself', async () => {
    const { add, clock, made } = createWorld(ONE, ({ batch, endpoint }, number) =>
      number < 3 ? { error: new ApolloInTrouble('503.', endpoint), again: [batch] } : {},
    );
    add(10);
    await clock.advance(MINUTE);
    const [first, second, third, fourth, ...more] = made.map(({ at }) => at);
    expect(more).toEqual([]);
    const rests = [first, second, third].map(
      (at, index) => ([second, third, fourth][index] ?? 0) - (at ?? 0),
    );
    for (const [index, rest] of rests.entries()) {
      expect(rest - LATENCY).toBeGreaterThanOrEqual(250 * 2 ** index);
      expect(rest - LATENCY).toBeLessThanOrEqual(500 * 2 ** index);
    }
  });

  it('counts a 429 and stands still for as long as Apollo says', async () => {
    const { pool, add, clock, made } = createWorld(ONE, ({ batch, endpoint }, number) =>
      number === 0
        ? { error: new RateLimited('Too many.', endpoint, {}, 'minute', 7000), again: [batch] }
        : {},
    );
    add(10);
    await clock.advance(MINUTE);
    expect(pool.rateLimited).toBe(1);
    expect(made).toHaveLength(2);
    expect((made[1]?.at ?? 0) - LATENCY).toBeGreaterThanOrEqual(7000);
  });

  it('takes out what waits for a list, and lets what is under way come back', async () => {
    const { pool, add, clock, made } = createWorld(ONE, (_, number) => ({
      limits: limits(1, { minute: { limit: 1, used: number + 1 } }),
    }));
    add(30, { source: 'a' });
    add(5, { source: 'b' });
    await clock.advance(10);
    expect(made).toHaveLength(1);
    const taken = made[0]?.batch.filter(({ source }) => source === 'a').length ?? 0;
    expect(pool.waiting('a')).toBe(30 - taken);
    expect(pool.withdraw('a')).toHaveLength(30 - taken);
    expect(pool.waiting('a')).toBe(0);
    expect(pool.allWaiting()).toBe(pool.waiting('b'));
  });

  it('starts nothing more when it is stopped, and waits for what is under way', async () => {
    const { pool, add, clock, made } = createWorld(ONE);
    add(100);
    await clock.advance(1);
    const underWay = made.length;
    let stopped = false;
    const stopping = pool.stop().then(() => {
      stopped = true;
    });
    await clock.advance(LATENCY / 2);
    expect(stopped).toBe(false);
    await clock.advance(LATENCY);
    await stopping;
    expect(made).toHaveLength(underWay);
  });
});

describe('one call beside the work', () => {
  const backgroundCall = (signal = new AbortController().signal, workspace = 'contoso') => ({
    team: 'contoso-team',
    workspace,
    endpoint: 'webhook_result/show' as Endpoint,
    signal,
  });

  it('waits for room in the allowance of its endpoint', async () => {
    const { pool, clock } = createWorld(ONE);
    const ran: number[] = [];
    const run = async () => {
      ran.push(clock.monotonic());
      return { limits: limits(1, { minute: { limit: 1, used: 1 } }) };
    };
    const first = pool.backgroundCall({ ...backgroundCall(), run });
    await clock.advance(1);
    expect(await pool.roomFor('contoso-team', 'webhook_result/show', 1)).toMatchObject({ free: 0 });
    const second = pool.backgroundCall({ ...backgroundCall(), run });
    await clock.advance(2 * MINUTE);
    expect(await Promise.all([first, second])).toEqual([{}, {}]);
    expect((ran[1] ?? 0) - (ran[0] ?? 0)).toBeGreaterThanOrEqual(MINUTE);
  });

  it('is not made without a key of the workspace, or when nobody wants it any more', async () => {
    const { pool, clock } = createWorld(ONE);
    const run = async () => expect.unreachable('it was made');
    const gone = new AbortController();
    gone.abort();
    const none = [
      pool.backgroundCall({ ...backgroundCall(undefined, 'fabrikam'), run }),
      pool.backgroundCall({ ...backgroundCall(gone.signal), run }),
    ];
    await clock.advance(MINUTE);
    expect(await Promise.all(none)).toEqual([undefined, undefined]);
  });

  it('gives the error, and keeps the key from being used that caused it', async () => {
    const { pool, clock, failed } = createWorld(ONE);
    const error = new KeyRefused('Refused.', 'webhook_result/show');
    const refused = pool.backgroundCall({ ...backgroundCall(), run: async () => ({ limits: {}, error }) });
    await clock.advance(LATENCY);
    expect(await refused).toEqual({ error });
    expect(failed).toEqual(['1 KeyRefused']);
    const after = pool.backgroundCall({
      ...backgroundCall(),
      run: async () => expect.unreachable('it was made'),
    });
    await clock.advance(MINUTE);
    expect(await after).toBeUndefined();
  });
});
