import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { itemOf } from '../../../../enrichment/list-items';
import { type Result, type ResultShape, withResult } from '../../../../enrichment/result-fields';
import { resultFieldOption, resultOutput } from '../../shared/descriptions/output';
import { resultShapes } from '../../shared/enrich';
import { forEachList, showJob } from '../../shared/lists';
import { perItem } from '../../shared/parameters';

const RESULTS_A_PAGE = 1000;

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

interface Row extends Result {
  readonly lead: IDataObject;
}

interface ResultsPage {
  readonly results: readonly Row[];
  readonly next?: string;
}

/** An item for each row of the list, in its order: the item that it was made from, with its result. */
export async function getResults(functions: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const optionsOf = perItem<IDataObject>(functions, 'options', {});
  const shapes = {
    person: resultShapes(functions, 'person', optionsOf),
    company: resultShapes(functions, 'company', optionsOf),
  };
  return await forEachList(functions, async (id, ask, itemIndex) => {
    const all = functions.getNodeParameter('returnAll', itemIndex) as boolean;
    const limit = all ? Number.POSITIVE_INFINITY : (functions.getNodeParameter('limit', itemIndex) as number);
    const outcomes = functions.getNodeParameter('outcomes', itemIndex) as string[];
    const found: IDataObject[] = [];
    const { kind } = await showJob(ask, id);
    const shape = shapes[kind === 'companies' ? 'company' : 'person'](itemIndex);
    for (let cursor: string | undefined; found.length < limit; ) {
      const page: ResultsPage = await ask<ResultsPage>({
        method: 'GET',
        path: `/v1/jobs/${encodeURIComponent(id)}/results`,
        query: {
          limit: Math.min(RESULTS_A_PAGE, limit - found.length),
          ...(cursor !== undefined && { cursor }),
          ...(outcomes.length > 0 && { outcome: outcomes.join(',') }),
        },
      });
      for (const row of page.results) found.push(itemWith(row, shape));
      cursor = page.next;
      if (cursor === undefined) break;
    }
    return found;
  });
}

/** The row's number and its cells as a CSV has them say nothing new. */
function itemWith({ lead, outcome, person, company, match, error }: Row, shape: ResultShape): IDataObject {
  const result: Result = {
    outcome,
    ...(person && { person }),
    ...(company && { company }),
    ...(match && { match }),
    ...(error !== undefined && { error }),
  };
  return withResult(itemOf(lead), result, shape).json;
}
