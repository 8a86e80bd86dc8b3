import { describe, expect, it } from 'vitest';
import type { Http } from '../../core/ports.ts';
import { conditionWords } from '../../core/slots/index.ts';
import { KEYS, PHONES, people, profiles, startWorld, WORKSPACE } from './world.ts';

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
});
