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
      noDataExpression: true,
      displayOptions: { show },
      default: 'recognize',
      description: 'Where the leads are',
      options: [
        {
          name: 'Recognize Columns',
          value: 'recognize',
          description: 'The fields of each item, whatever they are called: nothing to set up',
        },
        {
          name: 'Map Each Column',
          value: 'columns',
          description: 'The fields of each item, with what each is said below',
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
      displayName:
        kind === 'person'
          ? 'Fields such as "Email", "LinkedIn", "Vorname" or "Company website" are recognized by their names and contents, in CRM records too. After a run, the hint at the output says what was read from where. <i>Only Estimate</i> says it before anything is spent.'
          : 'Fields such as "Company", "Website" or "Firma" are recognized by their names and contents, in CRM records too. After a run, the hint at the output says what was read from where. <i>Only Estimate</i> says it before anything is spent.',
      name: 'recognizeNotice',
      type: 'notice',
      default: '',
      displayOptions: { show: { ...show, leadsFrom: ['recognize'] } },
    },
    {
      displayName: 'Columns',
      name: 'columns',
      type: 'resourceMapper',
      default: { mappingMode: 'defineBelow', value: null },
      noDataExpression: true,
      description: 'Which field of the items is what',
      displayOptions: { show: { ...show, leadsFrom: ['columns'] } },
      typeOptions: {
        resourceMapper: {
          resourceMapperMethod: kind === 'person' ? 'getPersonColumns' : 'getCompanyColumns',
          mode: 'add',
          fieldWords: { singular: 'column', plural: 'columns' },
          addAllFields: false,
          multiKeyMatch: false,
          supportAutoMap: false,
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
    {
      displayName: 'File Options',
      name: 'fileOptions',
      type: 'collection',
      placeholder: 'Add option',
      default: {},
      description: 'How the file is to be read, where that is not recognized rightly',
      displayOptions: { show: { ...show, leadsFrom: ['file'] } },
      options: [
        {
          displayName: 'Encoding',
          name: 'encoding',
          type: 'string',
          default: '',
          placeholder: 'e.g. windows-1251',
          description: 'Of a CSV file whose names look wrong',
        },
        {
          displayName: 'Header Row',
          name: 'headerRow',
          type: 'number',
          typeOptions: { minValue: 0, maxValue: 1000 },
          default: 1,
          description:
            'The row that names the columns, counted from 1 from the top, blank rows included. 0: no row does, and the first one is a lead.',
        },
        {
          displayName: 'Sheet',
          name: 'sheet',
          type: 'string',
          default: '',
          placeholder: 'e.g. Leads',
          description: 'Of a workbook: its name, or its number from 1. The fitting one unless given.',
        },
      ],
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
