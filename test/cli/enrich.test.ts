import { once } from 'node:events';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEYS, type Machine, people, SHORT_MINUTE_MS, startMachine } from './command-line.ts';

let machine: Machine;
beforeEach(async () => {
  machine = await startMachine();
});
afterEach(() => machine[Symbol.asyncDispose]());

const connect = (key: string = KEYS.contoso) => machine.json(['connect'], { input: key });
const rowsOf = async (name: string): Promise<Record<string, string>[]> =>
  parse(await machine.read(name), { columns: true });

describe('enrich', () => {
  it('shows the mapping and the cost, and spends nothing without a yes', async () => {
    await connect();
    await machine.file('leads.csv', people(25));
    const { code, stdout, stderr } = await machine.run(['enrich', 'leads.csv']);
    expect(code).toBe(2);
    expect(stdout).toContain('linkedin_url  LinkedIn URL');
    expect(stdout).toMatch(/Most credits\s+25/);
    expect(stderr).toContain('--yes');
    expect(machine.sandbox.counts().credits).toBe(0);
    expect(await machine.json(['jobs'])).toEqual({ jobs: [] });
  });

  it('gives every row back in order beside its own cells, and one document of figures', async () => {
    await connect();
    await connect(KEYS.fabrikam);
    await machine.file(
      'leads.csv',
      `${people(120)}7,ADAD,Perlman,,,linkedin.com/in/ADAD-perlman/\n8,Ada,,,,\n`,
    );
    const done = await machine.json(['enrich', 'leads.csv', '--out', 'out.csv', '--yes']);
    expect(done).toMatchObject({
      state: 'done',
      rows: 122,
      duplicates: 1,
      known: 0,
      lookups: 120,
      matched: 121,
      unmatched: 0,
      skipped: 1,
      failed: 0,
      inDoubtCalls: 0,
      rateLimited: 0,
      out: path.join(machine.folder, 'out.csv'),
    });
    const counts = machine.sandbox.counts();
    expect(done.credits).toBe(counts.credits);
    expect(counts.chargedMoreThanOnce).toEqual([]);
    const rows = await rowsOf('out.csv');
    const before: Record<string, string>[] = parse(await machine.read('leads.csv'), { columns: true });
    expect(rows).toHaveLength(122);
    for (const [index, row] of rows.entries()) expect(row).toMatchObject(before[index] ?? {});
    expect(rows[120]?.apollo_id).toBe(rows[3]?.apollo_id);
    expect(rows[121]).toMatchObject({
      apollo_outcome: 'skipped',
      apollo_error: expect.stringMatching(/identify/),
    });
  });

  it('writes an Excel file, a list for another tool, and nothing under a name that promises something else', async () => {
    await connect();
    await machine.file('leads.csv', people(5));
    expect(await machine.run(['enrich', 'leads.csv', '--out', 'out.pdf', '--yes'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /out\.pdf: the enriched list is written as CSV or as an Excel file.*\.xlsx/,
      ),
    });
    expect(machine.sandbox.counts().credits).toBe(0);
    const done = await machine.json(['enrich', 'leads.csv', '--out', 'out.xlsx', '--yes']);
    expect((await machine.read('out.xlsx')).startsWith('PK')).toBe(true);
    const tool = await machine.json([
      'results',
      String(done.id),
      '--preset',
      'heyreach',
      '--out',
      'tool.csv',
    ]);
    expect(tool).toMatchObject({ out: path.join(machine.folder, 'tool.csv'), preset: 'heyreach' });
    const rows: Record<string, string>[] = parse(await machine.read('tool.csv'), {
      columns: true,
      bom: true,
    });
    expect(rows).toHaveLength(Number(tool.rows));
    expect(rows.length).toBeGreaterThan(0);
    expect(Object.keys(rows[0] ?? {}).slice(0, 3)).toEqual(['profileUrl', 'firstName', 'lastName']);
    expect(rows.every((row) => row.profileUrl?.includes('linkedin.com/in/'))).toBe(true);
    expect(machine.sandbox.counts().chargedMoreThanOnce).toEqual([]);
  });

  it('costs nothing the second time, and asks again with --fresh', async () => {
    await connect();
    await machine.file('leads.csv', people(12));
    const first = await machine.json(['enrich', 'leads.csv', '--yes']);
    const second = await machine.json(['enrich', 'leads.csv', '--yes']);
    expect(second).toMatchObject({ known: 12, lookups: 0, credits: 0, calls: 0 });
    expect(second.out).toBe(path.join(machine.folder, 'leads-enriched-2.csv'));
    expect(await machine.read('leads-enriched-2.csv')).toBe(await machine.read('leads-enriched.csv'));
    const third = await machine.json(['enrich', 'leads.csv', '--yes', '--fresh']);
    expect(third).toMatchObject({ known: 0, lookups: 12, credits: first.credits });
  });

  it('names a pace only where somebody was looked up', async () => {
    await connect();
    await machine.file('leads.csv', people(12));
    const first = await machine.run(['enrich', 'leads.csv', '--yes']);
    expect(first.stderr).toMatch(/12\/12 rows, [\d,]+ leads\/min, \d+ credits/);
    const second = await machine.run(['enrich', 'leads.csv', '--yes']);
    expect(second.stderr).toContain('12/12 rows, 0 credits, 0 × 429');
  });

  it('estimates the same without spending', async () => {
    await connect();
    await machine.file('leads.csv', people(30));
    const estimate = await machine.json(['estimate', 'leads.csv', '--phones']);
    expect(estimate).toMatchObject({ rows: 30, lookups: 30, duplicates: 0, known: 0, mostCredits: 270 });
    expect(estimate.mapping).toMatchObject({ first_name: ['First Name'] });
    expect(machine.sandbox.counts().credits).toBe(0);
    expect(await machine.json(['jobs'])).toEqual({ jobs: [] });
  });

  it('takes a column by name, and says which there are when there is none', async () => {
    await connect();
    await machine.file('leads.csv', 'A,B\nAda Lovelace,contoso.com\n');
    const right = await machine.json(['estimate', 'leads.csv', '--map', 'name=A', '--map', 'domain="B"']);
    expect(right).toMatchObject({ lookups: 1, mapping: { name: ['A'], domain: ['B'] } });
    const wrong = await machine.run(['estimate', 'leads.csv', '--map', 'name=C']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/"?C"?.*A.*B/s);
  });

  it('brings phones that come late', async () => {
    await machine[Symbol.asyncDispose]();
    machine = await startMachine({ lateMs: 300, minuteMs: SHORT_MINUTE_MS });
    await connect();
    await machine.file('leads.csv', people(10));
    const done = await machine.json(['enrich', 'leads.csv', '--yes', '--phones', '--out', 'out.csv']);
    const rows = await rowsOf('out.csv');
    const withPhone = rows.filter((row) => row.apollo_phone !== '').length;
    expect(withPhone).toBeGreaterThan(2);
    expect(done).toMatchObject({ state: 'done', phones: withPhone, latePending: 0 });
    expect(done.credits).toBe(machine.sandbox.counts().credits);
  });

  it.each([
    ['a file that is not there', ['enrich', 'nothing.csv', '--yes'], /nothing\.csv/],
    ['the list itself as the output', ['enrich', 'leads.csv', '--yes', '--out', 'leads.csv'], /list itself/],
    ['an output in no folder', ['enrich', 'leads.csv', '--yes', '--out', 'no/such/out.csv'], /folder/],
    ['a limit that is no number', ['enrich', 'leads.csv', '--yes', '--limit', 'lots'], /credits/],
    ['an unknown option', ['enrich', 'leads.csv', '--yes', '--fone'], /--fone/],
    ['no connected key', ['enrich', 'leads.csv', '--yes'], /connect/],
  ])(
    'says what is wrong with %s, with exit code 2, and leaves nothing behind',
    async (_what, args, reason) => {
      await machine.file('leads.csv', people(3));
      const { code, stderr } = await machine.run(args);
      expect(code).toBe(2);
      expect(stderr).toMatch(reason);
      expect(await readdir(machine.folder)).not.toContain('leads-enriched.csv');
      expect(await machine.read('leads.csv')).toBe(people(3));
      expect(await machine.json(['jobs'])).toEqual({ jobs: [] });
    },
  );
});

describe('a job that stops', () => {
  it('pauses at its credit limit, keeps what it found, and goes on when the limit is raised', async () => {
    await connect();
    await machine.file('leads.csv', people(60));
    const paused = await machine.json(['enrich', 'leads.csv', '--yes', '--limit', '20', '--out', 'out.csv'], {
      code: 1,
    });
    expect(paused).toMatchObject({ state: 'paused', reason: 'credit-limit' });
    expect(machine.sandbox.counts().credits).toBeLessThanOrEqual(20);
    expect(await rowsOf('out.csv')).toHaveLength(60);
    const done = await machine.json(['resume', String(paused.job), '--limit', '1000']);
    expect(done).toMatchObject({ state: 'done', rows: 60, matched: 60 });
    expect(machine.sandbox.counts().chargedMoreThanOnce).toEqual([]);
    expect((await rowsOf('out.csv')).every((row) => row.apollo_outcome === 'matched')).toBe(true);
  });

  it('keeps to the limit of a slot', async () => {
    await connect();
    await machine.file('leads.csv', people(40));
    const set = await machine.json(['credits', '--slot-limit', '1=15', '--slot-limit', '2=30']);
    expect(set).toMatchObject({ monthlyLimit: null, slots: [{ slot: 1, monthlyLimit: 15 }] });
    const paused = await machine.json(['enrich', 'leads.csv', '--yes'], { code: 1 });
    expect(paused).toMatchObject({ state: 'paused', reason: 'slot-limit' });
    expect(machine.sandbox.counts().credits).toBeLessThanOrEqual(15);
    const lifted = await machine.json(['credits', '--slot-limit', '1=none']);
    expect(lifted).toMatchObject({ slots: [{ slot: 1, monthlyLimit: null }] });
    const wrong = await machine.run(['credits', '--slot-limit', '9=5']);
    expect(wrong.stderr).toContain('There is no slot 9');
  });

  it('keeps to the limit of the month', async () => {
    await connect();
    await machine.file('leads.csv', people(40));
    expect(await machine.json(['credits', '--monthly-limit', '15'])).toMatchObject({ monthlyLimit: 15 });
    const paused = await machine.json(['enrich', 'leads.csv', '--yes'], { code: 1 });
    expect(paused).toMatchObject({ state: 'paused', reason: 'monthly-limit' });
    const { credits } = machine.sandbox.counts();
    expect(credits).toBeLessThanOrEqual(15);
    expect(await machine.json(['credits', '--monthly-limit', 'none'])).toMatchObject({
      credits,
      bySlot: { 1: credits },
      monthlyLimit: null,
    });
  });

  it('pauses on Ctrl-C and goes on with resume; nobody is paid for twice', async () => {
    await machine[Symbol.asyncDispose]();
    machine = await startMachine({ latencyMs: 150 });
    await connect();
    await machine.file('leads.csv', people(800));
    const { child, ran } = machine.start(['enrich', 'leads.csv', '--yes', '--out', 'out.csv', '--json']);
    await untilCharged(machine);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ran;
    expect(code).toBe(1);
    expect(stderr).toContain('Pausing');
    const paused = JSON.parse(stdout);
    expect(paused).toMatchObject({ state: 'paused', reason: 'asked', inDoubtCalls: 0 });
    expect(paused.finished).toBeLessThan(800);
    const done = await machine.json(['resume', paused.job]);
    expect(done).toMatchObject({ state: 'done', rows: 800, matched: 800, inDoubtCalls: 0 });
    const counts = machine.sandbox.counts();
    expect(counts.chargedMoreThanOnce).toEqual([]);
    expect(done.credits).toBe(counts.credits);
  });

  it('survives being killed: at most the calls then under way are in doubt', async () => {
    await machine[Symbol.asyncDispose]();
    machine = await startMachine({ latencyMs: 150 });
    await connect();
    await machine.file('leads.csv', people(600));
    const { child, ran } = machine.start(['enrich', 'leads.csv', '--yes', '--out', 'out.csv']);
    await untilCharged(machine);
    child.kill('SIGKILL');
    await ran;
    const { jobs } = await machine.json<{ jobs: { id: string; state: string; reason: string }[] }>(['jobs']);
    expect(jobs).toMatchObject([{ state: 'paused', reason: 'interrupted' }]);
    const done = await machine.json(['resume', jobs[0]?.id ?? '']);
    expect(done).toMatchObject({ state: 'done', rows: 600, matched: 600 });
    const twice = machine.sandbox.counts().chargedMoreThanOnce.length;
    expect(twice).toBeLessThanOrEqual(Number(done.inDoubtCalls) * 10);
    const rows = await rowsOf('out.csv');
    expect(rows.map((row) => row.Row)).toEqual(Array.from({ length: 600 }, (_, row) => String(row)));
  });

  it('is written again when it is done, as after a crash just before the file was there', async () => {
    await connect();
    await machine.file('leads.csv', people(20));
    const { job } = await machine.json(['enrich', 'leads.csv', '--yes', '--out', 'out.csv']);
    const written = await machine.read('out.csv');
    const charged = machine.sandbox.counts().credits;
    await rm(path.join(machine.folder, 'out.csv'));
    expect(await machine.json(['resume', String(job)])).toMatchObject({ state: 'done', matched: 20 });
    expect(await machine.read('out.csv')).toBe(written);
    expect(machine.sandbox.counts().credits).toBe(charged);
  });

  it('can be cancelled, shown and listed, the newest first', async () => {
    await connect();
    await machine.file('one.csv', people(30));
    await machine.file('two.csv', people(2));
    const first = await machine.json(['enrich', 'one.csv', '--yes', '--limit', '5'], { code: 1 });
    await machine.json(['enrich', 'two.csv', '--yes']);
    const { jobs } = await machine.json<{ jobs: { name: string }[] }>(['jobs']);
    expect(jobs.map(({ name }) => name)).toEqual(['two.csv', 'one.csv']);
    expect(await machine.json(['cancel', String(first.job)])).toMatchObject({ state: 'cancelled' });
    expect(await machine.json(['status', String(first.job)])).toMatchObject({ state: 'cancelled', rows: 30 });
    expect((await machine.run(['status', String(first.job)])).stdout).toContain(
      'Take it up again where it was',
    );
    const again = await machine.json(['resume', String(first.job), '--limit', '100']);
    expect(again).toMatchObject({ state: 'done', finished: 30 });
    expect(machine.sandbox.counts().chargedMoreThanOnce).toEqual([]);
    const text = (await machine.run(['jobs'])).stdout;
    expect(text.indexOf('two.csv')).toBeLessThan(text.indexOf('one.csv'));
  });

  it("is nobody else's: another workspace has neither its jobs nor its slots", async () => {
    await connect();
    await machine.file('leads.csv', people(2));
    const { job } = await machine.json(['enrich', 'leads.csv', '--yes']);
    expect(await machine.json(['jobs', '--workspace', 'other'])).toEqual({ jobs: [] });
    expect((await machine.run(['status', String(job), '--workspace', 'other'])).code).toBe(2);
    expect(await machine.json(['slots', '--workspace', 'other'])).toMatchObject({
      notation: '(self: 0/2) (fly: 0/2) 0/4',
    });
  });
});

describe('people and keys', () => {
  it('forgets a person everywhere, and never looks the person up again', async () => {
    await connect();
    await machine.file('leads.csv', people(5));
    await machine.json(['enrich', 'leads.csv', '--yes', '--out', 'out.csv']);
    const email = (await rowsOf('out.csv'))[2]?.apollo_email || 'https://www.linkedin.com/in/adac-turing';
    expect(await machine.json(['forget', email])).toMatchObject({ forgotten: true, results: 1 });
    const charged = machine.sandbox.counts().credits;
    const again = await machine.json(['enrich', 'leads.csv', '--yes', '--fresh', '--out', 'out2.csv']);
    expect(again).toMatchObject({ skipped: 1, lookups: 4 });
    expect((await rowsOf('out2.csv'))[2]).toMatchObject({ apollo_outcome: 'skipped', apollo_email: '' });
    expect(machine.sandbox.counts().credits).toBeGreaterThan(charged);
    expect((await machine.run(['forget', 'nobody'])).code).toBe(2);
  });

  it('prints a one-time link to the result of a list', async () => {
    await connect();
    await machine.file('shared.csv', people(3));
    await machine.run(['enrich', 'shared.csv', '--yes']);
    const { jobs } = await machine.json<{ jobs: { id: string }[] }>(['jobs']);
    const id = jobs[0]?.id ?? '';
    const made = await machine.json<{ url: string }>(['results', id, '--link']);
    expect(made).toMatchObject({ url: expect.stringMatching(/\/c\/[\w-]{43}$/), job: id });
    expect((await machine.run(['results', id, '--link', '--out', 'x.csv'])).code).toBe(2);
    expect((await machine.run(['results', 'nothing', '--link'])).code).toBe(2);
    const { stdout } = await machine.run(['audit']);
    expect(stdout).toContain('link.create');
  });

  it('leaves no key in any file, line or message', async () => {
    await machine[Symbol.asyncDispose]();
    machine = await startMachine({ minuteMs: SHORT_MINUTE_MS });
    const said: string[] = [];
    const env = { LOG_LEVEL: 'debug' };
    const keys = [KEYS.contoso, KEYS.contosoToo, KEYS.fabrikam];
    said.push(
      JSON.stringify(await machine.run(['connect', '--label', KEYS.contoso], { input: KEYS.contoso, env })),
    );
    said.push(JSON.stringify(await machine.run(['connect'], { input: KEYS.contosoToo, env })));
    said.push(JSON.stringify(await machine.run(['fill'], { input: KEYS.fabrikam, env })));
    await machine.file('leads.csv', people(30));
    machine.sandbox.fault({ kind: 'revoked', endpoint: 'people/bulk_match', key: KEYS.contosoToo, times: 1 });
    said.push(JSON.stringify(await machine.run(['enrich', 'leads.csv', '--yes', '--phones'], { env })));
    machine.sandbox.revoke(KEYS.fabrikam);
    for (const args of [
      ['slots', '--refresh'],
      ['slots', '--json'],
      ['credits'],
      ['jobs', '--json'],
      ['rotate-keys'],
    ]) {
      said.push(JSON.stringify(await machine.run(args, { env })));
    }
    for (const file of await readdir(machine.folder, { recursive: true, withFileTypes: true })) {
      if (file.isFile()) said.push(await readFile(path.join(file.parentPath, file.name), 'latin1'));
    }
    for (const key of keys) expect(said.filter((text) => text.includes(key))).toEqual([]);
  });

  it('has one owner: a second command is told who holds the store', async () => {
    await machine[Symbol.asyncDispose]();
    machine = await startMachine({ latencyMs: 4_000 });
    await connect();
    await machine.file('leads.csv', people(3000));
    const { child, ran } = machine.start(['enrich', 'leads.csv', '--yes']);
    await untilCharged(machine);
    const second = await machine.run(['slots']);
    child.kill('SIGINT');
    await ran;
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('connectionsphere enrich');
    expect(second.stderr).toContain(String(child.pid));
  });
});

async function untilCharged({ sandbox }: Machine): Promise<void> {
  const tick = new EventTarget();
  const timer = setInterval(
    () => sandbox.counts().credits > 0 && tick.dispatchEvent(new Event('charged')),
    20,
  );
  await once(tick, 'charged');
  clearInterval(timer);
}
