import { parentPort, workerData } from 'node:worker_threads';
import { WorkbookError } from './workbook/errors.ts';
import { workbookList } from './workbook/list.ts';

export interface XlsxQuestion {
  readonly bytes: Uint8Array;
  /** Its name, or number from 1; the fitting one unless given. */
  readonly sheet: string | undefined;
}

export type XlsxAnswer =
  /** Some rows as lines of JSON, each a {@link StoredRow}. */
  | { readonly lines: Uint8Array }
  | {
      readonly sheet: string;
      readonly sheets: readonly { readonly name: string; readonly hidden: boolean }[];
      /** Cells of the widest row. */
      readonly width: number;
      /** Columns with addresses behind their cells, from 0, in order. */
      readonly linked: readonly number[];
    }
  /** Goes on from the file's name. */
  | { readonly problem: string };

/** Hidden or not, cells, and the addresses behind them by column. */
export type StoredRow = readonly [
  hidden: 0 | 1,
  cells: string[],
  links: readonly (readonly [column: number, address: string])[],
];

/** Bytes of text: what a few words that very many cells share unpack to. */
const LARGEST_TEXT = 250_000_000;
const PIECE = 500_000;

try {
  const { bytes, sheet: wanted } = workerData as XlsxQuestion;
  const { sheet, sheets, rows } = workbookList(bytes, wanted);
  const linked = new Set<number>();
  let width = 0;
  let lines = '';
  let total = 0;
  const send = () => {
    const encoded = new TextEncoder().encode(lines);
    total += encoded.length;
    if (total > LARGEST_TEXT) {
      throw new WorkbookError(
        'holds more than 250 MB of text, more than an Excel file may. Save the list as CSV, which has no limit, and try again.',
      );
    }
    parentPort?.postMessage({ lines: encoded } satisfies XlsxAnswer, [encoded.buffer]);
    lines = '';
  };
  for (const { cells, links, hidden } of rows()) {
    width = Math.max(width, cells.length, ...[...links.keys()].map((column) => column + 1));
    for (const column of links.keys()) linked.add(column);
    const row: StoredRow = [hidden ? 1 : 0, cells, [...links]];
    lines += `${JSON.stringify(row)}\n`;
    if (lines.length > PIECE) send();
  }
  send();
  parentPort?.postMessage({
    sheet: sheet.name,
    sheets: sheets.map(({ name, hidden }) => ({ name, hidden })),
    width,
    linked: [...linked].sort((a, b) => a - b),
  } satisfies XlsxAnswer);
} catch (error) {
  const reason = error instanceof Error ? ` (${error.message.slice(0, 200)})` : '';
  const problem =
    error instanceof WorkbookError
      ? error.message
      : `could not be read as an Excel file${reason}. Save the list as CSV and try again.`;
  parentPort?.postMessage({ problem } satisfies XlsxAnswer);
}
