import type { INodeProperties } from 'n8n-workflow';
import { estimateDescription } from './estimate';

export const creditsDescription: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'estimate',
    displayOptions: { show: { resource: ['credits'] } },
    options: [
      {
        name: 'Estimate',
        value: 'estimate',
        action: 'Estimate credits',
        description: 'Say what leads would cost and take; nothing is spent',
      },
      {
        name: 'Get',
        value: 'get',
        action: 'Get credits',
        description: 'Say what was spent this month, and what is left',
      },
    ],
  },
  ...estimateDescription,
];
