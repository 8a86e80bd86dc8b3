import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identifyCompany, identifyPerson, normaliseLead, type RawLead } from '../../core/leads/index.ts';

const person = (raw: RawLead) => identifyPerson(normaliseLead(raw));
const company = (raw: RawLead) => identifyCompany(normaliseLead(raw));
/** Without middle initials and legal form, which some leave out. */
const base = (keys: readonly string[] | undefined) => keys?.map((key) => key.replace(/#.*$/, ''));

describe('the identity of a person', () => {
  test('has its keys strongest first', () => {
    expect(
      person({
        apollo_id: '64a7ff0cc4dfae00013df1a5',
        linkedin_url: 'linkedin.com/in/Ada',
        email: 'Ada@Contoso.com',
        hashed_email: 'd41d8cd98f00b204e9800998ecf8427e',
        name: 'Ada Lovelace',
        company: 'Contoso Ltd.',
      }),
    ).toEqual([
      'id:64a7ff0cc4dfae00013df1a5',
      'li:ada',
      'em:ada@contoso.com',
      'eh:d41d8cd98f00b204e9800998ecf8427e',
      'nd:adalovelace@contoso.com',
      'nc:adalovelace@contoso#/ltd',
    ]);
  });

  test('needs more than a name, a part of a name or a company', () => {
    expect(person({ name: 'Ada Lovelace' })).toBeUndefined();
    expect(person({ company: 'Contoso', domain: 'contoso.com' })).toBeUndefined();
    expect(person({ first_name: 'Ada', domain: 'contoso.com' })).toBeUndefined();
    expect(person({ name: 'Ada', company: 'Contoso' })).toBeUndefined();
    expect(person({ linkedin_url: 'https://www.linkedin.com/sales/lead/ACwAAB,x' })).toBeUndefined();
    expect(person({})).toBeUndefined();
  });

  test('is not a shared mailbox, unless the lead has nothing else', () => {
    expect(person({ email: 'info@contoso.com', name: 'Ada Lovelace' })).toEqual([
      'nd:adalovelace@contoso.com',
    ]);
    expect(person({ email: 'sales@gmail.com', name: 'Ada Lovelace' })).toBeUndefined();
    expect(person({ email: 'info@contoso.com' })).toEqual(['em:info@contoso.com']);
    expect(person({ email: 'noreply@contoso.com' })).toBeUndefined();
  });

  test('takes a name in Chinese as a whole one, without a space', () => {
    expect(person({ name: '李雷', domain: 'contoso.com' })).toEqual(['nd:李雷@contoso.com']);
    expect(person({ name: '李 雷', domain: 'contoso.com' })).toEqual(['nd:李雷@contoso.com']);
  });

  test.each([
    [{ name: 'Søren Müller' }, { first_name: 'SOREN', last_name: 'Muller, PhD' }],
    [{ name: 'Mei-Ling O’Neill' }, { name: 'Mei Ling O Neill' }],
    [{ name: 'Ana Maria de la Cruz' }, { first_name: 'Ana Maria de', last_name: 'la Cruz' }],
    [{ name: 'Łukasz Strauß' }, { name: 'Strauss, Lukasz' }],
    [{ name: 'Nguyễn Trần' }, { name: 'Nguye\u0302\u0303n Tra\u0302\u0300n'.normalize('NFD') }],
  ])('is one for %j and %j', (one, other) => {
    const of = (raw: RawLead) => person({ ...raw, domain: 'contoso.com' });
    expect(of(one)).toBeDefined();
    expect(of(one)).toEqual(of(other));
  });
});

describe('the identity of a company', () => {
  test('is its domain, its LinkedIn page, its name', () => {
    expect(
      company({
        domain: 'https://www.contoso.com',
        company_linkedin_url: 'linkedin.com/company/Contoso/',
        company: 'Contoso, Inc.',
      }),
    ).toEqual(['do:contoso.com', 'cl:contoso', 'cn:contoso#/inc']);
    expect(company({ name: 'Ada Lovelace' })).toBeUndefined();
  });

  test.each([
    'Fabrikam Robotics GmbH',
    'fabrikam robotics',
    'FABRIKAM-ROBOTICS, INC.',
    'Fabrikam Robotics GmbH & Co. KG',
    'Fabrikam Robotics Ltd',
    'Fabrikam Robotics S.A.',
    'Fabrikam Robotics B. V.',
    'Fabrikam Robotics K.K.',
    'Fabrikam Robotics Sp. z o.o.',
    'Fabrikam Robotics A/S',
    'Fabrikam Robotics Oy',
    'Fàbrikam Robotics AB',
    'The Fabrikam Robotics Company',
    '株式会社Fabrikam Robotics',
  ])('%s is Fabrikam Robotics', (name) => {
    expect(base(company({ company: name }))).toEqual(['cn:fabrikamrobotics']);
  });

  test.each([
    ['Mercury Incorporated', 'mercury, inc.'],
    ['Mercury Private Limited', 'Mercury Pvt. Ltd.'],
    ['Mercury GmbH & Co. KG', 'Mercury GmbH und Co KG'],
    ['Mercury L.L.C.', 'Mercury LLC'],
    ['株式会社Mercury', 'Mercury K.K.'],
    ['Mercury Company', 'Mercury'],
  ])('is the same for %s and %s', (one, other) => {
    expect(company({ company: one })).toEqual(company({ company: other }));
  });

  test.each([
    ['Mercury Inc', 'Mercury GmbH'],
    ['Mercury GmbH', 'Mercury GmbH & Co. KG'],
    ['Mercury Ltd', 'Mercury Pty Ltd'],
    ['株式会社Mercury', '有限会社Mercury'],
  ])('is another for %s and %s', (one, other) => {
    expect(company({ company: one })).not.toEqual(company({ company: other }));
  });

  test('keeps words that only look like a legal form', () => {
    expect(company({ company: 'San Diego Zoo' })).toEqual(['cn:sandiegozoo']);
    expect(company({ company: 'Vitamin E' })).toEqual(['cn:vitamine']);
    expect(company({ company: 'AB' })).toEqual(['cn:ab']);
  });
});

describe('spelling', () => {
  const given = fc.constantFrom('Ada', 'José', 'Søren', 'Zoë', 'Grace', 'François', 'Mei-Ling', 'Łukasz');
  const family = fc.constantFrom(
    'Lovelace',
    'Müller',
    "O'Neill",
    'Hopper',
    'van Rossum',
    'de la Cruz',
    'Trần',
    'Ångström',
  );
  const before = fc.constantFrom('', 'Dr. ', 'Prof. Dr. ', 'Frau ', 'Mr ', '🚀 ');
  const after = fc.constantFrom('', ', PhD', ' MBA', ', CFA, PMP', ' 🚀', ' (she/her)', ' | Sales');
  const letterCase = fc.constantFrom(
    (text: string) => text,
    (text: string) => text.toUpperCase(),
    (text: string) => text.toLowerCase(),
  );
  const form = fc.constantFrom<'NFC' | 'NFD'>('NFC', 'NFD');
  const space = fc.constantFrom(' ', '  ', '\u00a0', '\u200b ', '\t');
  const legal = fc.constantFrom('', ' GmbH', ', Inc.', ' AG', ' S.A.', ' Ltd.', ' & Co. KG');

  test('of name and company makes no difference to the identity', () => {
    fc.assert(
      fc.property(
        given,
        family,
        before,
        after,
        letterCase,
        form,
        space,
        legal,
        fc.boolean(),
        (first, last, title, degree, cased, unicode, gap, suffix, whole) => {
          const odd = (text: string) => cased(text).normalize(unicode).replaceAll(' ', gap);
          const employer = odd(`Fabrikam Robotics${suffix}`);
          const spelt = whole
            ? { name: title + odd(`${first} ${last}`) + degree, company: employer }
            : { first_name: title + odd(first), last_name: odd(last) + degree, company: employer };
          expect(base(person(spelt))).toEqual(
            person({ first_name: first, last_name: last, company: 'Fabrikam Robotics' }),
          );
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('of addresses makes no difference either', () => {
    const slug = fc.stringMatching(/^[b-z][a-z]{2,10}-[0-9a-f]{6}$/);
    const prefix = fc.constantFrom('', 'http://', 'https://www.', 'www.', 'https://de.', 'm.', 'HTTPS://');
    const tail = fc.constantFrom('', '/', '/en', '?trk=x', '/?a=b#c', '/details/', ' ');
    fc.assert(
      fc.property(slug, prefix, tail, letterCase, (name, start, end, cased) => {
        expect(person({ linkedin_url: cased(`${start}linkedin.com/in/${name}${end}`) })).toEqual([
          `li:${name}`,
        ]);
      }),
    );
  });
});

describe('two rows', () => {
  test.each<[RawLead, RawLead]>([
    [
      { name: 'García Márquez, José Luis', company: 'Bodegas GM' },
      { name: 'García Márquez, Ana María', company: 'Bodegas GM' },
    ],
    [
      { name: 'Robert Smith Jr.', company: 'Smith & Sons' },
      { name: 'Robert Smith Sr.', company: 'Smith & Sons' },
    ],
    [
      { name: 'Ada Lovelace', company: 'Contoso', email: 'noemail@noemail.com' },
      { name: 'Alan Turing', company: 'Enigma', email: 'noemail@noemail.com' },
    ],
    [
      { name: 'Ada Lovelace', company: 'Contoso', linkedin_url: 'https://www.linkedin.com/in/null' },
      { name: 'Alan Turing', company: 'Enigma', linkedin_url: 'https://www.linkedin.com/in/null' },
    ],
    [
      { name: 'John F. Kennedy', company: 'AE' },
      { name: 'John B. Kennedy', company: 'AE' },
    ],
    [
      { name: 'John Smith', company: 'Mercury Inc' },
      { name: 'John Smith', company: 'Mercury GmbH' },
    ],
    [
      { name: 'Robert Smith Jr.', company: 'Smith & Sons' },
      { name: 'Robert Smith', company: 'Smith & Sons' },
    ],
    [
      { name: 'J. Smith', company: 'AE' },
      { name: 'John Smith', company: 'AE' },
    ],
    [
      { name: 'Michael Nowak', company: 'AE' },
      { name: 'Michal Nowak', company: 'AE' },
    ],
  ])('%j and %j are two people', (one, other) => {
    expect(person(one)).toBeDefined();
    const shared = person(one)?.filter((key) => person(other)?.includes(key));
    expect(shared).toEqual([]);
  });

  test.each<[RawLead, RawLead]>([
    [
      { name: 'Jürgen Müller', company: 'AE' },
      { name: 'Juergen Mueller', company: 'AE' },
    ],
    [
      { name: 'J. R. Smith', company: 'AE' },
      { name: 'Smith, J.R.', company: 'AE' },
    ],
    [
      { name: 'John F. Kennedy', company: 'AE' },
      { first_name: 'john f', last_name: 'kennedy', company: 'AE' },
    ],
    [{ email: 'ada+linkedin@contoso.com' }, { email: 'ada@contoso.com' }],
  ])('%j and %j are one person', (one, other) => {
    expect(person(one)?.[0]).toBe(person(other)?.[0]);
  });

  test('with no more than an initial for the last name are nobody, and share nothing', () => {
    expect(person({ first_name: 'Ana', last_name: 'M.', company: 'Deloitte' })).toBeUndefined();
  });
});
