import type { INodeProperties } from 'n8n-workflow';
import { alsoFind, leadInput, SPENDING_OPTIONS } from './input';

const show = { resource: ['credits'], operation: ['estimate'] };

export const creditsDescription: INodeProperties[] = [
  {
    displayName: 'Estimate For',
    name: 'estimateFor',
    type: 'options',
    default: 'person',
    displayOptions: { show },
    description: 'What the leads are',
    options: [
      { name: 'Companies', value: 'company' },
      { name: 'People', value: 'person' },
    ],
  },
  ...leadInput({ ...show, estimateFor: ['person'] }, 'person'),
  alsoFind({ ...show, estimateFor: ['person'] }),
  ...leadInput({ ...show, estimateFor: ['company'] }, 'company'),
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add option',
    default: {},
    displayOptions: { show },
    options: SPENDING_OPTIONS.filter(({ name }) => ['matchedDays', 'unmatchedDays', 'fresh'].includes(name)),
  },
];
