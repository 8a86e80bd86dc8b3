import { describe, expect, it } from 'vitest';
import { listNotes } from '../../bot/list-notes.ts';
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
