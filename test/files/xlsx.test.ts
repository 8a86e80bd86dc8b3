import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLeadFile } from '../../core/node/files/index.ts';
import { linesOf, listOf, rowsOf, testFolder } from './lists.ts';
import { sheetXml, workbook, workbookOf, zip } from './workbook.ts';

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
    expect(await linesOf(list)).toEqual([['Ada', 'Contoso'], [], ['Grace', '']]);
  });
});

describe('the sheet', () => {
  const people = [
    ['First Name', 'Last Name', 'Company', 'Email'],
    ['Ada', 'Lovelace', 'Contoso', 'ada@contoso.com'],
  ];
  const legend = [['Read me'], ['Colours: green is done']];

  it('is the one in which most columns are recognised; hidden and empty ones are not taken', async () => {
    const bytes = workbookOf(
      [legend, [['Email'], ['old@example.com']], [], people].map((rows) => sheetXml(rows)),
      { names: ['Legend', 'Old', 'Empty', 'Leads'], hidden: [2] },
    );
    const list = await open(bytes);
    expect(list.sheet).toMatchObject({ name: 'Leads', width: 4 });
    expect(list.sheets).toEqual([
      { name: 'Legend', hidden: false },
      { name: 'Old', hidden: true },
      { name: 'Empty', hidden: false },
      { name: 'Leads', hidden: false },
    ]);
    expect(await rowsOf(list)).toEqual([people[1]]);
  });

  it('is the one that somebody names, by name or number, hidden or not', async () => {
    const bytes = workbookOf([people, [['Email'], ['old@example.com']]].map(sheetXml), {
      names: ['Leads', 'Old &amp; gone'],
      hidden: [2],
    });
    for (const sheet of ['old & gone', '2']) {
      expect(await rowsOf(await listOf(folder, bytes, { fileName: 'sheets.xlsx', sheet }))).toEqual([
        ['old@example.com'],
      ]);
    }
    await expect(listOf(folder, bytes, { fileName: 'sheets.xlsx', sheet: 'Leeds' })).rejects.toThrow(
      /no sheet "Leeds"\. It has: "Leads", "Old & gone"/,
    );
  });

  it('that is hidden is never taken by itself', async () => {
    await expect(open(workbookOf([sheetXml(people)], { hidden: [1] }))).rejects.toThrow(
      /not hidden.*--sheet/,
    );
  });
});

describe('what a sheet shows and what it hides', () => {
  const text = (address: string, value: string) =>
    `<c r="${address}" t="inlineStr"><is><t>${value}</t></is></c>`;

  it('rows that a filter hides are no leads, and stand in the result as they were', async () => {
    const list = await open(
      workbookOf([
        `<row r="1">${text('A1', 'Email')}</row><row r="2">${text('A2', 'ada@example.com')}</row>` +
          `<row r="3" hidden="1">${text('A3', 'bob@example.com')}</row><row r="4">${text('A4', 'eve@example.com')}</row>`,
      ]),
    );
    expect(list).toMatchObject({ rowCount: 2, leftOut: { hidden: 1 } });
    expect(await Array.fromAsync(list.lines())).toEqual([
      ['ada@example.com'],
      { otherRow: ['bob@example.com'] },
      ['eve@example.com'],
    ]);
  });

  it('addresses behind cells are read, as columns of their own', async () => {
    const list = await open(
      workbookOf(
        [
          `<row r="1">${text('A1', 'Name')}${text('B1', 'Company')}${text('C1', 'Site')}</row>` +
            `<row r="2">${text('A2', 'Ada Lovelace')}${text('B2', 'Contoso')}${text('C2', 'contoso.com')}</row>` +
            `<row r="3">${text('A3', 'Grace Hopper')}${text('B3', 'Cobol')}<c r="C3" t="str"><f>HYPERLINK("https://cobol.example/about","Site")</f><v>Site</v></c></row>`,
        ],
        {
          after: [
            '<hyperlinks><hyperlink ref="A2" r:id="rId1"/><hyperlink ref="C2" r:id="rId2"/></hyperlinks>',
          ],
          links: { rId1: 'https://www.linkedin.com/in/ada-lovelace', rId2: 'http://contoso.com/' },
        },
      ),
    );
    expect(list.headers).toEqual(['Name', 'Company', 'Site', 'Name link', 'Site link']);
    expect(list.sheet?.width).toBe(3);
    expect(await rowsOf(list)).toEqual([
      ['Ada Lovelace', 'Contoso', 'contoso.com', 'https://www.linkedin.com/in/ada-lovelace', ''],
      ['Grace Hopper', 'Cobol', 'Site', '', 'https://cobol.example/about'],
    ]);
  });

  it('blank tails, of rows and of cells that have only a format, are nothing', async () => {
    const styled = Array.from(
      { length: 2000 },
      (_, index) => `<row r="${index + 3}"><c r="XFD${index + 3}" s="1"/></row>`,
    );
    const list = await open(
      workbookOf([
        `<row r="1">${text('A1', 'Email')}</row><row r="2">${text('A2', 'ada@example.com')}<c r="ZZ2" s="1"/></row>${styled.join('')}`,
      ]),
    );
    expect(list).toMatchObject({ headers: ['Email'], rowCount: 1, leftOut: { blank: 0 } });
  });

  it('numbers keep the zeros that their format shows; texts keep what XML cannot hold', async () => {
    const list = await open(
      workbookOf([`<row r="1"><c r="A1" s="2"><v>1234</v></c>${text('B1', 'a_x0007_b&#10;c')}</row>`], {
        formats: ['00000'],
      }),
    );
    expect(await rowsOf(list)).toEqual([['01234', 'a\u0007b\nc']]);
  });

  it('is read from other programs too: prefixed tags, other quotes, comments, no addresses', async () => {
    const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
    const list = await open(
      zip([
        {
          name: '_rels/.rels',
          text: '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="/xl/workbook.xml"/></Relationships>',
        },
        {
          name: 'xl/workbook.xml',
          text: `<?xml version="1.0"?><x:workbook xmlns:x="${main}"><x:sheets><x:sheet name='A &gt; B' r:id='r1'/></x:sheets></x:workbook>`,
        },
        {
          name: 'xl/_rels/workbook.xml.rels',
          text: '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="/xl/worksheets/s.xml"/></Relationships>',
        },
        {
          name: 'xl/worksheets/s.xml',
          text: `<x:worksheet xmlns:x="${main}"><!-- <row> --><x:sheetData><x:row><x:c t='inlineStr'><x:is><x:t>Email</x:t></x:is></x:c></x:row><x:row><x:c t="inlineStr"><x:is><x:t><![CDATA[a&b@example.com]]></x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>`,
        },
      ]),
    );
    expect(list.sheet?.name).toBe('A > B');
    expect(await rowsOf(list)).toEqual([['a&b@example.com']]);
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
    [
      'an OpenDocument sheet',
      zip([{ name: 'content.xml', text: '<x/>' }]),
      /OpenDocument spreadsheet \(\.ods\)\. Open it in LibreOffice.*\.xlsx/,
    ],
    ['only its beginning', workbook([['email'], ['ada@example.com']]).subarray(0, 300), /damaged/],
    [
      'a Numbers sheet',
      zip([{ name: 'Index/Document.iwa', text: 'x' }]),
      /Numbers.*Export To > Excel or CSV/,
    ],
    ['a binary Excel file', zip([{ name: 'xl/workbook.bin', text: 'x' }]), /\.xlsb.*Excel Workbook/],
    ['a Word file', zip([{ name: 'word/document.xml', text: '<x/>' }]), /Word or PowerPoint/],
    [
      'rows out of order',
      workbookOf(['<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>']),
      /damaged/,
    ],
    ['a column that no sheet has', workbookOf(['<row r="1"><c r="ZZZ1"><v>1</v></c></row>']), /damaged/],
  ])('is refused with what to do: %s', async (_what, bytes, message) => {
    await expect(open(bytes)).rejects.toMatchObject({
      name: 'LeadFileError',
      message: expect.stringMatching(message),
    });
  });

  it('is refused when it unpacks to what fills the memory, as soon as that is seen', async () => {
    const long = workbookOf([
      `<row r="1"><c r="A1" t="inlineStr"><is><t>${'x'.repeat(50_000_000)}</t></is></c></row>`,
    ]);
    await expect(open(long)).rejects.toThrow(/damaged/);
  });

  it('is read by what it holds, whatever sizes it claims', async () => {
    const list = await open(workbookOf([sheetXml([['Email'], ['ada@example.com']])], { claimed: 3 }));
    expect(await rowsOf(list)).toEqual([['ada@example.com']]);
  });

  it('is refused when cells stand far below the list', async () => {
    const far = workbookOf([
      '<row r="1"><c r="A1"><v>1</v></c></row><row r="900000"><c r="A900000"><v>1</v></c></row>',
    ]);
    await expect(open(far)).rejects.toThrow(/cells in row 900000, far below its list.*try again/);
    const spread = workbookOf(['<row r="4000000000"><c r="A4000000000"><v>1</v></c></row>']);
    await expect(open(spread)).rejects.toThrow(/damaged/);
  });

  it('is refused when the file itself is too large', async () => {
    const path = join(folder, 'large.xlsx');
    await writeFile(path, 'PK\x03\x04');
    await truncate(path, 50_000_005);
    await expect(openLeadFile(path)).rejects.toThrow(/51 MB; an Excel file may have 50 MB.*CSV/);
  });
});
