import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estimated } from './estimated-list.ts';
import { startWorld, World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await World.start({ connect: false });
});
afterAll(() => world[Symbol.asyncDispose]());

const people = (...rows: readonly string[]) => ['Name,Company,Email,LinkedIn', ...rows].join('\n');

describe('rows of a list that are one person', () => {
  it.each<[string, string[]]>([
    ['with and without a middle initial', ['John F. Kennedy,AE', 'John Kennedy,AE']],
    ['in the other order', ['John Kennedy,AE', 'John F. Kennedy,AE', 'john f kennedy,AE']],
    ['with and without a legal form', ['John Smith,Mercury', 'John Smith,"Mercury, Inc."']],
    ['each with another detail', ['John F. Kennedy,Mercury', 'John Kennedy,Mercury Inc']],
    ['in another spelling', ['Jürgen Müller,AE', 'Juergen Mueller,AE']],
    [
      'with a tag in the address',
      ['Ada Lovelace,,ada+linkedin@contoso.com', 'Ada Lovelace,,ada@contoso.com'],
    ],
  ])('share a look-up: %s', async (_, rows) => {
    expect(await estimated(world, people(...rows))).toMatchObject({
      lookups: 1,
      duplicates: rows.length - 1,
    });
  });
});

describe('rows of a list that may be two people', () => {
  it.each<[string, string[]]>([
    ['initials', ['John F. Kennedy,AE', 'John B. Kennedy,AE']],
    ['a name beside two with initials', ['John F. Kennedy,AE', 'John Kennedy,AE', 'John B. Kennedy,AE']],
    ['the same the other way round', ['John Kennedy,AE', 'John B. Kennedy,AE', 'John F. Kennedy,AE']],
    ['legal forms', ['John Smith,Mercury Inc', 'John Smith,Mercury GmbH']],
    [
      'a company beside two with legal forms',
      ['John Smith,Mercury', 'John Smith,Mercury Inc', 'John Smith,Mercury GmbH'],
    ],
    ['father and son', ['Robert Smith Jr.,Smith & Sons', 'Robert Smith Sr.,Smith & Sons']],
    ['given names', ['"García Márquez, José Luis",Bodegas GM', '"García Márquez, Ana María",Bodegas GM']],
    [
      'a placeholder for an address',
      ['Ada Lovelace,Contoso,noemail@noemail.com', 'Alan Turing,Enigma,noemail@noemail.com'],
    ],
    [
      'a placeholder for a profile',
      [
        'Ada Lovelace,Contoso,,https://www.linkedin.com/in/null',
        'Alan Turing,Enigma,,https://www.linkedin.com/in/null',
      ],
    ],
    ['one address', ['Ada Lovelace,Contoso,office@contoso.com', 'Alan Turing,Contoso,office@contoso.com']],
    [
      'profiles',
      [
        'John Smith,AE,,https://www.linkedin.com/in/john-smith-1',
        'John Smith,AE,,https://www.linkedin.com/in/john-smith-2',
      ],
    ],
  ])('are looked up each: %s', async (_, rows) => {
    expect(await estimated(world, people(...rows))).toMatchObject({ lookups: rows.length, duplicates: 0 });
  });

  it('with no more than an initial for the last name are not looked up at all', async () => {
    const list = 'First Name,Last Name,Company\nAna,M.,Deloitte\nAna,M.,Deloitte';
    expect(await estimated(world, list)).toMatchObject({ lookups: 0, duplicates: 0, skipped: 2 });
  });
});

it('gives a company no domain of another legal form', async () => {
  const list = (other: string) => `Company,Website\nMercury Inc,mercury.com\n${other},\nContoso,contoso.com`;
  expect(await estimated(world, list('Mercury GmbH'), 'companies')).toMatchObject({ lookups: 2, skipped: 1 });
  expect(await estimated(world, list('Mercury'), 'companies')).toMatchObject({ lookups: 2, duplicates: 1 });
});

describe('rows that may be one person and are looked up each', () => {
  it.each<[string, string[], number]>([
    ['short forms', ['Bob Smith,Contoso', 'Robert Smith,Contoso'], 1],
    ['short forms at one domain', ['Bob Smith,,bob@contoso.com', 'Robert Smith,,rsmith@contoso.com'], 1],
    ['an initial', ['J. Smith,AE', 'John Smith,AE', 'John Smith,AE'], 1],
    ['one who may be either', ['John F. Kennedy,AE', 'John Kennedy,AE', 'John B. Kennedy,AE'], 2],
    ['legal forms', ['John Smith,Mercury Inc', 'John Smith,Mercury GmbH'], 1],
    ['a son or his father', ['Robert Smith Jr.,Smith & Sons', 'Robert Smith,Smith & Sons'], 1],
    ['father and son', ['Robert Smith Jr.,Smith & Sons', 'Robert Smith Sr.,Smith & Sons'], 0],
    ['other given names', ['Ada Smith,Contoso', 'Grace Smith,Contoso'], 0],
    ['other employers', ['Bob Smith,Contoso', 'Robert Smith,Fabrikam'], 0],
    [
      'a profile each',
      [
        'Bob Smith,AE,,https://www.linkedin.com/in/bob-smith-1',
        'Robert Smith,AE,,https://www.linkedin.com/in/robert-smith-2',
      ],
      0,
    ],
  ])('are counted: %s', async (_, rows, expected) => {
    const { notes, possibleDuplicates } = await estimated(world, people(...rows));
    expect(possibleDuplicates?.rows ?? 0).toBe(expected);
    expect(notes.includes('possible-duplicates')).toBe(expected > 0);
  });
});

it('says what of the names is not sent, how often and why', async () => {
  const { notes, leftOutOfNames } = await estimated(
    world,
    people(
      'Dr. Ada Lovelace,Contoso',
      '"Hopper, Grace, PhD, MBA",Contoso',
      'Alan Turing at Enigma,Enigma',
      'Mary Shaw,AE',
    ),
  );
  expect(leftOutOfNames).toEqual({
    rows: 3,
    why: { title: 1, degree: 1, 'employer-or-place': 1 },
    example: { sent: 'Ada Lovelace', leftOut: 'Dr' },
  });
  expect(notes).toContain('left-out-of-names');
});

it('asks Apollo once for those who are one, and once for each of the others', async () => {
  await using running = await startWorld();
  const rows = [
    ['John Kennedy', 'AE'],
    ['John F. Kennedy', 'AE'],
    ['John Smith', 'Mercury Inc'],
    ['John Smith', 'Mercury GmbH'],
    ['John Smith', 'Mercury'],
  ];
  const { counts } = await running.run({ headers: ['Name', 'Company'], rows });
  expect(counts).toMatchObject({ lookups: 4, duplicates: 1 });
  expect(running.sandbox.counts().lookups.people).toBe(4);
});
