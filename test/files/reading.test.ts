import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { openLeadFile, openLeadStream } from '../../core/node/files/index.ts';
import { JsonCutter } from '../../core/node/files/json-cutter.ts';
import { listOf, rowsOf, testFolder } from './lists.ts';

const folder = await testFolder();

const GERMAN = 'Vorname;Nachname;Ort\r\nJürgen;Müller;Köln\r\nGrace;Hopper – Adm.;Zürich €\r\n';
const GERMAN_ROWS = [
  ['Jürgen', 'Müller', 'Köln'],
  ['Grace', 'Hopper – Adm.', 'Zürich €'],
];

describe('encodings', () => {
  it.each([
    ['UTF-8', 'utf-8', false, Buffer.from(GERMAN)],
    ['UTF-8 with a byte order mark', 'utf-8', true, Buffer.from(`\uFEFF${GERMAN}`)],
    ['UTF-16 LE', 'utf-16le', true, iconv.encode(GERMAN, 'utf-16le', { addBOM: true })],
    ['UTF-16 BE', 'utf-16be', true, iconv.encode(GERMAN, 'utf-16be', { addBOM: true })],
    ['UTF-16 LE without a mark', 'utf-16le', false, iconv.encode(GERMAN, 'utf-16le', { addBOM: false })],
    ['UTF-16 BE without a mark', 'utf-16be', false, iconv.encode(GERMAN, 'utf-16be')],
    ['Windows-1252', 'windows-1252', false, iconv.encode(GERMAN, 'windows-1252')],
  ])('%s', async (_what, encoding, bom, bytes) => {
    const list = await listOf(folder, bytes);
    expect(list).toMatchObject({
      format: 'csv',
      encoding,
      bom,
      delimiter: ';',
      newline: '\r\n',
      rowCount: 2,
    });
    expect(list.headers).toEqual(['Vorname', 'Nachname', 'Ort']);
    expect(await rowsOf(list)).toEqual(GERMAN_ROWS);
  });

  it('reads a list that is pasted together from UTF-8 and Windows-1252', async () => {
    const list = await listOf(
      folder,
      Buffer.concat([Buffer.from('name,city\nJürgen,Köln\n'), iconv.encode('Zoë,Genève\n', 'windows-1252')]),
    );
    expect(await rowsOf(list)).toEqual([
      ['Jürgen', 'Köln'],
      ['Zoë', 'Genève'],
    ]);
    expect(list.encoding).toBe('windows-1252');
  });

  it('finds the one line that is not UTF-8 behind a million bytes that are', async () => {
    const plain = 'Ada,Lovelace\n'.repeat(100_000);
    const list = await listOf(
      folder,
      Buffer.concat([Buffer.from(`a,b\n${plain}`), Buffer.from([0xe9, 0x2c, 0x78])]),
    );
    expect(list).toMatchObject({ encoding: 'windows-1252', rowCount: 100_001 });
  });

  it('takes the encoding that it is told', async () => {
    const list = await listOf(folder, iconv.encode('name,city\nŁukasz,Łódź\n', 'windows-1250'), {
      encoding: 'windows-1250',
    });
    expect(await rowsOf(list)).toEqual([['Łukasz', 'Łódź']]);
    await expect(listOf(folder, 'a,b\n', { encoding: 'klingon' })).rejects.toThrow(
      /"klingon" is not a known/,
    );
  });

  it('splits no character, wherever a piece of the file ends', async () => {
    const text = `name,note\n${'Ада,日本語日本語🚀é\n'.repeat(20_000)}`;
    for (const encoding of ['utf-8', 'utf-16le']) {
      const list = await listOf(folder, iconv.encode(text, encoding, { addBOM: true }));
      const rows = await rowsOf(list);
      expect(rows).toHaveLength(20_000);
      expect(rows.every(([name, note]) => name === 'Ада' && note === '日本語日本語🚀é')).toBe(true);
    }
  });
});

describe('the header', () => {
  it('is the first row that names columns', async () => {
    const list = await listOf(folder, 'First Name,E-Mail,,First Name\nAda,ada@example.com,x,y\n');
    expect(list).toMatchObject({ hasHeader: true, headers: ['First Name', 'E-Mail', '', 'First Name'] });
  });

  it.each([
    ['an e-mail address', 'Ada,ada@example.com\nGrace,grace@example.com\n'],
    ['a web address', 'Ada,https://example.com\n'],
    ['a LinkedIn address', 'Ada,linkedin.com/in/ada\n'],
    ['no letter', '1,2\n'],
  ])('is made up when the first row holds %s', async (_what, text) => {
    const list = await listOf(folder, text);
    expect(list).toMatchObject({ hasHeader: false, headers: ['Column 1', 'Column 2'] });
    expect(await rowsOf(list)).toHaveLength(list.rowCount);
    expect((await rowsOf(list))[0]).toEqual(text.split('\n')[0]?.split(','));
  });

  it('is what the caller says', async () => {
    expect(await listOf(folder, 'Ada,Lovelace\n', { header: false })).toMatchObject({ rowCount: 1 });
    expect(await listOf(folder, 'a@example.com,b\nc,d\n', { header: true })).toMatchObject({ rowCount: 1 });
  });

  it('may come after blank rows, and after the hint that Excel writes', async () => {
    const list = await listOf(folder, 'sep=|\r\n||\r\nname|company|\r\nAda|Contoso|x\r\n');
    expect(list).toMatchObject({ headers: ['name', 'company', ''], rowCount: 1, delimiter: '|' });
  });
});

describe('rows', () => {
  it('are as long as the widest, so that no cell is lost', async () => {
    const list = await listOf(folder, 'a,b\nx\n1,2,3,4\n,\n');
    expect(list.headers).toEqual(['a', 'b', 'Column 3', 'Column 4']);
    expect(await rowsOf(list)).toEqual([
      ['x', '', '', ''],
      ['1', '2', '3', '4'],
    ]);
    expect(list.leftOut).toEqual({ blank: 1, footer: 0, header: 0, hidden: 0 });
  });

  it('can be read again and again, and in part', async () => {
    const list = await listOf(folder, `a,b\n${'1,2\n'.repeat(50_000)}`);
    expect(await list.sample(3)).toEqual([
      ['1', '2'],
      ['1', '2'],
      ['1', '2'],
    ]);
    expect(await list.sample(0)).toEqual([]);
    expect(await rowsOf(list)).toHaveLength(50_000);
    expect(await rowsOf(list)).toHaveLength(50_000);
  });

  it('of a hostile export all come back', async () => {
    const list = await listOf(
      folder,
      [
        'first_name,last_name,company,email',
        'Ada,Lovelace,"=HYPERLINK(""http://example.com"",""click"")",',
        ',,,',
        '@SUM(1+1),Hopper,Fabrikam,',
        `${'J'.repeat(100_000)},Long,Contoso,`,
        'Null\0Byte,X,Contoso,',
        'Only-first',
        'Too,many,cells,here,and,here',
        '',
        "Robert'); DROP TABLE leads;--,Tables,Contoso,",
        '"unterminated,quote,row',
      ].join('\r\n'),
    );
    const rows = await rowsOf(list);
    expect(rows.map(([first]) => first?.slice(0, 12))).toEqual([
      'Ada',
      '@SUM(1+1)',
      'JJJJJJJJJJJJ',
      'Null\0Byte',
      'Only-first',
      'Too',
      "Robert'); DR",
      '"unterminate',
    ]);
    expect(list.rowCount).toBe(rows.length);
  });

  it('are refused, not mixed up, when the file changed meanwhile', async () => {
    const list = await listOf(folder, 'a,b\n1,2\n', { fileName: 'changing.csv' });
    await writeFile(join(folder, 'changing.csv'), 'a,b\n1,2\n3,4\n');
    await expect(rowsOf(list)).rejects.toThrow(/changing\.csv changed since it was opened/);
  });

  it('of any bytes at all are read without an error that does not say what to do', async () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        const list = await listOf(folder, content, { fileName: 'any.csv' }).catch((error: unknown) => {
          expect(error).toMatchObject({
            name: 'LeadFileError',
            message: expect.stringMatching(/ try again\.$/),
          });
        });
        if (list === undefined) return;
        const rows = await rowsOf(list);
        expect(rows).toHaveLength(list.rowCount);
        expect(rows.every((row) => row.length === list.headers.length)).toBe(true);
      }),
      { numRuns: 300, examples: [[Buffer.from('{')], [Buffer.from('[1]')]] },
    );
  });
});

describe('a header one name short', () => {
  it('names the columns behind the numbers that R writes before its rows', async () => {
    const list = await listOf(
      folder,
      '"Name","Email"\n"1","Ada","ada@example.com"\n"2","Eve","eve@example.com"\n',
    );
    expect(list.headers).toEqual(['', 'Name', 'Email']);
    const other = await listOf(folder, 'Name,Email\nAda,ada@example.com,\nEve,eve@example.com,x\n');
    expect(other.headers).toEqual(['Name', 'Email', 'Column 3']);
  });
});

describe('JSON', () => {
  it('has the keys of all lines as columns, values as written and what is nested as JSON', async () => {
    const list = await listOf(
      folder,
      '{"name":"Ada","phone":4917112345678901234567,"score":1.10}\r\n\n{"name":"Grace","tags":["navy",1.50],"ok":true,"constructor":null}',
    );
    expect(list).toMatchObject({ format: 'ndjson', hasHeader: true, rowCount: 2 });
    expect(list.headers).toEqual(['name', 'phone', 'score', 'tags', 'ok', 'constructor']);
    expect(await rowsOf(list)).toEqual([
      ['Ada', '4917112345678901234567', '1.10', '', '', ''],
      ['Grace', '', '', '["navy",1.50]', 'true', ''],
    ]);
  });

  it('may be one array of objects', async () => {
    const list = await listOf(
      folder,
      '[\n  { "email": "ada@example.com" },\n  { "email": "grace@example.com" }\n]',
    );
    expect(list.format).toBe('json');
    expect(await rowsOf(list)).toEqual([['ada@example.com'], ['grace@example.com']]);
  });

  const ada = '{"name":"Ada Lovelace","emails":[{"value":"ada@contoso.com"}]}';
  const grace = '{"name":"Grace Hopper","emails":[]}';

  it.each([
    ['in an answer of an API', `{"total":2,"contacts":[${ada},${grace}],"links":{"next":[1,2]}}`],
    [
      'deeper in one',
      `{"ok":true,"name":"page 1","data":{"people":[\n${ada},\n${grace}\n],"ids":["a","b"]}}`,
    ],
    [
      'as objects one behind the other, over several lines',
      `{\n"name":"Ada Lovelace",\n"emails":1}\n{\n"name":"Grace Hopper"}`,
    ],
  ])('has its leads %s', async (_where, text) => {
    const list = await listOf(folder, text);
    expect(list).toMatchObject({ format: 'json', headers: ['name', 'emails'], rowCount: 2 });
    expect((await rowsOf(list)).map(([name]) => name)).toEqual(['Ada Lovelace', 'Grace Hopper']);
  });

  it.each(['', '"total":1,\n'])('is refused where several answers of an API hold it (%j)', async (more) => {
    const pages = [ada, grace].map((lead) => `{\n${more}"contacts":[${lead}]\n}`);
    await expect(listOf(folder, pages.join('\n'))).rejects.toThrow(/several JSON objects.*into one array/);
  });

  it('is one lead where lists of other things are in it', async () => {
    const jobs = '[{"company":"Contoso","title":"CTO"},{"company":"Fabrikam","title":"CEO"}]';
    const list = await listOf(folder, `{"first_name":"Ada","last_name":"Lovelace","experiences":${jobs}}`);
    expect(await rowsOf(list)).toEqual([['Ada', 'Lovelace', jobs]]);
  });

  it('may be the rows of a table, or addresses alone', async () => {
    const table = await listOf(folder, '[["Name","Zip"],["Ada Lovelace",1.50],\n["Grace Hopper",null]]');
    expect(table).toMatchObject({ headers: ['Name', 'Zip'], headerRow: 1, rowCount: 2 });
    expect(await rowsOf(table)).toEqual([
      ['Ada Lovelace', '1.50'],
      ['Grace Hopper', ''],
    ]);
    const addresses = await listOf(folder, '["ada@contoso.com","grace@cobol.example"]');
    expect(await rowsOf(addresses)).toEqual([['ada@contoso.com'], ['grace@cobol.example']]);
  });

  it('is cut into its items wherever its pieces end', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.dictionary(
            fc.string(),
            fc.json().map((text) => JSON.parse(text)),
          ),
        ),
        fc.nat(9),
        (items, size) => {
          const text = JSON.stringify({ list: items, more: { '"': '\\' } }, undefined, size % 2);
          const cutter = new JsonCutter((of) => of === 0);
          const found: string[] = [];
          for (let at = 0; at < text.length; at += size + 1) {
            for (const piece of cutter.push(text.slice(at, at + size + 1)))
              if (piece.of === 0) found.push(piece.text);
          }
          expect(found.map((piece) => JSON.parse(piece))).toEqual(
            items.map((item) => JSON.parse(JSON.stringify(item))),
          );
          expect([...new Set(cutter.keys), cutter.isOpen, cutter.hasMore]).toEqual([
            'list',
            'more',
            false,
            false,
          ]);
        },
      ),
    );
  });

  it.each([
    ['a line that is cut', '{"a":1}\n{"a":', /line 2 is not a JSON object/],
    ['a line that is no object', '{"a":1}\n\n[1]\n', /line 3 is not a JSON object/],
    ['an object that is none', '{\n  "a": 1,\n}', /not valid JSON \(object 1: /],
    ['more behind the array', '[{"a":1}] and more', /not valid JSON.*behind its list/],
    ['rows and objects', '[["a"],{"a":1}]', /item 2 of the array is an object/],
    ['an array of other things', '[{"a":1},2]', /item 2 of the array is not an object/],
    ['an array that is cut', '[{"a":1},', /not valid JSON/],
    ['no field', '{}\n', /empty/],
  ])('is refused with the place before anything is spent: %s', async (_what, text, message) => {
    await expect(listOf(folder, text)).rejects.toThrow(message);
  });

  it('is not what a CSV is taken for whose first name starts with a bracket', async () => {
    expect(await listOf(folder, '[Name],{Company}\nAda,Contoso\n')).toMatchObject({
      format: 'csv',
      rowCount: 1,
    });
    expect(await listOf(folder, '{{first}},b\nAda,Contoso\n')).toMatchObject({ format: 'csv', rowCount: 1 });
  });
});

/** The start of an Office compound file with an entry of this name. */
const compoundFile = (entry: string) =>
  Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(504), Buffer.from(entry, 'utf16le')]);
const randomBytes = Buffer.from(
  Array.from({ length: 4000 }, (_, index) => (index * 7919 + (index >> 3)) % 256),
);

describe('columns that are aligned by spaces', () => {
  const table = [
    'Name            Company     Email',
    '--------------  ----------  -------------------',
    'Ada Lovelace    Contoso     ada@contoso.com',
    'Grace Hopper    Cobol Inc   grace@cobol.example',
    'Alan Turing                 alan@enigma.com',
  ];

  it('are cells, as a terminal shows them', async () => {
    const list = await listOf(folder, `${table.join('\r\n')}\r\n`);
    expect(list).toMatchObject({ headers: ['Name', 'Company', 'Email'], rowCount: 3, delimiter: ',' });
    expect(await rowsOf(list)).toEqual([
      ['Ada Lovelace', 'Contoso', 'ada@contoso.com'],
      ['Grace Hopper', 'Cobol Inc', 'grace@cobol.example'],
      ['Alan Turing', '', 'alan@enigma.com'],
    ]);
  });

  it.each([
    ['a word goes on where a column would begin', [...table, 'Somebody with a long name x@contoso.com']],
    ['there is one space between words', ['Full Name', 'Ada Lovelace', 'Grace Hopper']],
    ['there are too few lines', table.slice(0, 2)],
  ])('are none where %s', async (_where, lines) => {
    expect((await listOf(folder, `${lines.join('\n')}\n`)).headers).toHaveLength(1);
  });
});

describe('what few programs put between cells', () => {
  const rows = [
    ['Name', 'Company', 'Email'],
    ['Ada Lovelace', 'Contoso', 'ada@contoso.com'],
    ['Grace Hopper', 'Cobol Inc', 'grace@cobol.example'],
  ];

  it.each(['^', '~', ':', '\u0001', '\u001f'])('is found where all rows have it: %j', async (delimiter) => {
    const list = await listOf(folder, rows.map((row) => `${row.join(delimiter)}\n`).join(''));
    expect(list).toMatchObject({ delimiter, headers: rows[0] });
    expect(await rowsOf(list)).toEqual(rows.slice(1));
  });

  it('is no delimiter in a list of one column', async () => {
    const list = await listOf(folder, 'Website\nhttps://contoso.com:80\nhttps://fabrikam.com\n');
    expect(list.headers).toEqual(['Website']);
  });
});

it('a sheet of what is no workbook is refused, not left out', async () => {
  await expect(listOf(folder, 'Name\nAda\n', { sheet: 'Leads' })).rejects.toThrow(
    /no Excel file, so it has no sheet "Leads"/,
  );
});

describe('what is no list is refused with what to do', () => {
  it.each([
    ['an old Office file', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /old Excel file.*save it as \.xlsx/],
    ['an old Excel file', compoundFile('Workbook'), /an old Excel file \(\.xls\).*Excel Workbook \(\.xlsx\)/],
    [
      'a file with a password',
      compoundFile('EncryptedPackage'),
      /protected with a password.*Open it.*password/,
    ],
    [
      'an XML spreadsheet',
      '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook>',
      /old Excel file \(XML/,
    ],
    [
      'an HTML table',
      '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table><tr><td>Ada',
      /HTML table.*Excel Workbook/,
    ],
    ['a table alone', '<table border=1><tr><td>Ada', /HTML table.*Excel Workbook/],
    ['a text document', '{\\rtf1', /a text document/],
    ['bytes of some program', randomBytes, /no text but a file of some other program/],
    ['a PDF', '%PDF-1.7', /a PDF.*Save the list as CSV/],
    ['an image', Buffer.from('89504e470d0a1a0a', 'hex'), /an image/],
    ['an image of a scanner', Buffer.from('II*\0'), /an image/],
    ['a compressed file', Buffer.from('1f8b0800', 'hex'), /compressed.*Unpack/],
    ['a web page', '\n<!DOCTYPE html><html>', /web page.*log-in/],
    ['an empty file', '', /leads\.csv is empty/],
    ['blank lines', '\n \r\n', /leads\.csv is empty/],
    ['only a byte order mark', '\uFEFF', /leads\.csv is empty/],
    ['only delimiters', ',,\n,,\n', /leads\.csv is empty/],
  ])('%s', async (_what, content, message) => {
    await expect(listOf(folder, content)).rejects.toThrow(message);
    await expect(listOf(folder, content)).rejects.toMatchObject({ name: 'LeadFileError' });
  });

  it('a folder, and a file that is not there', async () => {
    await mkdir(join(folder, 'lists'), { recursive: true });
    await expect(openLeadFile(join(folder, 'lists'))).rejects.toThrow(/is a folder/);
    await expect(openLeadFile(join(folder, 'nowhere.csv'))).rejects.toThrow(/no file .*nowhere\.csv/);
  });

  it.skipIf(process.getuid?.() === 0)('a file that may not be read', async () => {
    const path = join(folder, 'secret.csv');
    await writeFile(path, 'a,b\n');
    await chmod(path, 0);
    await expect(openLeadFile(path)).rejects.toThrow(/may not be read/);
  });
});

describe('a list from a stream', () => {
  it('is read as often as needed, and leaves nothing on disk once closed', async () => {
    const own = join(folder, 'spool');
    await mkdir(own);
    const list = await openLeadStream(
      Readable.from([Buffer.from('na'), Buffer.from('me,city\nAda,London\n')]),
      'upload',
      {
        folder: own,
      },
    );
    expect(list.name).toBe('upload');
    expect(await rowsOf(list)).toEqual([['Ada', 'London']]);
    expect(await rowsOf(list)).toEqual([['Ada', 'London']]);
    await list.close();
    expect(await readdir(own)).toEqual([]);
  });

  it('leaves nothing on disk when it is no list, too large or broken off', async () => {
    const own = join(folder, 'spool-errors');
    await mkdir(own);
    const options = { folder: own, maxBytes: 2_000_000 };
    await expect(openLeadStream(Buffer.from('%PDF-1.7'), 'upload', options)).rejects.toThrow(
      /upload is a PDF/,
    );
    await expect(openLeadStream(Buffer.alloc(2_000_001, 'a'), 'upload', options)).rejects.toThrow(
      /upload is larger than 2 MB/,
    );
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('a,b\n');
        throw new Error('connection lost');
      })(),
    );
    await expect(openLeadStream(broken, 'upload', options)).rejects.toThrow('connection lost');
    expect(await readdir(own)).toEqual([]);
  });
});
