import { BATCH_SIZE, type DirectResult } from '@connectionsphere/core';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { answeredIn } from '../../../enrichment/answered';
import { columnWords } from '../../../enrichment/leads';
import {
  type Kind,
  RESULT_FIELD,
  type ResultShape,
  toolAnswer,
  withResult,
} from '../../../enrichment/result-fields';
import { type Asked, findDuplicates, type RunAnswer, runEnrichment } from '../../../enrichment/run';
import { summarise } from '../../../enrichment/summary';
import { estimateAll, estimateItem } from './estimates';
import { askedOf, type InputLead, inputItems, readInput, refuseDear } from './input';
import { cancelSignal, isTool, showHints } from './n8n-versions';
import { givenOptions, listOf } from './options';
import { perItem, runOptions } from './parameters';
import { type OpenService, openService } from './service';
import { errorText, nodeError } from './transport';

const OUTPUTS = ['matched', 'unmatched', 'failed', 'review'] as const;

type Output = (typeof OUTPUTS)[number];

/** An item that leaves the node, and by which output. */
interface Leaving {
  readonly output: Output;
  readonly item: INodeExecutionData;
  /** Index of the input item that it comes from. */
  readonly from: number;
  /** Why it failed. */
  readonly reason: string;
  /** A row of a file and no item of the input. */
  readonly isRow: boolean;
}

const OUTPUT: Readonly<Record<DirectResult['outcome'], Output>> = {
  matched: 'matched',
  review: 'review',
  unmatched: 'unmatched',
  skipped: 'unmatched',
  failed: 'failed',
  undecided: 'failed',
};

const NOT_LOOKED_UP = {
  'no-slot': 'No key can be used now; nothing was spent on this lead. See the slots, then run it again.',
  'slot-limit':
    'Every slot that could do it is at its credit limit for the month; nothing was spent on this lead. Raise one on the server, then run it again.',
  budget:
    'The credit limit of this run was reached, or what is left of it is kept for phone numbers still to come; nothing was spent on this lead. Raise it and run again.',
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
export function enrichItems(kind: Kind): (functions: IExecuteFunctions) => Promise<INodeExecutionData[][]> {
  return async (functions) => {
    const separate = functions.getNodeParameter('separateOutputs', 0, true) as boolean;
    const reviewApart = functions.getNodeParameter('reviewOutput', 0, false) as boolean;
    const outputs = separate ? OUTPUTS.slice(0, reviewApart ? 4 : 3) : [];
    try {
      return arrange(await enrich(functions, kind), outputs, functions);
    } catch (error) {
      if (!functions.continueOnFail()) throw nodeError(functions.getNode(), error);
      return arrange(allFailed(functions, kind, error), outputs, functions);
    }
  };
}

/** What leaves the node, in the order of the leads. */
async function enrich(functions: IExecuteFunctions, kind: Kind): Promise<Leaving[]> {
  const items = inputItems(functions).length;
  const optionsOf = givenOptions(functions);
  const given = runOptions(functions, items, optionsOf);
  const askedFor = askedOf(functions, kind);
  const goesOn = functions.continueOnFail() && given.dryRun !== true;
  const { leads: input, columns, unread } = await readInput(functions, kind, goesOn);
  const asked = input.map(({ lead, from }): Asked => ({ lead, ...askedFor(from) }));
  refuseDear(functions, kind, asked, (index) => input[index]?.from ?? 0);
  const opened = await openService(functions);
  if (given.dryRun === true) {
    const estimate = await estimateAll(opened.service, kind, asked);
    showHints(functions, 'info', columnWords(columns));
    return [
      {
        output: 'matched',
        item: estimateItem(estimate, { leads: input, columns, unread }),
        from: 0,
        reason: '',
        isRow: false,
      },
    ];
  }
  const duplicates =
    given.duplicates === 'drop'
      ? findDuplicates(
          kind,
          input.map(({ lead }) => lead),
        )
      : undefined;
  const isKept = (_: unknown, index: number) => !duplicates?.[index];
  const kept = input.filter(isKept);
  const answer = await lookUp(functions, opened, {
    kind,
    leads: asked.filter(isKept),
    creditLimit: given.creditLimit as number | undefined,
    concurrency: (given.concurrency as number | undefined) ?? DEFAULT_CONCURRENCY,
    waitForLateMs: ((given.waitForLate as number | undefined) ?? DEFAULT_WAIT_S) * 1000,
    signal: cancelSignal(functions),
  });
  showHints(functions, 'info', columnWords(columns));
  const [error] = answer.errors;
  if (error && answer.results.every(({ outcome }) => outcome === 'failed' || outcome === 'undecided'))
    throw error;
  refuse(functions, kept, answer, given, optionsOf);
  const leaving = write(functions, kind, kept, answer, optionsOf);
  if (unread.length === 0) return leaving;
  const writer = new Writer(functions, kind, optionsOf);
  const failed = unread.map(({ error: reason, ...each }) => writer.failed(each, reason));
  return [...leaving, ...failed].sort((a, b) => a.from - b.from);
}

/** Runs the look-ups and says how it went. */
async function lookUp(
  functions: IExecuteFunctions,
  { service, troubles }: OpenService,
  request: Parameters<typeof runEnrichment>[1],
): Promise<RunAnswer> {
  const { leads } = request;
  const answered = leads.some(
    ({ fresh, options }) => fresh || options.matchedForMs === 0 || options.unmatchedForMs === 0,
  )
    ? answeredIn(`${functions.getExecutionId()}/${functions.getNode().id}`)
    : undefined;
  const before = leads.map(({ lead }) => answered?.find(lead));
  const open = leads.flatMap((_, index) => (before[index] ? [] : [index]));
  const began = performance.now();
  // One call goes by one slot, and is not to take longer for what the hint says: the slots are asked beside it.
  const isOneCall = open.length <= BATCH_SIZE;
  const slotsOf = () => service.slots().catch(() => []);
  const slotsBeside = isOneCall ? slotsOf() : undefined;
  const spentBefore = isOneCall ? undefined : await spent(service);
  const ran = await runEnrichment(service, {
    ...request,
    leads: open.flatMap((index) => leads[index] ?? []),
  });
  const results: DirectResult[] = before.map((result) => result ?? { outcome: 'undecided' });
  for (const [at, index] of open.entries()) {
    const result = ran.results[at];
    if (!result) continue;
    results[index] = result;
    answered?.keep(leads[index]?.lead ?? {}, result);
  }
  const answer = { ...ran, results };
  const isWhole = results.every(({ outcome }) => OUTPUT[outcome] !== 'failed');
  const failed = answer.errors.length > 0;
  const [spentAfter, slots] = await Promise.all([
    failed || !spentBefore ? {} : spent(service),
    failed ? [] : isWhole && slotsBeside ? slotsBeside : slotsOf(),
  ]);
  const bySlot: Record<string, number> = {};
  for (const [slot, credits] of Object.entries<number>(spentAfter)) {
    bySlot[slot] = credits - (spentBefore?.[slot] ?? 0);
  }
  const { message, warning } = summarise(answer, slots, bySlot, performance.now() - began);
  showHints(functions, warning ? 'warning' : 'info', message);
  showHints(functions, 'warning', ...troubles);
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
  { onFailed }: IDataObject,
  optionsOf: (item: number) => IDataObject,
): void {
  const failAt = (index: number, message: string, description: string) => {
    throw new NodeOperationError(functions.getNode(), message, {
      itemIndex: input[index]?.from ?? 0,
      description,
    });
  };
  const failed = results.findIndex(({ outcome }) => OUTPUT[outcome] === 'failed');
  if (failed >= 0 && onFailed === 'stop' && stopped !== 'aborted') {
    const reason = results[failed]?.error ?? NOT_LOOKED_UP[stopped ?? 'no-slot'];
    failAt(
      failed,
      'A lead could not be looked up',
      `${reason} What was paid for is known and free next time.`,
    );
  }
  if (stopped === 'no-slot' && results.every(({ outcome }) => outcome === 'undecided')) {
    failAt(
      0,
      'No Apollo key can be used now',
      'Slot > Get Many says why and until when. Nothing was spent; run it again then.',
    );
  }
  const missed = results.findIndex(
    ({ outcome }, index) =>
      OUTPUT[outcome] === 'unmatched' && optionsOf(input[index]?.from ?? 0).onUnmatched === 'fail',
  );
  if (missed >= 0) {
    failAt(
      missed,
      'Nothing was found for a lead',
      'Set On Unmatched to Output to let such items leave the node.',
    );
  }
}

function write(
  functions: IExecuteFunctions,
  kind: Kind,
  input: readonly InputLead[],
  { results, stopped }: RunAnswer,
  optionsOf: (item: number) => IDataObject,
): Leaving[] {
  const writer = new Writer(functions, kind, optionsOf);
  const leaving = input.flatMap((each, index): Leaving[] => {
    const found = results[index] ?? { outcome: 'undecided' };
    const output = OUTPUT[found.outcome];
    if (output === 'unmatched' && optionsOf(each.from).onUnmatched === 'drop') return [];
    const result =
      found.outcome === 'undecided' ? { ...found, error: NOT_LOOKED_UP[stopped ?? 'no-slot'] } : found;
    return [writer.leaving(output, each, result)];
  });
  showHints(functions, 'warning', ...writer.words());
  return leaving;
}

/** Every item, with what went wrong, where the node is to go on whatever happens. */
function allFailed(functions: IExecuteFunctions, kind: Kind, error: unknown): Leaving[] {
  // The options may be what is wrong.
  const options = functions.getNodeParameter('options', 0, {}) as IDataObject;
  const writer = new Writer(functions, kind, () => options);
  return inputItems(functions).map((item, from) => writer.failed({ item, from }, error));
}

/** How results are written, for each item. */
export function resultShapes(
  functions: IExecuteFunctions,
  kind: Kind,
  optionsOf: (item: number) => IDataObject,
): (item: number) => ResultShape {
  const outputOf = perItem<ResultShape['output']>(functions, 'output', 'simplified');
  const selectedOf = perItem<unknown>(functions, 'selectedFields', []);
  return (item) => {
    const { resultField } = optionsOf(item);
    return {
      kind,
      output: outputOf(item),
      selected: listOf(selectedOf(item)),
      field: typeof resultField === 'string' ? resultField.trim() : RESULT_FIELD[kind],
    };
  };
}

/** Writes results into items, and counts what stood in their places. */
class Writer {
  readonly #shapeOf: (item: number) => ResultShape;
  readonly #isTool: boolean;
  readonly #items: readonly INodeExecutionData[];
  #replaced = 0;
  readonly #moved = new Map<string, number>();

  constructor(functions: IExecuteFunctions, kind: Kind, optionsOf: (item: number) => IDataObject) {
    this.#shapeOf = resultShapes(functions, kind, optionsOf);
    this.#isTool = isTool(functions);
    this.#items = inputItems(functions);
  }

  /** An item that was not looked up, with what went wrong. */
  failed(given: Omit<InputLead, 'lead'>, error: unknown): Leaving {
    return this.leaving('failed', { lead: {}, ...given }, { outcome: 'failed', error: errorText(error) });
  }

  /** An item with its result. */
  leaving(output: Output, { item, from, lead }: InputLead, result: DirectResult): Leaving {
    const shape = this.#shapeOf(from);
    return {
      output,
      from,
      item: {
        ...item,
        json: this.#isTool ? toolAnswer(result, shape) : this.#write(item.json, result, shape, lead),
        pairedItem: { item: from },
      },
      reason: result.error ?? UNKNOWN_REASON,
      isRow: item !== this.#items[from],
    };
  }

  #write(json: IDataObject, result: DirectResult, shape: ResultShape, lead: InputLead['lead']): IDataObject {
    const written = withResult(json, result, shape, lead);
    if (written.replaced) this.#replaced += 1;
    if (written.movedTo !== undefined)
      this.#moved.set(written.movedTo, (this.#moved.get(written.movedTo) ?? 0) + 1);
    return written.json;
  }

  /** What somebody should know of fields that were not free. */
  words(): string[] {
    const moved = [...this.#moved].map(
      ([field, items]) =>
        `The field for the result holds something of the item's own in ${items} of the items: it is kept, and their results stand in "${field}". Choose another name under Put Result in Field.`,
    );
    const replaced =
      this.#replaced > 0
        ? [`Results of an earlier run were replaced in ${this.#replaced} of the items.`]
        : [];
    return [...moved, ...replaced];
  }
}

/**
 * In this form, and in no other, n8n moves an item to its own error output and puts the fields of the input item
 * beside it. A row of a file is no input item: its fields go along.
 */
function withError({ item, reason, isRow }: Leaving): INodeExecutionData {
  return { ...item, json: { error: reason, ...(isRow && { details: item.json }) } };
}

/** By output, or all in one in their order; as a tool there is only one. `outputs`: those that the node has. */
function arrange(
  all: readonly Leaving[],
  outputs: readonly Output[],
  functions: IExecuteFunctions,
): INodeExecutionData[][] {
  const asTool = isTool(functions);
  const toErrorOutput = functions.getNode().onError === 'continueErrorOutput' && !asTool;
  const itemOf = (leaving: Leaving): INodeExecutionData =>
    leaving.output === 'failed' && toErrorOutput ? withError(leaving) : leaving.item;
  if (outputs.length === 0 || asTool) return [all.map(itemOf)];
  const outputOf = ({ output }: Leaving) => (outputs.includes(output) ? output : 'unmatched');
  return outputs.map((name) => all.filter((leaving) => outputOf(leaving) === name).map(itemOf));
}
