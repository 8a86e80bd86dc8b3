import { describe, expect, it } from 'vitest';
import { PHONES, startWorld, WORKSPACE, type World } from '../jobs/world.ts';
import { entryOf, ScriptedApollo } from './scripted-apollo.ts';

/** Answers that went wrong once, of each kind, and what a row must say. */
const HEADERS = ['first_name', 'last_name', 'company', 'domain', 'email', 'linkedin_url'];
interface Lead {
  readonly first?: string;
  readonly last?: string;
  readonly company?: string;
  readonly domain?: string;
  readonly email?: string;
  readonly linkedin?: string;
}
const rowOf = ({ first = '', last = '', company = '', domain = '', email = '', linkedin = '' }: Lead) => [
  first,
  last,
  company,
  domain,
  email,
  linkedin,
];

const CONTOSO = { name: 'Contoso', domain: 'contoso.com' };
const SOUTH_REDS = { name: 'South Reds', domain: 'southreds.example' };
const ADA = entryOf('Ada Lovelace', CONTOSO);
const STUB = {
  name: '',
  first_name: '',
  last_name: '',
  email: null,
  match_confidence: 'none',
  organization: { id: 'o1', name: 'Contoso', primary_domain: 'contoso.com' },
};
const NOBODY: Lead = { email: 'nobody@contoso.com' };
const ADA_BY_EMAIL: Lead = { email: 'ada@contoso.com' };
const ERIC: Lead = { first: 'Eric', last: 'Gomez', company: 'North Padres', domain: 'northpadres.example' };
const NAMESAKE = entryOf('Eric Gomez', SOUTH_REDS, {
  employment_history: [{ organization_name: 'South Reds', current: true }],
  phone_numbers: [{ sanitized_number: '+12025550100', type: 'mobile' }],
});

async function look(
  world: World,
  leads: readonly Lead[],
  options: Parameters<World['run']>[0]['options'] = {},
) {
  const done = await world.run({ headers: HEADERS, rows: leads.map(rowOf), options });
  const rows = (await world.output(done.id)).map(({ added }) => added);
  return { done, rows };
}

const OF_ADA = { apollo_outcome: 'matched', apollo_match: 'exact', apollo_email: 'ada@contoso.com' };

describe('a miss', () => {
  it.each<[string, unknown[]]>([
    ['a stub', [{ ...STUB, id: null }, ADA]],
    ['a stub without an id', [STUB, ADA]],
    ['a stub with an id', [{ ...STUB, id: '5f00000000000000000000ff' }, ADA]],
    ['{}', [{}, ADA]],
    ['null', [null, ADA]],
    ['left out', [ADA]],
    ['left out at the end', [ADA]],
  ])('as %s is unmatched, remembered, and leaves the others alone', async (shape, entries) => {
    const apollo = new ScriptedApollo(() => entries);
    await using world = await startWorld({ between: apollo.between });
    const leads = shape.endsWith('end') ? [ADA_BY_EMAIL, NOBODY] : [NOBODY, ADA_BY_EMAIL];
    const { done, rows } = await look(world, leads);
    const [missed, found] = shape.endsWith('end') ? rows.toReversed() : rows;
    expect(missed).toMatchObject({
      apollo_outcome: 'unmatched',
      apollo_company: '',
      apollo_company_domain: '',
    });
    expect(found).toMatchObject(OF_ADA);
    expect(done).toMatchObject({ calls: 1, inDoubtCalls: 0, credits: apollo.credits });
    const again = await look(world, leads);
    expect(again.done).toMatchObject({ calls: 0, credits: 0, counts: { known: 2 } });
    expect(apollo.calls).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['a stub with an id', { ...STUB, id: '5f00000000000000000000ff' }],
    ['an answer without the key', { body: {} }],
    ['null', null],
  ])('of one lead as %s is unmatched in one call', async (_, entry) => {
    const apollo = new ScriptedApollo(() => [entry]);
    await using world = await startWorld({ between: apollo.between });
    const { done, rows } = await look(world, [NOBODY]);
    expect(rows[0]).toMatchObject({ apollo_outcome: 'unmatched', apollo_company: '', apollo_error: '' });
    expect(done).toMatchObject({ calls: 1, inDoubtCalls: 0, credits: 0 });
  });

  it('of a company as an empty answer is unmatched in one call', async () => {
    const apollo = new ScriptedApollo(() => [{ body: {} }]);
    await using world = await startWorld({ between: apollo.between });
    const done = await world.run({ headers: ['domain'], rows: [['contoso.com']] });
    expect(done).toMatchObject({ calls: 1, inDoubtCalls: 0, credits: 0, counts: { unmatched: 1 } });
  });

  it('beside an entry that cannot be read: that entry alone is asked for again', async () => {
    const apollo = new ScriptedApollo((details) =>
      details.length > 1 ? [{ name: 'Nobody Knows' }, ADA] : [{ ...STUB }],
    );
    await using world = await startWorld({ between: apollo.between });
    const { rows } = await look(world, [NOBODY, ADA_BY_EMAIL]);
    expect(rows.map((row) => row.apollo_outcome)).toEqual(['unmatched', 'matched']);
    expect(apollo.calls.map(({ details }) => details.length)).toEqual([2, 1]);
  });
});

describe('somebody else', () => {
  it('of whom Apollo is not sure, with another name, is for review', async () => {
    const adam = entryOf('Adam Lovell', CONTOSO, { email: 'ada@contoso.com', match_confidence: 'low' });
    const apollo = new ScriptedApollo(() => [adam]);
    await using world = await startWorld({ between: apollo.between });
    const { done, rows } = await look(world, [{ first: 'Ada', last: 'Lovelace', company: 'Contoso' }]);
    expect(rows[0]).toMatchObject({ apollo_outcome: 'review', apollo_match: 'conflict' });
    expect(rows[0]?.apollo_match_reason).toMatch(/^name:.*Ada Lovelace.*Adam Lovell/);
    expect(done.counts).toMatchObject({ matched: 0, review: 1, emails: 0, verifiedEmails: 0 });
  });

  it('of the same name at another company is for review, and no phone is paid for', async () => {
    const apollo = new ScriptedApollo(() => [NAMESAKE]);
    await using world = await startWorld({ between: apollo.between });
    const { done, rows } = await look(world, [ERIC], PHONES);
    expect(rows[0]).toMatchObject({
      apollo_outcome: 'review',
      apollo_match: 'conflict',
      apollo_email: 'eric@southreds.example',
      apollo_company: 'South Reds',
    });
    expect(rows[0]?.apollo_match_reason).toMatch(/^employer:.*North Padres.*South Reds/);
    expect(done).toMatchObject({ credits: apollo.credits, counts: { review: 1, emails: 0, phones: 0 } });
    expect(apollo.calls.map(({ query }) => query.reveal_phone_number)).toEqual([undefined]);
    // Asked once: the same question is answered from what is known, and so is the person for whoever asks for that one.
    const again = await look(world, [ERIC], PHONES);
    expect(again.rows[0]).toMatchObject({ apollo_outcome: 'review' });
    const own = await look(world, [{ linkedin: 'linkedin.com/in/eric-gomez' }]);
    expect(own.rows[0]).toMatchObject({ apollo_outcome: 'matched', apollo_match: 'exact' });
    expect(apollo.calls).toHaveLength(1);
    expect((await world.storedUnder('northpadres')).filter((name) => !name.startsWith('reviews'))).toEqual(
      [],
    );
  });

  it('in a batch is nobody else’s, and two that changed places get their own', async () => {
    const alan = entryOf('Alan Turing', CONTOSO);
    const apollo = new ScriptedApollo(() => [alan, ADA, entryOf('Bob Stone', SOUTH_REDS)]);
    await using world = await startWorld({ between: apollo.between });
    const { rows } = await look(world, [
      { first: 'Ada', last: 'Lovelace', domain: 'contoso.com' },
      { first: 'Alan', last: 'Turing', domain: 'contoso.com' },
      { first: 'Grace', last: 'Hopper', domain: 'contoso.com' },
    ]);
    expect(rows.map((row) => [row.apollo_outcome, row.apollo_email])).toEqual([
      ['matched', 'ada@contoso.com'],
      ['matched', 'alan@contoso.com'],
      [expect.not.stringMatching('matched'), expect.anything()],
    ]);
  });
});

describe('whoever an answer says little about', () => {
  const LEAD: Lead = { first: 'Ada', last: 'Lovelace', company: 'Contoso', domain: 'contoso.com' };

  it.each([
    [
      'whose employer has no id',
      { organization: { name: 'Contoso', primary_domain: 'contoso.com' } },
      'likely',
    ],
    [
      'whose employer has an address for a domain',
      { organization: { primary_domain: 'http://www.contoso.com/' } },
      'likely',
    ],
    [
      'where lists and objects are null',
      { phone_numbers: null, employment_history: null, contact: null },
      'likely',
    ],
    ['of whom Apollo is not sure in other words', { match_confidence: 'very_low' }, 'likely'],
  ])('%s is compared by what there is', async (_, more, match) => {
    const apollo = new ScriptedApollo(() => [{ ...ADA, email: null, ...more }]);
    await using world = await startWorld({ between: apollo.between });
    const { rows } = await look(world, [LEAD]);
    expect(rows[0]).toMatchObject({ apollo_outcome: 'matched', apollo_match: match });
  });

  it('with another LinkedIn address is for review, which says that it may be the same person', async () => {
    const apollo = new ScriptedApollo(() => [ADA]);
    await using world = await startWorld({ between: apollo.between });
    const { rows } = await look(world, [{ ...LEAD, linkedin: 'linkedin.com/in/ada-lovelace-1a2b3c' }]);
    expect(rows[0]).toMatchObject({ apollo_outcome: 'review', apollo_match: 'conflict' });
    expect(rows[0]?.apollo_match_reason).toMatch(/^LinkedIn address:.*although name and employer agree/);
  });

  it('is never more than likely where Apollo is not sure, also by a LinkedIn address', async () => {
    const apollo = new ScriptedApollo(() => [{ ...ADA, match_confidence: 'low_confidence' }]);
    await using world = await startWorld({ between: apollo.between });
    const { rows } = await look(world, [{ linkedin: 'linkedin.com/in/ada-lovelace' }]);
    expect(rows[0]).toMatchObject({ apollo_match: 'likely' });
  });
});

describe('somebody who moved', () => {
  it('is matched, with where from and where to', async () => {
    const history = [
      { organization_name: 'Contoso', current: true },
      { organization_name: 'Fabrikam', current: false },
    ];
    const apollo = new ScriptedApollo(() => [{ ...ADA, employment_history: history }]);
    await using world = await startWorld({ between: apollo.between });
    const { rows } = await look(world, [
      { linkedin: 'https://www.linkedin.com/in/ada-lovelace', company: 'Fabrikam' },
    ]);
    expect(rows[0]).toMatchObject({
      apollo_outcome: 'matched',
      apollo_match: 'moved',
      apollo_company: 'Contoso',
    });
    expect(rows[0]?.apollo_match_reason).toMatch(/Fabrikam to Contoso/);
  });
});

describe('what comes back', () => {
  it('keeps the switchboard apart from the phone of the person', async () => {
    const numbers = [
      { sanitized_number: '+18885550100', type: 'work_hq', position: 0 },
      { sanitized_number: '+18885550142', type: 'work_direct', position: 1 },
      { sanitized_number: '+13125550142', type: 'mobile', position: 2 },
    ];
    const apollo = new ScriptedApollo(() => [{ ...ADA, phone_numbers: numbers }]);
    await using world = await startWorld({ between: apollo.between });
    const { done, rows } = await look(world, [ADA_BY_EMAIL], PHONES);
    expect(rows[0]).toMatchObject({
      apollo_phone: '+13125550142',
      apollo_phone_type: 'mobile',
      apollo_company_phone: '+18885550100',
      apollo_other_phones: '+18885550142',
    });
    expect(done.counts.phones).toBe(1);
  });

  it('counts a switchboard alone as no phone', async () => {
    const numbers = [{ sanitized_number: '+18885550100', type: 'work_hq' }];
    const apollo = new ScriptedApollo(() => [{ ...ADA, phone_numbers: numbers }]);
    await using world = await startWorld({ between: apollo.between });
    const { done, rows } = await look(world, [ADA_BY_EMAIL], PHONES);
    expect(rows[0]).toMatchObject({ apollo_phone: '', apollo_company_phone: '+18885550100' });
    expect(done.counts.phones).toBe(0);
  });

  it('has no e-mail and no status where the address is locked', async () => {
    const apollo = new ScriptedApollo(() => [{ ...ADA, email: 'email_not_unlocked@domain.com' }]);
    await using world = await startWorld({ between: apollo.between });
    const { done, rows } = await look(world, [{ first: 'Ada', last: 'Lovelace', company: 'Contoso' }]);
    expect(rows[0]).toMatchObject({ apollo_outcome: 'matched', apollo_email: '', apollo_email_status: '' });
    expect(done.counts).toMatchObject({ emails: 0, verifiedEmails: 0 });
  });

  it('says when Apollo was asked, also where that was for an earlier list', async () => {
    const apollo = new ScriptedApollo(() => [ADA]);
    await using world = await startWorld({ between: apollo.between });
    const { rows } = await look(world, [ADA_BY_EMAIL]);
    const day = rows[0]?.apollo_checked_on;
    expect(day).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    world.clock.advance(40 * 86_400_000);
    expect((await look(world, [ADA_BY_EMAIL])).rows[0]?.apollo_checked_on).toBe(day);
    expect(apollo.calls).toHaveLength(1);
  });
});

describe('phones of a lead with a name alone', () => {
  it('are asked for by the id of whoever answered, once that is the right person', async () => {
    const apollo = new ScriptedApollo(() => [ADA]);
    await using world = await startWorld({ between: apollo.between });
    const lead: Lead = { first: 'Ada', last: 'Lovelace', company: 'Contoso' };
    const { done, rows } = await look(world, [lead], PHONES);
    expect(rows[0]).toMatchObject({ apollo_outcome: 'matched', apollo_match: 'likely' });
    expect(apollo.calls.map(({ details: [asked], query }) => [asked?.id, query.reveal_phone_number])).toEqual(
      [
        [undefined, undefined],
        [ADA.id, 'true'],
      ],
    );
    expect(done.estimate.mostCredits).toBe(10);
    expect(done.counts).toMatchObject({ lookups: 1, matched: 1 });
  });

  it('come at once where there is an e-mail or a LinkedIn address', async () => {
    const apollo = new ScriptedApollo(() => [ADA]);
    await using world = await startWorld({ between: apollo.between });
    await look(world, [ADA_BY_EMAIL], PHONES);
    expect(apollo.calls.map(({ query }) => query.reveal_phone_number)).toEqual(['true']);
  });
});

describe('what is known', () => {
  it('of somebody at one domain does not answer for a namesake at another', async () => {
    const apollo = new ScriptedApollo(([detail]) => {
      const domain = detail?.domain ?? '';
      return [entryOf('John Smith', { name: 'Mercury', domain }, { linkedin_url: null })];
    });
    await using world = await startWorld({ between: apollo.between });
    const john = { first: 'John', last: 'Smith', company: 'Mercury' };
    await look(world, [{ ...john, domain: 'mercury-metals.com' }]);
    const { rows } = await look(world, [{ ...john, domain: 'mercurybank.com' }]);
    expect(apollo.calls).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      apollo_outcome: 'matched',
      apollo_company_domain: 'mercurybank.com',
    });
  });

  it('is kept under a name only where the answer bears it; what was kept wrongly is not read', async () => {
    const apollo = new ScriptedApollo(() => [NAMESAKE]);
    await using world = await startWorld({ between: apollo.between });
    // As an earlier version kept it.
    const key = 'nd:ericgomez@northpadres.example';
    const person = {
      id: 'x',
      name: 'Eric Gomez',
      company: { id: 'o', name: 'South Reds', domain: 'southreds.example' },
    };
    await world.store.collection('results').set(`${WORKSPACE}/${key}`, {
      outcome: 'matched',
      person,
      keys: [key],
      at: world.clock.now(),
      reveal: { personalEmails: false, phones: false, waterfall: false },
      credits: 1,
      by: { source: 'job', row: 0 },
    });
    const { rows } = await look(world, [ERIC]);
    expect(rows[0]).toMatchObject({ apollo_outcome: 'review' });
    expect(apollo.calls).toHaveLength(1);
  });

  it('is compared with each lead that asks: the same profile under another name is for review', async () => {
    const apollo = new ScriptedApollo(() => [ADA]);
    await using world = await startWorld({ between: apollo.between });
    const linkedin = 'linkedin.com/in/ada-lovelace';
    const asked = [
      { first: 'Bob', last: 'Stone', linkedin },
      { first: 'Ada', last: 'Lovelace', linkedin },
      { first: 'Ada', last: 'Byron', linkedin },
    ];
    // Beside different names in one list, the address would be nobody's.
    const rows = [];
    for (const lead of asked) rows.push(...(await look(world, [lead])).rows);
    expect(rows.map((row) => [row.apollo_outcome, row.apollo_match])).toEqual([
      ['review', 'conflict'],
      ['matched', 'exact'],
      ['matched', 'exact'],
    ]);
    expect(apollo.calls).toHaveLength(1);
  });
});

it('who asked to be forgotten is not handed out when found by a name that was not marked', async () => {
  const apollo = new ScriptedApollo(() => [ADA]);
  await using world = await startWorld({ between: apollo.between });
  await world.core.forget(WORKSPACE, 'ada@contoso.com');
  const ada = { first: 'Ada', last: 'Lovelace', company: 'Contoso' };
  const ask = async () => (await look(world, [ada], PHONES)).rows[0];
  expect(await ask()).toMatchObject({ apollo_outcome: 'skipped', apollo_email: '', apollo_id: '' });
  expect(apollo.credits).toBe(1);
  // From then on under that name too: nothing is paid for again.
  expect(await ask()).toMatchObject({ apollo_outcome: 'skipped', apollo_email: '' });
  expect(apollo.calls).toHaveLength(1);
});

describe('a review', () => {
  async function reviewed() {
    const apollo = new ScriptedApollo(() => [NAMESAKE]);
    const world = await startWorld({ between: apollo.between });
    const { done } = await look(world, [ERIC]);
    const row = async (id = done.id) => (await world.output(id))[0]?.added;
    return { apollo, world, id: done.id, row };
  }

  it('that is accepted makes the row matched, in its figures and in later lists, for free', async () => {
    const { apollo, world, id, row } = await reviewed();
    await using _ = world;
    expect(await world.core.jobs.decide(WORKSPACE, id, 0, 'accept', 'Grace')).toEqual([0]);
    expect(await row()).toMatchObject({
      apollo_outcome: 'matched',
      apollo_match_reason: expect.stringContaining('accepted by Grace'),
      apollo_email: 'eric@southreds.example',
    });
    expect((await world.core.jobs.status(id))?.counts).toMatchObject({
      matched: 1,
      review: 0,
      emails: 1,
      verifiedEmails: 1,
    });
    expect((await look(world, [ERIC])).rows[0]).toMatchObject({ apollo_outcome: 'matched' });
    expect(apollo.calls).toHaveLength(1);
  });

  it('that is rejected makes the row unmatched, and the person is not offered again', async () => {
    const { apollo, world, id, row } = await reviewed();
    await using _ = world;
    await world.core.jobs.decide(WORKSPACE, id, 0, 'reject', 'Grace');
    expect(await row()).toMatchObject({ apollo_outcome: 'unmatched', apollo_email: '', apollo_id: '' });
    expect((await world.core.jobs.status(id))?.counts).toMatchObject({ matched: 0, review: 0, unmatched: 1 });
    expect((await look(world, [ERIC])).rows[0]).toMatchObject({ apollo_outcome: 'unmatched' });
    expect(apollo.calls).toHaveLength(1);
    // Asked again, Apollo still answers with the same person.
    const fresh = await world.run({ headers: HEADERS, rows: [rowOf(ERIC)], fresh: true });
    expect(fresh.counts).toMatchObject({ unmatched: 1, review: 0 });
  });

  it('can be decided again, and the last decision holds', async () => {
    const { world, id, row } = await reviewed();
    await using _ = world;
    for (const [verdict, outcome] of [
      ['accept', 'matched'],
      ['reject', 'unmatched'],
      ['accept', 'matched'],
    ] as const) {
      await world.core.jobs.decide(WORKSPACE, id, 0, verdict, 'Grace');
      expect(await row()).toMatchObject({ apollo_outcome: outcome });
      expect((await look(world, [ERIC])).rows[0]).toMatchObject({ apollo_outcome: outcome });
    }
    expect((await world.core.jobs.status(id))?.counts).toMatchObject({ matched: 1, unmatched: 0, review: 0 });
  });

  it('is not accepted where whoever it is asked to be forgotten', async () => {
    const { apollo, world, id, row } = await reviewed();
    await using _ = world;
    await world.core.forget(WORKSPACE, 'eric@southreds.example');
    await expect(world.core.jobs.decide(WORKSPACE, id, 0, 'accept', 'x')).rejects.toThrow('be forgotten');
    expect(await row()).toMatchObject({ apollo_email: '', apollo_id: '' });
    // Nor is the person handed out when the same question is asked of Apollo again.
    const again = await look(world, [ERIC]);
    expect(again.rows[0]).toMatchObject({ apollo_outcome: 'skipped', apollo_email: '', apollo_id: '' });
    expect(apollo.calls.length).toBeLessThanOrEqual(2);
  });

  it('is nothing of other workspaces and of rows without one', async () => {
    const { world, id } = await reviewed();
    await using _ = world;
    await expect(world.core.jobs.decide('another', id, 0, 'accept', 'x')).rejects.toThrow('There is no job');
    await expect(world.core.jobs.decide(WORKSPACE, id, 7, 'accept', 'x')).rejects.toThrow('no such row');
  });
});
