import { parentPort, workerData } from 'node:worker_threads';
import { inflateRawSync } from 'node:zlib';
import readWorkbook from 'read-excel-file/universal';
import { dateText, numberText } from './cell-text.ts';

export interface XlsxQuestion {
  readonly bytes: Uint8Array;
}
/** `problem` goes on from the file's name. */
export type XlsxAnswer = { readonly rows: string[][] } | { readonly problem: string };

/** Bytes, and characters in cells: a few words that very many cells share unpack to more than the file holds. */
const LARGEST_INFLATED = 200_000_000;
/** Microsoft, "Excel specifications and limits". */
const MOST_ROWS = 1_048_576;
const MOST_COLUMNS = 16_384;
/** Empty ones included, because a sheet is read as a rectangle up to its last cell. */
const MOST_CELLS = 20_000_000;

const DAMAGED = 'is damaged. Open it in Excel, save it again and try again.';

class Refused extends Error {}

async function answer({ bytes }: XlsxQuestion): Promise<XlsxAnswer> {
  try {
    checkArchive(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return { rows: await sheetRows(bytes.buffer as ArrayBuffer) };
  } catch (error) {
    if (error instanceof Refused) return { problem: error.message };
    const reason = error instanceof Error ? ` (${error.message.slice(0, 200)})` : '';
    return { problem: `could not be read as an Excel file${reason}. Save the list as CSV and try again.` };
  }
}

async function sheetRows(workbook: ArrayBuffer): Promise<string[][]> {
  const sheets = await readWorkbook<string>(workbook, { trim: false, parseNumber: numberText });
  const data = sheets.find((sheet) => sheet.data.length > 0)?.data;
  if (data === undefined)
    throw new Refused('has no sheet with anything in it. Put the list in and try again.');
  let characters = 0;
  return data.map((row) =>
    row.map((value) => {
      const text = cellText(value);
      characters += text.length;
      if (characters > LARGEST_INFLATED) throw tooLarge(characters);
      return text;
    }),
  );
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return dateText(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return String(value);
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packed: Buffer;
  readonly inflatedSize: number;
}

/**
 * Refuses what is no workbook and what would inflate to more than memory can hold, before anything trusts
 * the sizes that the archive claims: every part is inflated once with its claimed size as the limit.
 */
function checkArchive(archive: Buffer): void {
  const entries = archiveEntries(archive);
  const names = new Set(entries.map((entry) => entry.name));
  if (!names.has('xl/workbook.xml')) {
    throw new Refused(
      names.has('xl/workbook.bin') || names.has('content.xml')
        ? 'is a spreadsheet of another kind. Save it as .xlsx or CSV and try again.'
        : 'is an archive, not an Excel file. Unpack it, and give the list in it.',
    );
  }
  const inflated = entries.reduce((sum, entry) => sum + entry.inflatedSize, 0);
  if (inflated > LARGEST_INFLATED) throw tooLarge(inflated);
  for (const entry of entries) {
    const data = inflate(entry);
    if (entry.name.endsWith('.xml')) checkExtent(data.toString('latin1'));
  }
}

function tooLarge(bytes: number): Refused {
  return new Refused(
    `holds ${Math.ceil(bytes / 1_000_000)} MB when unpacked; an Excel file may hold 200 MB. Save the list as CSV, which has no limit.`,
  );
}

const DEFLATED = 8;

function inflate(entry: Entry): Buffer {
  const limit = Math.max(1, entry.inflatedSize);
  try {
    const data =
      entry.method === DEFLATED ? inflateRawSync(entry.packed, { maxOutputLength: limit }) : entry.packed;
    if (data.length === entry.inflatedSize) return data;
  } catch {
    // Whatever zlib found wrong, more than the claimed size included, the advice is the same.
  }
  throw new Refused(DAMAGED);
}

/**
 * Refuses a sheet whose cells' addresses span more than memory can hold: one cell at the far end is enough
 * for that. An address in disguise (`&#65;1`) is written by no spreadsheet program.
 */
function checkExtent(xml: string): void {
  let rows = 0;
  let columns = 0;
  for (const [, column = '', row = '', disguised] of xml.matchAll(
    /\sr\s*=\s*["'](?:([A-Za-z]{0,9})(\d{1,15})["']|([^"']{0,40}&))/g,
  )) {
    if (disguised !== undefined) throw new Refused(DAMAGED);
    rows = Math.max(rows, Number(row));
    columns = Math.max(columns, columnNumber(column));
  }
  if (rows <= MOST_ROWS && columns <= MOST_COLUMNS && rows * columns <= MOST_CELLS) return;
  throw new Refused(
    `has a sheet that spans ${rows} rows and ${columns} columns. Delete what is far from the list, or save the list as CSV, and try again.`,
  );
}

/** 1 for A, 27 for AA. */
function columnNumber(letters: string): number {
  let number = 0;
  for (const letter of letters.toUpperCase()) number = number * 26 + letter.charCodeAt(0) - 64;
  return number;
}

/** ZIP's end of central directory, central directory and local headers (PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16). */
const END_RECORD = { signature: 0x06054b50, size: 22, longestComment: 0xffff };
const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;

function archiveEntries(archive: Buffer): Entry[] {
  try {
    const end = endRecord(archive);
    const entries: Entry[] = [];
    let at = archive.readUInt32LE(end + 16);
    for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
      if (archive.readUInt32LE(at) !== CENTRAL_SIGNATURE) throw new Refused(DAMAGED);
      const nameLength = archive.readUInt16LE(at + 28);
      const local = archive.readUInt32LE(at + 42);
      if (archive.readUInt32LE(local) !== LOCAL_SIGNATURE) throw new Refused(DAMAGED);
      const data = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
      entries.push({
        name: archive.toString('utf8', at + 46, at + 46 + nameLength),
        method: archive.readUInt16LE(at + 10),
        packed: archive.subarray(data, data + archive.readUInt32LE(at + 20)),
        inflatedSize: archive.readUInt32LE(at + 24),
      });
      at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    }
    return entries;
  } catch {
    throw new Refused(DAMAGED);
  }
}

function endRecord(archive: Buffer): number {
  const first = Math.max(0, archive.length - END_RECORD.size - END_RECORD.longestComment);
  for (let at = archive.length - END_RECORD.size; at >= first; at--) {
    if (archive.readUInt32LE(at) === END_RECORD.signature) return at;
  }
  throw new Refused(DAMAGED);
}

parentPort?.postMessage(await answer(workerData as XlsxQuestion));
