import {
  beginsTable,
  filledDownColumns,
  filledDownName,
  findLayout,
  footerLength,
  groupColumn,
  HEAD_ROWS,
  type Layout,
  LayoutError,
  type LayoutOptions,
  namesAgain,
  orientation,
  type RowKind,
  RowSorter,
  TAIL_ROWS,
  type TailRow,
} from '../../leads/index.ts';
import { checkBounds, DEFAULT_BOUNDS, type ListBounds } from './bounds.ts';
import { emptyList, LeadFileError } from './errors.ts';

type Row = readonly string[];

/** Rows below the header that are no leads, by what they are. They stand in the result as they were. */
export interface RowsLeftOut {
  readonly blank: number;
  /** Totals, copyright and the like. */
  readonly footer: number;
  /** The header once more. */
  readonly header: number;
  /** Hidden in its sheet. */
  readonly hidden: number;
}

/** What a table is, once it was looked through. */
export interface TableSurvey {
  readonly layout: Layout;
  /** Cells of the widest row. */
  readonly width: number;
  /** Rows before the first lead as they are. */
  readonly before: readonly Row[];
  readonly leads: number;
  readonly leftOut: RowsLeftOut;
  /** Columns with the employer of the rows below it; {@link sorted} adds it to each lead, behind all other cells. */
  readonly filledDown: readonly number[];
  /** The row, from 1, in which another table with other columns begins, which is no part of the list. */
  readonly otherTable?: number;
  /** Gives each row below the header with what it is; reads the table anew from `rows`, its first row on. */
  sorted(rows: AsyncIterable<string[]>): AsyncGenerator<{ readonly row: string[]; readonly kind: RowKind }>;
}

interface SurveyOptions extends LayoutOptions {
  readonly bounds?: ListBounds;
  /** Of the rows as they are read: those that nobody sees. */
  readonly isHidden?: (row: Row) => boolean;
}

/**
 * Looks through a table: finds its header in its first rows, and what stands above and below its leads.
 * @throws {LeadFileError} for a table without any text, or without the row that should be its header.
 */
export async function surveyTable(
  name: string,
  rows: AsyncIterable<string[]>,
  { bounds = DEFAULT_BOUNDS, isHidden, ...options }: SurveyOptions,
): Promise<TableSurvey> {
  const head: string[][] = [];
  let found: Found | undefined;
  const counter = new Counter();
  const kindOf = (sorter: RowSorter, row: Row): RowKind => {
    const kind = sorter.kindOf(row);
    return kind === 'lead' && isHidden?.(row) ? 'hidden' : kind;
  };
  for await (const row of rows) {
    if (found) counter.add(row, kindOf(found.sorter, row), found.sorter);
    else if (head.push(row) === HEAD_ROWS) found = begin(name, head, options, counter, kindOf);
    checkBounds(name, counter.count.lead, Math.max(counter.width, row.length), bounds);
  }
  if (!found && options.header === undefined && options.headerRow === undefined) refuseTurned(name, head);
  found ??= begin(name, head, options, counter, kindOf);
  const { layout, sorter, before } = found;
  checkBounds(name, counter.count.lead, counter.width, bounds);
  const end = layout.start + counter.end();
  const { lead, ...leftOut } = counter.count;
  const otherTable = counter.otherTable === undefined ? undefined : layout.start + counter.otherTable;
  return {
    layout,
    before,
    width: counter.width,
    leads: lead,
    leftOut,
    filledDown: found.filledDown,
    ...(otherTable !== undefined && { otherTable }),
    async *sorted(again) {
      let index = -1;
      let heading: { readonly row: string[]; readonly index: number } | undefined;
      const group = found.filledDown.map(() => '');
      const sort = (row: string[], kind: RowKind, at: number) => {
        const isLead = kind === 'lead' && at < end;
        if (isLead && group.length > 0) addGroup(row, counter.width, group, found.filledDown);
        return { row, kind: kind === 'lead' && !isLead ? ('footer' as const) : kind };
      };
      for await (const row of again) {
        index++;
        if (index < layout.start) continue;
        const kind = kindOf(sorter, row);
        if (heading) yield sort(heading.row, headingKind(kind), heading.index);
        heading = kind === 'lead' && sorter.mayBeHeading(row) ? { row, index } : undefined;
        if (!heading) yield sort(row, kind, index);
      }
      if (heading) yield sort(heading.row, 'lead', heading.index);
    },
  };
}

/** What a row of one cell is, by what the next one is: above the header once more it is a heading. */
function headingKind(next: RowKind): RowKind {
  return next === 'header' ? 'footer' : 'lead';
}

/** Adds to a lead what the first row of its group says. `group`: what it said so far, by the place of its column. */
function addGroup(row: string[], width: number, group: string[], columns: readonly number[]): void {
  for (const [at, column] of columns.entries()) {
    const own = row[column] ?? '';
    if (own.trim() !== '') group[at] = own;
  }
  while (row.length < width) row.push('');
  row.push(...group);
}

/** @throws {LeadFileError} for a list whose leads do not stand one below the other, with what to do. */
function refuseTurned(name: string, rows: readonly Row[]): void {
  switch (orientation(rows)) {
    case 'sideways':
      throw new LeadFileError(
        `${name} is written sideways: its fields stand one below the other, and its leads side by side. ` +
          'Turn it (in Excel and Google Sheets: copy it, then Paste Special > Transpose) and try again; if its first row is the header after all, say so.',
      );
    case 'blocks':
      throw new LeadFileError(
        `${name} has a line for each field ("Name: …"), not a row for each lead. Make a table of it, with a column for each field, and try again.`,
      );
  }
}

interface Found {
  readonly layout: Layout;
  readonly sorter: RowSorter;
  readonly before: readonly Row[];
  readonly filledDown: readonly number[];
}

/** Whether each lead has one cell more than the header has names, and begins with its number (as R writes tables). */
function isNumbered(names: Row, leads: readonly Row[]): boolean {
  const first = Number(leads[0]?.[0]);
  return (
    names.length > 0 &&
    (first === 0 || first === 1) &&
    leads.every((row, index) => row.length === names.length + 1 && row[0]?.trim() === String(first + index))
  );
}

function begin(
  name: string,
  head: readonly string[][],
  options: LayoutOptions,
  counter: Counter,
  kindOf: (sorter: RowSorter, row: Row) => RowKind,
): Found {
  if (!head.some((row) => row.some((cell) => cell.trim() !== ''))) throw emptyList(name);
  const found = layoutOf(name, head, options);
  const numbered = found.headerRows === 1 && isNumbered(found.names, head.slice(found.start));
  const layout = numbered ? { ...found, names: ['', ...found.names] } : found;
  const before = head.slice(0, layout.start);
  const further = head[layout.start];
  const header = [
    ...before.slice(layout.start - layout.headerRows),
    ...(layout.headerRows > 0 && further && namesAgain(further) ? [further] : []),
  ];
  const leads = leadsIn(head.slice(layout.start), header);
  const sorter = new RowSorter(header, groupColumn(layout.names, leads));
  for (const row of before) counter.widen(row);
  for (const row of head.slice(layout.start)) counter.add(row, kindOf(sorter, row), sorter);
  return { layout, sorter, before, filledDown: filledDownColumns(layout.names, leads) };
}

/** The rows below a header that are leads as far as each tells by itself, down to another table. */
function leadsIn(rows: readonly Row[], header: readonly Row[]): Row[] {
  const plain = new RowSorter(header);
  const other = rows.findIndex((row) => plain.kindOf(row) === 'lead' && beginsTable(row));
  return rows.slice(0, other === -1 ? rows.length : other).filter((row) => plain.kindOf(row) === 'lead');
}

function layoutOf(name: string, head: readonly string[][], options: LayoutOptions): Layout {
  try {
    return findLayout(head, options);
  } catch (error) {
    if (error instanceof LayoutError) throw new LeadFileError(`${name}: ${error.message}`);
    throw error;
  }
}

/** Rows of one cell above another table. */
const MOST_TITLES = 3;

/** One cell, as stands above a table. */
function isTitle(row: Row): boolean {
  return row.filter((cell) => cell !== '').length === 1;
}

/** Counts the rows below the header, and remembers the last ones. */
class Counter {
  readonly count = { lead: 0, blank: 0, footer: 0, header: 0, hidden: 0 };
  width = 0;
  /** Counted from the first row below the header: where another table begins. */
  otherTable: number | undefined;
  #rows = 0;
  #isGap = false;
  #titles: Row[] = [];
  /** What it is, the next row says. */
  #heading: Row | undefined;
  #cells = 0;
  #weighed = 0;
  readonly #tail: TailRow[] = [];

  add(row: Row, kind: RowKind, sorter: RowSorter): void {
    this.#addHeading(headingKind(kind));
    if (kind === 'lead' && sorter.mayBeHeading(row)) this.#heading = row;
    else this.#place(row, kind);
  }

  #addHeading(kind: RowKind): void {
    const heading = this.#heading;
    this.#heading = undefined;
    if (heading) this.#place(heading, kind);
  }

  #place(row: Row, kind: RowKind): void {
    if (this.otherTable === undefined && this.#isGap && kind === 'lead') {
      if (beginsTable(row)) {
        this.otherTable = this.#rows + this.#titles.length + 1;
        this.count.footer += this.#titles.length;
        this.#titles = [];
      } else if (isTitle(row) && this.#titles.length < MOST_TITLES) {
        // Whose title it is, the next row says.
        this.#titles.push(row);
        return;
      }
    }
    this.#isGap = kind === 'blank' || kind === 'footer';
    if (this.otherTable !== undefined) {
      this.count[kind === 'lead' ? 'footer' : kind]++;
      return;
    }
    this.#addTitles();
    this.#add(row, kind);
  }

  /** They were none. */
  #addTitles(): void {
    for (const title of this.#titles) this.#add(title, 'lead');
    if (this.#titles.length > 0) this.#titles = [];
  }

  #add(row: Row, kind: RowKind): void {
    this.#rows++;
    this.count[kind]++;
    this.widen(row);
    if (kind === 'lead' && this.count.lead <= HEAD_ROWS) this.#weigh(row);
    // One array for all rows would be moved for each of a million.
    this.#tail[this.#rows % TAIL_ROWS] = { cells: row, kind };
  }

  /** A short list may have as many lines of text below it as rows in it: those say nothing about its rows. */
  #weigh(row: Row): void {
    const cells = row.filter((cell) => cell !== '').length;
    if (cells < 2) return;
    this.#cells += cells;
    this.#weighed++;
  }

  widen({ length }: Row): void {
    if (length > this.width) this.width = length;
  }

  /** Where the footer begins, counted from the first row below the header; counts its rows as such. */
  end(): number {
    this.#addHeading('lead');
    this.#addTitles();
    const kept = Math.min(this.#rows, TAIL_ROWS);
    const tail = Array.from(
      { length: kept },
      (_, index) => this.#tail[(this.#rows - kept + 1 + index) % TAIL_ROWS],
    ).filter((row) => row !== undefined);
    const usual = this.#cells / Math.max(1, this.#weighed);
    const length = footerLength(tail, Math.round(usual));
    for (const { kind } of tail.slice(tail.length - length)) {
      if (kind !== 'lead') continue;
      this.count.lead--;
      this.count.footer++;
    }
    return this.#rows - length;
  }
}

/**
 * The header's names as they are, and `Column 7` for every column that has none because no header reaches it; behind them
 * those of the columns that are filled down.
 */
export function columnNames(
  header: readonly string[],
  { layout, width, filledDown }: Pick<TableSurvey, 'layout' | 'width' | 'filledDown'>,
): string[] {
  const own = Array.from(
    { length: Math.max(width, header.length) },
    (_, index) => header[index] ?? `Column ${index + 1}`,
  );
  return [...own, ...filledDown.map((column) => filledDownName(layout.names[column] ?? ''))];
}
