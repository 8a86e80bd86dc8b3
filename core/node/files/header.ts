/** Whole cells that only a lead's row holds. */
const DATA_CELL = /^\s*(?:\S+@\S+\.\S+|https?:\/\/\S+|www\.\S+|(?:[\w-]+\.)*linkedin\.com\/\S+)\s*$/i;
const LETTER = /\p{L}/u;

/**
 * Whether a list's first row names its columns. A row that holds an e-mail or web address, or no letter at
 * all, is a lead.
 */
export function isHeader(row: readonly string[]): boolean {
  return row.some((cell) => LETTER.test(cell)) && !row.some((cell) => DATA_CELL.test(cell));
}

/** The header's names as they are, and `Column 7` for every column that has none because no header reaches it. */
export function columnNames(header: readonly string[], width: number): string[] {
  return Array.from(
    { length: Math.max(width, header.length) },
    (_, index) => header[index] ?? `Column ${index + 1}`,
  );
}
