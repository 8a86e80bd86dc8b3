import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { columnWords } from '../../../../enrichment/leads';
import type { Kind } from '../../../../enrichment/result-fields';
import { alsoFind, leadInput } from '../../shared/descriptions/input';
import { SPENDING_OPTIONS } from '../../shared/descriptions/spending';
import { estimateAll, estimateItem } from '../../shared/estimates';
import { askedOf, inputItems, readInput } from '../../shared/input';
import { showHints } from '../../shared/n8n-versions';
import { forAll, perItem } from '../../shared/parameters';
import { openService } from '../../shared/service';

const show = { resource: ['credits'], operation: ['estimate'] };

export const estimateDescription: INodeProperties[] = [
  {
    displayName: 'Estimate For',
    name: 'estimateFor',
    type: 'options',
    noDataExpression: true,
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

/** Says what the input would cost and take; nothing is spent. */
export async function estimate(functions: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const items = inputItems(functions).length;
  const kind = forAll(functions, 'Estimate For', items, perItem<Kind>(functions, 'estimateFor', 'person'));
  const askedFor = askedOf(functions, kind);
  const input = await readInput(functions, kind);
  const { service } = await openService(functions);
  const asked = input.leads.map(({ lead, from }) => ({ lead, ...askedFor(from) }));
  showHints(functions, 'info', columnWords(input.columns));
  return [[estimateItem(await estimateAll(service, kind, asked), input)]];
}
