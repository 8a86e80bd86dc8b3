import { describe, expect, it } from 'vitest';
import { createApollo } from '../../core/apollo/index.ts';
import { Accounts, KnownResults, type LatePolls, LateRequests } from '../../core/enrichment/index.ts';
import { Pool, type Work } from '../../core/limits/index.ts';
import { singleProcess } from '../../core/node/index.ts';
import type { HttpRequest, HttpResponse } from '../../core/ports.ts';
import { createVault, type UsableConnection } from '../../core/slots/index.ts';
import { VirtualClock } from '../limits/virtual-clock.ts';
import type { Limits } from '../sandbox/settings.ts';
import { RateWindows, rateHeaders } from '../sandbox/windows.ts';
import { keyRing, MemoryStore } from '../slots/world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const TEAM = 'team-contoso';
/** Between a poll and its answer, ms. */
const LATENCY = 200;
/** Between two requests for phones: 60 calls a second, as a team without other limits makes them. */
const BETWEEN = SECOND / 60;
/** Apollo's limits of what is not enrichment, on paid plans. */
const OTHER: Limits = { minute: 200, hour: 400, day: 2000 };
const PEOPLE_IN_A_CALL = 10;

interface Simulated {
  readonly people: number;
  /** When the phones of the request are there, after it was made, ms. */
  readonly readyAfter: (request: number) => number;
  readonly limits?: Limits;
  /** What a poll that was too early is told: how long it still takes, or always the same, s. */
  readonly retryAfter?: 'exact' | number;
  /** How long it may take, ms. */
  readonly forMs?: number;
}

/** Phones of a list that nobody can push, polled for over Apollo's windows in time that is made up. */
async function simulate({
  people,
  readyAfter,
  limits = OTHER,
  retryAfter = 10,
  forMs = 24 * HOUR,
}: Simulated) {
  const clock = new VirtualClock();
  const windows = new RateWindows(MINUTE);
  const requests = Math.ceil(people / PEOPLE_IN_A_CALL);
  const readyAt = new Map<string, number>();
  const seen = { polls: 0, early: 0, refused: 0 };
  const answer = (status: number, headers: Record<string, string>, body: object): HttpResponse => ({
    status,
    headers,
    body: JSON.stringify(body),
  });
  const request = async ({ url }: HttpRequest): Promise<HttpResponse> => {
    await clock.sleep(LATENCY / 2);
    const id = url.split('/').at(-1) ?? '';
    const now = clock.monotonic();
    const { states, refusedBy } = windows.count(TEAM, 'webhook_result/show', limits, now);
    await clock.sleep(LATENCY / 2);
    seen.polls += 1;
    if (refusedBy) {
      seen.refused += 1;
      return answer(429, { 'retry-after': String(Math.ceil(states[refusedBy].endsInMs / SECOND)) }, {});
    }
    const missing = (readyAt.get(id) ?? 0) - now;
    if (missing > 0) {
      seen.early += 1;
      const seconds = retryAfter === 'exact' ? Math.ceil(missing / SECOND) : retryAfter;
      const body = { error_code: 'result_pending', retry_after_seconds: seconds };
      return answer(404, rateHeaders(states), body);
    }
    return answer(200, rateHeaders(states), {
      webhook_status: 'success',
      webhook_result: {
        credits_consumed: 8,
        people: [{ id: `p${id}`, phone_numbers: [{ sanitized_number: `+1206${id.padStart(7, '0')}` }] }],
      },
    });
  };
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const store = new MemoryStore();
  const ports = singleProcess({ clock, store, http: { request }, log: silent });
  const connection: UsableConnection = {
    id: 'one',
    workspace: 'contoso',
    slot: 1,
    kind: 'self',
    label: 'Sales',
    last4: '7Q2A',
    team: TEAM,
    teamKnown: true,
    connectedAt: 0,
    health: { state: 'healthy' },
    key: () => 'key-contoso-sales-7Q2A',
  };
  const pool = new Pool<Work>({
    ports,
    connections: {
      usable: async () => [connection],
      failed: async () => undefined,
      limited: async () => undefined,
      onChange: () => undefined,
    },
    minuteMs: MINUTE,
    call: () => Promise.reject(new Error('nobody is looked up')),
    noCapacity: () => undefined,
  });
  const known = new KnownResults(store, 400 * 24 * HOUR);
  const accounts = new Accounts(ports, 400 * 24 * HOUR);
  const apollo = createApollo({ http: ports.http, baseUrl: 'https://apollo.example/api/v1' });
  const vault = createVault(keyRing('first'));
  const late = new LateRequests({
    ports,
    apollo,
    known,
    accounts,
    publicUrl: undefined,
    minuteMs: MINUTE,
    vault,
  });
  const polls: LatePolls = {
    canRun: async () => true,
    room: (team, wanted) => pool.roomFor(team, 'webhook_result/show', wanted),
    run: ({ workspace, team }, signal, run) =>
      pool.backgroundCall({ workspace, team, endpoint: 'webhook_result/show', signal, run }),
  };
  for (let number = 0; number < requests; number += 1) {
    const requestId = String(number + 1);
    const askedAt = clock.now();
    readyAt.set(requestId, clock.monotonic() + readyAfter(number));
    await known.remember('contoso', [
      {
        outcome: 'matched',
        person: { id: `p${requestId}` },
        keys: [`li:${requestId}`],
        at: askedAt,
        reveal: { personalEmails: false, phones: true, waterfall: false },
        credits: 1,
        by: { source: 'job', row: number },
      },
    ]);
    const person = { id: `p${requestId}`, key: `li:${requestId}`, source: 'job', held: 8 };
    await late.expect({
      requestId,
      workspace: 'contoso',
      team: TEAM,
      slot: 1,
      askedAt,
      people: [person],
    });
    await clock.advance(BETWEEN);
  }
  const over = new AbortController();
  let takenAfter: number | undefined;
  const collecting = late.collect('job', Number.POSITIVE_INFINITY, over.signal, polls).then((left) => {
    if (left === 0) takenAfter = clock.monotonic();
  });
  for (let ms = 0; ms < forMs && takenAfter === undefined; ms += MINUTE) await clock.advance(MINUTE);
  over.abort();
  await clock.advance(MINUTE);
  await collecting;
  return {
    ...seen,
    requests,
    takenAfter,
    left: (await late.pending('job')).length,
    lastReady: Math.max(...readyAt.values()),
  };
}

describe('polling for phones', () => {
  it('takes those of 3,000 people, ready after 10 s, in two windows of a minute', async () => {
    const { takenAfter, refused, early, polls } = await simulate({
      people: 3000,
      readyAfter: () => 10 * SECOND,
    });
    expect(refused).toBe(0);
    expect(early).toBe(0);
    expect(polls).toBe(300);
    // The window opens with the first poll, at 10 s; the last hundred need the next one.
    expect(takenAfter).toBeLessThan(10 * SECOND + MINUTE + 5 * SECOND);
  });

  it.each([
    ['as Apollo tells how long it still takes', 'exact', 5],
    ['though Apollo always says 10 s', 10, 30],
  ] as const)('takes those of 2,000 people, ready after 4 min, %s', async (_, retryAfter, mostEarly) => {
    const { takenAfter, refused, early, lastReady } = await simulate({
      people: 2000,
      readyAfter: () => 4 * MINUTE,
      retryAfter,
    });
    expect(refused).toBe(0);
    expect(early).toBeLessThanOrEqual(mostEarly);
    // Those that were too early may have taken some of the window that the last ones need.
    expect(takenAfter).toBeLessThan(lastReady + MINUTE + 10 * SECOND);
  });

  it('takes more than an hour holds in the next hour', async () => {
    const { takenAfter, refused, early } = await simulate({ people: 6000, readyAfter: () => 30 * SECOND });
    expect(refused).toBe(0);
    expect(early).toBeLessThan(10);
    expect(takenAfter).toBeLessThan(HOUR + 2 * MINUTE);
  });

  it('wastes little where each takes a time of its own', async () => {
    const { takenAfter, refused, early, requests, lastReady } = await simulate({
      people: 2000,
      readyAfter: (request) => 10 * SECOND + ((request * 7919) % 600) * SECOND,
    });
    expect(refused).toBe(0);
    expect(early).toBeLessThan(requests);
    expect(takenAfter).toBeLessThan(lastReady + 2 * MINUTE);
  });

  it('is not kept from the others by some that take hours', async () => {
    const { refused, takenAfter, lastReady, polls } = await simulate({
      people: 1000,
      readyAfter: (request) => (request % 10 === 0 ? 5 * HOUR : 20 * SECOND),
    });
    expect(refused).toBe(0);
    expect(polls).toBeLessThan(1000);
    expect(takenAfter).toBeLessThan(lastReady + 20 * MINUTE);
  });

  it('keeps to limits that only the answers tell', async () => {
    const { refused, takenAfter } = await simulate({
      people: 400,
      readyAfter: () => 10 * SECOND,
      limits: { minute: 10, hour: 600, day: null },
    });
    expect(refused).toBeLessThanOrEqual(1);
    expect(takenAfter).toBeLessThan(5 * MINUTE);
  });
});
