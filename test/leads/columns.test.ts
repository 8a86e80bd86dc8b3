import { describe, expect, test } from 'vitest';
import {
  identifyPerson,
  type LeadField,
  leadFromRow,
  MappingError,
  mapColumns,
  parseMapOption,
} from '../../core/leads/index.ts';

/** The mapping by column names, which is how people see it. */
function named(headers: readonly string[], sample: readonly (readonly string[])[] = []) {
  const { fields } = mapColumns(headers, sample);
  return Object.fromEntries(
    Object.entries(fields).map(([field, { columns }]) => [field, columns.map((index) => headers[index])]),
  );
}

describe('headers', () => {
  test.each<[origin: string, headers: string[], expected: Partial<Record<LeadField, string[]>>]>([
    [
      'English',
      ['First Name', 'Surname', 'Job Title', 'Company', 'E-mail'],
      { first_name: ['First Name'], last_name: ['Surname'], company: ['Company'], email: ['E-mail'] },
    ],
    [
      'German',
      ['Anrede', 'Vorname', 'Name', 'Firma', 'Webseite', 'E-Mail-Adresse'],
      {
        first_name: ['Vorname'],
        last_name: ['Name'],
        company: ['Firma'],
        domain: ['Webseite'],
        email: ['E-Mail-Adresse'],
      },
    ],
    [
      'French',
      ['Prénom', 'Nom', 'Société', 'Courriel', 'Site web'],
      {
        first_name: ['Prénom'],
        last_name: ['Nom'],
        company: ['Société'],
        email: ['Courriel'],
        domain: ['Site web'],
      },
    ],
    [
      'Spanish',
      ['Nombre', 'Apellidos', 'Empresa', 'Correo electrónico'],
      {
        first_name: ['Nombre'],
        last_name: ['Apellidos'],
        company: ['Empresa'],
        email: ['Correo electrónico'],
      },
    ],
    [
      'Indonesian, with a word that changes nothing',
      ['Nama (required)', 'Nama belakang', 'Perusahaan'],
      {
        first_name: ['Nama (required)'],
        last_name: ['Nama belakang'],
        company: ['Perusahaan'],
      },
    ],
    [
      'Portuguese',
      ['Nome', 'Sobrenome', 'Empresa', 'E-mail', 'Site da empresa'],
      {
        first_name: ['Nome'],
        last_name: ['Sobrenome'],
        company: ['Empresa'],
        email: ['E-mail'],
        domain: ['Site da empresa'],
      },
    ],
    [
      'Sales Navigator',
      ['First Name', 'Last Name', 'Title', 'Company', 'LinkedIn Profile URL', 'Location', 'Degree'],
      {
        first_name: ['First Name'],
        last_name: ['Last Name'],
        company: ['Company'],
        linkedin_url: ['LinkedIn Profile URL'],
      },
    ],
    [
      'scrapers',
      [
        'profileUrl',
        'fullName',
        'firstName',
        'lastName',
        'companyName',
        'companyWebsite',
        'jobTitle',
        'timestamp',
      ],
      {
        linkedin_url: ['profileUrl'],
        name: ['fullName'],
        first_name: ['firstName'],
        last_name: ['lastName'],
        company: ['companyName'],
        domain: ['companyWebsite'],
      },
    ],
    [
      'HubSpot',
      [
        'Record ID',
        'First Name',
        'Last Name',
        'Email',
        'Contact owner',
        'Email Domain',
        'Company name',
        'Website URL',
        'Lead Status',
        'Marketing emails opt-in',
      ],
      {
        first_name: ['First Name'],
        last_name: ['Last Name'],
        email: ['Email'],
        company: ['Company name'],
        domain: ['Email Domain', 'Website URL'],
      },
    ],
    [
      'Salesforce',
      [
        'Contact: First Name',
        'Contact: Last Name',
        'Account Name',
        'Account Owner',
        'Email',
        'Email Opt Out',
        'Owner Email',
      ],
      {
        first_name: ['Contact: First Name'],
        last_name: ['Contact: Last Name'],
        company: ['Account Name'],
        email: ['Email'],
      },
    ],
    [
      'Pipedrive',
      ['Person - Name', 'Person - Email - Work', 'Person - Organization', 'Person - Owner', 'Deal - Title'],
      { name: ['Person - Name'], email: ['Person - Email - Work'], company: ['Person - Organization'] },
    ],
    [
      'Google Contacts',
      [
        'Given Name',
        'Family Name',
        'E-mail 1 - Type',
        'E-mail 1 - Value',
        'E-mail 2 - Value',
        'Organization Name',
      ],
      {
        first_name: ['Given Name'],
        last_name: ['Family Name'],
        email: ['E-mail 1 - Value', 'E-mail 2 - Value'],
        company: ['Organization Name'],
      },
    ],
    [
      'decorated',
      ['📧 EMAIL *', '_first_name_', 'LAST-NAME', '🏢 company.name'],
      {
        email: ['📧 EMAIL *'],
        first_name: ['_first_name_'],
        last_name: ['LAST-NAME'],
        company: ['🏢 company.name'],
      },
    ],
  ])('of %s lists', (_origin, headers, expected) => {
    expect(named(headers)).toEqual(expected);
  });

  test('that only resemble a field are left alone, even when their cells look right', () => {
    const headers = [
      'Name',
      'Owner email',
      'Email Status',
      'First seen',
      'Account Owner',
      'Company Size',
      'Manager',
    ];
    const sample = [
      ['Ada Lovelace', 'rep@contoso.com', 'verified', '2026-01-01', 'Grace Hopper', '51-200', 'Ken Lee'],
    ];
    expect(named(headers, sample)).toEqual({ name: ['Name'] });
    expect(mapColumns(headers, sample).unused).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('about a company’s address or people do not name the company', () => {
    const headers = [
      'Company Address',
      'Organization - Address',
      'Company Contact',
      'Company Phone',
      'Apollo email',
    ];
    expect(named(headers)).toEqual({});
  });

  test('"Name" is the whole name, a last name or a company, as the columns beside it tell', () => {
    expect(named(['Name', 'Email'])).toEqual({ name: ['Name'], email: ['Email'] });
    expect(named(['Name', 'Vorname'])).toEqual({ last_name: ['Name'], first_name: ['Vorname'] });
    expect(named(['Vorname', 'Name'], [['Ada', 'Ada Lovelace']])).toEqual({
      first_name: ['Vorname'],
      name: ['Name'],
    });
    const companies = [
      ['Contoso Ltd.', 'contoso.com'],
      ['Fabrikam', 'fabrikam.com'],
    ];
    expect(named(['Name', 'Website'], companies)).toEqual({ company: ['Name'], domain: ['Website'] });
  });

  test('with work and personal e-mail prefer the work one, cell by cell', () => {
    const headers = ['Personal Email', 'Email'];
    const mapping = mapColumns(headers, [['ada@gmail.com', 'ada@contoso.com']]);
    expect(mapping.fields.email?.columns).toEqual([1, 0]);
    expect(leadFromRow(['ada@gmail.com', 'ada@contoso.com'], mapping).email).toBe('ada@contoso.com');
    expect(leadFromRow(['ada@gmail.com', 'none'], mapping).email).toBe('ada@gmail.com');
  });
});

describe('cells', () => {
  test('a column of Sales Navigator addresses loses against one of public ones', () => {
    const headers = ['LinkedIn URL', 'profile'];
    const rows = [
      ['https://www.linkedin.com/sales/lead/ACwAAAB,NAME,x', 'https://www.linkedin.com/in/ada'],
      ['https://www.linkedin.com/sales/lead/ACwAAAC,NAME,x', 'https://www.linkedin.com/in/grace'],
    ];
    const mapping = mapColumns(headers, rows);
    expect(mapping.fields.linkedin_url?.columns).toEqual([1, 0]);
    expect(rows.map((row) => leadFromRow(row, mapping).linkedinUrl)).toEqual([
      'https://www.linkedin.com/in/ada',
      'https://www.linkedin.com/in/grace',
    ]);
  });

  test('decide what a "URL" or "Website" leads to', () => {
    expect(named(['First Name', 'URL'], [['Ada', 'https://www.linkedin.com/in/ada']])).toEqual({
      first_name: ['First Name'],
      linkedin_url: ['URL'],
    });
    expect(
      named(['Company', 'companyUrl'], [['Contoso', 'https://www.linkedin.com/company/contoso']]),
    ).toEqual({
      company: ['Company'],
      company_linkedin_url: ['companyUrl'],
    });
  });

  test('speak where headers say nothing', () => {
    const headers = ['Column 1', 'Column 2', 'Column 3', 'Column 4', 'Column 5', 'Column 6'];
    const rows = [
      [
        '1',
        'Ada Lovelace',
        'Head of Sales',
        'Contoso Ltd.',
        'https://linkedin.com/in/ada-lovelace',
        'ada@contoso.com',
      ],
      [
        '2',
        'Grace Hopper',
        'Chief Analyst',
        'Fabrikam',
        'https://linkedin.com/in/grace-hopper',
        'grace@fabrikam.com',
      ],
      ['3', 'Radia Perlman', 'Sales Manager', 'Adventure Works', '', 'radia@adventure-works.com'],
    ];
    const mapping = mapColumns(headers, rows);
    expect(mapping.fields).toEqual({
      name: { columns: [1], found: 'values' },
      company: { columns: [3], found: 'values' },
      linkedin_url: { columns: [4], found: 'values' },
      email: { columns: [5], found: 'values' },
    });
    expect(mapping.unused).toEqual([0, 2]);
  });

  test('speak where the first row is no header but a lead', () => {
    const rows = [
      ['Ada', 'Lovelace', 'contoso.com', 'ada.lovelace@contoso.com'],
      ['Grace', 'Hopper', 'fabrikam.com', 'grace.hopper@fabrikam.com'],
    ];
    const mapping = mapColumns(rows[0] ?? [], rows);
    expect(mapping.fields).toEqual({
      first_name: { columns: [0], found: 'values' },
      last_name: { columns: [1], found: 'values' },
      domain: { columns: [2], found: 'values' },
      email: { columns: [3], found: 'values' },
    });
  });

  test('an e-mail column under a header nobody knows is found', () => {
    expect(named(['Wie erreichbar?'], [['ada@contoso.com'], ['grace@fabrikam.com']])).toEqual({
      email: ['Wie erreichbar?'],
    });
  });

  test('a header that its cells contradict is not believed', () => {
    expect(
      named(
        ['Email', 'Profile'],
        [
          ['yes', 'admin'],
          ['no', 'user'],
          ['yes', 'user'],
        ],
      ),
    ).toEqual({});
  });
});

describe('overrides', () => {
  const headers = ['Vorname', 'Spitzname', 'Name'];

  test('go before headers', () => {
    const mapping = mapColumns(headers, [], { first_name: 'spitzname' });
    expect(mapping.fields.first_name).toEqual({ columns: [1], found: 'override' });
    expect(mapping.unused).toEqual([0]);
  });

  test('name columns by number where there is no header', () => {
    expect(mapColumns([], [['x', 'Ada']], { first_name: '#2' }).fields.first_name?.columns).toEqual([1]);
  });

  test('that name no column say which there are, the nearest first', () => {
    expect(() => mapColumns(headers, [], { first_name: 'Vornahme' })).toThrow(
      new MappingError('There is no column "Vornahme". The list has: "Vorname", "Name", "Spitzname".'),
    );
    expect(() => mapColumns([], [['a', 'b']], { email: 'Mail' })).toThrow(
      'There is no column "Mail": the list has no headers. Name a column by its number, #1 to #2.',
    );
  });

  test('that name no field say which there are, the nearest first', () => {
    expect(() => mapColumns(headers, [], { frist_name: 'Vorname' } as never)).toThrow(
      /There is no field "frist_name" to map a column to\. The fields are: first_name, last_name, /,
    );
  });

  test('are read from an option', () => {
    expect(parseMapOption('first_name="Vorname"')).toEqual(['first_name', 'Vorname']);
    expect(parseMapOption('first_name=Vorname')).toEqual(['first_name', 'Vorname']);
    expect(parseMapOption(' Last-Name = Name = II ')).toEqual(['last_name', 'Name = II']);
    expect(() => parseMapOption('Vorname')).toThrow(MappingError);
    expect(() => parseMapOption('first_name=')).toThrow('Write it like first_name="Vorname"');
    expect(() => parseMapOption('phone=Telefon')).toThrow('There is no field "phone"');
  });
});

test('a mapping survives being stored', () => {
  const mapping = mapColumns(['Email', 'x'], [['ada@contoso.com', '']], { name: 'x' });
  expect(JSON.parse(JSON.stringify(mapping))).toEqual(mapping);
});

test('a hostile list gives a sensible lead for every row', () => {
  const headers = ['first_name', 'last_name', 'company', 'domain', 'email'];
  const rows = [
    ['Ada', 'Lovelace', '=HYPERLINK("http://trap.example","click")', '', ''],
    ['', '', '', '', ''],
    ['@SUM(1+1)', 'Hopper', 'Fabrikam', 'fabrikam.com', ''],
    ['Grace', 'Hopper', '', '', 'not-an-email'],
    ['J'.repeat(5000), 'Long', 'Contoso', 'contoso.com', ''],
    ['Nu\0l', 'Byte', 'Contoso', 'contoso.com', ''],
    ['Mei-Ling', '王', 'Contoso', 'contoso.com', ''],
    ['Ada', 'Lovelace', '', 'contoso.com', 'ADA.LOVELACE@contoso.com'],
    ['unterminated,quote,row'],
  ];
  const mapping = mapColumns(headers, rows);
  expect(rows.map((row) => identifyPerson(leadFromRow(row, mapping))?.[0])).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    'nd:nulbyte@contoso.com',
    'nd:meiling王@contoso.com',
    'em:ada.lovelace@contoso.com',
    undefined,
  ]);
});

test('a guest’s address is not the invitee’s', () => {
  const mapping = mapColumns(
    ['Invitee Name', 'Invitee Email', 'Guest Email(s)'],
    [
      ['Ada Lovelace', 'ada@contoso.com', 'grace@cobol.example'],
      ['Alan Turing', '', 'bob@intel.com'],
    ],
  );
  expect(mapping.fields.email?.columns).toEqual([1]);
  expect(mapping.leftOut).toEqual([{ column: 2, why: 'second-person' }]);
  expect(
    mapColumns(['Guest Name', 'Guest Email'], [['Ada', 'ada@contoso.com']]).fields.email?.columns,
  ).toEqual([1]);
});

test.each([
  ['Verantwortlicher', ['Karl Müller', 'Eva Schmidt', 'Jan Weber']],
  ['Eigenaar', ['Jan de Vries', 'Anna Jansen', 'Peter Bakker']],
  ['Proprietário', ['João Silva', 'Maria Santos', 'Ana Costa']],
])('a list of companies, each with its own %s, may be one of people', (header, names) => {
  const rows = names.map((name, index) => [`Contoso ${index}`, `contoso${index}.com`, name]);
  expect(mapColumns(['Company', 'Website', header], rows).doubtful).toEqual([2]);
  const ours = rows.map(([company = '', site = '']) => [company, site, 'Bob Seller']);
  expect(mapColumns(['Company', 'Website', header], ours).doubtful).toBeUndefined();
});

test('a few people beside many companies are those who keep them, under a header that nobody knows', () => {
  const rows = Array.from({ length: 9 }, (_, index) => [
    `Contoso ${index}`,
    `contoso${index}.com`,
    index % 2 === 0 ? 'Ana Seller' : 'José Seller',
  ]);
  const { fields, leftOut, doubtful } = mapColumns(['Company', 'Website', 'Gestor de cuenta'], rows);
  expect(fields.name).toBeUndefined();
  expect(leftOut).toEqual([{ column: 2, why: 'nobody' }]);
  expect(doubtful).toEqual([2]);
});
