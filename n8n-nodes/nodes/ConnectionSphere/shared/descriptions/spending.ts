import type { INodeProperties } from 'n8n-workflow';

/** Options about what is known and what may be spent, for whatever looks leads up. */
export const SPENDING_OPTIONS: INodeProperties[] = [
  {
    displayName: 'Credit Limit per Lead',
    name: 'creditsPerLead',
    type: 'number',
    typeOptions: { minValue: 0 },
    default: 10,
    description:
      'Refuse to start when one lead may cost more than this, in credits. With phones, a lead that has only a name and a company takes two calls: 10.',
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
      'How old a known result may be to be used for free. With keys in n8n, results are known for a day at most.',
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
