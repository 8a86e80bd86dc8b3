import type { INodeProperties } from 'n8n-workflow';

export const slotDescription: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'getAll',
    displayOptions: { show: { resource: ['slot'] } },
    options: [
      {
        name: 'Get Many',
        value: 'getAll',
        action: 'Get many slots',
        description: 'Say how each key is: health, credits and limits',
      },
    ],
  },
];
