import { DEFAULT_OPTIONS, LEAD_FIELDS, mapColumns, type RawLead } from '@connectionsphere/core';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { runEnrichment } from '../../../enrichment/run';
import { openService } from './service';

/** Looks up all items together and puts each result beside the item it belongs to. */
export async function executeEnrich(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
  const items = this.getInputData();
  const kind = this.getNodeParameter('resource', 0) as 'person' | 'company';
  const { service } = await openService(this);
  const answer = await runEnrichment(service, {
    kind,
    leads: readLeads(this, items),
    options: DEFAULT_OPTIONS,
    fresh: false,
    concurrency: 4,
    signal: this.getExecutionCancelSignal(),
  });
  const out = items.map(
    (item, index): INodeExecutionData => ({
      ...item,
      json: { ...item.json, apollo: answer.results[index] as unknown as IDataObject },
      pairedItem: { item: index },
    }),
  );
  return [out];
}

function readLeads(functions: IExecuteFunctions, items: readonly INodeExecutionData[]): RawLead[] {
  if (functions.getNodeParameter('leadsFrom', 0) === 'fields') {
    return items.map((_, index) =>
      lead((field) => functions.getNodeParameter(`lead_${field}`, index, '') as string),
    );
  }
  if (functions.getNodeParameter('columns.mappingMode', 0) === 'defineBelow') {
    return items.map((_, index) => {
      const values = functions.getNodeParameter('columns.value', index, {}) as IDataObject;
      return lead((field) => values[field]);
    });
  }
  const headers = [...new Set(items.flatMap(({ json }) => Object.keys(json)))];
  const rows = items.map(({ json }) => headers.map((header) => text(json[header])));
  const { fields } = mapColumns(headers, rows);
  return rows.map((row) =>
    lead((field) => fields[field]?.columns.map((column) => row[column]).find((cell) => cell)),
  );
}

function lead(read: (field: (typeof LEAD_FIELDS)[number]) => unknown): RawLead {
  return Object.fromEntries(
    LEAD_FIELDS.flatMap((field) => {
      const value = text(read(field));
      return value === '' ? [] : [[field, value]];
    }),
  );
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
