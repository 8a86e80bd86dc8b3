import { describe, expect, it } from 'vitest';
import { listNotes } from '../../bot/list-notes.ts';
import { leadFromRow, mapColumns } from '../../core/leads/index.ts';
import { openLeadStream } from '../../core/node/files/index.ts';
import { sheetXml, workbookOf } from './workbook.ts';

async function opened(text: string) {
  const file = await openLeadStream(Buffer.from(text), 'list.csv');
  const rows = await Array.fromAsync(file.rows());
  const lines = await Array.fromAsync(file.lines());
  await file.close();
  return { file, rows, lines };
}

describe('a list whose leads do not stand one below the other', () => {
  it.each([
    [
      'sideways',
      'Name,Ada Lovelace,Grace Hopper\nCompany,Contoso,Cobol\nEmail,ada@contoso.com,\n',
      /sideways.*Transpose/,
    ],
    ['sideways, in German', 'Vorname;Ada;Grace\nNachname;Lovelace;Hopper\nFirma;Contoso;Cobol\n', /sideways/],
    [
      'in blocks',
      'Name: Ada Lovelace\nCompany: Contoso\nEmail: ada@contoso.com\n\nName: Grace Hopper\nCompany: Cobol\n',
      /a line for each field/,
    ],
    [
      'of contact cards',
      'BEGIN:VCARD\nVERSION:3.0\nFN:Ada Lovelace\nEND:VCARD\n',
      /vCard.*export the contacts/,
    ],
    ['of appointments', 'BEGIN:VCALENDAR\nEND:VCALENDAR\n', /a calendar/],
  ])('%s is refused with what to do', async (_, text, words) => {
    await expect(openLeadStream(Buffer.from(text), 'list.csv')).rejects.toThrow(words);
  });

  it('is read as somebody says all the same', async () => {
    const text = 'Name,Ada Lovelace,Grace Hopper\nCompany,Contoso,Cobol\nEmail,ada@contoso.com,\n';
    const file = await openLeadStream(Buffer.from(text), 'list.csv', { header: false });
    expect(file.rowCount).toBe(3);
    await file.close();
  });
});

describe('one line of addresses', () => {
  it.each([
    ['ada@contoso.com, grace@cobol.com,', 2],
    ['"Lovelace, Ada" <ada@contoso.com>; Grace <grace@cobol.com>', 2],
    ['"Lovelace, Ada" <ada@contoso.com>, "Hopper, Grace" <grace@cobol.com>\n', 2],
    ['Ada Lovelace,ada@contoso.com', 1],
  ])('%s has %i leads', async (text, count) => {
    expect((await opened(text)).rows).toHaveLength(count);
  });
});

it('rows that were put into quotes as a whole are rows', async () => {
  const { file, rows } = await opened(
    '"Name,Company,Email"\n"Ada Lovelace,""Contoso, Inc."",ada@contoso.com"\n',
  );
  expect(file.headers).toEqual(['Name', 'Company', 'Email']);
  expect(rows).toEqual([['Ada Lovelace', 'Contoso, Inc.', 'ada@contoso.com']]);
  const spaced = await opened('"Name,Company,Email"\n\n"Ada Lovelace,Contoso,ada@contoso.com"\n');
  expect(spaced.rows).toEqual([['Ada Lovelace', 'Contoso', 'ada@contoso.com']]);
  for (const delimiter of [',', ';', '\t', '|']) {
    const quoted = ['"Name","Company","Email"', '"Ada","Contoso","ada@contoso.com"']
      .join('\n')
      .replaceAll('",', `"${delimiter}`);
    expect((await opened(`${quoted}\n`)).file.headers).toEqual(['Name', 'Company', 'Email']);
  }
  const firms = await opened('"Contoso, Inc."\n"Fabrikam, Ltd."\n');
  expect(firms.rows).toEqual([['Contoso, Inc.'], ['Fabrikam, Ltd.']]);
});

it('a second table with other columns is no part of the list, stands in the result, and is said to be there', async () => {
  const text =
    'Name,Company,Email\nAda Lovelace,Contoso,\nGrace Hopper,Cobol,\n\n2. Sessions\nName,Company,Phone\nAda Lovelace,Contoso,1\n';
  const { file, rows, lines } = await opened(text);
  expect(rows).toHaveLength(2);
  expect(lines).toHaveLength(6);
  expect(file.otherTable).toBe(6);
  const job = {
    mapping: { headers: [], fields: {}, unused: [] },
    kind: 'people',
    estimate: { rows: 2, skipped: 0 },
  };
  const notes = listNotes(file, job as unknown as Parameters<typeof listNotes>[1]);
  expect(notes.find(({ code }) => code === 'other-table')?.text).toContain('begins in row 6');
});

it('the headings of groups are no leads', async () => {
  const { rows, lines } = await opened(
    'Account Owner,Account Name,First Name,Last Name\nBob Seller,,,\n,Contoso,Ada,Lovelace\n,Cobol,Grace,Hopper\nEve Seller,,,\n,Enigma,Alan,Turing\nTotal,,,3\n',
  );
  expect(rows).toHaveLength(3);
  expect(lines).toHaveLength(6);
});

it('a row above the header once more is a heading, in a list of several columns', async () => {
  const { file, rows, lines } = await opened(
    'Name,Email\nAda Lovelace,ada@contoso.com\n\nWebinar 2\nName,Email\nGrace Hopper,g@cobol.com\nWebinar 3,\nName,Email\nalan@enigma.com,\nName,Email\nBob Noyce,\n',
  );
  expect(rows.map(([name]) => name)).toEqual([
    'Ada Lovelace',
    'Grace Hopper',
    'alan@enigma.com',
    'Bob Noyce',
  ]);
  expect(lines).toHaveLength(10);
  expect(file.leftOut).toMatchObject({ header: 3, footer: 2, blank: 1 });
  const again = await opened(
    'Name,Email,apollo_email\nAda Lovelace,a@contoso.com,x\nWebinar 2,,\nName,Email,\nGrace Hopper,g@cobol.com,\n',
  );
  expect(again.rows).toHaveLength(2);
  const one = await opened('Email\nada@contoso.com\nEmail\ng@cobol.com\n');
  expect(one.rows).toHaveLength(2);
});

it('another table below a gap may have one column that is known', async () => {
  const { file, rows } = await opened(
    'Name,Email,,\nAda Lovelace,ada@contoso.com,,\n,,,\nCompany,City,Revenue,Country\nX,Y,1,Z\n',
  );
  expect(rows).toHaveLength(1);
  expect(file.otherTable).toBe(4);
});

it('rows in which nothing but a number or a tick is filled in are no leads, wherever they stand', async () => {
  const blank = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? ',,,FALSE' : `${index + 2},,,`));
  const { file, rows } = await opened(
    `No,Name,Company,Done\n1,Ada Lovelace,Contoso,TRUE\n${blank.join('\n')}\n62,Grace Hopper,Cobol,FALSE\n`,
  );
  expect(rows.map((row) => row[1])).toEqual(['Ada Lovelace', 'Grace Hopper']);
  expect(file.leftOut.footer).toBe(60);
});

it('examples and what a survey tool writes below a header are no leads', async () => {
  const { rows } = await opened(
    'First Name,Last Name,Company\ne.g. John,e.g. Doe,e.g. Acme\nAda,Lovelace,Contoso\nGrace,Hopper,Cobol\n',
  );
  expect(rows).toHaveLength(2);
});

describe('an employer in the first row of its group alone', () => {
  const grouped = [
    ['Company', 'Website', 'Name', 'Email'],
    ['Contoso', 'contoso.com', 'Ada Lovelace', 'ada@contoso.com'],
    ['', '', 'Grace Hopper', ''],
    ['', '', '', ''],
    ['', '', 'Alan Turing', 'alan@contoso.com'],
    ['Fabrikam', '', 'Bob Noyce', ''],
    ['', '', 'Eve Holt', ''],
  ];
  const textOf = (rows: string[][]) => rows.map((row) => row.join(',')).join('\n');

  it('is that of the rows below it, in columns behind those of the list, and it is said', async () => {
    const { file, rows } = await opened(textOf(grouped));
    expect(file.headers.slice(4)).toEqual(['Company (of its group)', 'Website (of its group)']);
    const mapping = mapColumns(file.headers, rows);
    expect(rows.map((row) => leadFromRow(row, mapping).company)).toEqual([
      'Contoso',
      'Contoso',
      'Contoso',
      'Fabrikam',
      'Fabrikam',
    ]);
    expect(rows[1]).toEqual(['', '', 'Grace Hopper', '', 'Contoso', 'contoso.com']);
    const job = { mapping, kind: 'people', estimate: { rows: 5, skipped: 0 } };
    const notes = listNotes(file, job as unknown as Parameters<typeof listNotes>[1]);
    expect(notes.find(({ code }) => code === 'filled-down')?.columns).toEqual(['Company', 'Website']);
  });

  it.each([
    [
      'stands right of the names',
      grouped.map(([company = '', web = '', ...person]) => [...person, company, web]),
    ],
    [
      'is another by the addresses',
      grouped.map((row) => row.map((cell) => cell.replace('alan@contoso', 'alan@enigma'))),
    ],
    ['comes again', grouped.map((row) => row.map((cell) => cell.replace('Fabrikam', 'Contoso')))],
    [
      'is missing in few rows',
      grouped.map((row, index) => (index === 4 ? row : ['Enigma', String(index), ...row.slice(2)])),
    ],
  ])('is not told from a gap where it %s', async (_where, rows) => {
    expect((await opened(textOf(rows))).file.headers).toHaveLength(4);
  });
});

it('a cell that is merged over several rows says the same in each, in the header too', async () => {
  const rows = [
    ['Leads Q4', null, null],
    [null, null, null],
    ['Company', 'Person', null],
    [null, 'First', 'Last'],
    ['Contoso', 'Ada', 'Lovelace'],
    [null, 'Grace', 'Hopper'],
    [null, null, null],
    ['Fabrikam', 'Alan', 'Turing'],
    [null, null, null],
  ];
  const after =
    '<mergeCells><mergeCell ref="A1:C2"/><mergeCell ref="A3:A4"/><mergeCell ref="B3:C3"/><mergeCell ref="A5:A7"/><mergeCell ref="A8:A9"/></mergeCells>';
  const file = await openLeadStream(workbookOf([sheetXml(rows)], { after: [after] }), 'list.xlsx');
  expect(file.headers).toEqual(['Company', 'Person First', 'Person Last']);
  expect(await Array.fromAsync(file.rows())).toEqual([
    ['Contoso', 'Ada', 'Lovelace'],
    ['Contoso', 'Grace', 'Hopper'],
    ['Fabrikam', 'Alan', 'Turing'],
  ]);
  await file.close();
});
