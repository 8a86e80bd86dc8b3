import { Readable } from 'node:stream';
import {
  type ColumnMapping,
  type Job,
  LEAD_FIELDS,
  type LeadField,
  mapColumns,
  type PrepareJob,
  parseMapOption,
  SAMPLE_ROWS,
} from '@connectionsphere/core';
import { DELIMITERS, type LeadFileInfo, type ListBounds, openLeadStream } from '@connectionsphere/core/node';
import type { z } from 'zod';
import { type ListSource, sourceOf } from '../list-file.ts';
import { enrichOptions } from './options.ts';
import { Problem } from './problem.ts';
import type { jobQuerySchema, jobSchema } from './schemas.ts';

const COMPANY_FIELDS: readonly LeadField[] = ['company', 'domain', 'company_linkedin_url'];
const JSON_SOURCE: ListSource = { format: 'ndjson', encoding: 'utf-8', bom: false };

type Prepare = (request: PrepareJob) => Promise<Job>;

/** A job, and the file that it was made of, if it came as one. */
interface TakenIn {
  readonly job: Job;
  readonly file?: LeadFileInfo;
}

/** Prepares a job from leads in a JSON body. Every field is a column of its own name. */
export async function prepareLeads(
  workspace: string,
  { leads, kind, name, options = {} }: z.infer<typeof jobSchema>,
  prepare: Prepare,
): Promise<Job> {
  const headers = LEAD_FIELDS.filter((field) => leads.some((lead) => lead[field] !== undefined));
  const usable = headers.filter((field) => kind !== 'companies' || COMPANY_FIELDS.includes(field));
  if (usable.length === 0) {
    throw new Problem(
      422,
      'nothing-to-identify',
      kind === 'companies'
        ? `No lead names a company. Give ${COMPANY_FIELDS.join(', ')}.`
        : `No lead has any field. Give at least one of ${LEAD_FIELDS.join(', ')}.`,
    );
  }
  if (kind === 'people' && usable.every((field) => COMPANY_FIELDS.includes(field))) {
    throw new Problem(
      422,
      'nothing-to-identify',
      'These leads name only companies. Ask for kind "companies".',
    );
  }
  const mapping: ColumnMapping = {
    headers,
    fields: Object.fromEntries(
      usable.map((field) => [field, { columns: [headers.indexOf(field)], found: 'header' as const }]),
    ),
    unused: headers.flatMap((field, index) => (usable.includes(field) ? [] : [index])),
  };
  return await prepare({
    workspace,
    name: name ?? 'leads',
    headers,
    source: JSON_SOURCE,
    mapping,
    rows: Readable.from(leads.map((lead) => headers.map((field) => lead[field] ?? ''))),
    options: enrichOptions(options),
    fresh: options.fresh ?? false,
    ...(options.creditLimit !== undefined && { creditLimit: options.creditLimit }),
    ...(kind !== undefined && { kind }),
  });
}

/** Prepares a job from a list that comes as a stream, in constant memory. */
export async function prepareStream(
  workspace: string,
  stream: Readable,
  query: z.infer<typeof jobQuerySchema>,
  prepare: Prepare,
  bounds: ListBounds,
): Promise<TakenIn> {
  const name = query.name ?? 'list';
  const overrides = Object.fromEntries((query.map ?? []).map(parseMapOption));
  const file = await openLeadStream(stream, name, {
    bounds,
    ...(query.sheet !== undefined && { sheet: query.sheet }),
    ...(query.encoding !== undefined && { encoding: query.encoding }),
    ...(query.header !== undefined && { header: query.header }),
    ...(query.headerRow !== undefined && { headerRow: query.headerRow }),
    ...(query.delimiter !== undefined && { delimiter: DELIMITERS[query.delimiter] }),
  });
  try {
    const job = await prepare({
      workspace,
      name,
      headers: file.headers,
      source: sourceOf(file),
      mapping: mapColumns(file.headers, await file.sample(SAMPLE_ROWS), overrides),
      rows: file.lines(),
      options: enrichOptions(query),
      fresh: query.fresh ?? false,
      original: await file.original(),
      ...(query.creditLimit !== undefined && { creditLimit: query.creditLimit }),
      ...(query.kind !== undefined && { kind: query.kind }),
    });
    return { job, file };
  } finally {
    await file.close();
  }
}
