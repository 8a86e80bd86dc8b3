import { expect, it } from 'vitest';
import { ask, askPeople } from './ask.ts';
import { Chance } from './chance.ts';
import { type SandboxSettings, startSandbox } from './index.ts';
import { LateResults, postOnThisMachine } from './late.ts';
import { Ledger } from './ledger.ts';
import { LATE_MS } from './settings.ts';
import { machineTime } from './time.ts';

/** What Apollo was seen to do beside its description; the sources stand in `settings.ts`. */
const KEY = 'sandbox-answers-key-4Q7A';
const OTHER = 'sandbox-answers-key-8R2B';
const PEOPLE = Array.from({ length: 5 }, (_, at) => ({ email: `person${at}.known@contoso.com` }));
const WITH_PHONES = '?reveal_phone_number=true&poll_only=true';

const start = (credits: object, more: SandboxSettings = {}, cap?: object) =>
  startSandbox({
    matchRate: 1,
    lateMs: 0,
    teams: [{ id: 'team', credits, keys: [{ key: KEY, ...(cap && { cap }) }, OTHER] }],
    ...more,
  });

it('names the employer’s number among the person’s, and never a mobile', async () => {
  await using sandbox = await start({});
  const { json } = await askPeople(sandbox, KEY, PEOPLE);
  for (const { phone_numbers, organization } of json.matches) {
    expect(phone_numbers).toMatchObject([
      { type: 'work_hq', sanitized_number: organization.sanitized_phone },
    ]);
  }
  await using without = await start({}, { switchboards: false });
  const plain = await askPeople(without, KEY, PEOPLE);
  expect(plain.json.matches[0].phone_numbers).toBeUndefined();
});

it('keeps a user to the team’s cap, and says the user’s figures in the profile alone', async () => {
  await using sandbox = await start({ limit: 1_000, used: 10 }, {}, { limit: 3 });
  const profile = async () =>
    (await ask(sandbox, 'GET', '/users/api_profile?include_credit_usage=true', KEY)).json;
  expect(await profile()).toMatchObject({ num_credits_remaining: 3, effective_num_lead_credits: 3 });
  await askPeople(sandbox, KEY, PEOPLE.slice(0, 2));
  expect(await profile()).toMatchObject({ num_credits_remaining: 1, num_lead_credits_used: 2 });
  const team = await ask(sandbox, 'POST', '/usage_stats/credit_usage_stats', KEY);
  expect(team.json.credit_usage_stats.lead_credit).toMatchObject({ limit: 1_000, left_over: 988 });
  expect((await askPeople(sandbox, KEY, PEOPLE.slice(2))).status).toBe(422);
  // The team's other users go on.
  expect((await askPeople(sandbox, OTHER, PEOPLE.slice(2))).status).toBe(200);
});

it('has credits for mobile numbers apart where the plan has, and goes on with e-mails without them', async () => {
  await using sandbox = await start({ limit: 100, mobile: { limit: 8 } });
  const stats = async () =>
    (await ask(sandbox, 'POST', '/usage_stats/credit_usage_stats', KEY)).json.credit_usage_stats;
  expect((await stats()).direct_dial_credit).toEqual({ limit: 8, consumed: 0, left_over: 8 });
  sandbox.setCredits('team', { mobile: { used: 8 } });
  const refused = await ask(sandbox, 'POST', `/people/bulk_match${WITH_PHONES}`, KEY, { details: PEOPLE });
  expect(refused.status).toBe(422);
  expect(refused.json.error_details).toMatchObject({
    code: 'BILLING.LIMIT.CREDITS_EXHAUSTED',
    context: { credit_type: { value: 'mobile credits' }, credit_balance: { value: 0 } },
  });
  expect(refused.json.error_details.context.next_billing_date.value).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect((await askPeople(sandbox, KEY, PEOPLE)).status).toBe(200);
  expect((await stats()).lead_credit.consumed).toBeGreaterThan(0);
});

it('says that credits are gone by a code, or in plain text', async () => {
  await using sandbox = await start({ limit: 1, used: 1 });
  const coded = await askPeople(sandbox, KEY, PEOPLE);
  expect(coded.json.error_details.context.credit_type.value).toBe('lead credits');
  await using other = await start({ limit: 1, used: 1 }, { creditRefusal: 'text' });
  const text = await askPeople(other, KEY, PEOPLE);
  expect([text.status, text.json]).toEqual([422, undefined]);
  expect(text.text).toContain('insufficient credits');
});

it('finds no company by its name alone', async () => {
  await using sandbox = await start({});
  const byName = await ask(sandbox, 'GET', '/organizations/enrich?name=Contoso', KEY);
  expect(byName.status).toBe(422);
  const batch = { details: [{ domain: 'contoso.com' }, { name: 'Fabrikam' }] };
  expect((await ask(sandbox, 'POST', '/organizations/bulk_enrich', KEY, batch)).status).toBe(422);
  expect(sandbox.counts().credits).toBe(0);
  await using earlier = await start({}, { companiesByName: true });
  expect((await ask(earlier, 'GET', '/organizations/enrich?name=Contoso', KEY)).status).toBe(200);
});

it('has phones after ten seconds to some minutes', () => {
  const late = new LateResults(
    { lateMs: LATE_MS, minuteMs: 60_000, mode: 'never', time: machineTime, post: postOnThisMachine },
    new Ledger(),
    new Chance(1),
  );
  const drawn = Array.from({ length: 1_000 }, () => late.drawLateMs());
  expect(Math.min(...drawn)).toBe(10_000);
  expect(drawn.filter((ms) => ms > 60_000).length).toBeGreaterThan(100);
  expect(drawn.filter((ms) => ms > 240_000).length).toBeLessThan(100);
});
