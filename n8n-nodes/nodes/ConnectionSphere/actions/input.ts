import { DEFAULT_OPTIONS, type EnrichOptions, mostCredits, type RawLead } from '@connectionsphere/core';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { companyOf, leadFrom, recogniseLeads, type Table, tableOf } from '../../../enrichment/leads';
import { readListFile } from '../../../enrichment/list-file';
import type { Kind } from '../../../enrichment/result-fields';

/** A lead, and what of the input is to leave the node beside its result. */
export interface InputLead {
  readonly lead: RawLead;
  readonly item: INodeExecutionData;
  /** Index of the input item that it comes from. */
  readonly from: number;
}

const DAY_MS = 86_400_000;

/** The items of the input; a tool is called with none, and is one. */
export function inputItems(functions: IExecuteFunctions): INodeExecutionData[] {
  const items = functions.getInputData();
  return items.length === 0 && functions.isToolExecution() ? [{ json: {} }] : items;
}

/** The leads of the input, as the node is set up to find them. */
export async function readInput(functions: IExecuteFunctions, kind: Kind): Promise<InputLead[]> {
  const input = await readAll(functions, kind);
  return kind === 'person' ? input : input.map((each) => ({ ...each, lead: companyOf(each.lead) }));
}

async function readAll(functions: IExecuteFunctions, kind: Kind): Promise<InputLead[]> {
  const items = inputItems(functions);
  const from = functions.getNodeParameter('leadsFrom', 0, 'columns');
  if (from === 'file') return await readFiles(functions, kind, items);
  const leads = from === 'fields' ? fieldLeads(functions, items) : columnLeads(functions, kind, items);
  return items.map((item, index) => ({ lead: leads[index] ?? {}, item, from: index }));
}

/** What to find, from the parameters of the first item. */
export function enrichOptions(functions: IExecuteFunctions, kind: Kind): EnrichOptions {
  const find = functions.getNodeParameter('alsoFind', 0, []) as string[];
  const given = functions.getNodeParameter('options', 0, {});
  const person = kind === 'person';
  const options: EnrichOptions = {
    reveal: {
      personalEmails: person && find.includes('personalEmails'),
      phones: person && find.includes('phones'),
      waterfall: person && find.includes('waterfall'),
    },
    company: person && find.includes('company'),
    matchedForMs: days(given.matchedDays) ?? DEFAULT_OPTIONS.matchedForMs,
    unmatchedForMs: days(given.unmatchedDays) ?? DEFAULT_OPTIONS.unmatchedForMs,
  };
  const most = mostCredits(kind, options.reveal) + (options.company ? 1 : 0);
  const limit = given.creditsPerLead;
  if (typeof limit === 'number' && most > limit) {
    throw new NodeOperationError(
      functions.getNode(),
      `One lead may cost ${most} credits, more than the limit of ${limit}`,
      { description: 'Ask for less under Also Find, or raise Credit Limit per Lead. Nothing was spent.' },
    );
  }
  return options;
}

function days(value: unknown): number | undefined {
  return typeof value === 'number' ? value * DAY_MS : undefined;
}

function fieldLeads(functions: IExecuteFunctions, items: readonly INodeExecutionData[]): RawLead[] {
  return items.map((_, index) => leadFrom((field) => functions.getNodeParameter(`lead_${field}`, index, '')));
}

function columnLeads(
  functions: IExecuteFunctions,
  kind: Kind,
  items: readonly INodeExecutionData[],
): RawLead[] {
  if (functions.getNodeParameter('columns.mappingMode', 0) === 'defineBelow') {
    return items.map((_, index) => {
      const values = functions.getNodeParameter('columns.value', index, {}) as IDataObject | null;
      return leadFrom((field) => values?.[field]);
    });
  }
  return recognised(functions, kind, tableOf(items.map(({ json }) => json)));
}

async function readFiles(
  functions: IExecuteFunctions,
  kind: Kind,
  items: readonly INodeExecutionData[],
): Promise<InputLead[]> {
  const found: InputLead[] = [];
  for (const [from, item] of items.entries()) {
    const table = await readFile(functions, item, from);
    const leads = recognised(functions, kind, table, from);
    for (const [row, cells] of table.rows.entries()) {
      const json = Object.fromEntries(table.headers.map((header, column) => [header, cells[column] ?? '']));
      found.push({ lead: leads[row] ?? {}, item: { json }, from });
    }
  }
  return found;
}

async function readFile(
  functions: IExecuteFunctions,
  item: INodeExecutionData,
  itemIndex: number,
): Promise<Table> {
  const field = functions.getNodeParameter('binaryPropertyName', itemIndex) as string;
  functions.helpers.assertBinaryData(itemIndex, field);
  const bytes = await functions.helpers.getBinaryDataBuffer(itemIndex, field);
  const name = item.binary?.[field]?.fileName ?? 'The file';
  try {
    return await readListFile(name, bytes);
  } catch (error) {
    throw new NodeOperationError(functions.getNode(), 'The file cannot be read as a list of leads', {
      itemIndex,
      description: error instanceof Error ? error.message : String(error),
    });
  }
}

function recognised(functions: IExecuteFunctions, kind: Kind, table: Table, itemIndex?: number): RawLead[] {
  const leads = table.rows.length === 0 ? [] : recogniseLeads(table);
  if (leads) return leads;
  const needed =
    kind === 'person'
      ? 'an email address, a LinkedIn URL, or a name and a company'
      : 'a company or its domain';
  throw new NodeOperationError(functions.getNode(), `No column was recognized that identifies a ${kind}`, {
    ...(itemIndex !== undefined && { itemIndex }),
    description: `There must be ${needed}. Found: ${table.headers.slice(0, 20).join(', ') || 'no fields'}. Map the columns manually, or choose Fields Below.`,
  });
}
