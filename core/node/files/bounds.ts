import { LeadFileError } from './errors.ts';

/** How large a list may be. */
export interface ListBounds {
  readonly rows: number;
  readonly columns: number;
  /** Rows times columns: what a list takes in memory and in the store grows with its cells. */
  readonly cells: number;
}

/** For lists read without settings. MAX_LIST_ROWS and MAX_LIST_CELLS change the first and the last. */
export const DEFAULT_BOUNDS: ListBounds = { rows: 2_000_000, columns: 500, cells: 50_000_000 };

const SPLIT = 'Split the list and try again.';

/** @throws {LeadFileError} naming the limit that a list with so many rows and columns is over. */
export function checkBounds(name: string, rows: number, columns: number, bounds: ListBounds): void {
  if (columns > bounds.columns) throw tooManyColumns(name, columns, bounds.columns);
  if (rows > bounds.rows) {
    throw new LeadFileError(
      `${name} has more than ${count(bounds.rows)} rows, the limit of this server (MAX_LIST_ROWS). ${SPLIT}`,
    );
  }
  if (rows * columns > bounds.cells) {
    throw new LeadFileError(
      `${name} has more than ${count(bounds.cells)} cells (${count(rows)} rows of ${columns} columns), ` +
        `the limit of this server (MAX_LIST_CELLS). ${SPLIT}`,
    );
  }
}

/** `where`: what has so many. */
export function tooManyColumns(where: string, columns: number, most: number): LeadFileError {
  return new LeadFileError(
    `${where} has ${count(columns)} columns; a list may have ${count(most)}. ` +
      'Check the delimiter. If it is right, remove the columns that you do not need, and try again.',
  );
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
