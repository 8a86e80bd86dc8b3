import { describe, expect, it } from 'vitest';
import { identifyPerson, leadFromRow, leftOutOfRow, mapColumns } from '../../core/leads/index.ts';

/** The leads of a list of these rows, the first of which is the header. */
function leadsOf(headers: string[], ...rows: string[][]) {
  const mapping = mapColumns(headers, rows);
  return rows.map((row) => {
    const lead = leadFromRow(row, mapping);
    return { lead, key: identifyPerson(lead)?.[0], leftOut: leftOutOfRow(row, mapping, lead) };
  });
}

describe('a column beside first and last name', () => {
  it('with particles belongs to the last name', () => {
    const [jan, anna, piet] = leadsOf(
      ['Voornaam', 'Tussenvoegsel', 'Achternaam', 'Bedrijf'],
      ['Jan', 'van der', 'Berg', 'Contoso'],
      ['Anna', '', 'Visser', 'Contoso'],
      ['Piet', 'de', 'de Vries', 'Contoso'],
    );
    expect(jan?.lead).toMatchObject({ firstName: 'Jan', lastName: 'van der Berg' });
    expect(anna?.lead.lastName).toBe('Visser');
    expect(piet?.lead.lastName).toBe('de Vries');
  });

  it('with middle names tells bearers of one name apart, and so does one with Jr. and Sr.', () => {
    const header = ['First Name', 'Middle Name', 'Last Name', 'Suffix', 'Company'];
    const keys = leadsOf(
      header,
      ['John', 'Fitzgerald', 'Kennedy', '', 'Contoso'],
      ['John', 'G.', 'Kennedy', '', 'Contoso'],
      ['John', '', 'Kennedy', 'Jr.', 'Contoso'],
      ['John', '', 'Kennedy', 'Sr', 'Contoso'],
      ['John', '', 'Kennedy', 'MBA', 'Contoso'],
      ['John', '', 'Kennedy', 'Junior', 'Contoso'],
    ).map(({ key }) => key);
    expect(new Set(keys).size).toBe(5);
    expect(keys[4]).toBe('nc:johnkennedy@contoso');
    expect(keys[5]).toBe(keys[2]);
  });
});

describe('a column beside whole names', () => {
  const rows = (...details: string[]) => details.map((detail) => ['John Kennedy', detail, 'Contoso']);

  it.each([
    ['Middle Name', 'Fitzgerald', 'Gerald B.', ''],
    ['Suffix', 'Jr.', 'Sr.', ''],
  ])('with their %s tells bearers of one name apart', (header, ...details) => {
    const keys = leadsOf(['Full Name', header, 'Company'], ...rows(...details)).map(({ key }) => key);
    expect(new Set(keys).size).toBe(3);
  });

  it('is not needed where the name itself has a number', () => {
    const keys = leadsOf(
      ['Full Name', 'Company'],
      ['John Kennedy 1', 'Contoso'],
      ['John Kennedy #2', 'Contoso'],
      ['John Kennedy', 'Contoso'],
    ).map(({ key }) => key);
    expect(new Set(keys).size).toBe(3);
  });
});

describe('a list of names alone', () => {
  it.each([
    ['Ada Lovelace at Contoso', 'Contoso'],
    ['Ada Lovelace @ Contoso Ltd', 'Contoso Ltd'],
    ['Ada Lovelace - CEO at Fabrikam', 'Fabrikam'],
    ['Ada Lovelace, CTO at Contoso', 'Contoso'],
    ['Ada Lovelace (Contoso)', 'Contoso'],
    ['Ada Lovelace @ Contoso | Berlin', 'Contoso'],
    ['Ada Lovelace bei Contoso, Berlin', 'Contoso'],
    ['Ada Lovelace | Contoso', 'Contoso'],
    ['Ada Lovelace - Contoso', 'Contoso'],
    ['Ada Lovelace (Cobol Inc)', 'Cobol Inc'],
    ['Ada Lovelace (née Byron)', undefined],
    ['Ada Lovelace (she/her)', undefined],
    ['Ada Lovelace | Head of Sales', undefined],
    ['Ada Lovelace (MBA)', undefined],
  ])('%s works at %s', (name, company) => {
    const [found] = leadsOf(['Name'], [name], ['Grace Hopper'], ['Alan Turing']);
    expect(found?.lead).toMatchObject({ firstName: 'Ada', lastName: 'Lovelace' });
    expect(found?.lead.company).toBe(company);
  });

  it('does not say that the employer is left out, which is sent', () => {
    const [ada] = leadsOf(['Name'], ['Ada Lovelace - CEO at Fabrikam'], ['Grace Hopper']);
    expect(ada?.leftOut.map(({ text }) => text).join(' ')).toBe('CEO at');
  });

  it('beside a column of employers is one of names', () => {
    const [ada] = leadsOf(['Name', 'Company'], ['Ada Lovelace (Fabrikam)', ''], ['Grace Hopper', 'Cobol']);
    expect(ada?.lead.company).toBeUndefined();
  });
});

describe('a cell with JSON, as lists out of APIs have them,', () => {
  it('is sent as what it is called', () => {
    const [ada, grace, alan] = leadsOf(
      ['name', 'company'],
      ['Ada Lovelace', '{"id":1,"name":"Contoso"}'],
      ['["Grace Hopper"]', '["Cobol Inc","Fabrikam"]'],
      ['Alan Turing', '{"id":3}'],
    );
    expect(ada?.lead.company).toBe('Contoso');
    expect(grace?.lead).toMatchObject({ firstName: 'Grace', company: 'Cobol Inc' });
    expect(alan?.lead.company).toBeUndefined();
  });
});

describe('of several addresses in a row', () => {
  it.each([
    [['ada@gmail.com', 'ada@contoso.com'], 'ada@contoso.com'],
    [['info@contoso.com', 'ada@gmail.com'], 'ada@gmail.com'],
    [['ada@contoso.com', 'ada.l@fabrikam.com'], 'ada@contoso.com'],
    [['', 'ada@gmail.com'], 'ada@gmail.com'],
    [['none@none.com', 'ada@gmail.com'], 'ada@gmail.com'],
  ])('%j, %s is taken', (row, email) => {
    const [ada] = leadsOf(['E-mail 1 - Value', 'E-mail 2 - Value'], row, ['a@contoso.com', 'b@contoso.com']);
    expect(ada?.lead.email).toBe(email);
  });
});
