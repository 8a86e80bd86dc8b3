import type { INodeProperties } from 'n8n-workflow';
import { enrichCompanyDescription } from './enrich';

export const companyDescription: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'enrich',
    displayOptions: { show: { resource: ['company'] } },
    options: [
      {
        name: 'Enrich',
        value: 'enrich',
        action: 'Enrich companies',
        description: 'Find industry, size, phone number and more for all items at once',
      },
    ],
  },
  ...enrichCompanyDescription,
];
