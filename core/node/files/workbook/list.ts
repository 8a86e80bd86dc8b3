import { fittingSheet } from './fitting-sheet.ts';
import { type Sheet, type SheetRow, Workbook } from './reader.ts';

/** A workbook's list. */
export interface WorkbookList {
  readonly sheet: Sheet;
  readonly sheets: readonly Sheet[];
  /** Reads the sheet anew each time. */
  rows(): Generator<SheetRow>;
}

/** @throws {WorkbookError} for what is no workbook, or has no such sheet. */
export function workbookList(bytes: Uint8Array, wanted?: string): WorkbookList {
  const workbook = new Workbook(bytes);
  const sheet = fittingSheet(workbook, wanted);
  return { sheet, sheets: workbook.sheets, rows: () => workbook.rows(sheet) };
}

/**
 * A row with the addresses behind its cells in columns of their own, right of all others.
 * @param width cells of the sheet's widest row.
 * @param linked the columns with addresses behind them, in order.
 */
export function withLinks({ cells, links }: SheetRow, width: number, linked: readonly number[]): string[] {
  if (links.size === 0) return cells;
  const own = Array.from({ length: width }, (_, column) => cells[column] ?? '');
  return [...own, ...linked.map((column) => links.get(column) ?? '')];
}

/** What the column of the addresses behind a column is called. */
export function linkName(header: string): string {
  return `${header} link`.trim();
}
