import { alignedCells, alignedColumns } from './aligned.ts';
import { DEFAULT_BOUNDS, tooManyColumns } from './bounds.ts';
import { LeadFileError } from './errors.ts';

export type Delimiter = ',' | ';' | '\t' | '|' | (typeof RARE)[number];

/** What people call them. */
export const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' } as const;

/** Characters. Longer is no list of leads, and one row has to fit into memory several times. */
const LONGEST_ROW = 10_000_000;
/** Bare quotes in one quoted cell; a limit, so that looking for the closing one takes linear time. */
const MOST_STRAYS = 100;

const SPACE = 32;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Where a character comes next; remembers, so that a rare one is not searched for again for every row. */
class Next {
  readonly #character: string;
  #text = '';
  #at = -1;

  constructor(character: string) {
    this.#character = character;
  }

  reset(text: string): void {
    this.#text = text;
    this.#at = -1;
  }

  /** First position at or after `position`, which never decreases between resets; `Infinity`: none. */
  from(position: number): number {
    if (this.#at < position) {
      const found = this.#text.indexOf(this.#character, position);
      this.#at = found === -1 ? Number.POSITIVE_INFINITY : found;
    }
    return this.#at;
  }
}

interface Row {
  readonly cells: string[];
  /** Where the next row starts. */
  readonly next: number;
}

/** How a delimited text is written. */
export interface Dialect {
  readonly delimiter: Delimiter;
  readonly quote: '"' | "'";
  /** Spaces follow its delimiters, and are no part of its cells. */
  readonly spaced: boolean;
  /** Each row as a whole stands in one pair of double quotes, and is written inside it as the rest says. */
  readonly inQuotes?: true;
  /** Spaces align its columns, and no delimiter stands between them: where in a line each begins. */
  readonly aligned?: readonly number[];
}

interface ScannerOptions extends Partial<Omit<Dialect, 'delimiter'>> {
  readonly keepsBlank?: boolean;
  readonly mostColumns?: number;
}

type Closing = number | 'none' | 'not yet known';

/**
 * Splits delimited text into rows of cells and gives up no row, whatever the text: RFC 4180 where the text
 * keeps to it, and where it does not:
 * - `\r\n`, `\n` and `\r` all end a row, also mixed; an entirely empty line is no row, one of delimiters is.
 * - A quote inside an unquoted cell is a character. So is one inside a quoted cell that no delimiter or line
 *   break follows, as long as the cell ends on its line.
 * - An opening quote that never closes, or that closes in the middle of another row's text, was none: it is
 *   a character of its cell, and the lines after it are rows of their own.
 *
 * Written by hand because csv-parse ends with an error at such a quote, or swallows the rows up to the next.
 */
export class CsvScanner {
  readonly #name: string;
  readonly #delimiter: Delimiter;
  readonly #keepsBlank: boolean;
  readonly #mostColumns: number;
  readonly #lineFeed = new Next('\n');
  readonly #carriageReturn = new Next('\r');
  readonly #quote: Next;
  readonly #quoteMark: string;
  readonly #quoteCode: number;
  readonly #spaced: boolean;
  readonly #delimiters: Next;
  /** What cuts a row into cells that is scanned as one. */
  readonly #cellsOf: ((row: string) => string[]) | undefined;
  #text = '';
  #waiting: string[] = [];
  #waitingLength = 0;
  #line = 1;

  /**
   * `name` is what errors call the list; `keepsBlank`: an entirely empty line is a row without cells;
   * `mostColumns`: a row with more is refused.
   */
  constructor(
    name: string,
    delimiter: Delimiter,
    {
      keepsBlank = false,
      mostColumns = DEFAULT_BOUNDS.columns,
      inQuotes,
      aligned,
      ...dialect
    }: ScannerOptions = {},
  ) {
    let scanned: Dialect = { delimiter, quote: '"', spaced: false, ...dialect };
    if (inQuotes) {
      const inside = scanned;
      this.#cellsOf = (row) => rowOf(name, row, inside);
      scanned = ROW_IN_QUOTES;
    } else if (aligned) {
      this.#cellsOf = (row) => alignedCells(row, aligned);
      scanned = WHOLE_LINES;
    }
    const { quote, spaced, delimiter: between } = scanned;
    this.#quote = new Next(quote);
    this.#quoteMark = quote;
    this.#quoteCode = quote.charCodeAt(0);
    this.#spaced = spaced;
    this.#name = name;
    this.#delimiter = between;
    this.#keepsBlank = keepsBlank;
    this.#mostColumns = mostColumns;
    this.#delimiters = new Next(between);
  }

  /**
   * The rows that `chunk` completed. Throws {@link LeadFileError} for a row that is too long.
   * @param ended nothing comes after `chunk`.
   */
  push(chunk: string, ended = false): string[][] {
    this.#waiting.push(chunk);
    this.#waitingLength += chunk.length;
    // A long unfinished row is looked at again only when it doubled, so that it costs linear time.
    if (!ended && this.#waitingLength < this.#text.length) return [];
    this.#text += this.#waiting.join('');
    this.#waiting = [];
    this.#waitingLength = 0;
    const rows = this.#scan(ended);
    const cellsOf = this.#cellsOf;
    return cellsOf ? rows.map(([row]) => (row === undefined ? [] : cellsOf(row))) : rows;
  }

  #scan(ended: boolean): string[][] {
    const text = this.#text;
    for (const next of [this.#lineFeed, this.#carriageReturn, this.#quote, this.#delimiters])
      next.reset(text);
    const rows: string[][] = [];
    let at = 0;
    while (at < text.length) {
      const line = this.#line;
      const row = this.#row(at, ended);
      if (row === undefined) break;
      if (row.next - at > LONGEST_ROW) throw this.#tooLong(line);
      if (row.cells.length > this.#mostColumns)
        throw tooManyColumns(`${this.#name}: line ${line}`, row.cells.length, this.#mostColumns);
      if (row.cells.length > 0 || this.#keepsBlank) rows.push(row.cells);
      at = row.next;
    }
    this.#text = text.slice(at);
    if (this.#text.length > LONGEST_ROW) throw this.#tooLong(this.#line);
    return rows;
  }

  /** The row at `at`, without cells for an empty line; `undefined` if more text is needed to tell. */
  #row(at: number, ended: boolean): Row | undefined {
    const lineEnd = this.#lineEnd(at);
    if (this.#quote.from(at) < lineEnd) return this.#quotedRow(at, ended);
    const stop = Math.min(lineEnd, this.#text.length);
    const next = this.#afterBreak(stop, ended);
    if (next === undefined) return undefined;
    this.#line++;
    const cells = stop === at ? [] : this.#text.slice(at, stop).split(this.#delimiter);
    return {
      cells: this.#spaced ? cells.map((cell, index) => (index === 0 ? cell : cell.trimStart())) : cells,
      next,
    };
  }

  #quotedRow(start: number, ended: boolean): Row | undefined {
    const text = this.#text;
    const delimiter = this.#delimiter.charCodeAt(0);
    const cells: string[] = [];
    for (let at = start; ; at++) {
      if (this.#spaced && at > start) at = this.#afterSpaces(at);
      const closing = text.charCodeAt(at) === this.#quoteCode ? this.#closingQuote(start, at, ended) : 'none';
      if (closing === 'not yet known') return undefined;
      if (closing === 'none') {
        const stop = Math.min(this.#delimiters.from(at), this.#lineEnd(at), text.length);
        cells.push(text.slice(at, stop));
        at = stop;
      } else {
        const quote = this.#quoteMark;
        cells.push(text.slice(at + 1, closing).replaceAll(quote + quote, quote));
        at = this.#spaced ? this.#afterSpaces(closing + 1) : closing + 1;
      }
      if (text.charCodeAt(at) === delimiter) continue;
      const next = this.#afterBreak(at, ended);
      if (next !== undefined) this.#line += lineBreaks(text.slice(start, next));
      return next === undefined ? undefined : { cells, next };
    }
  }

  /** Where the cell that opens at `open`, in the row that starts at `start`, closes. */
  #closingQuote(start: number, open: number, ended: boolean): Closing {
    const text = this.#text;
    const lineEnd = this.#lineEnd(open);
    let strays = 0;
    const quote = this.#quoteMark;
    for (let at = text.indexOf(quote, open + 1); at !== -1; at = text.indexOf(quote, at + 1)) {
      // After a stray quote, the cell ends on its line or was never open.
      if (at - start > LONGEST_ROW || (strays > 0 && at > lineEnd)) return 'none';
      const after = this.#spaced ? this.#afterSpaces(at + 1) : at + 1;
      if (after === text.length && !ended) return 'not yet known';
      const follower = text.charCodeAt(after);
      if (text.charCodeAt(at + 1) === this.#quoteCode) {
        at++;
        continue;
      }
      if (this.#endsCell(follower)) return at;
      // It opens the next cell, so the one before was none.
      if (at <= lineEnd && text[this.#beforeSpaces(at) - 1] === this.#delimiter) return 'none';
      strays++;
      if (at > lineEnd || strays > MOST_STRAYS) return 'none';
    }
    const hopeless = ended || text.length - start > LONGEST_ROW || (strays > 0 && lineEnd < text.length);
    return hopeless ? 'none' : 'not yet known';
  }

  #afterSpaces(from: number): number {
    let at = from;
    while (this.#text.charCodeAt(at) === SPACE) at++;
    return at;
  }

  #beforeSpaces(to: number): number {
    let at = to;
    while (this.#spaced && this.#text.charCodeAt(at - 1) === SPACE) at--;
    return at;
  }

  /** True for a delimiter, a line break and the end of the text (NaN). */
  #endsCell(character: number): boolean {
    return (
      character === this.#delimiter.charCodeAt(0) ||
      character === LINE_FEED ||
      character === CARRIAGE_RETURN ||
      Number.isNaN(character)
    );
  }

  #lineEnd(from: number): number {
    return Math.min(this.#lineFeed.from(from), this.#carriageReturn.from(from));
  }

  /** The position after the line break (or the end of the text) at `at`; `undefined`: it may go on. */
  #afterBreak(at: number, ended: boolean): number | undefined {
    const text = this.#text;
    if (at >= text.length) return ended ? at : undefined;
    if (text.charCodeAt(at) !== CARRIAGE_RETURN) return at + 1;
    if (at + 1 === text.length && !ended) return undefined;
    return text.charCodeAt(at + 1) === LINE_FEED ? at + 2 : at + 1;
  }

  #tooLong(line: number): LeadFileError {
    return new LeadFileError(
      `${this.#name}: the row at line ${line} is longer than 10 million characters. ` +
        'Is this a list of leads? If so, shorten that row and try again.',
    );
  }
}

function lineBreaks(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

/** The rows of a delimited text that comes in pieces; those of empty lines have no cells. */
export async function* csvRows(
  name: string,
  text: AsyncIterable<string>,
  { delimiter, ...dialect }: Dialect,
  mostColumns?: number,
): AsyncGenerator<string[]> {
  const scanner = new CsvScanner(name, delimiter, {
    ...dialect,
    keepsBlank: true,
    ...(mostColumns !== undefined && { mostColumns }),
  });
  for await (const chunk of text) yield* scanner.push(chunk);
  yield* scanner.push('', true);
}

/** What few programs put between cells: only where each row has as many of them, and no usual one fits. */
const RARE = ['^', '~', '\u0001', '\u001f', ':'] as const;
/** Cells of such a row; with two, it may be a text with one such character. */
const FEWEST_RARE = 3;

/** Comma last: of two delimiters that fit equally well, it is the one that prose is full of. */
const CANDIDATES: readonly Delimiter[] = ['\t', ';', '|', ','];
const ROWS_LOOKED_AT = 100;

/** Share of a text's cells that shows a habit of whoever wrote it. */
const HABIT = 0.9;
/** Cells in single quotes that are no accident. */
const SINGLE_QUOTED = 3;

/**
 * How a text is written: the delimiter under which its first rows most consistently have as many cells as each
 * other, wide rows counting more; `undefined` if none splits most of them, so the list has one column. Told
 * nothing, also whether spaces follow its delimiters, whether cells are in single quotes, and rows as a whole in
 * double ones, and whether spaces align its columns.
 * @param known the delimiter, where somebody named it.
 */
export function detectDialect(sample: string, known?: Delimiter): Dialect | undefined {
  if (known !== undefined) return plainDialect(sample, known);
  return dialectInQuotes(sample) ?? plainDialect(sample) ?? alignedDialect(sample);
}

function alignedDialect(sample: string): Dialect | undefined {
  const aligned = alignedColumns(sample);
  return aligned && { delimiter: ',', quote: '"', spaced: false, aligned };
}

function plainDialect(sample: string, known?: Delimiter): Dialect | undefined {
  const quote = singleQuoted(sample, known) ? "'" : '"';
  let best: Dialect | undefined;
  let bestScore = 0;
  for (const delimiter of known === undefined ? CANDIDATES : [known]) {
    for (const spaced of [false, true]) {
      const rows = new CsvScanner('sample', delimiter, {
        mostColumns: Number.POSITIVE_INFINITY,
        quote,
        spaced,
      })
        .push(sample, true)
        .slice(0, ROWS_LOOKED_AT);
      if (spaced && !followedBySpaces(sample, delimiter, rows)) continue;
      const { width, alike } = usualWidth(rows);
      const score = (alike / rows.length) * (1 - 1 / width);
      // Where both fit, its habit decides; a space behind a tab is one of its cell.
      if (score > bestScore || (spaced && score === bestScore && best?.delimiter === delimiter)) {
        best = { delimiter, quote, spaced };
        bestScore = score;
      }
    }
  }
  if (best === undefined && known === undefined) return rareDialect(sample);
  return best ?? (known === undefined ? undefined : { delimiter: known, quote, spaced: false });
}

function rareDialect(sample: string): Dialect | undefined {
  const delimiter = RARE.find((each) => {
    const rows = new CsvScanner('sample', each, { mostColumns: Number.POSITIVE_INFINITY }).push(sample, true);
    const width = rows[0]?.length ?? 0;
    return (
      rows.length > 1 &&
      width >= FEWEST_RARE &&
      rows.slice(0, ROWS_LOOKED_AT).every((row) => row.length === width)
    );
  });
  return delimiter && { delimiter, quote: '"', spaced: false };
}

/** Whether nearly every delimiter between the cells of `rows` has a space behind it. */
function followedBySpaces(
  sample: string,
  delimiter: Delimiter,
  rows: readonly (readonly string[])[],
): boolean {
  if (delimiter === '\t') return false;
  const between = rows.reduce((sum, row) => sum + Math.max(0, row.length - 1), 0);
  const inCells = rows.reduce(
    (sum, row) => sum + row.reduce((found, cell) => found + cell.split(`${delimiter} `).length - 1, 0),
    0,
  );
  const lines = sample
    .split(/\r\n|\n|\r/, 2 * ROWS_LOOKED_AT)
    .slice(0, rows.length)
    .join('\n');
  const spaced = lines.split(`${delimiter} `).length - 1 - inCells;
  return between > 0 && spaced >= between * HABIT;
}

/** Whether cells are in single quotes: many are, none in double ones, and hardly any opens one without closing it. */
function singleQuoted(sample: string, known: Delimiter | undefined): boolean {
  const delimiters = known === undefined ? ',;\t|' : known;
  if (new RegExp(`(?:^|[${delimiters}]) *"`, 'm').test(sample)) return false;
  const opened = sample.match(new RegExp(`(?:^|[${delimiters}]) *'`, 'gm'))?.length ?? 0;
  const closed = sample.match(new RegExp(`'(?:$|[${delimiters}\r])`, 'gm'))?.length ?? 0;
  return opened >= SINGLE_QUOTED && closed >= opened * HABIT && opened >= closed * HABIT;
}

/** The width of most rows, titles of one cell above a table left out, and how many rows have it. */
function usualWidth(rows: readonly (readonly string[])[]): { width: number; alike: number } {
  const counts = new Map<number, number>();
  for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
  let usual = { width: 1, alike: 0 };
  for (const [width, alike] of counts) {
    if (width > 1 && alike > usual.alike) usual = { width, alike };
  }
  return usual;
}

/** Somebody's address, with or without a name before it. */
const ONE_ADDRESS = /^(?:[^@<>]*<[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+>|[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;"]+)$/;

/**
 * The addresses of a text that is nothing but one line of them, as a mail program writes the people that a mail goes
 * to: a lead each, not a column each. `undefined` for any other text.
 */
export function addressesInOneLine(text: string): string[] | undefined {
  const line = text.trim();
  if (!line.includes('@') || /[\r\n]/.test(line)) return undefined;
  for (const between of [';', ','] as const) {
    const addresses = splitOutsideQuotes(line, between)
      .map((part) => part.trim())
      .filter((part) => part !== '');
    if (addresses.length > 1 && addresses.every((part) => ONE_ADDRESS.test(part))) return addresses;
  }
  return undefined;
}

/** "Lovelace, Ada" in quotes is one name. */
function splitOutsideQuotes(line: string, delimiter: string): string[] {
  const parts: string[] = [];
  for (const [index, piece] of line.split('"').entries()) {
    const isQuoted = index % 2 === 1;
    const [first = '', ...more] = isQuoted ? [`"${piece}"`] : piece.split(delimiter);
    parts.push(`${parts.pop() ?? ''}${first}`, ...more);
  }
  return parts;
}

/** Rows that were put into quotes as a whole have at least so many cells; with fewer they may be "Contoso, Inc.". */
const FEWEST_WRAPPED = 3;

/** One pair of quotes around a line, and inside it only doubled ones: `"a","b"` is none. */
const IN_QUOTES = /^"(?:[^"]|"")*"$/;

/** No row that stands in one pair of quotes has a tab outside of it. */
const ROW_IN_QUOTES: Dialect = { delimiter: '\t', quote: '"', spaced: false };

/** No line has this between its cells. */
const WHOLE_LINES: Dialect = { delimiter: '\u0001', quote: '"', spaced: false };

/** How the text is written where each row as a whole stands in one pair of quotes. */
function dialectInQuotes(sample: string): Dialect | undefined {
  if (!sample.startsWith('"')) return undefined;
  const rows = new CsvScanner('sample', ROW_IN_QUOTES.delimiter).push(sample, true).slice(0, ROWS_LOOKED_AT);
  if (rows.length < 2 || rows.some(({ length }) => length !== 1)) return undefined;
  const inside = rows.map(([cell = '']) => cell);
  const lines = sample.split(/\r\n|\n|\r/).filter((line) => line !== '');
  if (lines.slice(0, inside.length).some((line) => !IN_QUOTES.test(line))) return undefined;
  const dialect = plainDialect(inside.join('\n'));
  if (dialect === undefined) return undefined;
  const widths = inside.map((line) => rowOf('sample', line, dialect).length);
  return widths.every((width) => width >= FEWEST_WRAPPED && width === widths[0])
    ? { ...dialect, inQuotes: true }
    : undefined;
}

/** The cells of a line that is a row. */
function rowOf(name: string, line: string, { delimiter, ...dialect }: Dialect): string[] {
  return new CsvScanner(name, delimiter, dialect).push(line, true)[0] ?? [];
}
