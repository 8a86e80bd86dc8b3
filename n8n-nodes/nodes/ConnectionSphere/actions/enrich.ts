import type { DirectResult } from '@connectionsphere/core';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { answeredIn } from '../../../enrichment/answered';
import { type Kind, type ResultShape, toolAnswer, withResult } from '../../../enrichment/result-fields';
import { findDuplicates, type RunAnswer, runEnrichment } from '../../../enrichment/run';
import { summarise } from '../../../enrichment/summary';
import { estimateItem } from './estimate';
import { enrichOptions, type InputLead, inputItems, readInput } from './input';
import { nodeError } from './server';
import { type OpenService, openService } from './service';

const OUTPUTS = ['matched', 'unmatched', 'failed'] as const;

/** An item that leaves the node, and by which output. */
interface Leaving {
  readonly output: (typeof OUTPUTS)[number];
  readonly item: INodeExecutionData;
  /** Why it failed. */
  readonly reason: string;
}

const OUTPUT = {
  matched: 'matched',
  review: 'unmatched',
  unmatched: 'unmatched',
  skipped: 'unmatched',
  failed: 'failed',
  undecided: 'failed',
} as const;

const NOT_LOOKED_UP = {
  'no-slot': 'No key can be used now; nothing was spent on this lead. See the slots, then run it again.',
  'slot-limit':
    'Every slot that could do it is at its credit limit for the month; nothing was spent on this lead. Raise one on the server, then run it again.',
  budget: 'The credit limit of this run was reached; nothing was spent on this lead. Raise it and run again.',
  'request-refused':
    'Apollo does not take what is asked for, whoever it is about; nothing was charged. Choose other options, then run it again.',
  'apollo-trouble':
    'Apollo could not be reached for a minute; nothing was decided about this lead. Run it again later.',
  aborted: 'The execution was cancelled before this lead was looked up; nothing was spent on it.',
} as const;

const UNKNOWN_REASON = 'Apollo gave no usable answer for this lead.';

const DEFAULT_CONCURRENCY = 4;
const DEFAULT_WAIT_S = 120;

/** Looks up all items together and puts each result beside the item it belongs to. */
export async function executeEnrich(functions: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const separate = functions.getNodeParameter('separateOutputs', 0, true) as boolean;
  try {
    return arrange(await enrich(functions), separate, functions);
  } catch (error) {
    if (!functions.continueOnFail()) throw nodeError(functions.getNode(), error);
    return arrange(allFailed(functions, error), separate, functions);
  }
}

/** What leaves the node, in the order of the leads. */
async function enrich(functions: IExecuteFunctions): Promise<Leaving[]> {
  const kind = functions.getNodeParameter('resource', 0) as Kind;
  const options = enrichOptions(functions, kind);
  const given = functions.getNodeParameter('options', 0, {});
  const input = await readInput(functions, kind);
  const opened = await openService(functions);
  const fresh = given.fresh === true;
  if (given.dryRun === true) {
    const leads = input.map(({ lead }) => lead);
    const estimate = await opened.service.estimate({ kind, leads, options, fresh });
    return [{ output: 'matched', item: estimateItem(estimate, input), reason: '' }];
  }
  const duplicates =
    given.duplicates === 'drop'
      ? findDuplicates(
          kind,
          input.map(({ lead }) => lead),
        )
      : undefined;
  const kept = duplicates ? input.filter((_, index) => !duplicates[index]) : input;
  const answer = await lookUp(functions, opened, kept, {
    kind,
    options,
    fresh,
    creditLimit: given.creditLimit as number | undefined,
    concurrency: (given.concurrency as number | undefined) ?? DEFAULT_CONCURRENCY,
    waitForLateMs: ((given.waitForLate as number | undefined) ?? DEFAULT_WAIT_S) * 1000,
    signal: functions.getExecutionCancelSignal(),
  });
  const [error] = answer.errors;
  if (error && answer.results.every(({ outcome }) => outcome === 'failed' || outcome === 'undecided'))
    throw error;
  refuse(functions, kept, answer, given);
  return write(functions, kept, answer, given);
}

type LookUpRequest = Omit<Parameters<typeof runEnrichment>[1], 'leads'>;

/** Runs the look-ups and says how it went. */
async function lookUp(
  functions: IExecuteFunctions,
  { service, troubles }: OpenService,
  input: readonly InputLead[],
  request: LookUpRequest,
): Promise<RunAnswer> {
  const leads = input.map(({ lead }) => lead);
  const { matchedForMs, unmatchedForMs } = request.options;
  const answered =
    request.fresh || matchedForMs === 0 || unmatchedForMs === 0
      ? answeredIn(`${functions.getExecutionId()}/${functions.getNode().id}`)
      : undefined;
  const before = leads.map((lead) => answered?.find(lead));
  const open = leads.flatMap((_, index) => (before[index] ? [] : [index]));
  const began = performance.now();
  const spentBefore = await spent(service);
  const ran = await runEnrichment(service, { ...request, leads: open.map((index) => leads[index] ?? {}) });
  const results: DirectResult[] = before.map((result) => result ?? { outcome: 'undecided' });
  for (const [at, index] of open.entries()) {
    const result = ran.results[at];
    if (!result) continue;
    results[index] = result;
    answered?.keep(leads[index] ?? {}, result);
  }
  const answer = { ...ran, results };
  const spentAfter = answer.errors.length > 0 ? {} : await spent(service);
  const bySlot = Object.fromEntries(
    Object.entries(spentAfter).map(([slot, credits]) => [slot, credits - (spentBefore[slot] ?? 0)]),
  );
  const slots = answer.errors.length > 0 ? [] : await service.slots().catch(() => []);
  const { message, warning } = summarise(answer, slots, bySlot, performance.now() - began);
  functions.addExecutionHints(
    { message, type: warning ? 'warning' : 'info', location: 'outputPane' },
    ...troubles.map((trouble) => ({
      message: trouble,
      type: 'warning' as const,
      location: 'outputPane' as const,
    })),
  );
  return answer;
}

/** Credits by slot this month; a token without the scope for it costs only that part of the hint. */
async function spent(service: OpenService['service']): Promise<Readonly<Record<string, number>>> {
  return await service
    .credits()
    .then(({ bySlot }) => bySlot)
    .catch(() => ({}));
}

/** Throws where the options say that the node is to fail. */
function refuse(
  functions: IExecuteFunctions,
  input: readonly InputLead[],
  { results, stopped }: RunAnswer,
  options: IDataObject,
): void {
  const failAt = (index: number, message: string, description: string) => {
    throw new NodeOperationError(functions.getNode(), message, {
      itemIndex: input[index]?.from ?? 0,
      description,
    });
  };
  const failed = results.findIndex(({ outcome }) => OUTPUT[outcome] === 'failed');
  if (failed >= 0 && options.onFailed === 'stop' && stopped !== 'aborted') {
    const reason = results[failed]?.error ?? NOT_LOOKED_UP[stopped ?? 'no-slot'];
    failAt(
      failed,
      'A lead could not be looked up',
      `${reason} What was paid for is known and free next time.`,
    );
  }
  if (stopped === 'no-slot' && results.every(({ outcome }) => outcome === 'undecided')) {
    failAt(0, 'No Apollo key can be used now', NOT_LOOKED_UP['no-slot']);
  }
  const missed = results.findIndex(({ outcome }) => OUTPUT[outcome] === 'unmatched');
  if (missed >= 0 && options.onUnmatched === 'fail') {
    failAt(
      missed,
      'Nothing was found for a lead',
      'Set On Unmatched to Output to let such items leave the node.',
    );
  }
}

function write(
  functions: IExecuteFunctions,
  input: readonly InputLead[],
  { results, stopped }: RunAnswer,
  options: IDataObject,
): Leaving[] {
  const shape = resultShape(functions, options);
  return input.flatMap(({ item, from }, index): Leaving[] => {
    const found = results[index] ?? { outcome: 'undecided' };
    const output = OUTPUT[found.outcome];
    if (output === 'unmatched' && options.onUnmatched === 'drop') return [];
    const result =
      found.outcome === 'undecided' ? { ...found, error: NOT_LOOKED_UP[stopped ?? 'no-slot'] } : found;
    return [leaving(functions, output, { item, from }, result, shape)];
  });
}

/** An item with its result. */
function leaving(
  functions: IExecuteFunctions,
  output: Leaving['output'],
  { item, from }: Pick<InputLead, 'item' | 'from'>,
  result: DirectResult,
  shape: ResultShape,
): Leaving {
  const json = functions.isToolExecution() ? toolAnswer(result, shape) : withResult(item.json, result, shape);
  return {
    output,
    item: { ...item, json, pairedItem: { item: from } },
    reason: result.error ?? UNKNOWN_REASON,
  };
}

export function resultShape(functions: IExecuteFunctions, options: IDataObject): ResultShape {
  const resource = functions.getNodeParameter('resource', 0);
  return {
    kind: resource === 'company' ? 'company' : 'person',
    output: functions.getNodeParameter('output', 0, 'simplified') as ResultShape['output'],
    selected: functions.getNodeParameter('selectedFields', 0, []) as string[],
    field: typeof options.resultField === 'string' ? options.resultField.trim() : 'apollo',
  };
}

/** Every item, with what went wrong, where the node is to go on whatever happens. */
function allFailed(functions: IExecuteFunctions, error: unknown): Leaving[] {
  const shape = resultShape(functions, functions.getNodeParameter('options', 0, {}));
  const result = {
    outcome: 'failed',
    error: error instanceof Error ? error.message : String(error),
  } as const;
  return inputItems(functions).map((item, from) =>
    leaving(functions, 'failed', { item, from }, result, shape),
  );
}

/** By output, or all in one in their order; as a tool there is only one. */
function arrange(
  all: readonly Leaving[],
  separate: boolean,
  functions: IExecuteFunctions,
): INodeExecutionData[][] {
  const isTool = functions.isToolExecution();
  const toErrorOutput = functions.getNode().onError === 'continueErrorOutput' && !isTool;
  const itemOf = ({ output, item, reason }: Leaving): INodeExecutionData =>
    // In this form, and in no other, n8n moves items to its error output and gives them their fields back.
    output === 'failed' && toErrorOutput ? { ...item, json: { error: reason, details: item.json } } : item;
  if (!separate || isTool) return [all.map(itemOf)];
  return OUTPUTS.map((name) => all.filter(({ output }) => output === name).map(itemOf));
}
