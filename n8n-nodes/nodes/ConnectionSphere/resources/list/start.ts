import { createHash } from 'node:crypto';
import { LEAD_FIELDS } from '@connectionsphere/core';
import type {
  IDataObject,
  IExecuteFunctions,
  INodeExecutionData,
  INodeProperties,
  IWebhookFunctions,
  IWebhookResponseData,
} from 'n8n-workflow';
import { NodeOperationError, WAIT_INDEFINITELY } from 'n8n-workflow';
import { columnWords, flatRecord } from '../../../../enrichment/leads';
import { isWorkbook } from '../../../../enrichment/list-file';
import { ITEM_COLUMN } from '../../../../enrichment/list-items';
import { RESULT_FIELD, type ResultShape } from '../../../../enrichment/result-fields';
import { leadLines, mapOf, serverOptions } from '../../../../enrichment/server-service';
import { alsoFind, leadInput } from '../../shared/descriptions/input';
import { resultFieldOption, resultOutput } from '../../shared/descriptions/output';
import { SPENDING_OPTIONS } from '../../shared/descriptions/spending';
import {
  askedOf,
  binaryFile,
  fileOptions,
  inputItems,
  leadsFrom,
  readInput,
  refuseDear,
} from '../../shared/input';
import { resultsOf, type ServerJob, showJob, withoutCallback } from '../../shared/lists';
import { showHints } from '../../shared/n8n-versions';
import { givenOptions, listOf } from '../../shared/options';
import { forAll, perItem } from '../../shared/parameters';
import { requireServer } from '../../shared/service';
import { askServer } from '../../shared/transport';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** Reasons for a pause that pass by themselves. */
const PASSING = ['shutdown', 'interrupted'];

const show = { resource: ['list'], operation: ['start'] };

export const startDescription: INodeProperties[] = [
  {
    displayName: 'List Name',
    name: 'listName',
    type: 'string',
    default: '',
    placeholder: 'e.g. Webinar sign-ups',
    displayOptions: { show },
    description:
      "What the list is called in Slack and on the server. Empty: the file's name, or the workflow's.",
  },
  ...leadInput(show, 'person'),
  alsoFind(show),
  {
    displayName: 'Wait for the End',
    name: 'wait',
    type: 'boolean',
    noDataExpression: true,
    default: true,
    displayOptions: { show },
    description:
      'Whether the execution sleeps until the list is done (or needs care), and goes on then. The server must reach n8n.',
  },
  {
    displayName: 'Put Out',
    name: 'putOut',
    type: 'options',
    noDataExpression: true,
    default: 'list',
    displayOptions: { show: { ...show, wait: [true] } },
    description: 'What leaves the node when the list has ended',
    options: [
      { name: 'List', value: 'list', description: 'One item that says how it ended; then use Get Results' },
      {
        name: 'Results',
        value: 'results',
        description: 'Each item with its result, linked to the item that went in',
      },
    ],
  },
  ...resultOutput({ ...show, wait: [true], putOut: ['results'] }, 'person'),
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add option',
    default: {},
    displayOptions: { show },
    options: [
      {
        displayName: 'List Of',
        name: 'kind',
        type: 'options',
        default: 'people',
        description: 'What the list is one of, where that is not clear from its columns',
        options: [
          { name: 'Companies', value: 'companies', description: 'They are looked up themselves' },
          { name: 'People', value: 'people' },
        ],
      },
      ...SPENDING_OPTIONS,
      resultFieldOption('person'),
    ],
  },
];

/** Starts a list on the server; with Wait, the execution sleeps until the list has ended or needs care. */
export async function startList(functions: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const ask = requireServer(functions);
  const items = inputItems(functions);
  const ofAll = <T>(label: string, read: (item: number) => T) => forAll(functions, label, items.length, read);
  const wait = functions.getNodeParameter('wait', 0) as boolean;
  const given = givenOptions(functions);
  const { options, fresh } = ofAll('Also Find and Options', askedOf(functions, 'person'));
  // A list may have rows that rest on a name alone, which cost the most.
  refuseDear(functions, 'person', [{ lead: {}, options }], () => 0);
  const creditLimit = ofAll('Credit Limit per Run', (item) => given(item).creditLimit as number | undefined);
  const kind = ofAll('List Of', (item) => given(item).kind as string | undefined);
  const listName = ofAll('List Name', perItem(functions, 'listName', '')).trim();
  const callbackUrl = wait ? { callbackUrl: resumeUrl(functions) } : {};
  const { type, body, name, query } = await listBody(functions, items);
  const job = await ask<ServerJob>({
    method: 'POST',
    path: '/v1/jobs',
    query: {
      ...serverOptions(options, fresh, creditLimit),
      ...query,
      ...(kind !== undefined && { kind }),
      name: listName || name,
      ...callbackUrl,
    },
    body,
    type,
    // Started once, whatever n8n repeats.
    idempotencyKey: requestKey(functions, body),
  });
  if (!wait) {
    return [[{ json: withoutCallback(job), pairedItem: items.map((_, item) => ({ item })) }]];
  }
  await functions.putExecutionToWait(WAIT_INDEFINITELY);
  return [items];
}

/** The server says that a list has ended or paused: the execution goes on with it. */
export async function resumeList(functions: IWebhookFunctions): Promise<IWebhookResponseData> {
  const { job } = functions.getBodyData();
  const id = typeof job === 'object' && job !== null && 'id' in job ? String(job.id) : undefined;
  if (id === undefined) return { webhookResponse: 'No list is named here' };
  // What the server itself says counts, not what somebody posted.
  const current = await showJob(askServer(functions), id).catch(() => undefined);
  if (!current) {
    // Thrown, it would wake the execution with nothing; so the server tells it again later.
    functions.getResponseObject().status(503).end('The server could not be asked about the list');
    return { noWebhookResponse: true };
  }
  const passing = current.state === 'paused' && PASSING.includes(String(current.reason));
  if (current.state === 'running' || passing) return { webhookResponse: 'The list goes on' };
  if (current.state === 'done' && functions.getNodeParameter('putOut', 'list') === 'results') {
    // n8n links what it is woken with to the node's own items by position: each row to the item that it came from.
    const rows = await resultsOf(askServer(functions), current, wokenShape(functions, current));
    return { workflowData: [rows.map((json, item) => ({ json, pairedItem: { item } }))] };
  }
  return { workflowData: [[{ json: withoutCallback(current), pairedItem: [] }]] };
}

/** How results are written by an execution that was woken: there are no items to read parameters for. */
function wokenShape(functions: IWebhookFunctions, { kind }: ServerJob): ResultShape {
  const of = kind === 'companies' ? 'company' : 'person';
  const { resultField } = functions.getNodeParameter('options', {}) as IDataObject;
  return {
    kind: of,
    output: functions.getNodeParameter('output', 'simplified') as ResultShape['output'],
    selected: listOf(functions.getNodeParameter('selectedFields', [])),
    field: typeof resultField === 'string' ? resultField.trim() : RESULT_FIELD[of],
  };
}

/** The list as the server takes it: a file as it is, items as lines of JSON that bring the items back whole. */
async function listBody(
  functions: IExecuteFunctions,
  items: readonly INodeExecutionData[],
): Promise<{ type: string; body: string | Buffer; name: string; query: IDataObject }> {
  const workflow = functions.getWorkflow().name ?? 'n8n';
  if (leadsFrom(functions) === 'file') {
    if (items.length > 1) {
      throw new NodeOperationError(
        functions.getNode(),
        `${items.length} items came, and a list has one file`,
        {
          description:
            'Start a list for each file with a Loop Over Items node before this one. Nothing was started.',
        },
      );
    }
    const { name, bytes: body } = await binaryFile(functions, items[0], 0);
    const isNamed = items[0]?.binary !== undefined && name !== 'The file';
    return {
      type: isWorkbook(body) ? XLSX : 'text/csv',
      body,
      name: isNamed ? name : workflow,
      query: { ...fileOptions(functions, 0) },
    };
  }
  const { leads, columns } = await readInput(functions, 'person');
  showHints(functions, 'info', columnWords(columns));
  const lines = leads.map(({ lead, item: { json } }) => ({
    ...lead,
    ...ownCells(json),
    [ITEM_COLUMN]: JSON.stringify(json),
  }));
  return { ...leadLines(lines), name: workflow, query: mapOf(leads.map(({ lead }) => lead)) };
}

const LEAD_FIELD_NAMES: readonly string[] = LEAD_FIELDS;

/** What people see of an item who look at the list elsewhere, in Slack or as a CSV. */
function ownCells(json: IDataObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(flatRecord(json)).filter(([name]) => !LEAD_FIELD_NAMES.includes(name)),
  );
}

/** The same for the same list in the same execution, so that a retry of the node starts nothing anew. */
function requestKey(functions: IExecuteFunctions, body: string | Buffer): string {
  return createHash('sha256')
    .update(`${functions.getExecutionId()}/${functions.getNode().id}/`)
    .update(body)
    .digest('hex');
}

/** Where the server wakes this execution. */
function resumeUrl(functions: IExecuteFunctions): string {
  return functions.evaluateExpression('{{ $execution.resumeUrl }}', 0) as string;
}
