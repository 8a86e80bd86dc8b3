/** Fields of a lead as the editor shows them, and AI agents read them: name, label, placeholder, description. */
export const PERSON_FIELDS = [
  ['email', 'Email', 'e.g. ada@contoso.com', 'Email address of the person; enough by itself'],
  [
    'linkedin_url',
    'LinkedIn URL',
    'e.g. https://www.linkedin.com/in/ada-lovelace',
    "Address of the person's LinkedIn profile; enough by itself",
  ],
  [
    'first_name',
    'First Name',
    'e.g. Ada',
    'First name; needs a last name and a company or its domain as well',
  ],
  [
    'last_name',
    'Last Name',
    'e.g. Lovelace',
    'Last name; needs a first name and a company or its domain as well',
  ],
  [
    'name',
    'Full Name',
    'e.g. Ada Lovelace',
    'Whole name, in place of first and last name; needs a company or its domain as well',
  ],
  ['company', 'Company', 'e.g. Contoso', 'Name of the company'],
  ['domain', 'Company Domain', 'e.g. contoso.com', 'Website or domain of the company; better than its name'],
  [
    'company_linkedin_url',
    'Company LinkedIn URL',
    'e.g. https://www.linkedin.com/company/contoso',
    "Address of the company's LinkedIn page",
  ],
  ['apollo_id', 'Apollo ID', 'e.g. 5f0a1c2d3e4b5a6978811001', "Apollo's ID of the person; enough by itself"],
  [
    'hashed_email',
    'Hashed Email',
    'e.g. 5d41402abc4b2a76b9719d911017c592',
    'MD5 or SHA-256 of the email address, in hexadecimal; enough by itself',
  ],
] as const;

const COMPANY_FIELD_NAMES: readonly string[] = ['company', 'domain', 'company_linkedin_url'];

export const COMPANY_FIELDS = PERSON_FIELDS.filter(([name]) => COMPANY_FIELD_NAMES.includes(name));
