import { describe, expect, it } from 'vitest';
import type { Http } from '../../core/ports.ts';
import { conditionWords } from '../../core/slots/index.ts';
import { KEYS, PHONES, people, profiles, startWorld, WORKSPACE } from './world.ts';

const HOUR_MS = 3_600_000;

/** Apollo without credits for mobile numbers, for these keys, as long as `spent.now`. */
function withoutMobile(keys: readonly string[], spent: { now: boolean; refusals: number }) {
  return (http: Http): Http => ({
    ...http,
    request: async (request) => {
      const key = request.headers['x-api-key'] ?? '';
      const wantsPhones = `${request.url} ${request.body}`.includes('reveal_phone_number');
      if (!spent.now || !wantsPhones || !keys.includes(key)) return await http.request(request);
      spent.refusals += 1;
      return { status: 422, headers: {}, body: REFUSAL };
    },
  });
}

const REFUSAL = JSON.stringify({
  error: 'insufficient credits',
  error_details: {
    code: 'BILLING.LIMIT.CREDITS_EXHAUSTED',
    context: { credit_type: 'mobile credits', credit_balance: 0, next_billing_date: '2099-12-18' },
  },
});

describe('without credits for mobile numbers', () => {
  it.each([
    ['leads with LinkedIn addresses', profiles(12)],
    ['leads with names alone', people(12)],
  ])('e-mails go on for %s, and rows, list and slots say why there is no phone', async (_, rows) => {
    const spent = { now: true, refusals: 0 };
    await using world = await startWorld({ between: withoutMobile(KEYS, spent) });
    const done = await world.run({ rows, options: PHONES });
    expect(done).toMatchObject({
      state: 'done',
      credits: 12,
      inDoubtCredits: 0,
      counts: { matched: 12, phones: 0 },
    });
    expect(done.problem).toMatch(/No phone was asked for.*before 2099-12-18/);
    const output = await world.output(done.id);
    expect(output.every(({ added }) => /before 2099-12-18/.test(added.apollo_error ?? ''))).toBe(true);
    // One for each team, and those that were under way with it.
    expect(spent.refusals).toBeLessThanOrEqual(4);
    for (const connection of await world.core.slots.connections(WORKSPACE)) {
      expect(connection.health.state).toBe('healthy');
      expect(conditionWords(connection, world.clock.now())).toMatch(
        /mobile numbers are left until 2099-12-18/,
      );
    }

    spent.now = false;
    const again = await world.run({ rows, options: PHONES });
    expect(again.state).toBe('done');
    expect(again.problem).toBeUndefined();
    expect(again.counts.phones).toBeGreaterThan(0);
  });

  it('phones are asked for with the keys that have some', async () => {
    const spent = { now: true, refusals: 0 };
    await using world = await startWorld({ between: withoutMobile(KEYS.slice(0, 2), spent) });
    const done = await world.run({ rows: profiles(40), options: PHONES });
    expect(done).toMatchObject({ state: 'done', counts: { matched: 40 } });
    expect(done.problem).toBeUndefined();
    expect(done.counts.phones).toBeGreaterThan(0);
  });

  it('a list that was done without phones asks for them by itself when there are some, and says so', async () => {
    const [key = ''] = KEYS;
    const mobile = { limit: 800, used: 800 };
    await using world = await startWorld({
      teams: [{ id: 'older-plan', credits: { mobile }, keys: [key] }],
      webhooks: 'never',
    });
    const { id, counts, problem } = await world.run({ rows: people(12), options: PHONES });
    expect(counts).toMatchObject({ matched: 12, phones: 0 });
    expect(problem).toContain('asks again by itself');
    world.tend();
    const phones = async () => (await world.core.jobs.status(id))?.counts.phones ?? 0;

    // Looking costs nothing while there are none.
    const { credits } = world.sandbox.counts();
    world.clock.advance(HOUR_MS);
    world.clock.advance(2 * HOUR_MS);
    expect(world.sandbox.counts().credits).toBe(credits);

    world.sandbox.setCredits('older-plan', { mobile: { used: 0 } });
    world.clock.advance(4 * HOUR_MS);
    await expect.poll(phones, { timeout: 20_000 }).toBeGreaterThan(0);
    await expect
      .poll(() => world.events.some(({ type }) => type === 'job.phones'), { timeout: 20_000 })
      .toBe(true);
    const done = await world.core.jobs.status(id);
    expect(done).toMatchObject({ state: 'done', counts: { matched: 12, lookups: 12 } });
    expect(done?.problem).toBeUndefined();
    expect(done?.credits).toBe(world.sandbox.counts().credits);
    expect((await world.output(id)).every(({ added }) => added.apollo_error === '')).toBe(true);
  });

  it('who is forgotten while phones of the list are asked for again stays forgotten', async () => {
    const [key = ''] = KEYS;
    const mobile = { limit: 800, used: 800 };
    const asked = Promise.withResolvers<void>();
    const forgotten = Promise.withResolvers<void>();
    await using world = await startWorld({
      teams: [{ id: 'older-plan', credits: { mobile }, keys: [key] }],
      matchRate: 0.5,
      webhooks: 'never',
      between: (http) => ({
        ...http,
        request: async (request) => {
          const answer = await http.request(request);
          if (answer.status !== 200 || !`${request.url} ${request.body}`.includes('reveal_phone_number'))
            return answer;
          asked.resolve();
          await forgotten.promise;
          return answer;
        },
      }),
    });
    const { id } = await world.run({ rows: profiles(12), options: PHONES });
    const before = await world.output(id);
    const row = before.findIndex(({ added }) => added.apollo_outcome === 'unmatched');
    const [linkedin = ''] = before[row]?.cells.filter((cell) => cell.includes('linkedin.com')) ?? [];
    world.tend();
    world.sandbox.setCredits('older-plan', { mobile: { used: 0 } });
    world.clock.advance(HOUR_MS);
    await asked.promise;
    await world.core.forget(WORKSPACE, linkedin);
    forgotten.resolve();

    const isAsked = async () => (await world.core.jobs.status(id))?.phonesWait === undefined;
    await expect.poll(isAsked, { timeout: 20_000 }).toBe(true);
    const after = await world.output(id);
    expect(after[row]?.added).toMatchObject({ apollo_outcome: 'skipped' });
    expect(after[row]?.added.apollo_error).toContain('forgotten');
  });
});
