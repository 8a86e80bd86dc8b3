import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLeadFile } from '../../core/node/files/index.ts';
import { linesOf, listOf, rowsOf, testFolder } from './lists.ts';
import { workbook, workbookOf, zip } from './workbook.ts';

const folder = await testFolder();
const open = (bytes: Buffer) => listOf(folder, bytes, { fileName: 'leads.xlsx' });

describe('an Excel file', () => {
  it('gives the cells as a person sees them: dates in ISO form, phone numbers with every digit', async () => {
    const list = await open(
      workbook([
        ['Name', 'Phone', 'Share', 'Since', 'Seen', 'Customer'],
        ['Ada Lovelace', 491711234567, 0.1, { date: 45292 }, { date: 45292.5 }, true],
        [' Jürgen & <Söhne> ', 4.91711234567e11, -12.5, null, null, false],
      ]),
    );
    expect(list).toMatchObject({ format: 'xlsx', hasHeader: true, rowCount: 2 });
    expect(list.headers).toEqual(['Name', 'Phone', 'Share', 'Since', 'Seen', 'Customer']);
    expect(await rowsOf(list)).toEqual([
      ['Ada Lovelace', '491711234567', '0.1', '2024-01-01', '2024-01-01T12:00:00', 'TRUE'],
      [' Jürgen & <Söhne> ', '491711234567', '-12.5', '', '', 'FALSE'],
    ]);
    expect(await rowsOf(list)).toHaveLength(2);
  });

  it('prints numbers that the file holds in scientific or binary form as people write them', async () => {
    const cell = (address: string, value: string) => `<c r="${address}"><v>${value}</v></c>`;
    const list = await open(
      workbookOf([`<row r="1">${cell('A1', '4.91711234567E+11')}${cell('B1', '0.10000000000000001')}</row>`]),
    );
    expect(await rowsOf(list)).toEqual([['491711234567', '0.1']]);
  });

  it('is read from its first sheet that holds anything, whatever its name on disk', async () => {
    const bytes = workbook([], [['email'], ['ada@example.com']], [['other']]);
    const list = await listOf(folder, bytes, { fileName: 'export.csv' });
    expect(await rowsOf(list)).toEqual([['ada@example.com']]);
  });

  it('keeps blank rows between leads, and takes those above the header for none', async () => {
    const list = await open(
      workbook([[null], ['Name', 'Company'], ['Ada', 'Contoso'], [null], ['Grace', null]]),
    );
    expect(list.headers).toEqual(['Name', 'Company']);
    expect(await rowsOf(list)).toEqual([
      ['Ada', 'Contoso'],
      ['Grace', ''],
    ]);
    expect(await linesOf(list)).toEqual([
      ['Ada', 'Contoso'],
      ['', ''],
      ['Grace', ''],
    ]);
  });
});

describe('an archive that is no Excel file, or a hostile one', () => {
  it.each([
    ['nothing in it', workbook([]), /no sheet with anything in it/],
    [
      'another kind of archive',
      zip([{ name: 'leads.csv', text: 'email' }]),
      /archive, not an Excel file.*Unpack/,
    ],
    ['an OpenDocument sheet', zip([{ name: 'content.xml', text: '<x/>' }]), /another kind.*\.xlsx or CSV/],
    ['only its beginning', workbook([['email'], ['ada@example.com']]).subarray(0, 300), /damaged/],
    [
      'no XML inside',
      workbookOf(['<row r="1"><c r="A1" t="zz"><v>1</v></c></row>']),
      /could not be read.*CSV/,
    ],
  ])('is refused with what to do: %s', async (_what, bytes, message) => {
    await expect(open(bytes)).rejects.toThrow(message);
    await expect(open(bytes)).rejects.toMatchObject({ name: 'LeadFileError' });
  });

  it('is refused before it is unpacked when it would fill the memory', async () => {
    await expect(open(workbookOf([' '.repeat(201_000_000)]))).rejects.toThrow(/202 MB when unpacked.*CSV/);
  });

  it('is refused when it unpacks to more than it claims', async () => {
    await expect(open(workbookOf([' '.repeat(10_000_000)], { claimed: 1000 }))).rejects.toThrow(/damaged/);
  });

  it('is refused when one far cell stretches it over more rows than memory holds', async () => {
    const spread = workbookOf(['<row r="4000000000"><c r="A4000000000"><v>1</v></c></row>']);
    await expect(open(spread)).rejects.toThrow(/spans 4000000000 rows and 1 columns.*CSV/);
  });

  it('is refused when the file itself is too large', async () => {
    const path = join(folder, 'large.xlsx');
    await writeFile(path, Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(50_000_001)]));
    await expect(openLeadFile(path)).rejects.toThrow(/51 MB; an Excel file may have 50 MB.*CSV/);
  });
});
