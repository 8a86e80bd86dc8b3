import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estimated } from './estimated-list.ts';
import { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await World.start({ connect: false });
});
afterAll(() => world[Symbol.asyncDispose]());

const NAMES = [
  'Ada Lovelace',
  'Grace Hopper',
  'Alan Turing',
  'Radia Perlman',
  'Barbara Liskov',
  'Edsger Dijkstra',
];

describe('an address beside different names', () => {
  it('is nobody’s key, however far apart its rows are', async () => {
    const others = Array.from(
      { length: 600 },
      (_, row) => `Person${row} Lastname${row},Firm ${row},p${row}@firm${row}.example`,
    );
    const list = [
      'Name,Company,Email',
      'Ada Lovelace,Contoso,desk@contoso.com',
      ...others,
      'Alan Turing,Contoso,desk@contoso.com',
    ];
    const found = await estimated(world, list.join('\n'));
    expect(found).toMatchObject({ rows: 602, lookups: 602, duplicates: 0 });
    expect(found.notes).toContain('shared-address');
  });

  it('stays one person’s where the names are only spelled otherwise', async () => {
    const list =
      'Name,Company,Email\nAda Lovelace,Contoso,ada@contoso.com\nA. Lovelace,Contoso,ada@contoso.com\nLovelace Ada,Contoso,ada@contoso.com';
    const found = await estimated(world, list);
    expect(found).toMatchObject({ rows: 3, lookups: 1, duplicates: 2, duplicatesBy: { email: 2 } });
    expect(found.notes).not.toContain('shared-address');
  });
});

describe('a column with one value in nearly all rows', () => {
  it('identifies nobody where it is an address, and is the employer where it is a company', async () => {
    const rows = NAMES.map((name) => `desk@seller.example,${name},Contoso`);
    const found = await estimated(world, ['Email,Name,Company', ...rows].join('\n'));
    expect(found).toMatchObject({
      lookups: 6,
      duplicates: 0,
      mapping: { name: ['Name'], company: ['Company'] },
    });
    expect(found.mapping).not.toHaveProperty('email');
    expect(found.notes).toContain('nobody-column');
  });
});

describe('what a list is one of', () => {
  const UNCLEAR = 'Firma;Job Title;Xyzzy\nContoso GmbH;CTO;1\nFabrikam AG;CEO;2';

  it('is asked for where people may be in it and none is recognised', async () => {
    await expect(estimated(world, UNCLEAR)).rejects.toThrow(
      /list of people or of companies\? .*"Job Title" looks like people\. Nothing was done\./,
    );
    await expect(estimated(world, UNCLEAR)).rejects.toMatchObject({
      name: 'KindUnclearError',
      columns: ['Job Title'],
    });
  });

  it('is asked for where names may stand under words that nobody knows', async () => {
    const list = 'Xname;Yname;Firma\nMbali;Dlamini;Contoso\nThabo;Nkosi;Fabrikam';
    await expect(estimated(world, list)).rejects.toMatchObject({ columns: ['Xname', 'Yname'] });
  });

  it.each([
    ['कखग;घचछ;कंपनी;वेबसाइट', 'राहुल;शर्मा;Contoso;contoso.in', 'प्रिया;सिंह;Fabrikam;fabrikam.in'],
    ['აბგ;კომპანია;საიტი', 'გიორგი ბერიძე;Contoso;contoso.ge', 'ნინო კაპანაძე;Fabrikam;fabrikam.ge'],
    ['აბგ;დევ;კომპანია;საიტი', 'გიორგი;ბერიძე;Contoso;contoso.ge', 'ნინო;კაპანაძე;Fabrikam;fabrikam.ge'],
    ['wer;wie;firma;web', 'xoko;abaza;contoso;contoso.pl', 'yulo;betta;fabrikam;fabrikam.pl'],
    ['wer;firma;web', 'xoko abaza;contoso;contoso.pl', 'yulo betta;fabrikam;fabrikam.pl'],
  ])('is asked for in scripts without capitals and in lower case too (%s)', async (...lines) => {
    await expect(estimated(world, lines.join('\n'))).rejects.toMatchObject({ name: 'KindUnclearError' });
  });

  it('is what somebody said', async () => {
    expect(await estimated(world, UNCLEAR, 'companies')).toMatchObject({ kind: 'companies', rows: 2 });
    await expect(estimated(world, UNCLEAR, 'people')).rejects.toThrow(/No column .* names a person/);
    const people = 'Name,Company,Email\nAda Lovelace,Contoso,ada@contoso.com\nGrace Hopper,Contoso,';
    expect(await estimated(world, people, 'companies')).toMatchObject({
      kind: 'companies',
      lookups: 1,
      duplicates: 1,
    });
  });

  it('is told by the columns where they are clear', async () => {
    expect(
      await estimated(world, 'Account Name,Website,Industry,Phone\nContoso,contoso.com,Software,1'),
    ).toMatchObject({ kind: 'companies' });
  });
});
