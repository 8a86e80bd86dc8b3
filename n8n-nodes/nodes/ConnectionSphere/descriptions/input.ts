import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { COMPANY_FIELDS, PERSON_FIELDS } from './lead-fields';

type Show = NonNullable<IDisplayOptions['show']>;

/** Where an operation takes its leads from. */
export function leadInput(show: Show, kind: 'person' | 'company'): INodeProperties[] {
  const fields = kind === 'person' ? PERSON_FIELDS : COMPANY_FIELDS;
  return [
    {
      displayName: 'Leads From',
      name: 'leadsFrom',
      type: 'options',
      displayOptions: { show },
      default: 'columns',
      description: 'Where the leads are',
      options: [
        {
          name: 'Columns of the Items',
          value: 'columns',
          description: 'The usual columns are recognized by themselves, or mapped one by one',
        },
        {
          name: 'Fields Below',
          value: 'fields',
          description: 'One lead for each item, field by field. Best for AI agents.',
        },
        {
          name: 'File',
          value: 'file',
          description: 'A CSV or XLSX file in a binary field; every row is a lead',
        },
      ],
    },
    {
      displayName: 'Columns',
      name: 'columns',
      type: 'resourceMapper',
      default: { mappingMode: 'autoMapInputData', value: null },
      noDataExpression: true,
      description:
        'Automatic: columns such as "E-mail", "Vorname" or "Company website" are recognized in six languages',
      displayOptions: { show: { ...show, leadsFrom: ['columns'] } },
      typeOptions: {
        resourceMapper: {
          resourceMapperMethod: kind === 'person' ? 'getPersonColumns' : 'getCompanyColumns',
          mode: 'add',
          fieldWords: { singular: 'column', plural: 'columns' },
          addAllFields: false,
          multiKeyMatch: false,
          supportAutoMap: true,
        },
      },
    },
    ...fields.map(
      ([name, displayName, placeholder, description]): INodeProperties => ({
        displayName,
        name: `lead_${name}`,
        type: 'string',
        default: '',
        placeholder,
        description,
        displayOptions: { show: { ...show, leadsFrom: ['fields'] } },
      }),
    ),
    {
      displayName: 'Input Binary Field',
      name: 'binaryPropertyName',
      type: 'string',
      default: 'data',
      required: true,
      placeholder: 'e.g. data',
      hint: 'The name of the input field that holds the CSV or XLSX file',
      displayOptions: { show: { ...show, leadsFrom: ['file'] } },
    },
  ];
}

/** What to find beside e-mail address and profile. */
export function alsoFind(show: Show): INodeProperties {
  return {
    displayName: 'Also Find',
    name: 'alsoFind',
    type: 'multiOptions',
    displayOptions: { show },
    default: [],
    description: 'What to find beside work email and profile, which cost 1 credit for each person found',
    options: [
      {
        name: 'Company Details',
        value: 'company',
        description: 'More about each employer: up to 1 credit per company',
      },
      {
        name: 'Personal Emails',
        value: 'personalEmails',
        description: 'Private email addresses; not revealed in GDPR regions',
      },
      {
        name: 'Phone Numbers',
        value: 'phones',
        description:
          '8 credits more for each person with a mobile number; they come seconds to minutes later',
      },
      {
        name: 'Waterfall',
        value: 'waterfall',
        description: 'Ask the data vendors set up in the Apollo account as well; prices are theirs',
      },
    ],
  };
}

/** Options about what is known and what may be spent, for whatever looks leads up. */
export const SPENDING_OPTIONS: INodeProperties[] = [
  {
    displayName: 'Credit Limit per Lead',
    name: 'creditsPerLead',
    type: 'number',
    typeOptions: { minValue: 0 },
    default: 9,
    description: 'Refuse to start when one lead may cost more than this, in credits',
  },
  {
    displayName: 'Credit Limit per Run',
    name: 'creditLimit',
    type: 'number',
    typeOptions: { minValue: 0 },
    default: 100,
    description:
      'Never spend more credits than this in one run of the node; leads beyond it are left undecided',
  },
  {
    displayName: 'Known Matches: Days',
    name: 'matchedDays',
    type: 'number',
    typeOptions: { minValue: 0, maxValue: 3650 },
    default: 90,
    description:
      'How old a known result may be to be used for free. With Apollo key slots, results are known for a day at most.',
  },
  {
    displayName: 'Known Misses: Days',
    name: 'unmatchedDays',
    type: 'number',
    typeOptions: { minValue: 0, maxValue: 3650 },
    default: 14,
    description: 'How long somebody who was not found is not looked for again',
  },
  {
    displayName: 'Look Up Known Leads Again',
    name: 'fresh',
    type: 'boolean',
    default: false,
    description: 'Whether to pay again for leads whose result is known',
  },
];
