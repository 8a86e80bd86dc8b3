import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvScanner, type Delimiter, detectDialect } from '../../core/node/files/csv.ts';

const scan = (text: string, delimiter: Delimiter = ',') =>
  new CsvScanner('leads.csv', delimiter).push(text, true);

/** How long the scanner needs for the line written `times` over, alone and behind an opened quote. */
/** Of the processor, so that other programs count for nothing. */
function secondsToScan(line: string, times: number): number {
  const before = process.threadCpuUsage();
  for (const start of ['', '"']) {
    try {
      scan(start + line.repeat(times));
    } catch (error) {
      expect(error).toMatchObject({ message: expect.stringMatching(/a list may have 500/) });
    }
  }
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000_000;
}

describe('rows and cells', () => {
  it.each<[string, string, string[][]]>([
    [
      'line breaks of all kinds, mixed',
      'a,b\r\nc,d\ne,f\rg,h',
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
        ['g', 'h'],
      ],
    ],
    ['line breaks and delimiters inside quotes', '"a\r\nb","c,d"\n', [['a\r\nb', 'c,d']]],
    ['doubled quotes', '"say ""hi""",""', [['say "hi"', '']]],
    [
      'empty lines are no rows, lines of delimiters are',
      'a,b\n\n,\r\n\r\n\n',
      [
        ['a', 'b'],
        ['', ''],
      ],
    ],
    ['a quoted empty cell alone on its line is a row', 'a\n""\nb\n', [['a'], [''], ['b']]],
    ['rows as long as they are', 'a,b\nc\nd,e,f,\n', [['a', 'b'], ['c'], ['d', 'e', 'f', '']]],
    ['control characters', 'a\0b,\u0007\n', [['a\0b', '\u0007']]],
  ])('%s', (_what, text, rows) => {
    expect(scan(text)).toEqual(rows);
  });
});

describe('broken quotes lose no row and no text', () => {
  it.each<[string, string, string[][]]>([
    [
      'a quote inside an unquoted cell',
      '6\'2" tall,x\ny,z',
      [
        ['6\'2" tall', 'x'],
        ['y', 'z'],
      ],
    ],
    [
      'bare quotes inside a quoted cell',
      '"Grace "Amazing" Hopper",Navy\nAda,x',
      [
        ['Grace "Amazing" Hopper', 'Navy'],
        ['Ada', 'x'],
      ],
    ],
    [
      'a quote that never closes, at the end',
      'Ada,x\n"Grace,y\n',
      [
        ['Ada', 'x'],
        ['"Grace', 'y'],
      ],
    ],
    [
      'a quote that never closes, with rows after it',
      'Ada,"Analyst\nGrace,Admiral\nAlan,"Logic, and more"\nEdsger,Paths\n',
      [
        ['Ada', '"Analyst'],
        ['Grace', 'Admiral'],
        ['Alan', 'Logic, and more'],
        ['Edsger', 'Paths'],
      ],
    ],
    [
      'a quote that would swallow rows up to the next one',
      '"Ada,Countess\n"Grace","Hopper"\n"Alan","Turing"\n',
      [
        ['"Ada', 'Countess'],
        ['Grace', 'Hopper'],
        ['Alan', 'Turing'],
      ],
    ],
    ['nothing but a quote', '"', [['"']]],
  ])('%s', (_what, text, rows) => {
    expect(scan(text)).toEqual(rows);
  });

  it.each(['""a\n', '"""a\n', '""""\n', 'a,"b\n', '","\n', '"a"b\n', '"a\n', ',"a', ',"a""', '"a,', '""'])(
    'are found in time that grows with the text and not with its square, however often a closing quote is looked for in vain: %j',
    (line) => {
      // Looking again from each quote to the end would take sixteen times as long for four times the text.
      const small = secondsToScan(line, 25_000);
      expect(secondsToScan(line, 100_000)).toBeLessThan(Math.max(small, 0.05) * 12);
    },
  );

  it('names the line of a row that no list of leads can have', () => {
    expect(() => scan(`a,b\n"c\nd",e\n${'x'.repeat(10_000_001)}`)).toThrow(
      /leads\.csv: the row at line 4 is longer/,
    );
    expect(() => scan(`a,b\n${','.repeat(500)}\n`)).toThrow(/line 2 has 501 columns; a list may have 500/);
  });

  it('reads on after an unclosed quote in a list that is longer than any row', () => {
    const rows = scan(`"a,b\n${'Ada,Lovelace\n'.repeat(1_000_000)}`);
    expect(rows).toHaveLength(1_000_001);
    expect(rows[0]).toEqual(['"a', 'b']);
  });
});

const delimiters = fc.constantFrom<Delimiter>(',', ';', '\t', '|');
const nasty = fc.string({
  unit: fc.constantFrom('"', ',', ';', '\t', '|', '\n', '\r', 'a', 'ü', ' ', '\0', '🚀'),
});

describe('for any text', () => {
  it('the pieces it comes in make no difference', () => {
    fc.assert(
      fc.property(fc.array(nasty), delimiters, (pieces, delimiter) => {
        const scanner = new CsvScanner('leads.csv', delimiter);
        const inPieces = [...pieces.flatMap((piece) => scanner.push(piece)), ...scanner.push('', true)];
        expect(inPieces).toEqual(scan(pieces.join(''), delimiter));
      }),
      { numRuns: 2000 },
    );
  });

  it('no character outside of quotes, delimiters and line breaks is lost', () => {
    const content = (text: string) => text.replaceAll(/[",\r\n]/g, '');
    fc.assert(
      fc.property(nasty, (text) => {
        expect(content(scan(text).flat().join(''))).toBe(content(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('lines without quotes are rows one by one', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const unquoted = text.replaceAll('"', '');
        const lines = unquoted.split(/[\r\n]/).filter((line) => line !== '');
        expect(scan(unquoted)).toEqual(lines.map((line) => line.split(',')));
      }),
    );
  });

  it('what another CSV library writes is read back', () => {
    const tables = fc.array(fc.array(nasty, { minLength: 2, maxLength: 6 }));
    fc.assert(
      fc.property(
        tables,
        delimiters,
        fc.constantFrom('\r\n', '\n'),
        fc.boolean(),
        (table, delimiter, newline, quoted) => {
          const text = stringify(table, {
            delimiter,
            record_delimiter: newline,
            quoted,
            quoted_match: /[\r\n]/,
          });
          expect(scan(text, delimiter)).toEqual(table);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('the delimiter', () => {
  it.each<[string, Delimiter | undefined, string]>([
    ['comma', ',', 'name,company\nAda,Contoso\n'],
    ['semicolon, with decimal commas', ';', 'Name;Umsatz\nAda;1,5\nGrace;2,5\nAlan;3,0\n'],
    [
      'tab, with commas in every cell',
      '\t',
      'Name, first\tOrt, Land\tFirma\nLovelace, Ada\tLondon, UK\tContoso\n',
    ],
    ['bar', '|', 'name|company|city\nAda|Contoso, Ltd|London\n'],
    ['comma, with semicolons and bars inside quotes', ',', '"a;b|c","d;e|f"\n"g;h|i","j;k|l"\n'],
    ['comma, although rows are ragged', ',', 'a,b,c\n1,2\n1,2,3,4\n1,2,3\n|;|\n'],
    ['none, in a list of one column', undefined, 'email\nada@example.com\ngrace@example.com\n'],
  ])('%s', (_what, delimiter, text) => {
    expect(detectDialect(text)?.delimiter).toBe(delimiter);
  });
});

describe('how a list is written is seen in it', () => {
  const read = (text: string) => {
    const { delimiter, ...dialect } = detectDialect(text) ?? { delimiter: ',' as const };
    return new CsvScanner('leads.csv', delimiter, dialect).push(text, true);
  };

  it.each<[string, string, string[][]]>([
    [
      'spaces behind delimiters, before quotes too',
      'Name, Company, Website\nAda Lovelace, "Contoso, Inc.", contoso.com\n',
      [
        ['Name', 'Company', 'Website'],
        ['Ada Lovelace', 'Contoso, Inc.', 'contoso.com'],
      ],
    ],
    [
      'spaces around quotes',
      'Name ; "Company" ; Site\nAda ; "Contoso; Inc." ; x\nEve ; "b" ; y\n',
      [
        ['Name ', 'Company', 'Site'],
        ['Ada ', 'Contoso; Inc.', 'x'],
        ['Eve ', 'b', 'y'],
      ],
    ],
    [
      'single quotes',
      "'Name','Company'\n'Lovelace, Ada','Contoso'\n'O''Brien, Pat','Men''s Wear'\n",
      [
        ['Name', 'Company'],
        ['Lovelace, Ada', 'Contoso'],
        ["O'Brien, Pat", "Men's Wear"],
      ],
    ],
    [
      'apostrophes that are none',
      "Name,Company\nPat O'Brien,'t Hart\nAda,Moore's\n",
      [
        ['Name', 'Company'],
        ["Pat O'Brien", "'t Hart"],
        ['Ada', "Moore's"],
      ],
    ],
    [
      'spaces in a few cells, which are part of them',
      'Name,Note\nAda, yes\nEve,no\n',
      [
        ['Name', 'Note'],
        ['Ada', ' yes'],
        ['Eve', 'no'],
      ],
    ],
    [
      'spaces that align columns, in lines that end as old Macs end them',
      'Name          Company\rAda Lovelace  Contoso\rGrace Hopper  Cobol\r',
      [
        ['Name', 'Company'],
        ['Ada Lovelace', 'Contoso'],
        ['Grace Hopper', 'Cobol'],
      ],
    ],
    [
      'a quote that never closes before one that does, on its line',
      'Name,Note,Company\n"Ada,x,"Contoso, Inc."\n',
      [
        ['Name', 'Note', 'Company'],
        ['"Ada', 'x', 'Contoso, Inc.'],
      ],
    ],
  ])('%s', (_what, text, rows) => {
    expect(read(text)).toEqual(rows);
  });
});
