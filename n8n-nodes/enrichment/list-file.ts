import { CsvScanner, detectDelimiter } from '@connectionsphere/core/csv';
import type { Table } from './leads.ts';
import { readWorkbook } from './workbook.ts';

const SAMPLE_CHARACTERS = 64 * 1024;

/** Files that people send by mistake, by how they begin (latin-1). */
const NO_LISTS: readonly (readonly [start: string, what: string])[] = [
  ['%PDF', 'a PDF'],
  ['\xD0\xCF\x11\xE0', 'an Excel file of the old kind (.xls)'],
  ['\x89PNG', 'a picture'],
  ['\xFF\xD8\xFF', 'a picture'],
  ['GIF8', 'a picture'],
  ['\x1F\x8B', 'a compressed file'],
  ['7z\xBC\xAF', 'a compressed file'],
  ['Rar!', 'a compressed file'],
  ['{\\rtf', 'a text document'],
  ['<!DOCTYPE html', 'a web page'],
  ['<html', 'a web page'],
];
/** More control characters than this share of a text, and it is none. */
const MOST_CONTROLS = 0.005;

/** Whether a file is a workbook, by its first bytes. */
export function isWorkbook(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).toString('latin1') === 'PK\x03\x04';
}

/** Throws an `Error` that says what to do where a file cannot be a list at all. */
export function refuseOthers(name: string, bytes: Buffer): void {
  if (bytes.length === 0) throw empty(name);
  if (isWorkbook(bytes)) return;
  const start = bytes.subarray(0, 64).toString('latin1').trimStart();
  const [, what] = NO_LISTS.find(([begin]) => start.toLowerCase().startsWith(begin.toLowerCase())) ?? [];
  if (what === undefined && isText(bytes)) return;
  throw new Error(
    `${name} is ${what ?? 'no text'}, and no list. Save the list as CSV or XLSX, with a header and a row for each lead.`,
  );
}

/** The rows of a CSV or XLSX file under the names in its first row. Throws an `Error` that says what to do. */
export async function readListFile(name: string, bytes: Buffer): Promise<Table> {
  refuseOthers(name, bytes);
  const rows = isWorkbook(bytes) ? await readWorkbook(bytes) : csvRows(name, decode(bytes));
  const header = rows.shift();
  if (header === undefined || header.length === 0) throw empty(name);
  return { headers: nameColumns(header), rows };
}

function empty(name: string): Error {
  return new Error(`${name} is empty. Give a list with a header and a row for each lead.`);
}

function csvRows(name: string, text: string): string[][] {
  const delimiter = detectDelimiter(text.slice(0, SAMPLE_CHARACTERS)) ?? ',';
  return new CsvScanner(name, delimiter).push(text, true);
}

/** By the first part: text has hardly any control characters, in whichever encoding. */
function isText(bytes: Buffer): boolean {
  const sample = decode(bytes.subarray(0, SAMPLE_CHARACTERS), { stream: true });
  let others = 0;
  for (const character of sample) if (character === '\uFFFD' || isControl(character)) others += 1;
  return others <= sample.length * MOST_CONTROLS;
}

function isControl(character: string): boolean {
  return character < ' ' && !'\t\n\v\f\r\u001B'.includes(character);
}

/** UTF-8 or UTF-16 by its mark; a text that is no UTF-8 is Windows-1252, as Excel's own export is. */
function decode(bytes: Buffer, options?: { stream: boolean }): string {
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark === 'fffe') return new TextDecoder('utf-16le').decode(bytes, options);
  if (mark === 'feff') return new TextDecoder('utf-16be').decode(bytes, options);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, options);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes, options);
  }
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
