import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { workbook } from '../files/workbook.ts';
import { type Machine, startMachine } from './command-line.ts';

let machine: Machine;
beforeAll(async () => {
  machine = await startMachine();
});
afterAll(() => machine[Symbol.asyncDispose]());

interface Estimated {
  readonly kind: string;
  readonly rows: number;
  readonly lookups: number;
  readonly mapping: Record<string, string[]>;
  readonly list: { readonly headerRow: number | null; readonly sheet: string | null };
}
const estimate = (...args: string[]) => machine.json<Estimated>(['estimate', ...args]);
const TWICE = 'Name;Firma;Ort\nErika Muster;Fabrikam;Ulm\nName;Ort;Firma\nAda Lovelace;Bonn;Contoso\n';
const UNCLEAR = 'Xname;Yname;Firma\nMbali;Dlamini;Contoso\nThabo;Nkosi;Fabrikam\n';

describe('a list is read as somebody says', () => {
  it('with --header-row and --no-header', async () => {
    await machine.file('twice.csv', TWICE);
    expect(await estimate('twice.csv', '--header-row', '3')).toMatchObject({
      rows: 1,
      mapping: { name: ['Name'], company: ['Firma'] },
      list: { headerRow: 3 },
    });
    await machine.file('alone.csv', 'Ada Lovelace;Contoso\nGrace Hopper;Cobol Inc\n');
    expect(await estimate('alone.csv', '--no-header')).toMatchObject({ rows: 2, list: { headerRow: null } });
  });

  it('with --sheet, by name or number', async () => {
    const list = (name: string) => [
      ['Name', 'Company'],
      [name, 'Contoso'],
      ['Alan Turing', 'Enigma'],
    ];
    await machine.file(
      'book.xlsx',
      workbook(list('Ada Lovelace'), [...list('Grace Hopper'), ['Eva Blum', 'Adatum']]),
    );
    const second = await estimate('book.xlsx', '--sheet', '2');
    expect(second).toMatchObject({ rows: 3 });
    expect(await estimate('book.xlsx', '--sheet', second.list.sheet ?? '')).toMatchObject({ rows: 3 });
  });

  it('with --people and --companies, and --yes is no answer to which of both', async () => {
    await machine.file('who.csv', UNCLEAR);
    expect(await estimate('who.csv', '--companies')).toMatchObject({ kind: 'companies', rows: 2 });
    expect(await estimate('who.csv', '--people')).toMatchObject({ kind: 'people', lookups: 2 });
    const { code, stderr } = await machine.run(['enrich', 'who.csv', '--yes']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/people or of companies\?.*--map name="Xname".*--people or --companies/s);
  });
});

describe('wrong usage ends with 2, and says what is right', () => {
  it.each([
    [['--header-row', '0'], /number of a row/],
    [['--header-row', '40'], /Row 40 cannot be the header/],
    [['--sheet', 'None'], /sheet/i],
    [['--people', '--companies'], /cannot be used with/],
  ])('%j', async (flags, words) => {
    await machine.file(
      'book.xlsx',
      workbook([
        ['Name', 'Company'],
        ['Ada Lovelace', 'Contoso'],
      ]),
    );
    await machine.file('twice.csv', TWICE);
    const file = flags.includes('--sheet') ? 'book.xlsx' : 'twice.csv';
    const { code, stderr } = await machine.run(['estimate', file, ...flags]);
    expect(stderr).toMatch(words);
    expect(code).toBe(2);
  });

  it('--out with another ending than its content', async () => {
    await machine.file('twice.csv', TWICE);
    const { code, stderr } = await machine.run(['enrich', 'twice.csv', '--out', 'out.pdf', '--yes']);
    expect(code).toBe(2);
    expect(stderr).toContain('ends in .csv, .tsv or .xlsx');
  });
});

describe('the question what a list is one of', () => {
  it.each([
    ['people', { kind: 'people', rows: 2 }],
    ['companies', { kind: 'companies', rows: 2 }],
  ] as const)('is answered with %s', async (answer, expected) => {
    const file = await machine.file('who.csv', UNCLEAR);
    const asked: string[] = [];
    vi.doMock('../../bot/cli/questions.ts', () => ({
      chosen: async (question: string, about: string) => {
        asked.push(question, about);
        return answer;
      },
    }));
    const { prepareList } = await import('../../bot/cli/list.ts');
    const { World } = await import('../jobs/world.ts');
    await using world = await World.start({ connect: false });
    const session = { output: { say: () => {} }, workspace: 'contoso', json: false };
    const { job } = await prepareList(
      session as unknown as Parameters<typeof prepareList>[0],
      world.core,
      path.resolve(file),
      {},
    );
    expect(job).toMatchObject(expected);
    expect(asked).toEqual(['What is it a list of?', expect.stringContaining('"Xname", "Yname"')]);
    vi.doUnmock('../../bot/cli/questions.ts');
    vi.resetModules();
  });
});
