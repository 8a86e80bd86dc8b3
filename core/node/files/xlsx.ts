import { readFile, stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import pLimit from 'p-limit';
import { LeadFileError } from './errors.ts';
import { linkName, withLinks } from './workbook/list.ts';
import type { StoredRow, XlsxAnswer, XlsxQuestion } from './xlsx-worker.ts';

const MEGABYTE = 1_000_000;
const LARGEST_FILE = 50 * MEGABYTE;
/** Unpacks one file at a time; each takes a few hundred megabytes for as long as that lasts. */
const inTurn = pLimit(1);

/** The list of a workbook: one sheet of it, unpacked once and kept as text. */
export interface XlsxSheet {
  readonly name: string;
  /** All sheets in the order of their tabs. */
  readonly sheets: readonly { readonly name: string; readonly hidden: boolean }[];
  /** Columns of the sheet itself; those behind hold the addresses behind cells. */
  readonly width: number;
  /** Its rows from the first one on, blank ones included. */
  rows(): Generator<{ readonly row: string[]; readonly hidden: boolean }>;
  /** The names of its columns, given those of the sheet itself: columns of addresses are named after theirs. */
  names(header: readonly string[]): readonly string[];
}

/**
 * Reads a workbook in a thread of its own, since a large one takes long.
 * @param wanted the sheet's name, or number from 1; the fitting one unless given.
 * @throws {LeadFileError} for a file that is too large, damaged or no workbook.
 */
export async function xlsxSheet(name: string, path: string, wanted?: string): Promise<XlsxSheet> {
  const { size } = await stat(path);
  if (size > LARGEST_FILE) {
    throw new LeadFileError(
      `${name} has ${Math.ceil(size / MEGABYTE)} MB; an Excel file may have 50 MB. Save the list as CSV, which has no limit, and try again.`,
    );
  }
  return await inTurn(async () => {
    const bytes = new Uint8Array(await readFile(path));
    const pieces: Uint8Array[] = [];
    const end = await ask({ bytes, sheet: wanted }, (lines) => pieces.push(lines));
    if ('problem' in end) throw new LeadFileError(`${name} ${end.problem}`);
    const { sheet, sheets, width, linked } = end;
    return {
      name: sheet,
      sheets,
      width,
      *rows() {
        for (const [hidden, cells, links] of storedRows(pieces)) {
          const row = { cells, links: new Map(links), hidden: hidden === 1 };
          yield { row: withLinks(row, width, linked), hidden: row.hidden };
        }
      },
      names: (header) =>
        linked.length === 0
          ? header
          : [
              ...Array.from({ length: width }, (_, column) => header[column] ?? `Column ${column + 1}`),
              ...linked.map((column) => linkName(header[column] ?? `Column ${column + 1}`)),
            ],
    };
  });
}

function* storedRows(pieces: readonly Uint8Array[]): Generator<StoredRow> {
  const decoder = new TextDecoder();
  // A piece ends with a line.
  for (const piece of pieces) {
    for (const line of decoder.decode(piece).split('\n')) if (line !== '') yield JSON.parse(line);
  }
}

type End = Exclude<XlsxAnswer, { lines: Uint8Array }>;

function ask(question: XlsxQuestion, take: (lines: Uint8Array) => void): Promise<End> {
  const worker = new Worker(new URL('./xlsx-worker.ts', import.meta.url), {
    workerData: question,
    transferList: [question.bytes.buffer as ArrayBuffer],
    resourceLimits: { maxOldGenerationSizeMb: 768 },
  });
  return new Promise((resolve) => {
    const broken = () => resolve({ problem: 'could not be read. Save the list as CSV and try again.' });
    worker
      .on('message', (answer: XlsxAnswer) => ('lines' in answer ? take(answer.lines) : resolve(answer)))
      .once('error', broken)
      .once('exit', broken);
  });
}
