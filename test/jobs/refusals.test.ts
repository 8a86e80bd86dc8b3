import { describe, expect, it } from 'vitest';
import type { FaultKind } from '../sandbox/faults.ts';
import { KEYS, PHONES, people, startWorld, WORKSPACE, type World } from './world.ts';

const BULK = 'people/bulk_match';
const SINGLE = 'people/match';
const FREE_OF_CHARGE = [
  '521',
  '523',
  '525',
  '526',
  '530',
  'cloudflare 1010',
  'cloudflare 1015',
  'cloudflare 403',
];
const PERHAPS_CHARGED = ['502', '520', '522', '524'];
const HOUR_MS = 3_600_000;

/** A fault that is over after so long by the core's clock. */
function forAWhile(world: World, kind: FaultKind, ms: number): void {
  const heal = world.sandbox.fault({ kind });
  void world.clock.sleep(ms).then(heal);
}

async function health(world: World, slot = 1) {
  const { slots } = await world.core.slots.list(WORKSPACE);
  const found = slots[slot - 1];
  if (found?.state !== 'connected') throw new Error(`slot ${slot} is free`);
  return found.connection;
}

describe('something on the way answers in Apollo’s place', () => {
  it.each([...FREE_OF_CHARGE, ...PERHAPS_CHARGED] as FaultKind[])(
    'ten seconds of "%s" fail no row and leave the keys usable',
    async (kind) => {
      await using world = await startWorld();
      forAWhile(world, kind, 10_000);
      const status = await world.run({ rows: people(60) });
      expect(status).toMatchObject({ state: 'done', counts: { matched: 60, failed: 0 } });
      expect((await health(world)).health.state).toBe('healthy');
      const counts = world.sandbox.counts();
      expect(status.credits).toBe(counts.credits);
      if (!PERHAPS_CHARGED.includes(kind)) expect(status.inDoubtCredits).toBe(0);
      // Whatever did not reach Apollo is no call of ours.
      const answered = counts.byStatus['200'] ?? 0;
      const perhaps = PERHAPS_CHARGED.includes(kind) ? (counts.byStatus[kind] ?? 0) : 0;
      const account = 3 * KEYS.length;
      expect(status.calls).toBeLessThanOrEqual(answered - account + perhaps);
    },
  );

  it('pauses the list after a minute, says why, and goes on by itself when it is over', async () => {
    await using world = await startWorld({ speed: 1000 });
    const heal = world.sandbox.fault({ kind: 'cloudflare 403', endpoint: BULK });
    const paused = await world.run({ rows: people(200) });
    expect(paused).toMatchObject({ state: 'paused', reason: 'apollo-trouble', counts: { failed: 0 } });
    expect(paused.problem).toContain('Cloudflare');
    expect(paused.inDoubtCredits).toBe(0);
    heal();
    world.tend();
    const done = async () => (await world.core.jobs.status(paused.id))?.state;
    await expect.poll(done).toBe('done');
    const status = await world.core.jobs.status(paused.id);
    expect(status).toMatchObject({ counts: { matched: 200, failed: 0 } });
    expect(status?.problem).toBeUndefined();
  });
});

describe('a request that is wrong as a whole', () => {
  it.each(['wrong webhook', 'wrong request'] as const)(
    'blames no lead, is not cut into halves, and pauses the list with what to do: %s',
    async (kind) => {
      await using world = await startWorld({ teams: [{ id: 'team', keys: [KEYS[0]] }] });
      const heal = world.sandbox.fault({ kind, endpoint: BULK });
      const options = kind === 'wrong webhook' ? PHONES : {};
      const paused = await world.run({ rows: people(100), options });
      expect(paused).toMatchObject({
        state: 'paused',
        reason: 'request-refused',
        credits: 0,
        inDoubtCredits: 0,
      });
      expect(paused.problem).toContain(kind === 'wrong webhook' ? 'PUBLIC_URL' : '400 INVALID_PARAMETER');
      expect(paused.counts).toMatchObject({ failed: 0, matched: 0 });
      // Each batch was asked for once; halves and quarters would be many more.
      const calls = world.sandbox.counts().byEndpoint[BULK] ?? 0;
      expect(calls).toBeLessThanOrEqual(12);
      heal();
      const status = await world.resume(paused.id);
      expect(status).toMatchObject({ state: 'done', counts: { matched: 100, failed: 0 } });
      expect(status.problem).toBeUndefined();
    },
  );

  it('tells whoever waits for one lead', async () => {
    await using world = await startWorld();
    world.sandbox.fault({ kind: 'wrong request' });
    const { results, stopped, problem } = await world.enrich(people(1));
    expect({ outcome: results[0]?.outcome, stopped }).toEqual({
      outcome: 'undecided',
      stopped: 'request-refused',
    });
    expect(problem).toContain('INVALID_PARAMETER');
  });

  it('is not what one malformed lead is: the nine beside it are found', async () => {
    await using world = await startWorld();
    const rows = [...people(9), ['Ada', 'Love\u0007lace\u0000'.padEnd(3000, 'x'), 'contoso.com', '', '']];
    const status = await world.run({ rows });
    expect(status.state).toBe('done');
    expect(status.counts.matched).toBeGreaterThanOrEqual(9);
  });
});

describe('what a key may not do', () => {
  const teams = [{ id: 'team', keys: [KEYS[0]] }];

  it.each(['not allowed', 'not allowed 401', 'not allowed in words'] as const)(
    '"%s" is shown with its end, the work goes another way, and it is tried again after an hour',
    async (kind) => {
      await using world = await startWorld({ teams });
      const heal = world.sandbox.fault({ kind, endpoint: BULK });
      expect(await world.run({ rows: people(3) })).toMatchObject({ state: 'done', counts: { matched: 3 } });
      const { health: state, notAllowed = [] } = await health(world);
      expect(state.state).toBe('healthy');
      expect(notAllowed).toMatchObject([{ endpoint: BULK }]);
      const left = (notAllowed[0]?.until ?? 0) - world.clock.now();
      expect(left).toBeLessThanOrEqual(HOUR_MS);
      heal();
      const bulkCalls = () => world.sandbox.counts().byEndpoint[BULK] ?? 0;
      const before = bulkCalls();
      // Leads that somebody waits for do not ask for it again within the hour …
      await world.enrich(people(30).slice(10));
      expect(bulkCalls()).toBe(before);
      world.clock.advance(HOUR_MS);
      await world.restart();
      await world.enrich(people(60).slice(30));
      expect(bulkCalls()).toBeGreaterThan(before);
    },
  );

  it('a list that no key may do pauses, and resume, a new list and a changed key try again at once', async () => {
    await using world = await startWorld({
      teams: [
        { id: 'team', keys: [KEYS[0]] },
        { id: 'b', keys: [KEYS[2]] },
      ],
      connect: false,
    });
    await world.connect(KEYS[0]);
    const closed = ([BULK, SINGLE] as const).map((endpoint) =>
      world.sandbox.fault({ kind: 'not allowed', endpoint }),
    );
    const paused = await world.run({ rows: people(20) });
    expect(paused).toMatchObject({ state: 'paused', reason: 'no-slot', counts: { failed: 0 } });
    expect((await health(world)).notAllowed?.map(({ endpoint }) => endpoint).sort()).toEqual([BULK, SINGLE]);
    await world.core.jobs.resumeReady();
    expect((await world.core.jobs.status(paused.id))?.state).toBe('paused');
    for (const heal of closed) heal();
    expect(await world.resume(paused.id)).toMatchObject({ state: 'done', counts: { matched: 20 } });

    world.sandbox.fault({ kind: 'not allowed', endpoint: BULK, times: 1 });
    world.sandbox.fault({ kind: 'not allowed', endpoint: SINGLE, times: 1 });
    const again = await world.run({ rows: people(40).slice(20) });
    expect(again).toMatchObject({ state: 'paused', reason: 'no-slot' });
    expect(await world.run({ rows: people(50).slice(40) })).toMatchObject({ state: 'done' });

    world.sandbox.fault({ kind: 'not allowed', endpoint: BULK, key: KEYS[0] });
    world.sandbox.fault({ kind: 'not allowed', endpoint: SINGLE, key: KEYS[0] });
    expect(await world.resume(again.id)).toMatchObject({ state: 'paused', reason: 'no-slot' });
    await world.core.slots.replace({ workspace: WORKSPACE, slot: 1, key: KEYS[2] });
    await world.core.jobs.resumeReady();
    expect(await world.core.jobs.settled(again.id)).toMatchObject({ state: 'done', counts: { matched: 20 } });
  });

  it('a 403 without a reason of Apollo’s says nothing of the key', async () => {
    await using world = await startWorld({ teams });
    forAWhile(world, 'forbidden', 6_000);
    expect(await world.run({ rows: people(30) })).toMatchObject({ state: 'done', counts: { matched: 30 } });
    expect((await health(world)).notAllowed ?? []).toEqual([]);
  });
});
