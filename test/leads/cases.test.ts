import { describe, expect, it, test } from 'vitest';
import {
  identifyPerson,
  type Lead,
  mapColumns,
  normaliseLead,
  type RawLead,
} from '../../core/leads/index.ts';

/** Cells that people really had, of each kind that was once read wrong, and what of them is sent. */
const ada = { firstName: 'Ada', lastName: 'Lovelace' };

describe('a name', () => {
  test.each<[RawLead, Lead]>([
    [{ name: 'García Márquez, José Luis' }, { firstName: 'José Luis', lastName: 'García Márquez' }],
    [{ name: 'García Márquez, Gabriel J.' }, { firstName: 'Gabriel J.', lastName: 'García Márquez' }],
    [{ name: 'Wells Jr, Jesse D' }, { firstName: 'Jesse D', lastName: 'Wells', generation: 'jr' }],
    [{ name: 'Smith III, Alfred A' }, { firstName: 'Alfred A', lastName: 'Smith', generation: 'iii' }],
    [{ name: 'Smith, J.R.' }, { firstName: 'J.R.', lastName: 'Smith' }],
    [{ name: 'John Doe, Msc.Ed.' }, { firstName: 'John', lastName: 'Doe' }],
    [{ name: 'Ada Lovelace, Berlin' }, ada],
    [{ name: 'dhr Jan Jansen' }, { firstName: 'Jan', lastName: 'Jansen' }],
    [{ name: 'Ada Lovelace at Contoso' }, ada],
    [{ first_name: 'Ada', last_name: 'Ada Lovelace' }, ada],
    [{ first_name: 'Ada Lovelace', last_name: 'Ada Lovelace' }, ada],
    [
      { first_name: 'ADA LOVELACE', last_name: 'Lovelace' },
      { firstName: 'ADA', lastName: 'Lovelace' },
    ],
    [{ first_name: 'Ada Lovelace' }, ada],
    [{ first_name: 'Lovelace, Ada' }, ada],
    [{ last_name: 'Ada Lovelace' }, ada],
    [{ last_name: 'Lovelace, Ada' }, ada],
    [{ first_name: 'José Luis' }, { firstName: 'José Luis' }],
    [{ last_name: 'García Márquez' }, { lastName: 'García Márquez' }],
    [{ first_name: 'Dr., Ada', last_name: 'Lovelace, MBA' }, ada],
    [{ first_name: 'Ada', last_name: 'Lovelace at Contoso' }, ada],
    [
      { first_name: 'Ana', last_name: 'M.' },
      { firstName: 'Ana', lastName: 'M.' },
    ],
    [{ name: 'Ada Lovelace <ada@contoso.com>' }, ada],
    [{ name: 'Nagy János' }, { name: 'Nagy János' }],
    [{ name: 'Univ.-Prof. DDr. Ada Lovelace' }, ada],
    [{ name: 'к.т.н. Иван Петров' }, { firstName: 'Иван', lastName: 'Петров' }],
    [{ name: 'Lady Ada Lovelace' }, ada],
    [{ name: 'Chef Lovelace' }, { firstName: 'Chef', lastName: 'Lovelace' }],
    [{ name: 'John Smith 2nd' }, { firstName: 'John', lastName: 'Smith', generation: 'ii' }],
    [{ name: 'John Smith Senior' }, { firstName: 'John', lastName: 'Smith', generation: 'sr' }],
    [{ name: 'Neymar Júnior' }, { firstName: 'Neymar', lastName: 'Júnior' }],
    [{ name: 'Junior Smith' }, { firstName: 'Junior', lastName: 'Smith' }],
    [{ first_name: 'Robert', last_name: 'Jr.' }, { firstName: 'Robert' }],
    [{ name: 'Contoso GmbH' }, {}],
    [{ first_name: 'Contoso', last_name: 'Ltd.' }, {}],
    [{ name: 'Jack Ma' }, { firstName: 'Jack', lastName: 'Ma' }],
    [{ first_name: 'LinkedIn', last_name: 'Member' }, {}],
    [{ name: 'test test' }, {}],
    [{ first_name: 'First Name', last_name: 'Last Name' }, {}],
    [
      { first_name: 'Ada', last_name: 'L•••••' },
      { firstName: 'Ada', lastName: 'L.' },
    ],
    [{ first_name: 'Ada', last_name: 'Love***' }, { firstName: 'Ada' }],
    [{ name: '王先生' }, { name: '王' }],
    [{ name: 'MARTIN Claire' }, { firstName: 'Claire', lastName: 'MARTIN' }],
    [{ name: 'DE LA TOUR Anne' }, { firstName: 'Anne', lastName: 'DE LA TOUR' }],
    [{ name: 'McDONALD Ian' }, { firstName: 'Ian', lastName: 'McDONALD' }],
    [{ name: 'JP Morgan' }, { name: 'JP Morgan' }],
    [{ name: 'Jun MA' }, { firstName: 'Jun', lastName: 'MA' }],
    [{ name: 'Иванов И.И.' }, { firstName: 'И.И.', lastName: 'Иванов' }],
    [{ name: 'Berg, van den, Jan' }, { firstName: 'Jan', lastName: 'van den Berg' }],
    [{ name: 'Mª José García' }, { name: 'Mª José García' }],
    [{ name: 'D.ª Carmen Ruiz' }, { firstName: 'Carmen', lastName: 'Ruiz' }],
    [{ name: 'Anna Müller geb. Schmidt' }, { firstName: 'Anna', lastName: 'Müller' }],
    [{ name: 'Prof. Dr. h.c. mult. Ada Lovelace' }, ada],
    [{ name: 'Ada Lovelace—Contoso' }, ada],
    [{ name: 'Ada Lovelace & Charles Babbage' }, ada],
    [{ name: 'Ada Lovelace, Charles Babbage' }, ada],
    [{ name: 'Attn: Ada Lovelace' }, ada],
    [{ name: 'z. Hd. Frau Ada Lovelace' }, ada],
    [{ name: '[Ada Lovelace](https://www.linkedin.com/in/ada)' }, ada],
    [{ name: '<@U123|Ada Lovelace>' }, ada],
    [{ name: 'Ada Lovelace (@ada)' }, ada],
    [{ name: 'Ada&nbsp;Lovelace' }, ada],
    [{ name: 'Zo&euml; D&#39;Arc' }, { firstName: 'Zoë', lastName: "D'Arc" }],
    [{ name: 'JÃ¼rgen MÃ¼ller' }, { firstName: 'Jürgen', lastName: 'Müller' }],
    [{ name: 'Sales Team' }, {}],
    [{ name: 'Team Contoso' }, {}],
    [{ name: 'LinkedIn-Mitglied' }, {}],
    [{ name: 'Utente LinkedIn' }, {}],
    [{ name: 'Участник LinkedIn' }, {}],
    [{ name: 'Deleted User' }, {}],
    [{ name: 'VACANT POSITION' }, {}],
    [{ name: 'Not disclosed' }, {}],
    [{ name: 'Kein Name' }, {}],
    [{ name: 'Sin nombre' }, {}],
    [{ name: 'ご担当者様' }, {}],
    [{ name: '採用ご担当者様' }, {}],
    [{ name: '不明' }, {}],
    [{ name: '없음' }, {}],
    [{ name: '{{first_name}} {{last_name}}' }, {}],
    [{ name: '*|FNAME|* *|LNAME|*' }, {}],
    [{ name: 'View Ada Lovelace’s profile' }, ada],
    [{ name: 'Ada Lovelace is open to work' }, ada],
    [{ name: 'Ada Lovelace 2nd degree connection' }, ada],
    [{ name: 'Ada Lovelace on LinkedIn' }, ada],
    [{ name: 'Ada Lovelace aka Ada King' }, ada],
    [{ name: 'Ada \\"Countess\\" Lovelace' }, ada],
    [{ name: 'Dipl. Kfm. Ada Lovelace' }, ada],
    [{ name: 'Exma. Sra. Ada Lovelace' }, ada],
    [{ name: 'Ada Lovelace MdB' }, ada],
    [{ name: '営業部 山田太郎' }, { name: '山田太郎' }],
    [{ name: '株式会社コントソ 山田 太郎' }, { name: '山田 太郎' }],
    [{ name: '김철수 부장' }, { name: '김철수' }],
    [
      { name: 'Karl-Theodor Freiherr von und zu Guttenberg' },
      { firstName: 'Karl-Theodor Freiherr', lastName: 'von und zu Guttenberg' },
    ],
    [{ name: 'Mr and Mrs John Smith' }, { firstName: 'John', lastName: 'Smith' }],
    [
      { first_name: '山田 太郎', last_name: '山田' },
      { firstName: '太郎', lastName: '山田' },
    ],
  ])('%j', (raw, lead) => {
    expect(normaliseLead(raw)).toEqual(lead);
  });
});

describe('an e-mail address', () => {
  test.each([
    ['ada @ contoso.com', 'ada@contoso.com'],
    ['ada@ contoso.com', 'ada@contoso.com'],
    ['ada [at] contoso [dot] com', 'ada@contoso.com'],
    ['ada＠contoso.com', 'ada@contoso.com'],
    ['ada%40contoso.com', 'ada@contoso.com'],
    ['ada@gmail.com; ada@contoso.com', 'ada@contoso.com'],
    ['ada@gmail.com, ada@contoso.com', 'ada@contoso.com'],
    ['info@contoso.com / ada@contoso.com', 'ada@contoso.com'],
    ['info@contoso.com; ada@gmail.com', 'ada@gmail.com'],
    ['"Lovelace, Ada" <ada@contoso.com>', 'ada@contoso.com'],
    ['<mailto:ada@contoso.com|ada@contoso.com>', 'ada@contoso.com'],
    ['[ada@contoso.com](mailto:ada@contoso.com)', 'ada@contoso.com'],
    ['=HYPERLINK("mailto:ada@contoso.com","ada@contoso.com")', 'ada@contoso.com'],
    ['E-Mail: ada@contoso.com', 'ada@contoso.com'],
    ['ada@contoso.com,', 'ada@contoso.com'],
    ['ada@contoso.com.', 'ada@contoso.com'],
    ['(ada@contoso.com)', 'ada@contoso.com'],
    ['ada@contoso.com (work)', 'ada@contoso.com'],
    ['Ada ada@contoso.com', 'ada@contoso.com'],
    ['none@none.com; ada@contoso.com', 'ada@contoso.com'],
    ['ada@contoso.com|ada@gmail.com', 'ada@contoso.com'],
    ['ada@gmail.com / ada@contoso.com', 'ada@contoso.com'],
    ['!#$%&`*+/=?^`{|}~@contoso.com', '!#$%&`*+/=?^`{|}~@contoso.com'],
    ["o'brien@contoso.com", "o'brien@contoso.com"],
  ])('%s is %s', (email, expected) => {
    expect(normaliseLead({ email }).email).toBe(expected);
  });

  test.each([
    ['ada lovelace@contoso.com', 'a part of it may be somebody else’s'],
    ['ada,lovelace@contoso.com', 'the same'],
    ['"ada b"lovelace@contoso.com', 'the same'],
    ['"ada lovelace"@contoso.com', 'a quoted local part, which Apollo does not know'],
    ['email_not_unlocked@domain.com', 'a locked address'],
    ['***@pascal.ch', 'a mask'],
    ['a***@contoso.com', 'a mask'],
    ['j****e@contoso.com', 'a mask'],
    ['a•••@contoso.com', 'a mask'],
    ['xxxx@contoso.com', 'a mask'],
    ['none@none.com', 'nobody'],
    ['noemail@noemail.com', 'nobody'],
    ['no-email@contoso.com', 'nobody'],
    ['na@na.na', 'nobody'],
    ['x@x.com', 'nobody'],
    ['your@email.com', 'nobody'],
    ['unknown@contoso.com', 'nobody'],
    ['test@example.com', 'nobody'],
    ['test@test.com', 'nobody'],
    ['john@example.com', 'nobody'],
    ['hidden@contoso.com', 'nobody'],
    ['hidden', 'no address'],
    ['ada@contoso', 'no address'],
  ])('%s is none: %s', (email) => {
    expect(normaliseLead({ email })).toEqual({});
  });

  test('that is a short name is one', () => {
    for (const email of ['na@contoso.com', 'nan@contoso.com']) {
      expect(normaliseLead({ email }).email).toBe(email);
    }
  });
});

describe('a LinkedIn address', () => {
  const page = 'https://www.linkedin.com/in/ada-lovelace';

  test.each([
    '<https://www.linkedin.com/in/ada-lovelace|Ada>',
    '<https://www.linkedin.com/in/ada-lovelace>',
    '[Ada](https://www.linkedin.com/in/ada-lovelace)',
    '[https://www.linkedin.com/in/ada-lovelace](https://www.linkedin.com/in/ada-lovelace)',
    '=HYPERLINK("https://www.linkedin.com/in/ada-lovelace";"Ada")',
    'https://www.google.com/url?q=https://www.linkedin.com/in/ada-lovelace&sa=D',
    'Ada: https://uk.linkedin.com/in/ada-lovelace/ Ada Lovelace',
    'https://www.linkedin.com/in/ada-lovelace | Ada',
    'https://www.linkedin.com/in/ada-lovelace%20',
    'https://www.linkedin.com/in/ada-lovelace/overlay/contact-info/',
  ])('%s', (linkedin_url) => {
    expect(normaliseLead({ linkedin_url })).toEqual({ linkedinUrl: page });
  });

  test.each([
    'https://www.linkedin.com/in/UNKNOWN',
    'https://www.linkedin.com/in/null',
    'https://www.linkedin.com/in/undefined/',
    'https://www.linkedin.com/in/None',
    'https://www.linkedin.com/in/not-found',
    'https://www.linkedin.com/in/#N/A',
    'https://www.linkedin.com/in/N/A',
    'https://www.linkedin.com/in/-',
    'https://www.linkedin.com/in/me',
    'https://www.linkedin.com/in/example',
    'https://www.linkedin.com/in/ada-lov...',
    'https://www.linkedin.com/in/ada-lov…',
    'https://www.linkedin.com/in/ada lovelace',
    'https://www.linkedin.com/in/ada%20lovelace',
    'in/ada lovelace',
    'https://www.linkedin.com/pub/null',
    'https://www.linkedin.com/profile/view?id=AAkAAAB1cd',
    'https://www.linkedin.com/recruiter/profile/1234',
  ])('%s is nobody’s', (linkedin_url) => {
    expect(normaliseLead({ linkedin_url })).toEqual({});
  });
});

describe('a company', () => {
  test.each([
    'Looking for new opportunities',
    'Actively looking for a new role',
    'Seeking new opportunities',
    'Open to work',
    'Open to opportunities',
    'Available for hire',
    'ex-Contoso',
    'Ex Contoso',
    'Formerly Contoso',
    'Freelance',
    'Freelance Designer',
    'Freelancer / Consultant',
    'Self-employed',
    'Self Employed Consultant',
    'Independent Consultant',
    'Stealth',
    'Stealth startup',
    'Stealth AI Startup',
    'Stealth Mode Startup (ex-Contoso)',
    'Confidential',
    'N/A',
    'Unemployed',
    'Between jobs',
    'Career break',
    'Retired',
    'Student',
    'Selbstständig',
    'Freiberuflich',
    'Auf Jobsuche',
    'Arbeitssuchend',
    'En recherche d’emploi',
    'À la recherche d’opportunités',
    'Indépendant',
    'Autónomo',
    'En búsqueda activa de empleo',
    'Em busca de novas oportunidades',
    'In cerca di nuove opportunità',
    'Libero professionista',
    'Zelfstandig',
    'Op zoek naar een nieuwe uitdaging',
    'Własna działalność',
    'Безработный',
    'フリーランス',
    '自由职业者',
    'Entrepreneur',
    'Co-Founder',
    'Own business',
    'Student at Contoso University',
    '#OpenToWork',
    'Currently seeking',
    '個人事業主',
    '프리랜서',
    'Wolny zawód',
    'Egen företagare',
  ])('"%s" is none', (company) => {
    expect(normaliseLead({ company })).toEqual({});
  });

  test.each([
    'Seeking Alpha',
    'Open Text',
    'Looking Glass Factory',
    'Stealth Monitoring',
    'Freelancer.com',
    'Ex Libris',
    'Exscientia',
    'Retired Racehorse Project',
    'Student Loan Hero',
    'Private Medical',
    'Independent Health',
    'Contoso (formerly Fabrikam)',
  ])('"%s" is one', (company) => {
    expect(normaliseLead({ company })).toEqual({ company });
  });
});

it('a company that stands by its site is known by it', () => {
  expect(normaliseLead({ company: 'https://www.contoso.com/de' })).toEqual({ domain: 'contoso.com' });
  expect(normaliseLead({ company: 'Contoso (https://www.notion.so/Contoso-1a2b)' })).toEqual({
    company: 'Contoso',
  });
  expect(normaliseLead({ company: '@Contoso' })).toEqual({ company: 'Contoso' });
});

it('a family name alone, or its initial, tells nobody from their colleagues', () => {
  const at = { company: 'Contoso' };
  for (const raw of [
    { name: '王先生' },
    { name: '田中様' },
    { first_name: 'Ada', last_name: 'L...' },
    { first_name: 'Ada', last_name: 'L***' },
  ]) {
    const key = identifyPerson(normaliseLead({ ...raw, ...at }))?.[0];
    expect(key).toBeUndefined();
  }
});

it('headers of first and last name that stand above each other are turned', () => {
  const rows = ['Ada', 'Alan', 'Grace', 'Robert', 'Eva', 'Max'].map((name, index) => [
    `Muster${'abcdef'[index]}`,
    name,
  ]);
  const { fields } = mapColumns(['First Name', 'Last Name'], rows);
  expect(fields.first_name).toMatchObject({ columns: [1], found: 'values' });
  expect(fields.last_name).toMatchObject({ columns: [0], found: 'values' });
  const right = mapColumns(
    ['First Name', 'Last Name'],
    rows.map((row) => row.toReversed()),
  );
  expect(right.fields.first_name).toMatchObject({ columns: [0], found: 'header' });
});

describe('a website', () => {
  test.each([
    'http://www.google.com/profiles/1001',
    'https://www.google.com/search?q=contoso',
    'https://app.hubspot.com/contacts/1/record/0-1/11',
    'https://contoso.lightning.force.com/lightning/r/Account/1',
    'https://bit.ly/3xyz',
    'https://sites.google.com/view/contoso',
    'https://contoso.business.site',
    'contoso.onmicrosoft.com',
    'https://contoso.squarespace.com/about',
    'https://www.linkedin.com/in/ada',
    'none.com',
    'https://192.168.0.1/x',
    'N/A',
  ])('%s is nobody’s', (domain) => {
    expect(normaliseLead({ domain }).domain).toBeUndefined();
  });

  test.each([
    ['google.com', 'google.com'],
    ['hubspot.com', 'hubspot.com'],
    ['www.squarespace.com', 'squarespace.com'],
    ['https://shop.contoso.com.br/produto?id=1', 'contoso.com.br'],
    ['www.contoso.co.jp', 'contoso.co.jp'],
    ['<https://contoso.com|contoso.com>', 'contoso.com'],
  ])('%s is %s', (domain, expected) => {
    expect(normaliseLead({ domain }).domain).toBe(expected);
  });
});
