import type { INodeProperties } from 'n8n-workflow';
import type { Kind } from '../../../../enrichment/result-fields';
import { alsoFind, leadInput } from './input';
import { resultFieldOption, resultOutput } from './output';
import { SPENDING_OPTIONS } from './spending';

/** The parameters of Person > Enrich and Company > Enrich. */
export function enrichParameters(kind: Kind): INodeProperties[] {
  const show = { resource: [kind], operation: ['enrich'] };
  return [
    ...leadInput(show, kind),
    ...(kind === 'person' ? [alsoFind(show)] : []),
    {
      displayName: 'Separate Outputs',
      name: 'separateOutputs',
      type: 'boolean',
      noDataExpression: true,
      displayOptions: { show },
      default: true,
      description: 'Whether matched, unmatched and failed items leave by outputs of their own',
    },
    {
      displayName: 'Output for Review',
      name: 'reviewOutput',
      type: 'boolean',
      noDataExpression: true,
      displayOptions: { show: { ...show, separateOutputs: [true] } },
      default: false,
      description:
        'Whether answers that contradict what was asked, and may be about somebody else, leave by an output of their own. Otherwise they leave by Unmatched, with the outcome "review".',
    },
    ...resultOutput(show, kind),
    {
      displayName: 'Options',
      name: 'options',
      type: 'collection',
      placeholder: 'Add option',
      default: {},
      displayOptions: { show },
      options: enrichOptions(kind),
    },
  ];
}

/** What may be set under Options. */
export function enrichOptions(kind: Kind): INodeProperties[] {
  return [
    {
      displayName: 'Batches Under Way',
      name: 'concurrency',
      type: 'number',
      typeOptions: { minValue: 1, maxValue: 16 },
      default: 4,
      description:
        'How many requests of 100 leads the server gets at a time. With a credit limit it is one. Keys in n8n find their own pace.',
    },
    ...SPENDING_OPTIONS,
    {
      displayName: 'Duplicates',
      name: 'duplicates',
      type: 'options',
      default: 'each',
      description: 'What to do with items about somebody who is in an earlier item',
      options: [
        {
          name: 'Leave Out',
          value: 'drop',
          description: 'Only the first item about each leaves the node',
        },
        { name: 'Same Result for Each', value: 'each', description: 'Paid once, put into every item' },
      ],
    },
    {
      displayName: 'On Failed',
      name: 'onFailed',
      type: 'options',
      default: 'continue',
      description: 'What to do when leads could not be looked up',
      options: [
        { name: 'Continue', value: 'continue', description: 'They leave as failed, with the reason' },
        {
          name: 'Stop',
          value: 'stop',
          description: 'The node fails; what was paid for is known next time',
        },
      ],
    },
    {
      displayName: 'On Unmatched',
      name: 'onUnmatched',
      type: 'options',
      default: 'output',
      description: 'What to do with items that nothing was found for',
      options: [
        { name: 'Fail', value: 'fail', description: 'The node fails at the first of them' },
        { name: 'Leave Out', value: 'drop', description: 'They do not leave the node' },
        { name: 'Output', value: 'output', description: 'They leave as unmatched' },
      ],
    },
    {
      displayName: 'Only Estimate',
      name: 'dryRun',
      type: 'boolean',
      default: false,
      description: 'Whether to only say what the items would cost; nothing is spent',
    },
    resultFieldOption(kind),
    ...(kind === 'person'
      ? [
          {
            displayName: 'Wait for Phones (Seconds)',
            name: 'waitForLate',
            type: 'number' as const,
            typeOptions: { minValue: 0, maxValue: 900 },
            default: 120,
            description:
              'How long to wait for phone numbers and waterfall results, which Apollo sends later. 0: do not wait.',
          },
        ]
      : []),
  ];
}
