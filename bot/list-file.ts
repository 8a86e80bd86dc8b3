import type { Writable } from 'node:stream';
import {
  type Core,
  type Job,
  leadFromRow,
  type Preset,
  presetColumns,
  presetRow,
} from '@connectionsphere/core';
import {
  type EnrichedRow,
  type LeadFileInfo,
  type OutputFormat,
  writeEnriched,
} from '@connectionsphere/core/node';

/** What a job keeps of the list's file, so that it can be written alike after the file itself is gone. */
export type ListSource = Pick<LeadFileInfo, 'format' | 'encoding' | 'bom' | 'delimiter' | 'newline'> &
  Partial<Pick<LeadFileInfo, 'above' | 'headerCells' | 'headerRow' | 'separatorLine' | 'sheet' | 'sheets'>>;

export function sourceOf(file: LeadFileInfo): ListSource {
  const { format, encoding, bom, delimiter, newline, above, headerCells, headerRow, separatorLine } = file;
  const { sheet, sheets = [] } = file;
  return {
    format,
    encoding,
    bom,
    headerRow,
    ...(delimiter !== undefined && { delimiter }),
    ...(newline !== undefined && { newline }),
    ...(above.length > 0 && { above }),
    ...(headerCells !== undefined && { headerCells }),
    ...(separatorLine !== undefined && { separatorLine }),
    ...(sheet !== undefined && { sheet }),
    ...(sheets.length > 1 && { sheets }),
  };
}

/** How a job's list is written. */
export interface Writing {
  /** CSV unless given. */
  readonly format?: OutputFormat;
  /** For this tool: its columns, and whom it can contact. */
  readonly preset?: Preset | undefined;
  /** False: cells that a spreadsheet would execute stay as they are. */
  readonly guard?: boolean | undefined;
  /** Of a CSV, where it is not that of the list. */
  readonly delimiter?: ListSource['delimiter'];
}

/**
 * Writes the job's rows, as far as they are, like the list they came from, or ready for another tool. `target`: a
 * path, or a stream. Gives how many leads were written.
 */
export async function writeJob(
  core: Core,
  job: Job,
  target: string | Writable,
  { format = 'csv', preset, guard = true, delimiter }: Writing = {},
): Promise<{ rows: number }> {
  const source = job.source as ListSource;
  await core.audit.record(job.workspace, 'list.export', { list: job.id, format, preset });
  if (preset !== undefined) {
    return await writeEnriched({
      target,
      format,
      guard,
      source: { ...TOOL_SOURCE, headers: presetColumns(preset, core.jobs.columns(job)) },
      columns: [],
      rows: toolRows(core, job, preset),
    });
  }
  const original = format === 'xlsx' ? await core.jobs.original(job.id) : undefined;
  return await writeEnriched({
    target,
    format,
    guard,
    source: { ...source, headers: job.headers, ...(delimiter !== undefined && { delimiter }) },
    columns: core.jobs.columns(job),
    rows: core.jobs.lines(job.id),
    original,
  });
}

/** As all tools read a list. */
const TOOL_SOURCE = {
  format: 'csv',
  encoding: 'utf-8',
  bom: false,
  delimiter: ',',
  newline: '\r\n',
} as const;

async function* toolRows(core: Core, job: Job, preset: Preset): AsyncGenerator<EnrichedRow> {
  const columns = core.jobs.columns(job);
  for await (const row of core.jobs.results(job.id)) {
    const lead = leadFromRow(row.cells, job.mapping);
    const cells = presetRow(preset, { ...row, lead }, columns, row.added);
    if (cells) yield { cells, added: [] };
  }
}

/** What a list's file is called: as the list, and that it is not all of it while the list runs. */
export function fileNameOf(
  { name, state }: Pick<Job, 'name' | 'state'>,
  format: 'csv' | 'xlsx',
  preset: string | undefined,
): string {
  const soFar = state === 'done' || state === 'cancelled' ? '' : '-so-far';
  return `${name.replace(/\.\w{1,5}$/, '')}-${preset ?? 'enriched'}${soFar}.${format}`;
}
