/** Tables whose columns are aligned by spaces, as terminals and reports write them. */

const LINES_LOOKED_AT = 100;
/** Fewer lines are aligned by chance. */
const FEWEST_LINES = 3;
/** So many of the lines have something in the second column. */
const FILLED = 0.5;

/**
 * Where the columns of a text begin that is written with two spaces or more between them: at the words of its first line,
 * with a space before each in all other lines. `undefined`: it is no such text.
 * @param sample its first lines.
 */
export function alignedColumns(sample: string): number[] | undefined {
  const [header = '', ...lines] = sample
    .split(/\r\n|\n|\r/, LINES_LOOKED_AT)
    .filter((line) => line.trim() !== '');
  if (lines.length < FEWEST_LINES - 1 || sample.includes('\t')) return undefined;
  const starts = [...header.matchAll(/(?:^ *| {2,})(?=\S)/g)].map(
    ({ index, 0: spaces }) => index + spaces.length,
  );
  const [, second] = starts;
  if (second === undefined) return undefined;
  const isAligned = lines.every((line) =>
    starts.every((at) => at === 0 || /^\s?$/.test(line.charAt(at - 1))),
  );
  const filled = lines.filter((line) => /\S/.test(line.charAt(second))).length;
  return isAligned && filled >= lines.length * FILLED ? starts : undefined;
}

/** The cells of a line, given where its columns begin. */
export function alignedCells(line: string, starts: readonly number[]): string[] {
  return starts.map((start, column) => line.slice(column === 0 ? 0 : start, starts[column + 1]).trim());
}
