import { basename } from 'node:path';
import { recogniseBytes, recogniseText } from './content.ts';
import { csvRows, type Delimiter, detectDelimiter, MOST_COLUMNS } from './csv.ts';
import { type Decoder, detectEncoding, knownEncoding } from './encoding.ts';
import { emptyList, LeadFileError } from './errors.ts';
import { columnNames, isHeader } from './header.ts';
import { arrayRecords, type JsonRecord, ndjsonRecords, recordCells } from './json.ts';
import { fileState, readHead, TextFile } from './text-file.ts';
import { xlsxRows } from './xlsx.ts';

export type LeadFormat = 'csv' | 'tsv' | 'ndjson' | 'json' | 'xlsx';

/** What a list is, beside its rows. */
export interface LeadFileFacts {
  /** What messages call it: the file's name without folders. */
  readonly name: string;
  readonly format: LeadFormat;
  /** `utf-8`, `utf-16le`, `utf-16be`, `windows-1252` (some lines are not UTF-8), or as the caller said. */
  readonly encoding: string;
  /** Whether the text starts with a byte order mark. */
  readonly bom: boolean;
  /** Of CSV and TSV; `,` for a list of one column. */
  readonly delimiter?: Delimiter;
  /** The first line break of a CSV or TSV. */
  readonly newline?: Newline;
  /**
   * One name per column, and as many columns as the widest row has cells: names as the list has them (empty
   * and duplicate ones included), `Column 7` for a column that the header does not reach. For JSON, all keys.
   */
  readonly headers: readonly string[];
  /** False: the first row is a lead, and all headers are made up. */
  readonly hasHeader: boolean;
  /** Rows below the header. */
  readonly rowCount: number;
}

type Newline = '\r\n' | '\n' | '\r';

/** A list of leads on disk, looked through once: nothing in it can fail later for being malformed. */
export interface LeadFile extends LeadFileFacts {
  /**
   * The rows below the header in order, each with as many cells as `headers` (short ones filled with '').
   * Reads the file anew each time, in constant memory (XLSX and JSON arrays: from memory).
   * @throws {LeadFileError} if the file changed since it was opened.
   */
  rows(): AsyncIterable<string[]>;
  /** The first `count` rows, fewer if there are fewer. */
  sample(count: number): Promise<string[][]>;
  /** Removes what reading put on disk (a spooled upload); the list cannot be read afterwards. */
  close(): Promise<void>;
}

export interface LeadFileOptions {
  /** What messages call the list; the file's own name unless given. */
  readonly name?: string;
  /** Overrules detection, for lists in, say, `windows-1250`: any name that iconv knows. */
  readonly encoding?: string;
  /** Overrules detection. */
  readonly delimiter?: Delimiter;
  /** Overrules detection: whether the first row names the columns. */
  readonly header?: boolean;
}

/**
 * Opens a list: CSV, TSV, NDJSON, a JSON array of objects, or XLSX, told apart by content. Reads it through
 * once, to know its columns, its number of rows and that all of it can be read, before anything is spent.
 * @throws {LeadFileError} saying what is wrong and what to do.
 */
export async function openLeadFile(path: string, options: LeadFileOptions = {}): Promise<LeadFile> {
  const name = options.name ?? basename(path);
  const state = await fileState(name, path);
  const head = await readHead(path);
  if (recogniseBytes(name, head) === 'zip') return workbookFile(name, path, options);
  const detected = detectEncoding(head);
  const encoding =
    options.encoding === undefined ? detected : { ...detected, name: knownEncoding(options.encoding) };
  const text = new TextFile(name, path, state, encoding);
  const start = text.start(head);
  switch (recogniseText(name, start)) {
    case 'ndjson':
      return recordFile(text, 'ndjson', (decoder) => ndjsonRecords(name, text.chunks(decoder)));
    case 'json':
      return recordFile(text, 'json', (decoder) => arrayRecords(text, decoder));
    case 'delimited':
      return delimitedFile(text, start, options);
  }
}

async function workbookFile(name: string, path: string, options: LeadFileOptions): Promise<LeadFile> {
  const sheet = await xlsxRows(name, path);
  // Copies, because whoever reads a row may change it.
  const read = async function* () {
    for (const row of sheet) yield [...row];
  };
  const facts = { name, format: 'xlsx', encoding: 'utf-8', bom: false } as const;
  return tableFile(facts, await surveyed(name, read()), read, options.header);
}

async function delimitedFile(text: TextFile, start: string, options: LeadFileOptions): Promise<LeadFile> {
  // Excel's own hint, a first line such as `sep=;`, is no row.
  const hint = /^sep=([,;\t|])(?=[\r\n])/i.exec(start)?.[1] as Delimiter | undefined;
  const delimiter = options.delimiter ?? hint ?? detectDelimiter(start) ?? ',';
  const newline = /\r\n|\n|\r/.exec(start)?.[0] as Newline | undefined;
  const read = (decoder?: Decoder) => {
    const rows = csvRows(text.name, text.chunks(decoder), delimiter);
    return hint === undefined ? rows : withoutFirst(rows);
  };
  const decoder = text.decoder();
  const survey = await surveyed(text.name, read(decoder));
  const facts = {
    name: text.name,
    format: delimiter === '\t' ? 'tsv' : 'csv',
    encoding: decoder.encoding,
    bom: text.bom,
    delimiter,
    ...(newline === undefined ? {} : { newline }),
  } as const;
  return tableFile(facts, survey, read, options.header);
}

async function* withoutFirst<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  let first = true;
  for await (const item of items) {
    if (!first) yield item;
    first = false;
  }
}

interface Survey {
  readonly rowCount: number;
  /** Cells of the widest row. */
  readonly width: number;
  /** The first row that says anything: the header, if there is one. */
  readonly firstRow: readonly string[];
  readonly firstRowIndex: number;
}

async function surveyed(name: string, rows: AsyncIterable<string[]>): Promise<Survey> {
  let rowCount = 0;
  let width = 0;
  let firstRow: string[] | undefined;
  let firstRowIndex = 0;
  for await (const row of rows) {
    if (firstRow === undefined && row.some((cell) => cell.trim() !== '')) {
      firstRow = row;
      firstRowIndex = rowCount;
    }
    rowCount++;
    if (row.length > width) width = row.length;
  }
  if (firstRow === undefined) throw emptyList(name);
  return { rowCount, width, firstRow, firstRowIndex };
}

function tableFile(
  facts: Omit<LeadFileFacts, 'headers' | 'hasHeader' | 'rowCount'>,
  survey: Survey,
  read: () => AsyncIterable<string[]>,
  header: boolean | undefined,
): LeadFile {
  const hasHeader = header ?? isHeader(survey.firstRow);
  const headers = columnNames(hasHeader ? survey.firstRow : [], survey.width);
  // Blank rows above a header are neither leads nor names.
  const above = hasHeader ? survey.firstRowIndex + 1 : 0;
  return leadFile({ ...facts, headers, hasHeader, rowCount: survey.rowCount - above }, async function* () {
    let index = 0;
    for await (const row of read()) {
      if (index++ < above) continue;
      while (row.length < headers.length) row.push('');
      yield row;
    }
  });
}

async function recordFile(
  text: TextFile,
  format: 'ndjson' | 'json',
  read: (decoder?: Decoder) => AsyncIterable<JsonRecord>,
): Promise<LeadFile> {
  const decoder = text.decoder();
  const columns = new Set<string>();
  let rowCount = 0;
  for await (const record of read(decoder)) {
    rowCount++;
    for (const column of Object.keys(record)) columns.add(column);
    if (columns.size > MOST_COLUMNS) {
      throw new LeadFileError(
        `${text.name}: up to lead ${rowCount} there are more than ${MOST_COLUMNS} different field names. Use the same names for all leads.`,
      );
    }
  }
  if (columns.size === 0) throw emptyList(text.name);
  const { name, bom } = text;
  const headers = [...columns];
  return leadFile(
    { name, format, encoding: decoder.encoding, bom, headers, hasHeader: true, rowCount },
    async function* () {
      for await (const record of read()) yield recordCells(record, headers);
    },
  );
}

function leadFile(facts: LeadFileFacts, rows: () => AsyncIterable<string[]>): LeadFile {
  return {
    ...facts,
    rows,
    async sample(count) {
      const first: string[][] = [];
      if (count < 1) return first;
      for await (const row of rows()) {
        if (first.push(row) === count) break;
      }
      return first;
    },
    async close() {},
  };
}
