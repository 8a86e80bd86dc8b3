import type { INodeProperties } from 'n8n-workflow';
import { enrichPersonDescription } from './enrich';

export const personDescription: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'enrich',
    displayOptions: { show: { resource: ['person'] } },
    options: [
      {
        name: 'Enrich',
        value: 'enrich',
        action: 'Enrich people',
        description: 'Find email addresses, phone numbers and profiles for all items at once',
      },
    ],
  },
  ...enrichPersonDescription,
];
