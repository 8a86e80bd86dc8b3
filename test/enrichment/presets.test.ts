import { describe, expect, it } from 'vitest';
import type { Person } from '../../core/apollo/types.ts';
import { PRESETS, type Preset, presetColumns, presetRow } from '../../core/enrichment/presets.ts';

const ADDED = [
  'apollo_outcome',
  'apollo_match',
  'apollo_email',
  'apollo_email_status',
  'apollo_phone',
  'apollo_phone_type',
];
const ADA: Person = {
  id: '5f0000000000000000000001',
  firstName: 'Ada',
  lastName: 'Lovelace',
  title: 'CTO',
  email: 'ada@contoso.com',
  emailStatus: 'verified',
  linkedinUrl: 'https://www.linkedin.com/in/ada-lovelace',
  city: 'London',
  country: 'United Kingdom',
  phones: [
    { number: '+441111', type: 'mobile', doNotCall: true },
    { number: '+442222', type: 'work_direct', doNotCall: false },
  ],
  company: { id: 'c1', name: 'Contoso', domain: 'contoso.com', industry: 'computers', size: 120 },
};
const cells = ['matched', 'exact', 'ada@contoso.com', 'verified', '+441111', 'mobile'];

function row(
  preset: Preset,
  person: Person | undefined,
  outcome: 'matched' | 'review' | 'unmatched' = 'matched',
) {
  const values = presetRow(preset, { outcome, person, lead: {} }, ADDED, cells);
  if (!values) return undefined;
  const columns = presetColumns(preset, ADDED);
  expect(values).toHaveLength(columns.length);
  return Object.fromEntries(columns.map((name, index) => [name, values[index]]));
}

describe('a list ready for another tool', () => {
  it.each<[Preset, Record<string, string>]>([
    [
      'hubspot',
      {
        'First Name': 'Ada',
        'Last Name': 'Lovelace',
        Email: 'ada@contoso.com',
        'Company Name': 'Contoso',
        'Phone Number': '+442222',
        'LinkedIn URL': ADA.linkedinUrl ?? '',
      },
    ],
    [
      'salesforce',
      {
        'First Name': 'Ada',
        'Last Name': 'Lovelace',
        Email: 'ada@contoso.com',
        Company: 'Contoso',
        Phone: '+442222',
        'LinkedIn URL': ADA.linkedinUrl ?? '',
      },
    ],
    [
      'smartlead',
      {
        first_name: 'Ada',
        last_name: 'Lovelace',
        email: 'ada@contoso.com',
        company_name: 'Contoso',
        phone_number: '+442222',
        linkedin_profile: ADA.linkedinUrl ?? '',
        location: 'London, United Kingdom',
      },
    ],
    [
      'instantly',
      {
        first_name: 'Ada',
        last_name: 'Lovelace',
        email: 'ada@contoso.com',
        company_name: 'Contoso',
        phone: '+442222',
        linkedin_url: ADA.linkedinUrl ?? '',
      },
    ],
    [
      'lemlist',
      {
        firstName: 'Ada',
        lastName: 'Lovelace',
        email: 'ada@contoso.com',
        companyName: 'Contoso',
        phone: '+442222',
        linkedinUrl: ADA.linkedinUrl ?? '',
      },
    ],
    [
      'heyreach',
      {
        firstName: 'Ada',
        lastName: 'Lovelace',
        emailAddress: 'ada@contoso.com',
        companyName: 'Contoso',
        profileUrl: ADA.linkedinUrl ?? '',
      },
    ],
  ])('has the columns of %s, and ours as custom fields', (preset, expected) => {
    expect(row(preset, ADA)).toMatchObject({
      ...expected,
      apollo_match: 'exact',
      apollo_email_status: 'verified',
    });
  });

  it('has nobody who is not sure to be the one: not matched, or for review', () => {
    for (const preset of PRESETS) {
      expect(row(preset, ADA, 'review')).toBeUndefined();
      expect(row(preset, ADA, 'unmatched')).toBeUndefined();
      expect(row(preset, undefined)).toBeUndefined();
    }
  });

  it('has nobody whom the tool cannot contact', () => {
    const { email: _, ...noMail } = ADA;
    const { linkedinUrl: __, ...noPage } = ADA;
    for (const preset of ['hubspot', 'smartlead', 'instantly', 'lemlist'] as const) {
      expect(row(preset, noMail)).toBeUndefined();
      expect(row(preset, { ...ADA, emailStatus: 'unavailable' })).toBeUndefined();
      expect(row(preset, noPage)).toBeDefined();
    }
    expect(row('heyreach', noPage)).toBeUndefined();
    expect(row('heyreach', noMail)).toBeDefined();
    const { company: ___, ...noCompany } = ADA;
    expect(row('salesforce', noCompany)).toBeUndefined();
  });

  it('has no number that may not be called, nor what is said of one', () => {
    const hidden = { ...ADA, phones: ADA.phones?.slice(0, 1) ?? [] };
    for (const preset of PRESETS) {
      expect(JSON.stringify(row(preset, ADA))).not.toContain('+441111');
      expect(JSON.stringify(row(preset, hidden))).not.toContain('+441111');
      expect(row(preset, hidden)?.apollo_phone_type).toBe('');
    }
  });
});
