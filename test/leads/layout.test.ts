import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findLayout, LayoutError, RowSorter } from '../../core/leads/index.ts';

const rows = (text: string): string[][] =>
  text.split('\n').map((line) => (line === '' ? [] : line.split(',')));
/** Where the header stands, from 1 (0: there is none), and where the leads begin. */
const found = (text: string) => {
  const { headerRows, start } = findLayout(rows(text));
  return { header: headerRows === 0 ? 0 : start, headerRows, start };
};

describe('the header', () => {
  test.each<[what: string, text: string, header: number]>([
    ['in the first row', 'First Name,Last Name,Company\nAda,Lovelace,Contoso', 1],
    ['of one column', 'email\nada@contoso.com', 1],
    ['below a title', 'Leads Q4\nName,Company\nAda Lovelace,Contoso\nGrace Hopper,Cobol', 2],
    [
      'below a title and blank rows',
      'Exported by Growth\n2026-11-01\n\nFirst Name,Last Name,Firma\nAda,Lovelace,Contoso',
      4,
    ],
    ['below a comment with a comma', '# leads, Q4\nfirst_name,last_name,domain\nAda,Lovelace,contoso.com', 2],
    ['that is a comment itself', '#first_name,last_name,domain\nAda,Lovelace,contoso.com', 1],
    [
      "below LinkedIn's notes",
      'Notes:\n"When exporting; some are missing."\n\nFirst Name,Last Name,URL\nAda,Lovelace,x',
      4,
    ],
    [
      'below facts in two columns',
      'Report,Contacts\nDate,2026-11-01\n\nName,Title,Company,City\nAda Lovelace,CTO,Contoso,London\nGrace Hopper,Admiral,Cobol,New York',
      4,
    ],
    ['in words that nobody knows, over other forms', 'Blabla,Kontaktweg\nAda Lovelace,ada@contoso.com', 1],
    [
      'in words that nobody knows, written unlike names',
      'the_person,their_firm\nAda Lovelace,Contoso\nGrace Hopper,Cobol',
      1,
    ],
    [
      'none: names and companies',
      'Ada Lovelace, Contoso\nGrace Hopper, Cobol Inc\nAlan Turing, Enigma Ltd',
      0,
    ],
    ['none: first and last names', 'Ada,Lovelace\nGrace,Hopper\nAlan,Turing', 0],
    ['none: an address', 'Ada,ada@contoso.com\nGrace,grace@cobol.example', 0],
    ['none: a company with its legal form', 'Contoso Ltd,London\nFabrikam GmbH,Berlin', 0],
    [
      'none: a lead whose source is a known word',
      'Ada Lovelace,Contoso,Website\nGrace Hopper,Cobol,Website',
      0,
    ],
    ['none below a title', 'Attendees\nAda,Lovelace,contoso.com\nGrace,Hopper,cobol.example', 0],
  ])('%s', (_what, text, header) => {
    expect(found(text).header).toBe(header);
  });

  test('of two rows is one name for each column', () => {
    const layout = findLayout(
      rows('Person,,Company,\nFirst,Last,Name,Domain\nAda,Lovelace,Contoso,contoso.com'),
    );
    expect(layout).toEqual({
      headerRows: 2,
      start: 2,
      names: ['Person First', 'Person Last', 'Company Name', 'Company Domain'],
    });
  });

  test('is never looked for below a row that holds an address: no lead is taken for a title', () => {
    expect(
      found('Ada,Lovelace,ada@contoso.com\nFirst Name,Last Name,Email\nGrace,Hopper,g@cobol.example').start,
    ).toBe(0);
  });

  test('is what somebody says', () => {
    const list = rows('Ada,Lovelace\nGrace,Hopper\n\nAlan,Turing');
    expect(findLayout(list, { header: true })).toMatchObject({ headerRows: 1, start: 1 });
    expect(findLayout(list, { header: false })).toMatchObject({ headerRows: 0, start: 0 });
    expect(findLayout(list, { headerRow: 2 })).toMatchObject({ start: 2, names: ['Grace', 'Hopper'] });
    expect(() => findLayout(list, { headerRow: 3 })).toThrow(
      new LayoutError(
        'Row 3 cannot be the header: it is blank. Count from the top of the list, blank rows included.',
      ),
    );
    expect(() => findLayout(list, { headerRow: 9 })).toThrow(/one of the first 4 rows/);
  });

  test('of thousands of columns takes no longer than reading them', () => {
    const wide = Array.from({ length: 16_000 }, (_, index) => `Column about ${index}`);
    const started = performance.now();
    findLayout(Array.from({ length: 60 }, () => wide));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('rows below the header', () => {
  const sorter = new RowSorter([['First Name', 'Company', 'Website']]);
  test.each<[kind: string, ...cells: string[]]>([
    ['lead', 'Ada', 'Contoso', 'contoso.com'],
    ['lead', 'Ada', '', ''],
    ['lead', '', 'Total', 'total.example'],
    ['lead', '', 'Total Solutions Group', ''],
    ['lead', '', 'Page One Media', ''],
    ['lead', '', 'Sumitomo', ''],
    ['lead', '', 'Copyright Clearance Center', 'copyright.example'],
    ['lead', '', '4 Records', 'four.example'],
    ['blank', '', '', ''],
    ['blank', '-', '—', ' '],
    ['blank'],
    ['header', 'First Name', 'Company', 'Website'],
    ['header', 'FIRST NAME ', 'company', 'website'],
    ['footer', 'Grand Totals (2 records)', '', ''],
    ['footer', 'Total', '17', ''],
    ['footer', 'Total: 17'],
    ['footer', '', 'Gesamt', '17'],
    ['footer', 'Confidential Information - Do Not Distribute', '', ''],
    ['footer', 'Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.'],
    ['footer', '© 2026 Contoso', '', ''],
    ['footer', 'Generated by Contoso CRM on 2026-11-01', '', ''],
    ['footer', '1,204 records', '', ''],
    ['footer', 'Page 1 of 3', '', ''],
  ])('%s: %s | %s | %s', (kind, ...cells) => {
    expect(sorter.kindOf(cells)).toBe(kind);
  });

  test('are sorted the same whatever stands in the cells around', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 5 }), (cells) => {
        const says = cells.filter((cell) => /[\p{L}\p{N}]/u.test(cell)).length;
        const kind = sorter.kindOf(cells);
        if (says === 0) expect(kind).toBe('blank');
        if (says > 3) expect(kind).toBe('lead');
      }),
    );
  });
});
