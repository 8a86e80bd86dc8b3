/** Fields of a lead as the editor shows them: name, label, placeholder. */
export const PERSON_FIELDS = [
  ['email', 'Email', 'e.g. ada@contoso.com'],
  ['linkedin_url', 'LinkedIn URL', 'e.g. https://www.linkedin.com/in/ada-lovelace'],
  ['first_name', 'First Name', 'e.g. Ada'],
  ['last_name', 'Last Name', 'e.g. Lovelace'],
  ['name', 'Full Name', 'e.g. Ada Lovelace'],
  ['company', 'Company', 'e.g. Contoso'],
  ['domain', 'Company Domain', 'e.g. contoso.com'],
  ['company_linkedin_url', 'Company LinkedIn URL', 'e.g. https://www.linkedin.com/company/contoso'],
  ['apollo_id', 'Apollo ID', 'e.g. 5f0a1c2d3e4b5a6978811001'],
  ['hashed_email', 'Hashed Email', 'e.g. 5d41402abc4b2a76b9719d911017c592'],
] as const;

const COMPANY_FIELD_NAMES: readonly string[] = ['company', 'domain', 'company_linkedin_url'];

export const COMPANY_FIELDS = PERSON_FIELDS.filter(([name]) => COMPANY_FIELD_NAMES.includes(name));
