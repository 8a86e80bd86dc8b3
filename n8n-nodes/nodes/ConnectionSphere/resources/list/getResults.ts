import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { resultFieldOption, resultOutput } from '../../shared/descriptions/output';
import { resultShapes } from '../../shared/enrich';
import { forEachList, resultsOf, showJob } from '../../shared/lists';
import { perItem } from '../../shared/parameters';

const show = { resource: ['list'], operation: ['getResults'] };

export const getResultsDescription: INodeProperties[] = [
  {
    displayName: 'Return All',
    name: 'returnAll',
    type: 'boolean',
    default: true,
    displayOptions: { show },
    description: 'Whether to return all results or only up to a given limit',
  },
  {
    displayName: 'Limit',
    name: 'limit',
    type: 'number',
    typeOptions: { minValue: 1 },
    default: 50,
    displayOptions: { show: { ...show, returnAll: [false] } },
    description: 'Max number of results to return',
  },
  {
    displayName: 'Outcomes',
    name: 'outcomes',
    type: 'multiOptions',
    default: [],
    displayOptions: { show },
    description: 'Only results with these outcomes. None: all.',
    options: [
      { name: 'Failed', value: 'failed' },
      { name: 'Matched', value: 'matched' },
      { name: 'Pending', value: 'pending' },
      { name: 'Review', value: 'review' },
      { name: 'Skipped', value: 'skipped' },
      { name: 'Unmatched', value: 'unmatched' },
    ],
  },
  ...resultOutput(show, 'person'),
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add option',
    default: {},
    displayOptions: { show },
    options: [resultFieldOption('person')],
  },
];

/** An item for each row of the list, in its order: the item that it was made from, with its result. */
export async function getResults(functions: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const optionsOf = perItem<IDataObject>(functions, 'options', {});
  const shapes = {
    person: resultShapes(functions, 'person', optionsOf),
    company: resultShapes(functions, 'company', optionsOf),
  };
  return await forEachList(
    functions,
    async (id, ask, itemIndex) => {
      const all = functions.getNodeParameter('returnAll', itemIndex) as boolean;
      const limit = all
        ? Number.POSITIVE_INFINITY
        : (functions.getNodeParameter('limit', itemIndex) as number);
      const outcomes = functions.getNodeParameter('outcomes', itemIndex) as string[];
      const job = await showJob(ask, id);
      const shape = shapes[job.kind === 'companies' ? 'company' : 'person'](itemIndex);
      return (await resultsOf(ask, job, shape, limit, outcomes)).map((json) => ({ json }));
    },
    linkOfRows,
  );
}

/**
 * n8n links a list that it was woken with to the first item that the list was made from, whichever the row is about:
 * rows that come of it are linked to none.
 */
function linkOfRows(id: string, { json }: INodeExecutionData): 'item' | 'none' {
  return json.id === id && 'state' in json ? 'none' : 'item';
}
