import {
  addressesInOneLine,
  CsvScanner,
  columnNames,
  detectDialect,
  guessEncoding,
  linkName,
  recogniseBytes,
  recogniseText,
  refuseBinary,
  surveyTable,
  WorkbookError,
  withLinks,
  workbookList,
} from '@connectionsphere/core/list';
import type { Table } from './leads.ts';

const SAMPLE_CHARACTERS = 64 * 1024;
const HEAD_BYTES = 64 * 1024;
/** At most this share of the lines beyond ASCII is UTF-8 by chance. */
const CHANCE = 0.1;

/** What somebody said about a file. */
export interface ListFileOptions {
  /** By the names of the Encoding Standard; recognised unless given. */
  readonly encoding?: string | undefined;
  /** Of a workbook: its name, or number from 1. */
  readonly sheet?: string | undefined;
  /** False: no row names the columns. */
  readonly header?: boolean;
  /** The row that names the columns, counted from 1, blank rows included. */
  readonly headerRow?: number;
}

/** Whether a file is a workbook, by its first bytes. */
export function isWorkbook(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).toString('latin1') === 'PK\x03\x04';
}

/** Throws an `Error` that says what to do where a file cannot be a list at all. */
export function refuseOthers(name: string, bytes: Buffer): void {
  if (bytes.length === 0) throw new Error(`${name} is empty. Give a list with a row for each lead.`);
  const head = bytes.subarray(0, HEAD_BYTES);
  if (recogniseBytes(name, head) === 'zip' || isUtf16(head)) return;
  refuseBinary(name, head);
  recogniseText(name, head.toString('latin1').replace(/^\xEF\xBB\xBF/, ''));
}

function isUtf16(bytes: Buffer): boolean {
  return ['fffe', 'feff'].includes(bytes.subarray(0, 2).toString('hex'));
}

/** The leads of a CSV or XLSX file under the names of its columns. Throws an `Error` that says what to do. */
export async function readListFile(
  name: string,
  bytes: Buffer,
  options: ListFileOptions = {},
): Promise<Table> {
  const head = bytes.subarray(0, HEAD_BYTES);
  return recogniseBytes(name, head) === 'zip'
    ? await sheetTable(name, bytes, options)
    : await table(name, csvRows(name, decode(name, bytes, options.encoding)), options);
}

interface Read {
  readonly rows: readonly string[][];
  readonly isHidden?: (row: readonly string[]) => boolean;
  /** The names of all columns, given those of the sheet itself. */
  readonly named?: (header: readonly string[]) => readonly string[];
}

async function table(
  name: string,
  { rows, isHidden, named = (header) => header }: Read,
  { header, headerRow }: ListFileOptions,
): Promise<Table> {
  const read = async function* () {
    for (const row of rows) yield row;
  };
  const survey = await surveyTable(name, read(), {
    ...(isHidden && { isHidden }),
    ...(header !== undefined && { header }),
    ...(headerRow !== undefined && { headerRow }),
  });
  const headers = nameColumns(columnNames(named(survey.layout.names), survey));
  const leads: string[][] = [];
  for await (const { row, kind } of survey.sorted(read())) {
    if (kind === 'lead') leads.push(headers.map((_, index) => row[index] ?? ''));
  }
  return { headers, rows: leads };
}

async function sheetTable(name: string, bytes: Buffer, options: ListFileOptions): Promise<Table> {
  try {
    const rows = [...workbookList(bytes, options.sheet).rows()];
    const width = Math.max(0, ...rows.map(({ cells }) => cells.length));
    const linked = [...new Set(rows.flatMap(({ links }) => [...links.keys()]))].sort((a, b) => a - b);
    const hidden = new WeakSet<readonly string[]>();
    const cells = rows.map((row) => {
      const own = withLinks(row, width, linked);
      if (row.hidden) hidden.add(own);
      return own;
    });
    return await table(
      name,
      {
        rows: cells,
        isHidden: (row) => hidden.has(row),
        named: (header) =>
          linked.length === 0
            ? header
            : [
                ...Array.from({ length: width }, (_, column) => header[column] ?? ''),
                ...linked.map((column) => linkName(header[column] ?? '')),
              ],
      },
      options,
    );
  } catch (error) {
    throw error instanceof WorkbookError ? new Error(`${name} ${error.message}`) : error;
  }
}

function csvRows(name: string, text: string): Read {
  if (recogniseText(name, text.slice(0, SAMPLE_CHARACTERS)) !== 'delimited') {
    throw new Error(`${name} is JSON. Turn it into items first (Extract from File), and try again.`);
  }
  const hint = /^sep=([,;\t|])\r?\n/i.exec(text);
  const rest = hint ? text.slice(hint[0].length) : text;
  const known = ([',', ';', '\t', '|'] as const).find((each) => each === hint?.[1]);
  const addresses = known === undefined ? addressesInOneLine(rest) : undefined;
  if (addresses !== undefined) return { rows: addresses.map((address) => [address]) };
  const { delimiter = ',', ...dialect } = detectDialect(rest.slice(0, SAMPLE_CHARACTERS), known) ?? {};
  return { rows: new CsvScanner(name, delimiter, { ...dialect, keepsBlank: true }).push(rest, true) };
}

/** By its mark, as UTF-8, or in the encoding that makes words of it. */
function decode(name: string, bytes: Buffer, encoding: string | undefined): string {
  if (encoding !== undefined && encoding !== '') return decodeAs(bytes, encoding) ?? unknownName(encoding);
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark === 'fffe') return new TextDecoder('utf-16le').decode(bytes);
  if (mark === 'feff') return new TextDecoder('utf-16be').decode(bytes);
  refuseBinary(name, bytes.subarray(0, HEAD_BYTES));
  const whole = utf8(bytes);
  if (whole !== undefined) return whole;
  const lines = linesOf(bytes).map((line) => ({ line, text: utf8(line) }));
  const others = lines.filter(({ text }) => text === undefined);
  const beyondAscii = lines.filter(({ text }) => text !== undefined && /[\u0080-\uffff]/.test(text));
  const guess = guessEncoding(Buffer.concat(others.map(({ line }) => line)), decodeAs);
  if (beyondAscii.length > (beyondAscii.length + others.length) * CHANCE) {
    return lines.map(({ line, text }) => text ?? decodeAs(line, guess ?? 'windows-1252') ?? '').join('');
  }
  const text = guess === undefined ? undefined : decodeAs(bytes, guess);
  if (text !== undefined) return text;
  throw new Error(
    `${name} is text in an encoding that cannot be recognised, so its names would come out garbled. ` +
      'Save it as "CSV UTF-8" in Excel, or name its encoding in the options, and try again.',
  );
}

function unknownName(encoding: string): never {
  throw new Error(
    `"${encoding}" is not a known text encoding. Try utf-8, windows-1252, windows-1251, iso-8859-2, shift_jis, gb18030 or big5.`,
  );
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Windows-1252 from 0x80 on, which some versions of Node read as Latin-1 (Encoding Standard, index windows-1252). */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function decodeAs(bytes: Uint8Array, encoding: string): string | undefined {
  let text: string;
  try {
    text = new TextDecoder(encoding).decode(bytes);
  } catch {
    return undefined;
  }
  if (encoding !== 'windows-1252') return text;
  return text.replace(/[\u0080-\u009f]/g, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80] ?? control);
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const feed = bytes.indexOf(10, from);
    const to = feed === -1 ? bytes.length : feed + 1;
    lines.push(bytes.subarray(from, to));
    from = to;
  }
  return lines;
}

/** Names for all columns, each once: they become fields of an item. */
function nameColumns(header: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return header.map((cell, index) => {
    const name = cell.trim() || `Column ${index + 1}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} ${times}`;
  });
}
