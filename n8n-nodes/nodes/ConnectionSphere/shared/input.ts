import { DEFAULT_OPTIONS, type EnrichOptions, type RawLead, withoutNobodys } from '@connectionsphere/core';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import {
  type Columns,
  companyOf,
  leadFrom,
  type Recognised,
  recogniseItems,
  recogniseRows,
  recordsWords,
  type Table,
} from '../../../enrichment/leads';
import { type ListFileOptions, readListFile, refuseOthers } from '../../../enrichment/list-file';
import { type Kind, RESULT_FIELD } from '../../../enrichment/result-fields';
import { type Asked, mostOf } from '../../../enrichment/run';
import { isTool, showHints } from './n8n-versions';
import { givenFinds, givenOptions } from './options';
import { forAll, oncePerValue, perItem } from './parameters';
import { nodeError } from './transport';

/** A lead, and what of the input is to leave the node beside its result. */
export interface InputLead {
  readonly lead: RawLead;
  readonly item: INodeExecutionData;
  /** Index of the input item that it comes from. */
  readonly from: number;
}

/** The leads of the input, and what was taken for what where that had to be recognised. */
export interface Input {
  readonly leads: readonly InputLead[];
  readonly columns: Columns;
  /** Items whose files could not be read, where the others are to be looked up all the same. */
  readonly unread: readonly UnreadItem[];
}

interface UnreadItem extends Omit<InputLead, 'lead'> {
  readonly error: unknown;
}

const DAY_MS = 86_400_000;

/** The items of the input; a tool is called with none, and is one. */
export function inputItems(functions: IExecuteFunctions): INodeExecutionData[] {
  const items = functions.getInputData();
  return items.length === 0 && isTool(functions) ? [{ json: {} }] : items;
}

export type LeadsFrom = 'recognize' | 'columns' | 'fields' | 'file';

/** Where the leads are. */
export function leadsFrom(functions: IExecuteFunctions): LeadsFrom {
  const items = inputItems(functions).length;
  const from = forAll(functions, 'Leads From', items, perItem(functions, 'leadsFrom', 'recognize'));
  // Saved before there was a choice of its own for it.
  const isAutomatic =
    from === 'columns' && functions.getNodeParameter('columns.mappingMode', 0, '') === 'autoMapInputData';
  return isAutomatic ? 'recognize' : (from as LeadsFrom);
}

/**
 * The leads of the input, as the node is set up to find them. `goesOn`: a file that cannot be read fails its own item, and
 * not all of them.
 */
export async function readInput(functions: IExecuteFunctions, kind: Kind, goesOn = false): Promise<Input> {
  const { leads, ...others } = await readAll(functions, kind, goesOn);
  if (kind === 'person') {
    const seen = withoutNobodys(leads.map(({ lead }) => lead));
    return { ...others, leads: leads.map((each, index) => ({ ...each, lead: seen[index] ?? each.lead })) };
  }
  return { ...others, leads: leads.map((each) => ({ ...each, lead: companyOf(each.lead) })) };
}

async function readAll(functions: IExecuteFunctions, kind: Kind, goesOn: boolean): Promise<Input> {
  const items = inputItems(functions);
  const from = leadsFrom(functions);
  if (from === 'file') return await readFiles(functions, kind, items, goesOn);
  const beside = (leads: readonly RawLead[], columns: Columns): Input => ({
    leads: items.map((item, index) => ({ lead: leads[index] ?? {}, item, from: index })),
    columns,
    unread: [],
  });
  if (from === 'recognize') {
    const given = items.map(({ json }) => json);
    const { leads, columns } = recognised(
      kind,
      functions,
      recogniseItems(given, earlierResults(functions, kind, items)),
      given.flatMap((json) => Object.keys(json)),
    );
    showHints(functions, 'warning', recordsWords(given, columns));
    return beside(leads, columns);
  }
  return beside(from === 'fields' ? fieldLeads(functions, items) : mappedLeads(functions, items), {});
}

/** Where results of earlier runs stand: what was found is not what is asked. A company may be the one found for a person. */
function earlierResults(
  functions: IExecuteFunctions,
  kind: Kind,
  items: readonly INodeExecutionData[],
): string[] {
  if (kind === 'company') return [RESULT_FIELD.company];
  const { resultField } = functions.getNodeParameter('options', 0, {}) as IDataObject;
  // A result may be wanted where the input itself stands: only what is a result is none of it.
  const isResult = (value: unknown) => typeof value === 'object' && value !== null && 'outcome' in value;
  const own =
    typeof resultField === 'string' && items.some(({ json }) => isResult(json[resultField]))
      ? [resultField]
      : [];
  const flat = new Set<string>();
  for (const { json } of items) {
    if (!('apollo_outcome' in json)) continue;
    for (const name of Object.keys(json)) if (name.startsWith('apollo_')) flat.add(name);
  }
  return [RESULT_FIELD.company, RESULT_FIELD.person, ...own, ...flat];
}

/**
 * What is asked for each input item, in one order with them.
 */
export function askedOf(
  functions: IExecuteFunctions,
  kind: Kind,
): (item: number) => Pick<Asked, 'options' | 'fresh'> {
  return oncePerValue([givenFinds(functions), givenOptions(functions)], (_item, find, options) => ({
    options: enrichOptions(kind, find, options),
    fresh: options.fresh === true,
  }));
}

/**
 * Throws where a lead may cost more than Credit Limit per Lead of its item, before anything is spent. `itemOf`: the item
 * of the lead in a place.
 */
export function refuseDear(
  functions: IExecuteFunctions,
  kind: Kind,
  asked: readonly Omit<Asked, 'fresh'>[],
  itemOf: (index: number) => number,
): void {
  const given = givenOptions(functions);
  for (const [index, lead] of asked.entries()) {
    const itemIndex = itemOf(index);
    const limit = given(itemIndex).creditsPerLead;
    if (typeof limit !== 'number') continue;
    const most = mostOf(kind, lead);
    if (most <= limit) continue;
    throw new NodeOperationError(
      functions.getNode(),
      `One lead may cost ${most} credits, more than the limit of ${limit}`,
      {
        itemIndex,
        description: 'Ask for less under Also Find, or raise Credit Limit per Lead. Nothing was spent.',
      },
    );
  }
}

function enrichOptions(kind: Kind, find: readonly string[], given: IDataObject): EnrichOptions {
  const person = kind === 'person';
  return {
    reveal: {
      personalEmails: person && find.includes('personalEmails'),
      phones: person && find.includes('phones'),
      waterfall: person && find.includes('waterfall'),
    },
    company: person && find.includes('company'),
    matchedForMs: days(given.matchedDays) ?? DEFAULT_OPTIONS.matchedForMs,
    unmatchedForMs: days(given.unmatchedDays) ?? DEFAULT_OPTIONS.unmatchedForMs,
  };
}

function days(value: unknown): number | undefined {
  return typeof value === 'number' ? value * DAY_MS : undefined;
}

function fieldLeads(functions: IExecuteFunctions, items: readonly INodeExecutionData[]): RawLead[] {
  return items.map((_, index) => leadFrom((field) => functions.getNodeParameter(`lead_${field}`, index, '')));
}

function mappedLeads(functions: IExecuteFunctions, items: readonly INodeExecutionData[]): RawLead[] {
  return items.map((_, index) => {
    const values = functions.getNodeParameter('columns.value', index, {}) as IDataObject | null;
    return leadFrom((field) => values?.[field]);
  });
}

async function readFiles(
  functions: IExecuteFunctions,
  kind: Kind,
  items: readonly INodeExecutionData[],
  goesOn: boolean,
): Promise<Input> {
  const leads: InputLead[] = [];
  const unread: UnreadItem[] = [];
  let columns: Columns = {};
  for (const [from, item] of items.entries()) {
    try {
      const read = await readRows(functions, kind, item, from);
      columns = { ...read.columns, ...columns };
      for (const lead of read.leads) leads.push(lead);
    } catch (error) {
      if (!goesOn) throw nodeError(functions.getNode(), error);
      unread.push({ item, from, error });
    }
  }
  return { leads, columns, unread };
}

async function readRows(
  functions: IExecuteFunctions,
  kind: Kind,
  item: INodeExecutionData,
  from: number,
): Promise<Omit<Input, 'unread'>> {
  const { headers, rows } = await readFile(functions, item, from);
  const { leads, columns } =
    rows.length === 0
      ? { leads: [], columns: {} }
      : recognised(kind, functions, recogniseRows({ headers, rows }), headers, from);
  return {
    columns,
    leads: rows.map((cells, row) => {
      const json: IDataObject = {};
      for (const [column, header] of headers.entries()) json[header] = cells[column] ?? '';
      return { lead: leads[row] ?? {}, item: { json }, from };
    }),
  };
}

async function readFile(
  functions: IExecuteFunctions,
  item: INodeExecutionData,
  itemIndex: number,
): Promise<Table> {
  const { name, bytes } = await binaryFile(functions, item, itemIndex);
  return await readable(functions, itemIndex, () =>
    readListFile(name, bytes, fileOptions(functions, itemIndex)),
  );
}

/** What somebody said about the file of an item. */
export function fileOptions(functions: IExecuteFunctions, itemIndex: number): ListFileOptions {
  const given = functions.getNodeParameter('fileOptions', itemIndex, {}) as IDataObject;
  const text = (value: unknown) => (value === undefined ? '' : String(value).trim());
  const [encoding, sheet] = [text(given.encoding), text(given.sheet)];
  return {
    ...(encoding !== '' && { encoding }),
    ...(sheet !== '' && { sheet }),
    ...(typeof given.headerRow === 'number' &&
      (given.headerRow > 0 ? { headerRow: given.headerRow } : { header: false })),
  };
}

/** The file of an item. Throws where it cannot be a list. */
export async function binaryFile(
  functions: IExecuteFunctions,
  item: INodeExecutionData | undefined,
  itemIndex: number,
): Promise<{ name: string; bytes: Buffer }> {
  const field = functions.getNodeParameter('binaryPropertyName', itemIndex) as string;
  functions.helpers.assertBinaryData(itemIndex, field);
  const name = item?.binary?.[field]?.fileName ?? 'The file';
  const bytes = await storedBytes(functions, itemIndex, field, name);
  await readable(functions, itemIndex, async () => refuseOthers(name, bytes));
  return { name, bytes };
}

/** From the item itself, n8n's disk or its external storage, which may have lost them or not be reached. */
async function storedBytes(
  functions: IExecuteFunctions,
  itemIndex: number,
  field: string,
  name: string,
): Promise<Buffer> {
  try {
    return await functions.helpers.getBinaryDataBuffer(itemIndex, field);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NodeOperationError(
      functions.getNode(),
      'n8n could not read the file of an item from its storage',
      {
        itemIndex,
        description: `${name}: ${reason}. Run the node that made the file again; if that does not help, look at n8n's binary data storage. Nothing was spent.`,
      },
    );
  }
}

async function readable<T>(
  functions: IExecuteFunctions,
  itemIndex: number,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new NodeOperationError(functions.getNode(), 'The file cannot be read as a list of leads', {
      itemIndex,
      description: error instanceof Error ? error.message : String(error),
    });
  }
}

/** Names longer than this are no names of columns, characters. */
const LONGEST_NAME = 40;

function recognised(
  kind: Kind,
  functions: IExecuteFunctions,
  found: Recognised | undefined,
  names: readonly string[],
  itemIndex?: number,
): Recognised {
  if (found) return found;
  const needed =
    kind === 'person'
      ? 'an email address, a LinkedIn URL, or a name and a company'
      : 'a company or its domain';
  const there = [...new Set(names)].slice(0, 20).map((name) => name.slice(0, LONGEST_NAME));
  throw new NodeOperationError(functions.getNode(), `No column was recognized that identifies a ${kind}`, {
    ...(itemIndex !== undefined && { itemIndex }),
    description: `There must be ${needed}. Found: ${there.join(', ') || 'no fields'}. Set Leads From to Map Each Column or Fields Below. Nothing was spent.`,
  });
}
