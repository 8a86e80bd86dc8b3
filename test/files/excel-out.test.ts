import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type EnrichedRow, type LeadFile, writeEnriched } from '../../core/node/files/index.ts';
import { Workbook } from '../../core/node/files/workbook/reader.ts';
import { linesOf, listOf, rowsOf, testFolder } from './lists.ts';
import { workbookOf } from './workbook.ts';

const folder = await testFolder();
const columns = ['apollo_outcome', 'apollo_phone'];

async function* enriched(list: LeadFile): AsyncGenerator<EnrichedRow> {
  for await (const line of list.lines()) {
    yield 'otherRow' in line ? line : { cells: line, added: ['matched', '+4915112345678'] };
  }
}

async function written(list: LeadFile, original?: Uint8Array): Promise<Buffer> {
  const target = join(folder, 'out.xlsx');
  await writeEnriched({ target, format: 'xlsx', source: list, columns, rows: enriched(list), original });
  return await readFile(target);
}

const text = (address: string, value: string, style = 0) =>
  `<c r="${address}" s="${style}" t="inlineStr"><is><t>${value}</t></is></c>`;

describe('an Excel file from any list', () => {
  it('has all cells as text, so that nothing is taken for a number, a date or a formula', async () => {
    const list = await listOf(folder, 'name,zip,note\nAda,01234,=1+1\nZoë,+4915,"a ""b"" <c>\u0001"\n');
    const bytes = await written(list);
    const again = await listOf(folder, bytes, { fileName: 'again.xlsx' });
    expect(again.headers).toEqual(['name', 'zip', 'note', 'apollo_outcome', 'apollo_phone']);
    expect(await rowsOf(again)).toEqual([
      ['Ada', '01234', '=1+1', 'matched', '+4915112345678'],
      ['Zoë', '+4915', 'a "b" <c>\u0001', 'matched', '+4915112345678'],
    ]);
    const { archive, sheets } = new Workbook(bytes);
    const sheet = archive.whole(sheets[0]?.part ?? '');
    expect(sheet.match(/<c /g)).toHaveLength(15);
    expect(sheet.match(/t="inlineStr"/g)).toHaveLength(15);
    expect(sheet).not.toContain('<f>');
  });

  it('keeps what stood above the header and between the leads', async () => {
    const list = await listOf(
      folder,
      'Exported by Growth\n\nName,Email\nAda,ada@example.com\n,\nEve,eve@example.com\n',
    );
    const again = await listOf(folder, await written(list), { fileName: 'again.xlsx', header: false });
    expect([...again.above, ...(await linesOf(again))].map((row) => row[0] ?? '')).toEqual([
      'Exported by Growth',
      '',
      'Name',
      'Ada',
      '',
      'Eve',
    ]);
  });
});

describe('an Excel file from an Excel file', () => {
  const SHEET =
    `<row r="1">${text('A1', 'Leads of November', 1)}</row>` +
    `<row r="3" spans="1:2">${text('A3', 'Name')}${text('B3', 'Email', 2)}<c r="D3" s="1"/></row>` +
    `<row r="4">${text('A4', 'Ada')}${text('B4', 'ada@example.com')}</row>` +
    `<row r="5" hidden="1">${text('A5', 'Bob')}${text('B5', 'bob@example.com')}</row>` +
    `<row r="7" ht="30">${text('A7', 'Eve')}${text('B7', 'eve@example.com')}<c r="C7"><f>IF(1,"","")</f><v></v></c></row>`;
  const bytes = workbookOf([`<row r="1">${text('A1', 'Read me')}</row>`, SHEET], {
    names: ['Legend', 'Leads'],
    formats: ['0.00'],
    after: ['', '<autoFilter ref="A3:B7"/>'],
  });

  it('is the same workbook with columns added to the right rows, as text', async () => {
    const list = await listOf(folder, bytes, { fileName: 'in.xlsx' });
    const out = await written(list, await list.original());
    const workbook = new Workbook(out);
    expect(workbook.sheets.map(({ name }) => name)).toEqual(['Legend', 'Leads']);
    const [legend, leads] = workbook.sheets;
    if (!legend || !leads) throw new Error('two sheets');
    expect([...workbook.rows(legend)].map(({ cells }) => cells)).toEqual([['Read me']]);
    expect([...workbook.rows(leads)].map(({ cells, hidden }) => [hidden, ...cells])).toEqual([
      [false, 'Leads of November'],
      [false],
      [false, 'Name', 'Email', 'apollo_outcome', 'apollo_phone'],
      [false, 'Ada', 'ada@example.com', 'matched', '+4915112345678'],
      [true, 'Bob', 'bob@example.com'],
      [false],
      [false, 'Eve', 'eve@example.com', 'matched', '+4915112345678'],
    ]);
    const xml = workbook.archive.whole(leads.part);
    // What was there is there as it was; nothing stands twice in one place.
    expect(xml).toContain('<autoFilter ref="A3:B7"/>');
    expect(xml).toContain('<row r="7" ht="30">');
    expect(xml).toContain(text('B3', 'Email', 2));
    const addresses = [...xml.matchAll(/<c r="([A-Z]+\d+)"/g)].map(([, address]) => address);
    expect(new Set(addresses).size).toBe(addresses.length);
    // A new header looks like the one beside it, and a new cell is formatted as text.
    expect(xml).toMatch(/<c r="C3" s="2" t="inlineStr">/);
    const style = /<c r="D4" s="(\d+)" t="inlineStr">/.exec(xml)?.[1];
    const styles = workbook.archive.whole(workbook.stylesPart);
    const formats = /<cellXfs[^>]*>(.*)<\/cellXfs>/.exec(styles)?.[1]?.match(/<xf [^>]*>/g) ?? [];
    expect(formats[Number(style)]).toContain('numFmtId="49"');
  });

  it('may be enriched again', async () => {
    const list = await listOf(folder, bytes, { fileName: 'in.xlsx' });
    const once = await listOf(folder, await written(list, await list.original()), { fileName: 'once.xlsx' });
    const twice = await listOf(folder, await written(once, await once.original()), {
      fileName: 'twice.xlsx',
    });
    expect(twice.headers).toEqual([
      'Name',
      'Email',
      'apollo_outcome',
      'apollo_phone',
      'apollo_outcome_2',
      'apollo_phone_2',
    ]);
    expect(await rowsOf(twice)).toHaveLength(2);
  });

  it('is a new workbook where the sheet has no header to add to', async () => {
    const plain = workbookOf([`<row r="1">${text('A1', 'ada@example.com')}</row>`]);
    const list = await listOf(folder, plain, { fileName: 'plain.xlsx' });
    const again = await listOf(folder, await written(list, await list.original()), {
      fileName: 'again.xlsx',
    });
    expect(again.headers).toEqual(['Column 1', 'apollo_outcome', 'apollo_phone']);
    expect(await rowsOf(again)).toEqual([['ada@example.com', 'matched', '+4915112345678']]);
  });
});

describe('a CSV', () => {
  const csv = async (list: LeadFile, guard?: boolean) => {
    const target = join(folder, 'out.csv');
    await writeEnriched({
      target,
      source: list,
      columns,
      rows: enriched(list),
      ...(guard === false && { guard }),
    });
    return await readFile(target, 'utf8');
  };

  it("keeps Excel's own hint in its first line", async () => {
    const list = await listOf(folder, 'sep=;\r\nName;Email\r\nAda;ada@example.com\r\n');
    expect(await csv(list)).toBe(
      'sep=;\r\nName;Email;apollo_outcome;apollo_phone\r\nAda;ada@example.com;matched;+4915112345678\r\n',
    );
  });

  it('has a mark exactly where something is beyond ASCII, also where only the answers are', async () => {
    expect(await csv(await listOf(folder, 'Name,Email\nAda,a@example.com\n'))).toMatch(/^Name/);
    expect(await csv(await listOf(folder, 'Name,Email\nZoë,z@example.com\n'))).toMatch(/^\uFEFFName/);
    const list = await listOf(folder, 'Name,Email\nAda,a@example.com\n');
    const target = join(folder, 'answers.csv');
    const rows = (async function* () {
      yield { cells: ['Ada', 'a@example.com'], added: ['matched', 'Zürich'] };
    })();
    await writeEnriched({ target, source: list, columns, rows });
    expect(await readFile(target, 'utf8')).toMatch(/^\uFEFFName/);
  });

  it('leaves cells as they are where nobody executes them', async () => {
    const list = await listOf(folder, 'Name,Note\nAda,=1+1\n');
    expect(await csv(list)).toContain("Ada,'=1+1,");
    expect(await csv(list, false)).toContain('Ada,=1+1,');
  });
});
