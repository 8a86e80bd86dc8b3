import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Aside } from '../../leads/index.ts';
import type { Delimiter } from './csv.ts';
import { OutputFileError } from './errors.ts';
import type { LeadFileFacts } from './lead-file.ts';
import { safeCell } from './safe-cell.ts';

/** A lead with what was found out, or a row that is no lead, which is written as it was. */
export type EnrichedRow = EnrichedLead | Aside;

interface EnrichedLead {
  /** The row's own cells, as the list's `rows()` gave them. */
  readonly cells: readonly string[];
  /** What was found out, in the order of `columns`. */
  readonly added: readonly string[];
}

export interface EnrichedCsv {
  /** A path, or a stream, which is ended (standard output is not). */
  readonly target: string | Writable;
  /** The list that was enriched; its delimiter, line break and byte order mark are kept. */
  readonly source: Pick<LeadFileFacts, 'headers' | 'format' | 'encoding' | 'bom' | 'delimiter' | 'newline'> &
    Partial<Pick<LeadFileFacts, 'above' | 'headerCells'>>;
  /** Names of the columns to append. One that the list already has gets `_2` (`_3` …) at its end. */
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<EnrichedRow>;
  readonly signal?: AbortSignal;
}

/**
 * Writes a list with its own columns as they were, in order, and the new ones after them; always with a
 * header row. Cells go through {@link safeCell}. UTF-8, with a byte order mark where the list was in another
 * encoding, had one, or came from Excel, which takes other UTF-8 for Windows-1252. Waits for a slow target.
 *
 * A path is written under another name beside it and renamed once all of it is on disk: never is half a list
 * under the name, and an existing file stays until then. Whatever `rows` throws passes.
 * @throws {OutputFileError} if the target cannot be written.
 */
export async function writeEnrichedCsv(csv: EnrichedCsv): Promise<{ rows: number }> {
  const { target, signal } = csv;
  const abortable = signal ? { signal } : {};
  const written = { rows: 0 };
  if (typeof target !== 'string') {
    await pipeline(csvPieces(csv, written), target, { ...abortable, end: target !== process.stdout });
    return written;
  }
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomUUID()}.tmp`);
  try {
    await pipeline(
      csvPieces(csv, written),
      createWriteStream(temporary, { flags: 'wx', flush: true }),
      abortable,
    );
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw explained(target, temporary, error);
  }
  return written;
}

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
  if (path !== temporary && code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  const cause = CAUSES[code ?? ''] ?? `the system said ${code}. Choose another folder`;
  return new OutputFileError(`${target} could not be written: ${cause} and try again.`, { cause: error });
}

const PIECE = 64 * 1024;

async function* csvPieces(csv: EnrichedCsv, written: { rows: number }): AsyncGenerator<string> {
  const { source, columns } = csv;
  const line = lineWriter(source.delimiter ?? ',', lineBreak(source));
  const aside = (cells: readonly string[]) => (cells.length === 0 ? lineBreak(source) : line(cells, []));
  const own = source.headers.map((name, index) =>
    source.headerCells ? (source.headerCells[index] ?? '') : name,
  );
  const headers = [...own, ...newNames(own, columns)];
  let piece = needsMark(source) ? '\uFEFF' : '';
  for (const row of source.above ?? []) piece += aside(row);
  piece += line(headers, []);
  for await (const row of csv.rows) {
    if ('aside' in row) {
      piece += aside(row.aside);
      if (piece.length < PIECE) continue;
      yield piece;
      piece = '';
      continue;
    }
    const { cells, added } = row;
    if (cells.length !== source.headers.length || added.length !== columns.length) {
      throw new RangeError(
        `row ${written.rows + 1} has ${cells.length} + ${added.length} cells for ${source.headers.length} + ${columns.length} columns`,
      );
    }
    piece += line(cells, added);
    written.rows++;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/** A lone carriage return, which many programs no longer take for a line break, is not kept. */
function lineBreak({ format, newline }: EnrichedCsv['source']): string {
  if (format === 'xlsx') return '\r\n';
  return newline === '\r\n' ? '\r\n' : '\n';
}

function needsMark({ format, bom, encoding }: EnrichedCsv['source']): boolean {
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

/** Gives a function that writes own and added cells as one line, quoted (RFC 4180) where they have to be. */
function lineWriter(
  delimiter: Delimiter,
  newline: string,
): (cells: readonly string[], added: readonly string[]) => string {
  // A mark that is part of a cell is quoted, so that at the start of the file it is not taken for one.
  const special = new RegExp(`["\\r\\n\\uFEFF${delimiter === '|' ? '\\|' : delimiter}]`);
  const written = (cell: string) => {
    const text = safeCell(cell);
    return special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return (cells, added) => {
    let line = '';
    for (const cell of cells) line += written(cell) + delimiter;
    for (const cell of added) line += written(cell) + delimiter;
    line = line.slice(0, -1);
    // An empty line would be no row.
    return (line === '' ? '""' : line) + newline;
  };
}
