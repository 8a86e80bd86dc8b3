import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { OtherRow } from '../../leads/index.ts';
import type { Delimiter } from './csv.ts';
import { OutputFileError } from './errors.ts';
import type { LeadFileInfo } from './lead-file.ts';
import { safeCell } from './safe-cell.ts';
import { addedTo, MOST_SHEET_ROWS, newWorkbook } from './workbook/writer.ts';

/** A lead with what was found out, or a row that is no lead, which is written as it was. */
export type EnrichedRow = EnrichedLead | OtherRow;

interface EnrichedLead {
  /** The row's own cells, as the list's `rows()` gave them. */
  readonly cells: readonly string[];
  /** What was found out, in the order of `columns`. */
  readonly added: readonly string[];
}

/** What a list was, so that it can be written alike. */
export type EnrichedSource = Pick<
  LeadFileInfo,
  'headers' | 'format' | 'encoding' | 'bom' | 'delimiter' | 'newline'
> &
  Partial<Pick<LeadFileInfo, 'above' | 'headerCells' | 'separatorLine' | 'sheet'>>;

export interface EnrichedFile {
  /** A path, or a stream, which is ended (standard output is not). */
  readonly target: string | Writable;
  /** CSV unless given. */
  readonly format?: OutputFormat;
  /** The list that was enriched; its delimiter, line break, `sep=` and byte order mark are kept. */
  readonly source: EnrichedSource;
  /** Names of the columns to append. One that the list already has gets `_2` (`_3` …) at its end. */
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<EnrichedRow>;
  /** False: cells of a CSV are written as they are, for programs that execute nothing. */
  readonly guard?: boolean;
  /** The workbook that the list was read from, whose formats an Excel file keeps. */
  readonly original?: Uint8Array | undefined;
  readonly signal?: AbortSignal;
}

export type OutputFormat = 'csv' | 'xlsx';

/**
 * Writes a list with its own columns as they were, in order, and the new ones after them; always with a
 * header row.
 *
 * As CSV: UTF-8, with a byte order mark where anything in it is beyond ASCII, where the list had one, or came in
 * another encoding or from Excel, which takes other UTF-8 for Windows-1252. Cells go through {@link safeCell}.
 * As an Excel file: the workbook that the list came from with columns added, else a new one; cells are text.
 *
 * A path is written under another name beside it and renamed once all of it is on disk: never is half a list
 * under the name, and an existing file stays until then. A stream gets a file that is on disk as a whole, too, and
 * is waited for. Whatever `rows` throws passes.
 * @throws {OutputFileError} if the target cannot be written.
 */
export async function writeEnriched(file: EnrichedFile): Promise<{ rows: number }> {
  const { target } = file;
  if (typeof target === 'string') return await writePath(file, target);
  const folder = await mkdtemp(join(tmpdir(), 'enriched-'));
  try {
    const path = join(folder, 'list');
    const written = await writePath(file, path);
    await pipeline(createReadStream(path), target, {
      ...(file.signal && { signal: file.signal }),
      end: target !== process.stdout,
    });
    return written;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writePath(file: EnrichedFile, target: string): Promise<{ rows: number }> {
  const written: Written = { rows: 0, beyondAscii: false };
  const abortable = file.signal ? { signal: file.signal } : {};
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomUUID()}.tmp`);
  const into = (path: string) => createWriteStream(path, { flags: 'wx', flush: true, mode: 0o666 });
  try {
    const pieces = file.format === 'xlsx' ? xlsxPieces(file, written) : csvPieces(file, written);
    await pipeline(pieces, into(temporary), abortable);
    if (file.format === 'xlsx' || written.beyondAscii || needsMark(file.source)) {
      await rename(temporary, target);
    } else {
      // Only the end of the list tells that it is plain ASCII, which needs no mark.
      const bare = `${temporary}2`;
      try {
        await pipeline(createReadStream(temporary, { start: MARK_BYTES }), into(bare), abortable);
        await rename(bare, target);
      } finally {
        await rm(bare, { force: true }).catch(() => {});
        await rm(temporary, { force: true }).catch(() => {});
      }
    }
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw explained(target, temporary, error);
  }
  return { rows: written.rows };
}

interface Written {
  rows: number;
  beyondAscii: boolean;
}

/** Of U+FEFF in UTF-8. */
const MARK_BYTES = 3;

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist. Make the folder, or choose another',
  ENOTDIR: 'its folder is a file. Choose another folder',
  EISDIR: 'it is a folder. Add a file name',
  EACCES: 'it may not be written there. Choose another folder',
  EPERM: 'it may not be written there. Choose another folder, and close the file if it is open elsewhere',
  EBUSY: 'it is open in another program. Close it there',
  EROFS: 'the disk is read-only. Choose another folder',
  ENOSPC: 'the disk is full. Make room, or choose another disk',
  EDQUOT: 'your share of the disk is full. Make room, or choose another disk',
  ENAMETOOLONG: 'its name is too long. Choose a shorter one',
};

/** Errors of the two paths become the target's; all others (of the rows, an abort) stay what they are. */
function explained(target: string, temporary: string, error: unknown): unknown {
  const { path, code } = error as NodeJS.ErrnoException;
  if (!path?.startsWith(temporary) && code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  const cause = CAUSES[code ?? ''] ?? `the system said ${code}. Choose another folder`;
  return new OutputFileError(`${target} could not be written: ${cause} and try again.`, { cause: error });
}

const PIECE = 64 * 1024;

async function* csvPieces(file: EnrichedFile, written: Written): AsyncGenerator<string> {
  const { source, guard = true } = file;
  const line = lineWriter(source.delimiter ?? ',', lineBreak(source), guard);
  let piece = `\uFEFF${source.separatorLine === undefined ? '' : source.separatorLine + lineBreak(source)}`;
  for await (const row of tableRows(file, written)) {
    piece += row.otherRow && row.cells.length === 0 ? lineBreak(source) : line(row.cells);
    if (piece.length < PIECE) continue;
    written.beyondAscii ||= isBeyondAscii(piece);
    yield piece;
    piece = '';
  }
  written.beyondAscii ||= isBeyondAscii(piece);
  yield piece;
}

function isBeyondAscii(piece: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything beyond ASCII but the mark
  return /[^\x00-\x7f\uFEFF]/.test(piece);
}

async function* xlsxPieces(file: EnrichedFile, written: Written): AsyncGenerator<Uint8Array> {
  const { source, original, columns, rows } = file;
  const { sheet, headers } = source;
  if (original && sheet?.headerRow) {
    const own = ownHeaders(source);
    const added = async function* () {
      for await (const row of rows) {
        if ('otherRow' in row) {
          yield undefined;
          continue;
        }
        checkWidth(row, file, written);
        written.rows++;
        yield [...row.cells.slice(sheet.width), ...row.added];
      }
    };
    yield* addedTo(original, {
      sheet: sheet.name,
      width: sheet.width,
      headerRow: sheet.headerRow,
      names: [...headers.slice(sheet.width), ...newNames(own, columns)],
      rows: added(),
    });
    return;
  }
  const above = source.above?.length ?? 0;
  const sheetRows = async function* () {
    let number = 0;
    for await (const { cells, header } of tableRows(file, written)) {
      number++;
      if (number > MOST_SHEET_ROWS) {
        throw new OutputFileError(
          `The list has more rows than an Excel sheet, which has ${MOST_SHEET_ROWS.toLocaleString('en-US')}. Choose a name that ends in .csv, and try again.`,
        );
      }
      yield { cells, bold: header };
    }
  };
  yield* newWorkbook(sheetRows(), { headerRow: above + 1 });
}

interface TableRow {
  readonly cells: readonly string[];
  readonly header: boolean;
  readonly otherRow: boolean;
}

/** All rows of the enriched list: what stood above its header, the header, leads and what stood between them. */
async function* tableRows(file: EnrichedFile, written: Written): AsyncGenerator<TableRow> {
  const { source, columns, rows } = file;
  for (const cells of source.above ?? []) yield { cells, header: false, otherRow: true };
  const own = ownHeaders(source);
  yield { cells: [...own, ...newNames(own, columns)], header: true, otherRow: false };
  for await (const row of rows) {
    if ('otherRow' in row) {
      yield { cells: row.otherRow, header: false, otherRow: true };
      continue;
    }
    checkWidth(row, file, written);
    written.rows++;
    yield { cells: [...row.cells, ...row.added], header: false, otherRow: false };
  }
}

function ownHeaders({ headers, headerCells }: EnrichedSource): string[] {
  return headers.map((name, index) => (headerCells ? (headerCells[index] ?? '') : name));
}

function checkWidth(
  { cells, added }: EnrichedLead,
  { source, columns }: EnrichedFile,
  { rows }: Written,
): void {
  if (cells.length === source.headers.length && added.length === columns.length) return;
  throw new RangeError(
    `row ${rows + 1} has ${cells.length} + ${added.length} cells for ${source.headers.length} + ${columns.length} columns`,
  );
}

/** A lone carriage return, which many programs no longer take for a line break, is not kept. */
function lineBreak({ format, newline }: EnrichedSource): string {
  if (format === 'xlsx') return '\r\n';
  return newline === '\r\n' ? '\r\n' : '\n';
}

function needsMark({ format, bom, encoding }: EnrichedSource): boolean {
  return bom || format === 'xlsx' || encoding !== 'utf-8';
}

function newNames(taken: readonly string[], columns: readonly string[]): string[] {
  const names = new Set(taken);
  return columns.map((column) => {
    let name = column;
    for (let number = 2; names.has(name); number++) name = `${column}_${number}`;
    names.add(name);
    return name;
  });
}

/** Gives a function that writes cells as one line, quoted (RFC 4180) where they have to be. */
export function lineWriter(
  delimiter: Delimiter,
  newline: string,
  guard: boolean,
): (cells: readonly string[]) => string {
  // A mark that is part of a cell is quoted, so that at the start of the file it is not taken for one.
  const special = new RegExp(`["\\r\\n\\uFEFF${delimiter === '|' ? '\\|' : delimiter}]`);
  return (cells) => {
    let line = '';
    for (const cell of cells) {
      const text = guard ? safeCell(cell) : cell;
      line += (special.test(text) ? `"${text.replaceAll('"', '""')}"` : text) + delimiter;
    }
    line = line.slice(0, -1);
    // An empty line would be no row.
    return (line === '' ? '""' : line) + newline;
  };
}
