import { describe, expect, it } from 'vitest';
import { identifyPerson, leadsTogether, type RawLead, withoutNobodys } from '../../core/leads/index.ts';

const keys = (raw: readonly RawLead[]) => leadsTogether(raw).map((lead) => identifyPerson(lead)?.[0]);
const COMPANIES = ['Contoso', 'Fabrikam', 'Litware', 'Adatum', 'Northwind'];
const NAMES = ['Ada Lovelace', 'Alan Turing', 'Grace Hopper', 'Eva Blum', 'Jan Nowak'];

describe('leads of one request', () => {
  it('are not known by an address that stands beside different names', () => {
    const email = 'pa.jane@contoso.com';
    expect(
      keys([
        { name: 'Ada Lovelace', company: 'Contoso', email },
        { name: 'Alan Turing', company: 'Contoso', email },
      ]),
    ).toEqual(['nd:adalovelace@contoso.com', 'nd:alanturing@contoso.com']);
    const linkedin_url = 'https://www.linkedin.com/in/recruiter-bob';
    expect(
      keys([
        { name: 'Ada Lovelace', company: 'Contoso', linkedin_url },
        { name: 'Alan Turing', company: 'Fabrikam', linkedin_url },
      ]),
    ).toEqual(['nc:adalovelace@contoso', 'nc:alanturing@fabrikam']);
  });

  it('are one by an address that stands beside one name, however it is written', () => {
    const email = 'rsmith@contoso.com';
    expect(
      keys([
        { name: 'Bob Smith', email },
        { name: 'Robert Smith', email },
      ]),
    ).toEqual(['em:rsmith@contoso.com', 'em:rsmith@contoso.com']);
  });

  it('are not known by a value that all of them have', () => {
    const leads = NAMES.map((name, index) => ({
      name,
      company: COMPANIES[index] ?? '',
      email: 'bob@seller.com',
      domain: 'seller.com',
    }));
    expect(withoutNobodys(leads)).toEqual(leads.map(({ name, company }) => ({ name, company })));
  });

  it('share a look-up where one leaves the middle initial out, and not where two differ in it', () => {
    const named = (name: string) => ({ name, company: 'Contoso' });
    const [one, other] = keys([named('John F. Kennedy'), named('John Kennedy')]);
    expect(one).toBe(other);
    expect(
      new Set(keys([named('John F. Kennedy'), named('John G. Kennedy'), named('John Kennedy')])).size,
    ).toBe(3);
  });

  it('are two where what stands in brackets beside the name differs, and pronouns and degrees are nothing', () => {
    const named = (name: string) => ({ name, company: 'Contoso' });
    const [sales, legal] = keys([named('John Smith (Sales)'), named('John Smith (Legal)')]);
    expect(sales).not.toBe(legal);
    const [one, other] = keys([named('John Smith (he/him)'), named('John Smith (MBA)')]);
    expect(one).toBe(other);
    const [bob, plain] = keys([named('Robert (Bob) Smith'), named('Robert Smith')]);
    expect(bob).toBe(plain);
  });

  it('stay as they are alone', () => {
    const lead = { name: 'Ada Lovelace', email: 'bob@seller.com' };
    expect(withoutNobodys([lead])).toEqual([lead]);
  });
});
