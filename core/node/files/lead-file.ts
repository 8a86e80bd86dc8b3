import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { OtherRow } from '../../leads/index.ts';
import { checkBounds, DEFAULT_BOUNDS, type ListBounds } from './bounds.ts';
import { recogniseBytes, recogniseText, refuseBinary } from './content.ts';
import { addressesInOneLine, csvRows, type Delimiter, type Dialect, detectDialect } from './csv.ts';
import { type Decoder, detectEncoding, knownEncoding, recogniseEncoding } from './encoding.ts';
import { emptyList, LeadFileError } from './errors.ts';
import { columnNames, type RowsLeftOut, surveyTable, type TableSurvey } from './header.ts';
import { inTurns } from './in-turns.ts';
import { type JsonRecord, jsonList, ndjsonRecords, recordCells } from './json.ts';
import { filePieces, fileState, readHead, TextFile } from './text-file.ts';
import { xlsxSheet } from './xlsx.ts';

export type LeadFormat = 'csv' | 'tsv' | 'ndjson' | 'json' | 'xlsx';

/** What a list is, beside its rows. */
export interface LeadFileInfo {
  /** What messages call it: the file's name without folders. */
  readonly name: string;
  readonly format: LeadFormat;
  /** `utf-8`, `utf-16le`, `windows-1252` (some lines are not UTF-8), another that was recognised, or as the caller said. */
  readonly encoding: string;
  /** Whether the text starts with a byte order mark. */
  readonly bom: boolean;
  /** Of CSV and TSV; `,` for a list of one column. */
  readonly delimiter?: Delimiter;
  /** Excel's own hint in the first line, such as `sep=;`, as it stands there. */
  readonly separatorLine?: string;
  /** The first line break of a CSV or TSV. */
  readonly newline?: Newline;
  /**
   * One name per column, and as many columns as the widest row has cells: names as the list has them (empty
   * and duplicate ones included), `Column 7` for a column that the header does not reach. For JSON, all keys.
   */
  readonly headers: readonly string[];
  /** False: the first row is a lead, and all headers are made up. */
  readonly hasHeader: boolean;
  /** The row of the header, counted from 1 from the top of the list, blank rows included; 0: there is none. */
  readonly headerRow: number;
  /** Rows above the header (or, without one, above the first lead) as they are; of two header rows, the upper one. */
  readonly above: readonly (readonly string[])[];
  /** The header's row as it is, where `headers` say something else. */
  readonly headerCells?: readonly string[];
  /** Leads below the header. */
  readonly rowCount: number;
  /**
   * Of a workbook: the sheet that was taken, how many columns it has itself, addresses behind cells left out, and
   * the row of its header from 1, where it has one.
   */
  readonly sheet?: { readonly name: string; readonly width: number; readonly headerRow?: number };
  /** Of a workbook: all its sheets. */
  readonly sheets?: readonly { readonly name: string; readonly hidden: boolean }[];
  /** A workbook of so many bytes that it is not kept: its result has its cells, and none of its formats. */
  readonly tooLargeToKeep?: number;
  /** Rows below the header that are no leads. */
  readonly leftOut: RowsLeftOut;
  /** Columns that say the employer of the rows below it once; columns behind all others have it in each row. */
  readonly filledDown?: readonly string[];
  /** The row, from 1, in which another table with other columns begins, whose rows are no leads. */
  readonly otherTable?: number;
}

/** Bytes of a workbook that is kept with its list. */
const LARGEST_ORIGINAL = 20_000_000;

type Newline = '\r\n' | '\n' | '\r';

/** A list of leads on disk, looked through once: nothing in it can fail later for being malformed. */
export interface LeadFile extends LeadFileInfo {
  /**
   * The leads below the header in order, each with as many cells as `headers` (short ones filled with '').
   * Reads the file anew each time, in constant memory (XLSX and JSON arrays: from memory).
   * @throws {LeadFileError} if the file changed since it was opened.
   */
  rows(): AsyncIterable<string[]>;
  /** The same, and in their places the rows that are no leads. */
  lines(): AsyncIterable<string[] | OtherRow>;
  /** The bytes of a workbook, so that it can be given back with its formats; of 20 MB at most. */
  original(): Promise<Uint8Array | undefined>;
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
  /** Overrules detection: the row that names the columns, counted from 1, blank rows included. */
  readonly headerRow?: number;
  /** Of a workbook: the sheet's name, or number from 1; the fitting one unless given. */
  readonly sheet?: string;
  /** How large the list may be. */
  readonly bounds?: ListBounds;
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
  if (options.sheet !== undefined) {
    throw new LeadFileError(
      `${name} is no Excel file, so it has no sheet "${options.sheet}". Leave the sheet out, or give the Excel file, and try again.`,
    );
  }
  if (!detectEncoding(head).name.startsWith('utf-16') && !options.encoding?.startsWith('utf'))
    refuseBinary(name, head);
  const encoding =
    options.encoding === undefined
      ? await recogniseEncoding(name, head, filePieces(path))
      : { ...detectEncoding(head), name: knownEncoding(options.encoding) };
  const text = new TextFile(name, path, state, encoding);
  const start = text.start(head);
  switch (recogniseText(name, start, head.length >= text.size)) {
    case 'ndjson':
      return recordFile(
        text,
        'ndjson',
        (decoder) => ndjsonRecords(name, text.chunks(decoder)),
        options.bounds,
      );
    case 'json':
      return jsonFile(text, options);
    case 'delimited':
      return delimitedFile(text, start, head.length >= text.size, options);
  }
}

async function workbookFile(name: string, path: string, options: LeadFileOptions): Promise<LeadFile> {
  const sheet = await xlsxSheet(name, path, options.sheet);
  const hidden = new WeakSet<readonly string[]>();
  const read = async function* () {
    for await (const { row, hidden: isHidden } of inTurns(sheet.rows())) {
      if (isHidden) hidden.add(row);
      yield row;
    }
  };
  const survey = await surveyTable(name, read(), { ...options, isHidden: (row) => hidden.has(row) });
  const { size } = await fileState(name, path);
  const facts = {
    name,
    format: 'xlsx',
    encoding: 'utf-8',
    bom: false,
    sheet: { name: sheet.name, width: sheet.width },
    sheets: sheet.sheets,
  } as const;
  return {
    ...tableFile(facts, survey, read, sheet.names),
    ...(size > LARGEST_ORIGINAL && { tooLargeToKeep: size }),
    async original() {
      return size > LARGEST_ORIGINAL ? undefined : new Uint8Array(await readFile(path));
    },
  };
}

async function jsonFile(text: TextFile, options: LeadFileOptions): Promise<LeadFile> {
  const list = await jsonList(text);
  if (list.kind === 'records') return recordFile(text, 'json', list.read, options.bounds);
  const decoder = text.decoder();
  const survey = await surveyTable(text.name, list.read(decoder), options);
  const { name, bom } = text;
  return tableFile({ name, format: 'json', encoding: decoder.encoding, bom }, survey, list.read);
}

const ONE_COLUMN: Dialect = { delimiter: ',', quote: '"', spaced: false };

/** `isWhole`: `start` is all of the text. */
async function delimitedFile(
  text: TextFile,
  start: string,
  isWhole: boolean,
  options: LeadFileOptions,
): Promise<LeadFile> {
  // Excel's own hint, a first line such as `sep=;`, is no row.
  const hint = /^sep=([,;\t|])(?=[\r\n])/i.exec(start)?.[1] as Delimiter | undefined;
  const known = options.delimiter ?? hint;
  const addresses = isWhole && known === undefined ? addressesInOneLine(start) : undefined;
  const dialect =
    detectDialect(hint === undefined ? start : start.slice(start.indexOf('\n') + 1), known) ?? ONE_COLUMN;
  const { delimiter } = dialect;
  const newline = /\r\n|\n|\r/.exec(start)?.[0] as Newline | undefined;
  const read = (decoder?: Decoder) => {
    if (addresses !== undefined) return eachAlone(addresses);
    const rows = csvRows(text.name, text.chunks(decoder), dialect, options.bounds?.columns);
    return hint === undefined ? rows : withoutFirst(rows);
  };
  const decoder = text.decoder();
  const survey = await surveyTable(text.name, read(decoder), options);
  const facts = {
    name: text.name,
    format: delimiter === '\t' ? 'tsv' : 'csv',
    encoding: decoder.encoding,
    bom: text.bom,
    delimiter,
    ...(newline === undefined ? {} : { newline }),
    ...(hint === undefined ? {} : { separatorLine: start.slice(0, 5) }),
  } as const;
  return tableFile(facts, survey, read);
}

async function* eachAlone(cells: readonly string[]): AsyncGenerator<string[]> {
  for (const cell of cells) yield [cell];
}

async function* withoutFirst<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  let first = true;
  for await (const item of items) {
    if (!first) yield item;
    first = false;
  }
}

function tableFile(
  facts: Pick<
    LeadFileInfo,
    'name' | 'format' | 'encoding' | 'bom' | 'delimiter' | 'newline' | 'separatorLine' | 'sheet' | 'sheets'
  >,
  survey: TableSurvey,
  read: () => AsyncIterable<string[]>,
  named: (header: readonly string[]) => readonly string[] = (header) => header,
): LeadFile {
  const { layout, before, leftOut } = survey;
  const hasHeader = layout.headerRows > 0;
  const headers = columnNames(named(layout.names), survey);
  const lines = async function* () {
    for await (const { row, kind } of survey.sorted(read())) {
      if (kind !== 'lead') {
        yield { otherRow: row };
        continue;
      }
      while (row.length < headers.length) row.push('');
      yield row;
    }
  };
  const headerCells = before.at(-1);
  return leadFile(
    {
      ...facts,
      headers,
      hasHeader,
      headerRow: hasHeader ? layout.start : 0,
      ...(facts.sheet && hasHeader && { sheet: { ...facts.sheet, headerRow: layout.start } }),
      above: hasHeader ? before.slice(0, -1) : before,
      ...(layout.headerRows === 2 && headerCells && { headerCells }),
      rowCount: survey.leads,
      leftOut,
      ...(survey.filledDown.length > 0 && {
        filledDown: survey.filledDown.map((column) => layout.names[column] ?? ''),
      }),
      ...(survey.otherTable !== undefined && { otherTable: survey.otherTable }),
    },
    lines,
  );
}

async function recordFile(
  text: TextFile,
  format: 'ndjson' | 'json',
  read: (decoder?: Decoder) => AsyncIterable<JsonRecord>,
  bounds: ListBounds = DEFAULT_BOUNDS,
): Promise<LeadFile> {
  const decoder = text.decoder();
  const columns = new Set<string>();
  let rowCount = 0;
  for await (const record of read(decoder)) {
    rowCount++;
    for (const column of Object.keys(record)) columns.add(column);
    checkBounds(text.name, rowCount, columns.size, bounds);
  }
  if (columns.size === 0) throw emptyList(text.name);
  const { name, bom } = text;
  const headers = [...columns];
  return leadFile(
    {
      name,
      format,
      encoding: decoder.encoding,
      bom,
      headers,
      hasHeader: true,
      headerRow: 0,
      above: [],
      rowCount,
      leftOut: { blank: 0, footer: 0, header: 0, hidden: 0 },
    },
    async function* () {
      for await (const record of read()) yield recordCells(record, headers);
    },
  );
}

function leadFile(facts: LeadFileInfo, lines: () => AsyncIterable<string[] | OtherRow>): LeadFile {
  const rows = async function* () {
    for await (const line of lines()) if (!('otherRow' in line)) yield line;
  };
  return {
    ...facts,
    rows,
    lines,
    async sample(count) {
      const first: string[][] = [];
      if (count < 1) return first;
      for await (const row of rows()) {
        if (first.push(row) === count) break;
      }
      return first;
    },
    async original() {
      return undefined;
    },
    async close() {},
  };
}
