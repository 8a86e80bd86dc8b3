import type { INodeProperties } from 'n8n-workflow';

/** What a field of a lead is called in the editor. */
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

export const COMPANY_FIELDS = PERSON_FIELDS.filter(([name]) =>
  ['company', 'domain', 'company_linkedin_url'].includes(name),
);

/** Parameters that Person → Enrich and Company → Enrich have in common. */
function enrichParameters(resource: 'person' | 'company'): INodeProperties[] {
  const show = { resource: [resource], operation: ['enrich'] };
  const fields = resource === 'person' ? PERSON_FIELDS : COMPANY_FIELDS;
  return [
    {
      displayName: 'Leads From',
      name: 'leadsFrom',
      type: 'options',
      displayOptions: { show },
      default: 'columns',
      options: [
        {
          name: 'Columns of the Items',
          value: 'columns',
          description: 'The usual columns are recognised by themselves, or mapped one by one',
        },
        {
          name: 'Fields Below',
          value: 'fields',
          description: 'One lead for each item, field by field. Best for AI agents.',
        },
      ],
    },
    {
      displayName: 'Columns',
      name: 'columns',
      type: 'resourceMapper',
      default: { mappingMode: 'autoMapInputData', value: null },
      noDataExpression: true,
      displayOptions: { show: { ...show, leadsFrom: ['columns'] } },
      typeOptions: {
        resourceMapper: {
          resourceMapperMethod: resource === 'person' ? 'getPersonColumns' : 'getCompanyColumns',
          mode: 'add',
          fieldWords: { singular: 'column', plural: 'columns' },
          addAllFields: false,
          multiKeyMatch: false,
          supportAutoMap: true,
        },
      },
    },
    ...fields.map(
      ([name, displayName, placeholder]): INodeProperties => ({
        displayName,
        name: `lead_${name}`,
        type: 'string',
        default: '',
        placeholder,
        displayOptions: { show: { ...show, leadsFrom: ['fields'] } },
      }),
    ),
  ];
}

export const enrichDescription: INodeProperties[] = [
  ...enrichParameters('person'),
  ...enrichParameters('company'),
];
