import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Lead, normaliseLead, type RawLead } from '../../core/leads/index.ts';

const rawFrom = (lead: Lead): RawLead => ({
  ...(lead.apolloId && { apollo_id: lead.apolloId }),
  ...(lead.linkedinUrl && { linkedin_url: lead.linkedinUrl }),
  ...(lead.email && { email: lead.email }),
  ...(lead.hashedEmail && { hashed_email: lead.hashedEmail }),
  ...(lead.firstName && { first_name: lead.firstName }),
  ...(lead.lastName && {
    last_name: lead.lastName + (lead.generation && !lead.name ? ` ${lead.generation}` : ''),
  }),
  ...(lead.name && { name: lead.name + (lead.generation ? ` ${lead.generation}` : '') }),
  ...(lead.company && { company: lead.company }),
  ...(lead.domain && { domain: lead.domain }),
  ...(lead.companyLinkedinUrl && { company_linkedin_url: lead.companyLinkedinUrl }),
});

describe('the name of a person', () => {
  const ada = { firstName: 'Ada', lastName: 'Lovelace' };

  test.each([
    'Ada Lovelace',
    '  Ada \u00a0 Lovelace\u200b ',
    'A\0da Lovelace',
    'Lovelace, Ada',
    'Dr. Ada Lovelace',
    'Dr.-Ing. Ada Lovelace',
    'Dipl.-Ing. Ada Lovelace',
    'Prof. Dr. med. Ada Lovelace, PhD, MBA',
    'Prof.Dr.Ada Lovelace',
    'Mrs Ada Lovelace',
    'Frau Ada Lovelace',
    'Ada Lovelace MBA',
    'Ada Lovelace, Ph. D.',
    'Ada Lovelace, CFA, PMP®',
    'Ada Lovelace, M.A.',
    'Ada Lovelace, Certified Coach',
    'Ada “Enchantress” Lovelace',
    "Ada 'The Countess' Lovelace",
    'Ada (Byron) Lovelace',
    'Ada Lovelace (She/Her)',
    'Ada Lovelace she/her',
    '🚀 Ada Lovelace 👩‍💻🇬🇧',
    'Ada Lovelace ★ CEO',
    'Ada Lovelace | I help machines think',
    'Ada Lovelace · 2nd',
    'Ada Lovelace - Contoso',
    'Ada Lovelace #OpenToWork',
    '𝐀𝐝𝐚 𝐋𝐨𝐯𝐞𝐥𝐚𝐜𝐞',
    '"Ada Lovelace"',
  ])('%s', (name) => {
    expect(normaliseLead({ name })).toEqual(ada);
  });

  test.each([
    ['Guido van Rossum', 'Guido', 'van Rossum'],
    ['van Rossum, Guido', 'Guido', 'van Rossum'],
    ['Ursula von der Leyen', 'Ursula', 'von der Leyen'],
    ['Gerard ’t Hooft', 'Gerard', '’t Hooft'],
    ['Maria da Silva Santos', 'Maria', 'da Silva Santos'],
    ['García Márquez, Gabriel', 'Gabriel', 'García Márquez'],
    ['Smith, John A.', 'John A.', 'Smith'],
    ['Al Gore', 'Al', 'Gore'],
    ['Jack Ma', 'Jack', 'Ma'],
    ['JACK MA', 'JACK', 'MA'],
    ['Ada Lovelace Jr.', 'Ada', 'Lovelace', 'jr'],
    ['Jean-Luc O’Neill', 'Jean-Luc', 'O’Neill'],
  ])('%s is %s + %s', (name, firstName, lastName, generation?: string) => {
    expect(normaliseLead({ name })).toEqual({ firstName, lastName, ...(generation && { generation }) });
  });

  test('stays whole where first and last cannot be told apart safely', () => {
    for (const name of ['Grace B. Hopper', 'Mary Ann Smith', '李雷', '李 雷']) {
      expect(normaliseLead({ name })).toEqual({ name });
    }
  });

  test('is absent where the cell holds none', () => {
    for (const name of [
      'N/A',
      '-',
      'null',
      '#N/A',
      'Unknown',
      '12345',
      'LinkedIn Member',
      'ada@contoso.com',
      '=SUM(1+1)',
      'https://contoso.com',
      'J'.repeat(5000),
      '🚀',
      'Dr.',
    ]) {
      expect(normaliseLead({ name })).toEqual({});
    }
  });

  test.each<[first: string, last: string, whole: string, expected: Lead]>([
    ['Ada', 'Lovelace, MBA', '', ada],
    ['Dr. Ada', 'Lovelace PhD', '', ada],
    ['Ada', 'Lovelace 🚀', '', ada],
    ['Ada Lovelace', 'Lovelace', '', ada],
    ['Ada', 'Lovelace', 'Somebody Else', ada],
    ['Ada', '', 'Ada Lovelace', ada],
    ['', 'Lovelace', 'Ada Lovelace', ada],
    ['null', 'Lovelace', 'Ada Lovelace', ada],
    ['Guido van', 'Rossum', '', { firstName: 'Guido', lastName: 'van Rossum' }],
    ['Ada', 'King - Lovelace', '', { firstName: 'Ada', lastName: 'King-Lovelace' }],
    ['', 'López', 'Ana María López', { firstName: 'Ana María', lastName: 'López' }],
    ['Ana', '', 'Ana María López', { name: 'Ana María López' }],
    ['Ada', 'MBA', '', { firstName: 'Ada' }],
    ['Ada', '', '', { firstName: 'Ada' }],
    ["Robert'); DROP TABLE leads;--", 'Tables', '', { firstName: 'Robert', lastName: 'Tables' }],
  ])('first "%s", last "%s", whole "%s"', (first_name, last_name, name, expected) => {
    expect(normaliseLead({ first_name, last_name, name })).toEqual(expected);
  });
});

describe('a LinkedIn address', () => {
  test.each([
    'https://www.linkedin.com/in/ada-lovelace/',
    'www.linkedin.com/in/ADA-LOVELACE',
    'http://linkedin.com/in/ada-lovelace?trk=people-search#top',
    'https://de.linkedin.com/in/ada-lovelace/en',
    'm.linkedin.com/in/ada-lovelace',
    'https://www.linkedin.com/mwlite/in/ada-lovelace',
    ' <https://www.linkedin.com/in/ada-lovelace> ',
    'https%3A%2F%2Fwww.linkedin.com%2Fin%2Fada-lovelace',
    'https://www.linkedin.com/in/%61da-lovelace',
    'https://www.linkedin.com//in//ada-lovelace',
    '/in/ada-lovelace/',
    '=HYPERLINK("https://www.linkedin.com/in/ada-lovelace","Ada")',
  ])('%s has one form', (linkedin_url) => {
    expect(normaliseLead({ linkedin_url })).toEqual({
      linkedinUrl: 'https://www.linkedin.com/in/ada-lovelace',
    });
  });

  test('of the old /pub/ kind leads where LinkedIn redirects it', () => {
    expect(normaliseLead({ linkedin_url: 'https://de.linkedin.com/pub/ada-lovelace/a7/576/b50' })).toEqual({
      linkedinUrl: 'https://www.linkedin.com/in/ada-lovelace-b50576a7',
    });
    expect(normaliseLead({ linkedin_url: 'linkedin.com/pub/ada-lovelace/1/2b/3c' })).toEqual({
      linkedinUrl: 'https://www.linkedin.com/in/ada-lovelace-03c02b1',
    });
  });

  test('is the same encoded and not, composed and not', () => {
    const spellings = ['in/J%C3%BCrgen-1', 'in/jürgen-1', 'in/ju\u0308rgen-1', 'in/ju%CC%88rgen-1'];
    const urls = spellings.map((path) => normaliseLead({ linkedin_url: `https://linkedin.com/${path}` }));
    expect(new Set(urls.map((lead) => lead.linkedinUrl))).toEqual(
      new Set(['https://www.linkedin.com/in/j%C3%BCrgen-1']),
    );
  });

  test.each([
    'https://www.linkedin.com/sales/lead/ACwAAAB1cd,NAME_SEARCH,x',
    'https://www.linkedin.com/sales/people/ACwAAAB1cd',
    'https://www.linkedin.com/talent/profile/AEMAAB1cd',
    'https://www.linkedin.com/in/ACoAABxyz1234567890',
    'https://www.linkedin.com/in/',
    'https://www.linkedin.com/in/%E0%A4%A',
    'https://notlinkedin.com/in/ada',
    'https://www.linkedin.com/feed/',
    'N/A',
  ])('%s identifies nobody', (linkedin_url) => {
    expect(normaliseLead({ linkedin_url })).toEqual({});
  });

  test('of a company is the company’s, in whichever column it arrives', () => {
    const expected = { companyLinkedinUrl: 'https://www.linkedin.com/company/contoso' };
    const url = 'http://de.linkedin.com/company/Contoso/about/?x=1';
    expect(normaliseLead({ linkedin_url: url })).toEqual(expected);
    expect(normaliseLead({ company_linkedin_url: url })).toEqual(expected);
    expect(normaliseLead({ domain: url })).toEqual(expected);
  });
});

describe('an e-mail address', () => {
  test.each([
    [' ADA@Contoso.COM ', 'ada@contoso.com'],
    ['mailto:ada@contoso.com?subject=Hello', 'ada@contoso.com'],
    ['Ada Lovelace <ada@contoso.com>', 'ada@contoso.com'],
    ["'ada@contoso.com", 'ada@contoso.com'],
    ['ada@contoso.com; grace@fabrikam.com', 'ada@contoso.com'],
    ['ada+list@contoso.com', 'ada+list@contoso.com'],
    ['ada@bücher.de', 'ada@xn--bcher-kva.de'],
  ])('%s becomes %s', (email, expected) => {
    expect(normaliseLead({ email }).email).toBe(expected);
  });

  test.each(['not-an-email', 'ada@contoso', 'ada@@contoso.com', 'ada.@contoso.com', '@contoso.com', 'n/a'])(
    '%s is none',
    (email) => {
      expect(normaliseLead({ email })).toEqual({});
    },
  );
});

describe('the domain of the company', () => {
  test.each([
    ['https://www.contoso.co.uk/about?utm_source=li', 'contoso.co.uk'],
    ['CONTOSO.COM', 'contoso.com'],
    ['http//contoso.com', 'contoso.com'],
    ['contoso.com, fabrikam.com', 'contoso.com'],
    ['ada@mail.contoso.com', 'contoso.com'],
    ['https://bücher.de/', 'xn--bcher-kva.de'],
    ['contoso.github.io', 'contoso.github.io'],
  ])('%s is %s', (domain, expected) => {
    expect(normaliseLead({ domain })).toEqual({ domain: expected });
  });

  test.each([
    'gmail.com',
    'mail.yahoo.co.jp',
    'https://facebook.com/contoso',
    'https://linktr.ee/contoso',
    'http://127.0.0.1/',
    'contoso',
    'contoso.local',
    '-gm',
    'n.a.',
  ])('%s is nobody’s', (domain) => {
    expect(normaliseLead({ domain })).toEqual({});
  });

  test('comes from a business e-mail, never from a free one, and the website goes before it', () => {
    expect(normaliseLead({ email: 'ada@uk.contoso.com' }).domain).toBe('contoso.com');
    expect(normaliseLead({ email: 'ada@gmail.com' }).domain).toBeUndefined();
    expect(normaliseLead({ email: 'ada@gmx.de' }).domain).toBeUndefined();
    expect(normaliseLead({ email: 'ada@contoso.com', domain: 'fabrikam.com' }).domain).toBe('fabrikam.com');
    expect(normaliseLead({ email: 'ada@contoso.com', domain: 'gmail.com' }).domain).toBe('contoso.com');
  });
});

describe('other fields', () => {
  test('a company keeps its spelling; what names none is absent', () => {
    expect(normaliseLead({ company: ' Fabrikam  Robotics GmbH 🤖' })).toEqual({
      company: 'Fabrikam Robotics GmbH',
    });
    expect(normaliseLead({ company: 'Contoso · Full-time' })).toEqual({ company: 'Contoso' });
    for (const company of [
      'Self-employed',
      'Freelance',
      'N/A',
      '=HYPERLINK("http://x.example")',
      'C'.repeat(999),
    ]) {
      expect(normaliseLead({ company })).toEqual({});
    }
  });

  test('ids and hashes must have their form', () => {
    expect(
      normaliseLead({
        apollo_id: ' 64A7FF0CC4DFAE00013DF1A5 ',
        hashed_email: 'D41D8CD98F00B204E9800998ECF8427E',
      }),
    ).toEqual({ apolloId: '64a7ff0cc4dfae00013df1a5', hashedEmail: 'd41d8cd98f00b204e9800998ecf8427e' });
    expect(normaliseLead({ apollo_id: '100001', hashed_email: 'xyz' })).toEqual({});
  });
});

describe('whatever the cells hold', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.emailAddress(),
    fc.webUrl(),
    fc.stringMatching(/^[A-Z][a-z]{1,8}( [A-Za-z.,'()-]{1,8}){0,4}$/),
  );
  const raw = fc.record(
    Object.fromEntries(
      ['linkedin_url', 'email', 'first_name', 'last_name', 'name', 'company', 'domain'].map((field) => [
        field,
        cell,
      ]),
    ),
    { requiredKeys: [] },
  );

  test('the result is text that Apollo takes: no control characters, no endless fields', () => {
    fc.assert(
      fc.property(raw, (cells) => {
        for (const value of Object.values(normaliseLead(cells as RawLead))) {
          expect(value).toMatch(/^[^\p{Cc}]{1,300}$/u);
          expect(value).toBe(value.trim());
          expect(value).toBe(value.normalize('NFC'));
        }
      }),
    );
  });

  test('normalising what is normal changes nothing', () => {
    fc.assert(
      fc.property(raw, (cells) => {
        const lead = normaliseLead(cells as RawLead);
        expect(normaliseLead(rawFrom(lead))).toEqual(lead);
      }),
      { numRuns: 1000, seed: 1815 },
    );
  });
});
