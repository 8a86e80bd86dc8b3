import { Readable } from 'node:stream';
import { type Core, type Job, JobError, mapColumns, SAMPLE_ROWS } from '@connectionsphere/core';
import {
  type LeadFile,
  type LeadFileOptions,
  type ListBounds,
  lineWriter,
  openLeadStream,
} from '@connectionsphere/core/node';
import { type ListSource, sourceOf } from './list-file.ts';

/** How a list is to be read, where that was said. */
export interface ListReading {
  /** Of a workbook: the sheet's name. */
  readonly sheet?: string | undefined;
  /** The row that names the columns, from 1; 0: none does. */
  readonly headerRow?: number | undefined;
  readonly kind?: Job['kind'] | undefined;
  /** Of text, where it is recognised wrongly; only of a list that is given just now. */
  readonly encoding?: string | undefined;
}

/** How a file is opened that is to be read so. */
export function openingOptions({ sheet, headerRow, encoding }: ListReading): LeadFileOptions {
  return {
    ...(sheet !== undefined && { sheet }),
    ...(encoding !== undefined && { encoding }),
    ...(headerRow !== undefined && (headerRow > 0 ? { headerRow } : { header: false })),
  };
}

/**
 * The row that a form's field names as the header; `undefined` for an empty field.
 * @throws {JobError} for what is no row.
 */
export function headerRowIn(text: string): number | undefined {
  if (text === '') return undefined;
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new JobError(
    'The header row is a number, such as 3, counted from 1; 0 means that no row names the columns.',
  );
}

/**
 * The same list, read as `reading` says, as a job that takes the place of one that was not started, without the file being
 * given again. `keepUnclear`: also where its columns do not say who is meant.
 * @throws {LeadFileError} and {JobError} saying what cannot be done; the job stays then.
 */
export async function readAgain(
  core: Core,
  job: Job,
  reading: ListReading,
  { bounds, keepUnclear = false }: { readonly bounds: ListBounds; readonly keepUnclear?: boolean },
): Promise<Job> {
  const original = await core.jobs.original(job.id);
  const source = job.source as ListSource;
  if (reading.sheet !== undefined && original === undefined && reading.sheet !== source.sheet?.name) {
    throw new JobError(
      'This workbook is too large to be kept, so another sheet cannot be taken. Give it again, and name the sheet.',
    );
  }
  const sheet = reading.sheet ?? source.sheet?.name;
  const options = { ...openingOptions({ ...reading, sheet }), bounds };
  const file = original
    ? await openLeadStream(original, job.name, options)
    : await openLeadStream(Readable.from(asCsv(core, job)), job.name, {
        ...openingOptions({ headerRow: reading.headerRow }),
        bounds,
        encoding: 'utf-8',
        delimiter: ',',
      });
  try {
    const again = await core.jobs.prepare({
      workspace: job.workspace,
      name: job.name,
      headers: file.headers,
      source: original ? sourceOf(file) : withTable(source, file),
      mapping: mapColumns(file.headers, await file.sample(SAMPLE_ROWS)),
      rows: file.lines(),
      options: job.options,
      fresh: job.notBefore !== undefined,
      original,
      keepUnclear,
      ...(job.creditLimit !== undefined && { creditLimit: job.creditLimit }),
      ...(reading.kind !== undefined && { kind: reading.kind }),
    });
    await core.jobs.discard(job.id);
    return again;
  } finally {
    await file.close();
  }
}

/** What is known of the file, with what was found anew. */
function withTable(source: ListSource, file: LeadFile): ListSource {
  const { above: _, headerCells: __, headerRow: ___, ...kept } = source;
  const { above, headerCells, headerRow } = sourceOf(file);
  return {
    ...kept,
    ...(above && { above }),
    ...(headerCells && { headerCells }),
    ...(headerRow !== undefined && { headerRow }),
  };
}

/** All rows of the list as they came, those above its leads too. */
async function* asCsv(core: Core, job: Job): AsyncGenerator<string> {
  const { above = [], headerCells, headerRow } = job.source as ListSource;
  const written = lineWriter(',', '\n', false);
  // A blank row stays blank.
  const line = (cells: readonly string[]) => (cells.length === 0 ? '\n' : written(cells));
  for (const row of above) yield line(row);
  if (headerRow !== 0) yield line(headerCells ?? job.headers);
  for await (const row of core.jobs.lines(job.id)) yield line('otherRow' in row ? row.otherRow : row.cells);
}
