import { findLayout, mapColumns } from '../../../leads/index.ts';
import { DEFAULT_BOUNDS } from '../bounds.ts';
import { WorkbookError } from './errors.ts';
import type { Sheet, Workbook } from './reader.ts';

/** Rows by which a sheet is judged. */
const ROWS_LOOKED_AT = 60;

/**
 * The sheet that holds the list: the one that somebody named (by name, or number from 1), else of those that are
 * shown and hold something the one in which most columns are recognised, the first of equals.
 * @throws {WorkbookError} where there is none, with the sheets that there are.
 */
export function fittingSheet(workbook: Workbook, wanted?: string): Sheet {
  const { sheets } = workbook;
  if (wanted !== undefined) return namedSheet(sheets, wanted);
  let best: { readonly sheet: Sheet; readonly fit: number } | undefined;
  const shown = sheets.filter(({ hidden }) => !hidden);
  for (const sheet of shown) {
    const fit = fitOf(workbook, sheet);
    if (fit !== undefined && (best === undefined || fit > best.fit)) best = { sheet, fit };
  }
  if (best) return best.sheet;
  throw new WorkbookError(
    sheets.some(({ hidden }) => hidden)
      ? 'has no sheet with anything in it that is not hidden. Show the sheet, or name it (--sheet), and try again.'
      : 'has no sheet with anything in it. Put the list in and try again.',
  );
}

function namedSheet(sheets: readonly Sheet[], wanted: string): Sheet {
  const name = wanted.trim().toLowerCase();
  const found =
    sheets.find((sheet) => sheet.name.trim().toLowerCase() === name) ??
    (/^\d{1,4}$/.test(name) ? sheets[Number(name) - 1] : undefined);
  if (found) return found;
  const names = sheets.slice(0, 20).map((sheet) => `"${sheet.name}"`);
  throw new WorkbookError(
    `has no sheet "${wanted}". It has: ${names.join(', ')}. Name one of these and try again.`,
  );
}

/** How many columns of a sheet are recognised; `undefined`: it is empty. */
function fitOf(workbook: Workbook, sheet: Sheet): number | undefined {
  const rows: string[][] = [];
  for (const { cells } of workbook.rows(sheet)) if (rows.push(cells) === ROWS_LOOKED_AT) break;
  if (rows.length === 0) return undefined;
  // No list: it is refused, and so judging thousands of columns tells nothing.
  if (rows.some((row) => row.length > DEFAULT_BOUNDS.columns)) return 0;
  const { names, start } = findLayout(rows);
  const leads = rows.slice(start);
  const width = Math.max(names.length, ...leads.map((row) => row.length), 0);
  const headers = Array.from({ length: width }, (_, index) => names[index] ?? '');
  const fields = leads.length === 0 ? {} : mapColumns(headers, leads).fields;
  return Object.keys(fields).length;
}
