import { CsvScanner, detectDelimiter } from '@connectionsphere/core/csv';
import type { Table } from './leads.ts';
import { readWorkbook } from './workbook.ts';

const SAMPLE_CHARACTERS = 64 * 1024;

/** Whether a file is a workbook, by its first bytes. */
export function isWorkbook(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).toString('latin1') === 'PK\x03\x04';
}

/** The rows of a CSV or XLSX file under the names in its first row. Throws an `Error` that says what to do. */
export async function readListFile(name: string, bytes: Buffer): Promise<Table> {
  const [header = [], ...rows] = isWorkbook(bytes) ? await readWorkbook(bytes) : csvRows(name, decode(bytes));
  if (header.length === 0)
    throw new Error(`${name} is empty. Give a list with a header and a row for each lead.`);
  const headers = nameColumns(header);
  return { headers, rows: rows.map((row) => headers.map((_, index) => row[index] ?? '')) };
}

function csvRows(name: string, text: string): string[][] {
  const delimiter = detectDelimiter(text.slice(0, SAMPLE_CHARACTERS)) ?? ',';
  return new CsvScanner(name, delimiter).push(text, true);
}

/** UTF-8 or UTF-16 by its mark; a text that is no UTF-8 is Windows-1252, as Excel's own export is. */
function decode(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark === 'fffe') return new TextDecoder('utf-16le').decode(bytes);
  if (mark === 'feff') return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
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
