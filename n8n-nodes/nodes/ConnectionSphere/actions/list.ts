import { createHash } from 'node:crypto';
import type {
  IDataObject,
  IExecuteFunctions,
  INodeExecutionData,
  IWebhookFunctions,
  IWebhookResponseData,
} from 'n8n-workflow';
import { NodeOperationError, WAIT_INDEFINITELY } from 'n8n-workflow';
import { tableOf } from '../../../enrichment/leads';
import { isWorkbook } from '../../../enrichment/list-file';
import { type Result, withResult } from '../../../enrichment/result-fields';
import { type AskServer, leadLines, mapOf, serverOptions } from '../../../enrichment/server-service';
import { resultShape } from './enrich';
import { enrichOptions, inputItems, readInput } from './input';
import { askServer, nodeError } from './server';
import { requireServer } from './service';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const RESULTS_A_PAGE = 1000;
/** Reasons for a pause that pass by themselves. */
const PASSING = ['shutdown', 'interrupted'];

interface ServerJob extends IDataObject {
  id: string;
  state: string;
  reason?: string;
}

/** Starts a list on the server; with Wait, the execution sleeps until the list has ended or needs care. */
export async function startList(functions: IExecuteFunctions): Promise<INodeExecutionData[]> {
  const ask = requireServer(functions);
  const wait = functions.getNodeParameter('wait', 0) as boolean;
  const { creditLimit, fresh } = functions.getNodeParameter('options', 0, {});
  const options = serverOptions(
    enrichOptions(functions, 'person'),
    fresh === true,
    creditLimit as number | undefined,
  );
  const callbackUrl = wait ? { callbackUrl: resumeUrl(functions) } : {};
  const { type, body, name, query } = await listBody(functions);
  const given = (functions.getNodeParameter('listName', 0) as string).trim();
  const job = await ask<ServerJob>({
    method: 'POST',
    path: '/v1/jobs',
    query: { ...options, ...query, name: given || name, ...callbackUrl },
    body,
    type,
    // Started once, whatever n8n repeats.
    idempotencyKey: requestKey(functions, body),
  });
  const items = inputItems(functions);
  if (!wait) return [jobItem(job, items.length)];
  await functions.putExecutionToWait(WAIT_INDEFINITELY);
  return items;
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
  return { workflowData: [[{ json: withoutCallback(current), pairedItem: { item: 0 } }]] };
}

export async function getList(functions: IExecuteFunctions): Promise<INodeExecutionData[]> {
  return await forEachItem(functions, async (id, ask) => [withoutCallback(await showJob(ask, id))]);
}

export async function cancelList(functions: IExecuteFunctions): Promise<INodeExecutionData[]> {
  return await forEachItem(functions, async (id, ask) => [
    withoutCallback(
      await ask<ServerJob>({ method: 'POST', path: `/v1/jobs/${encodeURIComponent(id)}/cancel` }),
    ),
  ]);
}

export async function getListResults(functions: IExecuteFunctions): Promise<INodeExecutionData[]> {
  const options = functions.getNodeParameter('options', 0, {});
  const shape = resultShape(functions, options);
  const outcomes = functions.getNodeParameter('outcomes', 0) as string[];
  return await forEachItem(functions, async (id, ask, itemIndex) => {
    const all = functions.getNodeParameter('returnAll', itemIndex) as boolean;
    const limit = all ? Number.POSITIVE_INFINITY : (functions.getNodeParameter('limit', itemIndex) as number);
    const found: IDataObject[] = [];
    const { kind } = await showJob(ask, id);
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
      for (const { lead, ...result } of page.results) {
        found.push(withResult(lead, result, { ...shape, kind: kind === 'companies' ? 'company' : 'person' }));
      }
      cursor = page.next;
      if (cursor === undefined) break;
    }
    return found;
  });
}

interface ResultsPage {
  readonly results: readonly (Result & { readonly lead: IDataObject })[];
  readonly next?: string;
}

async function showJob(ask: AskServer, id: string): Promise<ServerJob> {
  return await ask<ServerJob>({ method: 'GET', path: `/v1/jobs/${encodeURIComponent(id)}` });
}

/** Does something for the list of each item; an item that fails says so where the node is to go on. */
async function forEachItem(
  functions: IExecuteFunctions,
  work: (id: string, ask: AskServer, itemIndex: number) => Promise<IDataObject[]>,
): Promise<INodeExecutionData[]> {
  const ask = requireServer(functions);
  const found: INodeExecutionData[] = [];
  for (const [item] of inputItems(functions).entries()) {
    try {
      const id = String(functions.getNodeParameter('list', item, '', { extractValue: true })).trim();
      if (id === '') {
        throw new NodeOperationError(functions.getNode(), 'No list is given', {
          itemIndex: item,
          description: 'Choose a list, or give the ID that List > Start put out.',
        });
      }
      for (const json of await work(id, ask, item)) found.push({ json, pairedItem: { item } });
    } catch (error) {
      if (!functions.continueOnFail()) throw nodeError(functions.getNode(), error, item);
      found.push({
        json: { error: error instanceof Error ? error.message : String(error) },
        pairedItem: { item },
      });
    }
  }
  return found;
}

/** The list as the server takes it: a file as it is, items as lines of JSON. */
async function listBody(
  functions: IExecuteFunctions,
): Promise<{ type: string; body: string | Buffer; name: string; query: IDataObject }> {
  const workflow = functions.getWorkflow().name ?? 'n8n';
  const items = inputItems(functions);
  if (functions.getNodeParameter('leadsFrom', 0) === 'file') {
    const field = functions.getNodeParameter('binaryPropertyName', 0) as string;
    const { fileName } = functions.helpers.assertBinaryData(0, field);
    const body = await functions.helpers.getBinaryDataBuffer(0, field);
    return { type: isWorkbook(body) ? XLSX : 'text/csv', body, name: fileName ?? workflow, query: {} };
  }
  if (
    functions.getNodeParameter('leadsFrom', 0) === 'columns' &&
    functions.getNodeParameter('columns.mappingMode', 0) !== 'defineBelow'
  ) {
    const { headers, rows } = tableOf(items.map(({ json }) => json));
    const lines = rows.map((row) =>
      Object.fromEntries(headers.map((header, column) => [header, row[column]])),
    );
    return { ...leadLines(lines), name: workflow, query: {} };
  }
  const leads = (await readInput(functions, 'person')).map(({ lead }) => lead);
  return { ...leadLines(leads), name: workflow, query: mapOf(leads) };
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

function jobItem(job: ServerJob, items: number): INodeExecutionData {
  return {
    json: withoutCallback(job),
    pairedItem: Array.from({ length: items }, (_, item) => ({ item })),
  };
}

/** A list as an item: its callback has a secret, which is nobody's business downstream. */
function withoutCallback(job: ServerJob): IDataObject {
  return Object.fromEntries(Object.entries(job).filter(([name]) => name !== 'callback'));
}
