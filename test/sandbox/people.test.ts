import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PersonQuery } from './people.ts';
import { People, printPerson } from './people.ts';

const everybody = () => new People(1);
const idOf = (query: PersonQuery, people = everybody()) => people.find(query)?.id;
const printed = (query: PersonQuery) => {
  const person = everybody().find(query);
  const options = { personalEmails: true, withoutEmail: false, switchboard: true };
  return person && printPerson(person, { ...options, confidence: 'high' });
};
const ada = { first_name: 'Ada', last_name: 'Lovelace', domain: 'contoso.com' };

describe('people', () => {
  it.each([
    { ...ada, first_name: 'ADA' },
    { ...ada, first_name: ' Ada 🚀', last_name: 'Lovelace, Ph.D.' },
    { name: 'Dr. Ada Lovelace', domain: 'CONTOSO.com' },
    { email: 'ada.lovelace@contoso.com' },
    { email: 'ADA_LOVELACE@Contoso.com' },
    { name: 'ada lovelace', organization_name: 'Contoso Ltd.' },
    { linkedin_url: 'https://www.linkedin.com/in/ada-lovelace-1b2c3d', domain: 'contoso.com' },
  ])('are one person for every set of identifiers that leads to them: %o', (query) => {
    expect(idOf(query)).toBe(idOf(ada));
  });

  it.each([
    'https://linkedin.com/in/Grace-Hopper-1906/',
    'http://www.linkedin.com/in/GRACE-HOPPER-1906?trk=people-guest',
    'www.linkedin.com/in/grace%2Dhopper%2D1906',
    'https://de.linkedin.com/in/grace-hopper-1906/de#about',
  ])('are one person for every spelling of the LinkedIn address: %s', (linkedin_url) => {
    expect(printed({ linkedin_url })).toEqual(
      printed({ linkedin_url: 'https://www.linkedin.com/in/grace-hopper-1906' }),
    );
    expect(printed({ linkedin_url })).toMatchObject({
      linkedin_url: 'http://www.linkedin.com/in/grace-hopper-1906',
      first_name: 'Grace',
      last_name: 'Hopper',
    });
  });

  it('do not depend on case, accents or Unicode form', () => {
    const name = fc.constantFrom('Åsa', 'José', 'Zoë', 'Søren', 'Siobhán', "O'Neill", 'Mei-Ling', '雪');
    const spelling = fc.constantFrom<(text: string) => string>(
      (text) => text.normalize('NFD'),
      (text) => text.toUpperCase(),
      (text) => `  ${text.toLowerCase()} `,
      (text) => text.normalize('NFD').replace(/\p{M}/gu, ''),
    );
    fc.assert(
      fc.property(name, name, spelling, (first_name, last_name, spell) => {
        const lead = { first_name, last_name, domain: 'fabrikam.com' };
        const other = { ...lead, first_name: spell(first_name), last_name: spell(last_name) };
        expect(printed(other)).toEqual(printed(lead));
      }),
    );
  });

  it('answer with the identifiers that were asked for', () => {
    const lead = {
      name: 'Edsger Dijkstra',
      domain: 'fabrikam.com',
      email: 'E.W.D@Fabrikam.com',
      linkedin_url: 'linkedin.com/in/ewd',
    };

    expect(printed(lead)).toMatchObject({
      name: 'Edsger Dijkstra',
      email: 'e.w.d@fabrikam.com',
      linkedin_url: 'http://www.linkedin.com/in/ewd',
      organization: { primary_domain: 'fabrikam.com' },
    });
  });

  it('are found again by what was handed out for them', () => {
    const people = everybody();
    const person = people.find({ ...ada, first_name: 'Grace', last_name: 'Hopper' });
    const email = person?.email ?? '';

    expect(email).not.toBe('');
    expect(idOf({ id: person?.id ?? '' }, people)).toBe(person?.id);
    expect(idOf({ linkedin_url: `linkedin.com/in/${person?.slug}` }, people)).toBe(person?.id);
    expect(idOf({ hashed_email: createHash('md5').update(email).digest('hex') }, people)).toBe(person?.id);
    expect(idOf({ hashed_email: createHash('sha256').update(email).digest('hex') }, people)).toBe(person?.id);
  });

  it('share no e-mail address, however alike their names and employers are', () => {
    const people = everybody();
    const found = Array.from({ length: 500 }, (_, index) =>
      people.find({ linkedin_url: `linkedin.com/in/grace-hopper-${index}` }),
    );
    const emails = found.map((person) => person?.email).filter((email) => typeof email === 'string');

    expect(new Set(emails).size).toBe(emails.length);
    for (const person of found) {
      if (person?.email) expect(idOf({ email: person.email }, people)).toBe(person.id);
    }
  });

  it.each([
    {},
    { name: 'Ada Lovelace' },
    { first_name: 'Ada', domain: 'contoso.com' },
    { name: 'Ada Lovelace', domain: 'https://www.contoso.com/about' },
    { linkedin_url: 'https://www.linkedin.com/sales/lead/ACwAAA,NAME_SEARCH' },
    { linkedin_url: 'https://www.linkedin.com/company/contoso' },
    { id: '17' },
  ])('are not found by what identifies nobody: %o', (query) => {
    expect(everybody().find(query)).toBeNull();
  });

  it('are known, reachable and mobile at the usual rates', () => {
    const people = new People(0.85);
    const asked = Array.from({ length: 4000 }, (_, index) => ({ email: `person${index}@contoso.com` }));
    const named = Array.from({ length: 4000 }, (_, index) => ({
      linkedin_url: `linkedin.com/in/grace-hopper-${index}`,
    }));
    const share = (part: number, of: number) => Math.round((100 * part) / of);
    const found = named.map((query) => people.find(query)).filter((person) => person !== null);

    expect(share(asked.filter((query) => people.find(query)).length, 4000)).toBeCloseTo(85, -1);
    expect(share(found.length, 4000)).toBeCloseTo(85, -1);
    expect(share(found.filter((one) => one.emailStatus === 'verified').length, found.length)).toBeCloseTo(
      70,
      -1,
    );
    expect(share(found.filter((one) => one.email === null).length, found.length)).toBeCloseTo(10, -1);
    expect(share(found.filter((one) => one.phone?.mobile).length, found.length)).toBeCloseTo(60, -1);
  });
});
