import { describe, expect, it } from 'vitest';
import { ForgetError } from '../../core/index.ts';
import { PHONES, people, profiles, startWorld, WORKSPACE, type World } from '../jobs/world.ts';

const PERSONAL = { reveal: { personalEmails: true, phones: false, waterfall: false } };
const WATERFALL = { reveal: { personalEmails: false, phones: false, waterfall: true } };
const COMPANIES = ['contoso.com', 'fabrikam.com', 'litwareinc.com'] as const;

/** People of three companies. */
function employees(count: number): string[][] {
  return people(count).map(([first = '', last = ''], index) => [
    first,
    last,
    COMPANIES[index % 3] ?? '',
    '',
    '',
  ]);
}

function calls(world: World, endpoint: string): number {
  return world.sandbox.counts().byEndpoint[endpoint] ?? 0;
}

describe('a list of companies', () => {
  it('is enriched with company data, each company once, and asks for nobody', async () => {
    await using world = await startWorld();
    const rows = [
      ['https://www.contoso.com/de', ''],
      ['fabrikam.com', 'Fabrikam'],
      ['contoso.com', 'Contoso Ltd'],
      ['', ''],
    ];
    const done = await world.run({ headers: ['Website', 'Company'], rows });
    expect(done).toMatchObject({
      kind: 'companies',
      counts: { matched: 3, lookups: 2, duplicates: 1, skipped: 1 },
    });
    const output = await world.output(done.id);
    expect(output.map(({ cells }) => cells)).toEqual(rows);
    expect(output.map(({ added }) => added.apollo_company)).toEqual(['Contoso', 'Fabrikam', 'Contoso', '']);
    expect(output[0]?.added.apollo_company_industry).toMatch(/\w/);
    expect(output[0]?.added.apollo_company_size).toMatch(/^\d+$/);
    expect(output[3]?.added).toMatchObject({
      apollo_outcome: 'skipped',
      apollo_error: expect.stringContaining('add its domain'),
    });
    const counts = world.sandbox.counts();
    expect(counts.lookups.people).toBe(0);
    expect(counts.companiesCharged).toBe(2);
    expect(done.credits).toBe(counts.credits);
  });

  it('is answered from what is known', async () => {
    await using world = await startWorld();
    const list = { headers: ['Website'], rows: COMPANIES.map((domain) => [domain]) };
    await world.run(list);
    expect(await world.run(list)).toMatchObject({ credits: 0, counts: { known: 3, lookups: 0 } });
  });
});

describe('company data with people', () => {
  it('comes from the company itself, paid for once per company', async () => {
    await using world = await startWorld();
    const plain = await world.run({ rows: employees(30) });
    expect(world.core.jobs.columns(plain)).not.toContain('apollo_company_revenue');
    expect(world.sandbox.counts().companiesCharged).toBe(0);
    const done = await world.run({ rows: employees(30), options: { company: true } });
    expect(done.counts).toMatchObject({ matched: 30, known: 30 });
    expect(world.sandbox.counts().companiesCharged).toBe(3);
    expect(world.sandbox.counts().chargedMoreThanOnce).toEqual([]);
    for (const { cells, added } of await world.output(done.id)) {
      expect(added.apollo_company_domain).toBe(cells[2]);
      expect(added.apollo_company_website).toContain(cells[2]);
      expect(added.apollo_company_revenue).not.toBe('');
      expect(added.apollo_linkedin_url).not.toBe('');
    }
    expect(done.credits).toBe(3);
  });

  it('keeps to the limit with both', async () => {
    await using world = await startWorld();
    const paused = await world.run({ rows: employees(30), options: { company: true }, creditLimit: 31 });
    expect(paused).toMatchObject({ state: 'paused', reason: 'credit-limit' });
    expect(world.sandbox.counts().credits).toBeLessThanOrEqual(31);
    await world.core.jobs.setCreditLimit(paused.id, undefined);
    const done = await world.resume(paused.id);
    expect(done).toMatchObject({ state: 'done', finished: 30 });
    expect(done.credits).toBe(world.sandbox.counts().credits);
    expect(world.sandbox.counts().chargedMoreThanOnce).toEqual([]);
  });
});

describe('personal e-mails', () => {
  it('are there when they were asked for, and never otherwise', async () => {
    await using world = await startWorld();
    const plain = await world.run({ rows: people(20) });
    expect(world.core.jobs.columns(plain)).not.toContain('apollo_personal_emails');
    for await (const { person } of world.core.jobs.results(plain.id)) {
      expect(person?.personalEmails ?? []).toEqual([]);
    }
    const done = await world.run({ rows: people(20), options: PERSONAL });
    expect(done.counts).toMatchObject({ lookups: 20, known: 0 });
    const personal = (await world.output(done.id)).map(({ added }) => added.apollo_personal_emails ?? '');
    expect(personal.filter((cell) => cell.includes('@')).length).toBeGreaterThan(0);
  });
});

describe('late phones', () => {
  it('are waited for, and cost what Apollo says', async () => {
    await using world = await startWorld({ lateMs: 30, webhooks: 'never' });
    const done = await world.run({ rows: profiles(40), options: PHONES });
    expect(done).toMatchObject({ state: 'done', finished: 40, latePending: 0 });
    const { credits } = world.sandbox.counts();
    expect(done.credits).toBe(credits);
    expect(credits).toBeGreaterThan(40);
    const phones = (await world.output(done.id)).map(({ added }) => added.apollo_phone ?? '');
    expect(phones.filter((phone) => /^\+\d+$/.test(phone))).toHaveLength(done.counts.phones);
    expect(done.counts.phones).toBeGreaterThan(10);
  });

  it('are taken up after a crash, and paid for once', async () => {
    await using world = await startWorld({ lateMs: 200, webhooks: 'never' });
    const id = await world.begin({ rows: profiles(20), options: PHONES });
    await expect.poll(() => world.core.jobs.status(id), { interval: 5 }).toMatchObject({ finished: 20 });
    await expect
      .poll(async () => (await world.core.jobs.status(id))?.latePending, { interval: 5 })
      .toBeGreaterThan(0);
    await world.kill();
    const done = await world.resume(id);
    expect(done).toMatchObject({ state: 'done', latePending: 0 });
    const counts = world.sandbox.counts();
    expect(done.credits).toBe(counts.credits);
    expect(counts.chargedMoreThanOnce).toEqual([]);
    expect(done.counts.phones).toBeGreaterThan(5);
  });

  it('of a waterfall bring the e-mails, which Apollo leaves out of its answer then', async () => {
    await using world = await startWorld({ lateMs: 30, webhooks: 'never' });
    const done = await world.run({ rows: people(40), options: WATERFALL });
    expect(done).toMatchObject({ state: 'done', latePending: 0, counts: { matched: 40 } });
    const emails = (await world.output(done.id)).map(({ added }) => added.apollo_email ?? '');
    expect(emails.filter((email) => email.includes('@')).length).toBeGreaterThan(20);
    expect(done.credits).toBe(world.sandbox.counts().credits);
  });

  it('of a waterfall are asked for alone where it has brought the e-mails: those are not paid for again', async () => {
    await using world = await startWorld({ lateMs: 30, webhooks: 'never' });
    const rows = people(20);
    const emails = async (id: string) => (await world.output(id)).map(({ added }) => added.apollo_email);
    const first = await world.run({ rows, options: WATERFALL });
    const { reveal } = WATERFALL;
    const done = await world.run({ rows, options: { reveal: { ...reveal, phones: true } } });
    const counts = world.sandbox.counts();
    expect(done.counts.phones).toBeGreaterThan(5);
    expect(await emails(done.id)).toEqual(await emails(first.id));
    expect(counts.chargedMoreThanOnce.filter((each) => each.for === 'email')).toEqual([]);
    expect(first.credits + done.credits).toBe(counts.credits);
    const again = await world.run({ rows, options: { reveal: { ...reveal, phones: true } } });
    expect(again).toMatchObject({ credits: 0, counts: { known: 20 } });
  });

  it.each([
    ['a waterfall', { waterfall: true }],
    ['personal e-mails', { personalEmails: true }],
  ] as const)('are not paid for again by whoever asks for %s beside them', async (_, more) => {
    await using world = await startWorld({ lateMs: 30, webhooks: 'never' });
    const rows = people(20);
    const reveal = { personalEmails: false, phones: true, waterfall: false };
    const first = await world.run({ rows, options: { reveal } });
    const phones = async (id: string) => (await world.output(id)).map(({ added }) => added.apollo_phone);
    const found = await phones(first.id);
    const done = await world.run({ rows, options: { reveal: { ...reveal, ...more } } });
    const counts = world.sandbox.counts();
    expect(counts.chargedMoreThanOnce.filter((each) => each.for === 'phone')).toEqual([]);
    expect(first.credits + done.credits).toBe(counts.credits);
    const after = await phones(done.id);
    expect(after.filter((phone, row) => found[row] && phone !== found[row])).toEqual([]);
    const again = await world.run({ rows, options: { reveal: { ...reveal, ...more } } });
    expect(again).toMatchObject({ credits: 0, counts: { known: 20 } });
  });
});

describe('whoever asked to be forgotten', () => {
  it('is nowhere any more, in no list, and is looked up by nobody', async () => {
    await using world = await startWorld();
    const rows = people(300);
    const done = await world.run({ rows });
    const victim = (await world.output(done.id))[270]?.added ?? {};
    const forgotten = await world.core.forget(WORKSPACE, victim.apollo_linkedin_url ?? '');
    expect(forgotten).toMatchObject({ results: 1, rows: 1 });

    const output = await world.output(done.id);
    expect(output[270]?.cells.join('')).toBe('');
    expect(output[270]?.added).toMatchObject({ apollo_outcome: 'skipped', apollo_email: '', apollo_id: '' });
    expect(output.filter((_, index) => index !== 270).map(({ cells }) => cells)).toEqual(
      rows.filter((_, index) => index !== 270),
    );

    const again = await world.run({ rows });
    expect(again.counts).toMatchObject({ skipped: 1, known: 299, lookups: 0 });
    expect((await world.output(again.id))[270]?.added.apollo_error).toMatch(/asked to be forgotten/);
    const direct = await world.enrich([rows[270] ?? []], { fresh: true });
    expect(direct.results[0]).toMatchObject({ outcome: 'skipped' });
    await world.restart();
    expect((await world.enrich([rows[270] ?? []])).results[0]).toMatchObject({ outcome: 'skipped' });
    expect(world.sandbox.counts().lookups.people).toBe(300);
  });

  it('leaves no trace but a one-way mark', async () => {
    await using world = await startWorld();
    const { id } = await world.run({ rows: people(5) });
    const { apollo_linkedin_url: link = '', apollo_id = '' } = (await world.output(id))[3]?.added ?? {};
    const stored = async () => {
      let text = '';
      for (const name of ['results', 'aliases', 'chunks', 'outcomes', 'forgotten', 'answers-sealed']) {
        for await (const entry of world.store.collection(name).entries()) text += JSON.stringify(entry);
      }
      return text;
    };
    const [, lastName = ''] = people(1, 3)[0] ?? [];
    const traces = [apollo_id, link.split('/').at(-1) ?? '', lastName];
    for (const trace of traces) expect(await stored()).toContain(trace);
    await world.core.forget(WORKSPACE, link);
    for (const trace of traces) expect(await stored()).not.toContain(trace);
  });

  it('is known to other workspaces as before', async () => {
    await using world = await startWorld({ connect: false });
    await world.connect('key-contoso-sales-7Q2A');
    await world.connectTo('fabrikam', 'key-fabrikam-one-3M8T');
    const { id } = await world.run({ rows: people(1), workspace: 'fabrikam' });
    const [row] = await world.output(id);
    await world.core.forget(WORKSPACE, row?.added.apollo_linkedin_url ?? '');
    expect((await world.run({ rows: people(1), workspace: 'fabrikam' })).counts).toMatchObject({ known: 1 });
  });

  it('has to be named by something that names one person', async () => {
    await using world = await startWorld({ connect: false });
    await expect(world.core.forget(WORKSPACE, 'Ada Lovelace')).rejects.toThrow(ForgetError);
    await expect(world.core.forget(WORKSPACE, 'Ada Lovelace')).rejects.toThrow(/Give an e-mail address/);
    expect(await world.core.forget(WORKSPACE, 'ada@contoso.com')).toMatchObject({ results: 0, rows: 0 });
  });
});

it('asks for companies over the organization endpoints, single ones for keys without the bulk ones', async () => {
  const scopes = ['organizations/enrich', 'people/match', 'users/api_profile'] as const;
  await using world = await startWorld({
    teams: [{ id: 'team', keys: [{ key: 'key-contoso-sales-7Q2A', scopes }] }],
  });
  const done = await world.run({ rows: employees(6), options: { company: true } });
  expect(done).toMatchObject({ state: 'done', counts: { matched: 6 } });
  expect(calls(world, 'people/match')).toBe(6);
  expect(calls(world, 'organizations/enrich')).toBe(3);
});

describe('asking for more about somebody who is known', () => {
  it('loses nothing that was paid for before', async () => {
    await using world = await startWorld({ lateMs: 20 });
    const rows = people(40);
    const emails = async (id: string) => (await world.output(id)).map(({ added }) => added.apollo_email);
    const phones = async (id: string) => (await world.output(id)).map(({ added }) => added.apollo_phone);
    const plain = await world.run({ rows });
    const before = await emails(plain.id);
    const waterfall = await world.run({ rows, options: WATERFALL });
    const after = await emails(waterfall.id);
    expect(after.map((email, index) => email || before[index])).toEqual(after);
    expect(waterfall.counts.emails).toBe(after.filter(Boolean).length);

    const withPhones = await world.run({ rows, options: PHONES });
    const numbers = await phones(withPhones.id);
    expect(numbers.filter(Boolean).length).toBeGreaterThan(0);
    // Asked again, without phones: those found before are kept and are not paid for another time.
    await world.run({ rows, fresh: true });
    const again = await world.run({ rows, options: PHONES });
    expect(again).toMatchObject({ credits: 0, counts: { known: 40 } });
    expect(await phones(again.id)).toEqual(numbers);
  });
});
