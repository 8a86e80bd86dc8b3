import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { type EnrichedRow, type LeadFile, safeCell, writeEnriched } from '../../core/node/files/index.ts';
import { linesOf, listOf, testFolder } from './lists.ts';
import { workbook } from './workbook.ts';

const folder = await testFolder();
const columns = ['apollo_outcome', 'apollo_email'];

async function* enriched(list: LeadFile): AsyncGenerator<EnrichedRow> {
  for await (const line of list.lines()) {
    yield 'otherRow' in line ? line : { cells: line, added: ['matched', 'ada@example.com'] };
  }
}

async function outputFor(list: LeadFile): Promise<string> {
  const target = join(folder, 'enriched.csv');
  await writeEnriched({ target, source: list, columns, rows: enriched(list) });
  return readFile(target, 'utf8');
}

describe('an enriched list', () => {
  it('has its own columns untouched, in order, and the new ones after them', async () => {
    const list = await listOf(
      folder,
      '"name","note"\r\n"Lovelace, Ada","said ""hi""\r\ntwice"\r\nGrace\r\n,\r\n',
    );
    expect(await outputFor(list)).toBe(
      'name,note,apollo_outcome,apollo_email\r\n' +
        '"Lovelace, Ada","said ""hi""\r\ntwice",matched,ada@example.com\r\n' +
        'Grace,,matched,ada@example.com\r\n' +
        ',\r\n',
    );
  });

  it('has what is no lead as it was and where it was', async () => {
    const text = [
      'Exported by Growth team',
      '',
      'Person,,Company',
      'First,Last,Name',
      'Ada,Lovelace,Contoso',
      '',
      'First,Last,Name',
      'Grace,Hopper,"Cobol, Inc"',
      ',,',
      ',,',
      '"Grand Totals (2 records)",,',
      '© 2026 Contoso',
    ].join('\n');
    expect(await outputFor(await listOf(folder, `${text}\n`))).toBe(
      [
        '\uFEFFExported by Growth team',
        '',
        'Person,,Company',
        'First,Last,Name,apollo_outcome,apollo_email',
        'Ada,Lovelace,Contoso,matched,ada@example.com',
        '',
        'First,Last,Name',
        'Grace,Hopper,"Cobol, Inc",matched,ada@example.com',
        ',,',
        ',,',
        'Grand Totals (2 records),,',
        '© 2026 Contoso',
        '',
      ].join('\n'),
    );
  });

  it('keeps delimiter and line break', async () => {
    expect(await outputFor(await listOf(folder, 'a;b\n1,5;2\n'))).toBe(
      'a;b;apollo_outcome;apollo_email\n1,5;2;matched;ada@example.com\n',
    );
    expect(await outputFor(await listOf(folder, 'a\tb\r1\t2'))).toBe(
      'a\tb\tapollo_outcome\tapollo_email\n1\t2\tmatched\tada@example.com\n',
    );
  });

  it('is UTF-8 that Excel shows rightly where the list came from Excel or in another encoding', async () => {
    const german = 'Straße,Ort\nHauptstraße,Köln\n';
    expect(await outputFor(await listOf(folder, german))).toMatch(/^\uFEFFStraße/);
    expect(await outputFor(await listOf(folder, 'Strasse,Ort\nHauptstrasse,Koeln\n'))).toMatch(
      /^Strasse,Ort/,
    );
    expect(await outputFor(await listOf(folder, `\uFEFF${german}`))).toMatch(
      /^\uFEFFStraße.*\nHauptstraße,Köln,/,
    );
    for (const encoding of ['windows-1252', 'utf-16le', 'utf-16be']) {
      const list = await listOf(folder, iconv.encode(german, encoding));
      expect(await outputFor(list)).toMatch(/^\uFEFFStraße,Ort,.*\nHauptstraße,Köln,/);
    }
    const sheet = await listOf(folder, workbook([['Straße'], ['Hauptstraße']]));
    expect(await outputFor(sheet)).toMatch(/^\uFEFFStraße,.*\r\nHauptstraße,/);
  });

  it('has a header even if the list had none', async () => {
    expect(await outputFor(await listOf(folder, 'Ada,ada@example.com\n'))).toBe(
      'Column 1,Column 2,apollo_outcome,apollo_email\nAda,ada@example.com,matched,ada@example.com\n',
    );
  });

  it('executes nothing in a spreadsheet, headers included, and leaves phone numbers alone', async () => {
    const list = await listOf(folder, '=cmd(),phone,@x\n=1+1,+1 415 555 0100,-12.5\n');
    expect(await outputFor(list)).toBe(
      "'=cmd(),phone,'@x,apollo_outcome,apollo_email\n'=1+1,+1 415 555 0100,-12.5,matched,ada@example.com\n",
    );
  });

  it('may be enriched again: its columns stay, the new ones get a number', async () => {
    const once = await outputFor(await listOf(folder, 'name\nAda\n'));
    const twice = await outputFor(await listOf(folder, once));
    const thrice = await outputFor(await listOf(folder, twice));
    expect(thrice.split('\n')[0]).toBe(
      'name,apollo_outcome,apollo_email,apollo_outcome_2,apollo_email_2,apollo_outcome_3,apollo_email_3',
    );
  });

  it('is read back, by us and by another CSV library, as the same cells, whatever they hold', async () => {
    const unit = fc.oneof(
      fc.constantFrom('"', ',', ';', '\t', '|', '\n', '\r', '=', '-', "'", ' ', '\0', '\uFEFF', 'ü'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    // With several kinds of control characters it is no text, and refused.
    const cell = fc
      .string({ unit })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
      .map((text) => text.replace(/[\x01-\x08\x0e-\x19\x1c-\x1f]/g, '\0'));
    const table = fc
      .integer({ min: 1, max: 5 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 8 }));
    const source = fc.record({
      format: fc.constant('csv' as const),
      encoding: fc.constantFrom('utf-8', 'windows-1252'),
      bom: fc.boolean(),
      delimiter: fc.constantFrom<',' | ';' | '\t' | '|'>(',', ';', '\t', '|'),
      newline: fc.constantFrom<'\r\n' | '\n' | '\r'>('\r\n', '\n', '\r'),
    });
    await fc.assert(
      fc.asyncProperty(table, source, async (rows, facts) => {
        const headers = (rows[0] ?? ['x']).map((_, index) => `column ${index}`);
        const target = join(folder, 'round-trip.csv');
        const given = (async function* () {
          for (const cells of rows) yield { cells, added: [] };
        })();
        const written = await writeEnriched({
          target,
          source: { ...facts, headers },
          columns: [],
          rows: given,
        });
        expect(written).toEqual({ rows: rows.length });
        const safe = rows.map((row) => row.map(safeCell));
        const content = await readFile(target);
        const { delimiter } = facts;
        const list = await listOf(folder, content, { delimiter, header: true, fileName: 'again.csv' });
        expect(list.headers).toEqual(headers);
        expect(await linesOf(list)).toEqual(safe);
        const newline = facts.newline === '\r\n' ? '\r\n' : '\n';
        const others = parse(content, { bom: true, delimiter: facts.delimiter, record_delimiter: newline });
        expect(others).toEqual([headers, ...safe]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('writing', () => {
  it('leaves the file that is there, and no other, when the rows break off', async () => {
    const own = join(folder, 'broken');
    await mkdir(own);
    const target = join(own, 'out.csv');
    await writeFile(target, 'before');
    const rows = (async function* () {
      for (let row = 0; row < 20_000; row++) yield { cells: ['Ada'], added: [] };
      throw new Error('no more leads');
    })();
    const list = await listOf(folder, 'name\nAda\n');
    await expect(writeEnriched({ target, source: list, columns: [], rows })).rejects.toThrow('no more leads');
    expect(await readdir(own)).toEqual(['out.csv']);
    expect(await readFile(target, 'utf8')).toBe('before');
  });

  it('stops when it is told to, and leaves nothing', async () => {
    const own = join(folder, 'stopped');
    await mkdir(own);
    const stop = new AbortController();
    const rows = (async function* () {
      for (let row = 0; ; row++) {
        if (row === 100) stop.abort();
        yield { cells: ['Ada'], added: [] };
      }
    })();
    const list = await listOf(folder, 'name\nAda\n');
    const writing = writeEnriched({
      target: join(own, 'out.csv'),
      source: list,
      columns: [],
      rows,
      signal: stop.signal,
    });
    await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(own)).toEqual([]);
  });

  it('says why a file cannot be written and what to do', async () => {
    const list = await listOf(folder, 'name\nAda\n');
    const write = (target: string) => writeEnriched({ target, source: list, columns, rows: enriched(list) });
    await expect(write(join(folder, 'nowhere', 'out.csv'))).rejects.toThrow(
      /folder does not exist.*try again/,
    );
    await mkdir(join(folder, 'taken'));
    await expect(write(join(folder, 'taken'))).rejects.toMatchObject({
      name: 'OutputFileError',
      message: expect.stringMatching(/it is a folder/),
    });
    await expect(write(join(folder, 'taken'))).rejects.toThrow(/taken could not be written/);
  });

  it('gives a stream all of it, however slowly it is read', async () => {
    const list = await listOf(folder, `name\n${'Ada Lovelace\n'.repeat(20_000)}Zoë\n`);
    const slow = new PassThrough();
    const writing = writeEnriched({ target: slow, source: list, columns, rows: enriched(list) });
    await new Promise((resolve) => slow.once('readable', resolve));
    const text = (await Array.fromAsync(slow)).join('');
    expect(await writing).toEqual({ rows: 20_001 });
    expect(text.split('\n')).toHaveLength(20_003);
    // What comes last decides of the mark that stands first.
    expect(text.startsWith('\uFEFFname')).toBe(true);
  });

  it('passes on what a stream fails with', async () => {
    const list = await listOf(folder, 'name\nAda\n');
    const target = new Writable({
      write(_chunk, _encoding, done) {
        done(new Error('connection lost'));
      },
    });
    await expect(writeEnriched({ target, source: list, columns, rows: enriched(list) })).rejects.toThrow(
      'connection lost',
    );
  });

  it('refuses rows that would put a value under the wrong name', async () => {
    const list = await listOf(folder, 'name\nAda\n');
    const rows = (async function* () {
      yield { cells: ['Ada', 'Lovelace'], added: ['matched', ''] };
    })();
    const target = join(folder, 'wrong.csv');
    await expect(writeEnriched({ target, source: list, columns, rows })).rejects.toThrow(
      /row 1 has 2 \+ 2 cells/,
    );
  });
});
