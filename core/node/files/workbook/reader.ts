import { Archive } from './archive.ts';
import { DAMAGED, WorkbookError } from './errors.ts';
import { NumberFormats } from './number-formats.ts';
import { attribute, decodeCellText, tokens, unescapeXml } from './xml.ts';

/** As many rows and columns as an Excel sheet has (Microsoft: "Excel specifications and limits"). */
const MOST_ROWS = 1_048_576;
const MOST_COLUMNS = 16_384;
/** Blank rows in a row that a list may have; whoever has more has something far below it. */
const MOST_BLANK_ROWS = 10_000;
/** Packed bytes of a sheet that is not unpacked twice to look for merged cells alone: so long a list has none. */
const LARGE_SHEET = 3_000_000;
/** Characters in cells: a few words that very many cells share fill the memory of whoever keeps the rows. */
const MOST_CHARACTERS = 2_000_000_000;

/** A sheet of a workbook, in the order of its tabs. */
export interface Sheet {
  readonly name: string;
  /** Its tab is not shown. */
  readonly hidden: boolean;
  /** Where it stands in the archive. */
  readonly part: string;
}

export interface SheetRow {
  /** Text as a person sees it, up to the last cell that holds something. */
  readonly cells: string[];
  /** Addresses behind cells by their column from 0, where the text is another. */
  readonly links: ReadonlyMap<number, string>;
  /** By a filter, or by hand. */
  readonly hidden: boolean;
}

/** A cell that is one with those below it, down to row `last` from 0. */
interface Merged {
  readonly column: number;
  readonly last: number;
}

interface Below {
  /** Addresses behind cells, by row and column from 0. */
  readonly links: ReadonlyMap<number, ReadonlyMap<number, string>>;
  /** By the row in which they begin. */
  readonly merged: ReadonlyMap<number, readonly Merged[]>;
}

/** An Excel workbook (ECMA-376) in memory; sheets are read row by row. */
export class Workbook {
  readonly archive: Archive;
  readonly sheets: readonly Sheet[];
  readonly #stylesPart: string;
  readonly #stringsPart: string;
  readonly #workbookPart: string;
  #strings: readonly string[] | undefined;
  #formats: NumberFormats | undefined;

  /** @throws {WorkbookError} for what is no workbook. */
  constructor(bytes: Uint8Array) {
    this.archive = new Archive(bytes);
    this.#workbookPart = workbookPart(this.archive);
    const relations = relationsOf(this.archive, this.#workbookPart);
    this.#stylesPart = relations.find(({ type }) => type === 'styles')?.target ?? 'xl/styles.xml';
    this.#stringsPart =
      relations.find(({ type }) => type === 'sharedStrings')?.target ?? 'xl/sharedStrings.xml';
    const targets = new Map(relations.map(({ id, target }) => [id, target]));
    this.sheets = [...tokens([this.archive.whole(this.#workbookPart)])].flatMap(
      ({ kind, name, attributes }) => {
        if (name !== 'sheet' || kind === 'close') return [];
        const part = targets.get(attribute(attributes, 'id') ?? '');
        if (part === undefined || !this.archive.has(part)) return [];
        const state = attribute(attributes, 'state') ?? 'visible';
        return [{ name: attribute(attributes, 'name') ?? '', hidden: state !== 'visible', part }];
      },
    );
  }

  get stylesPart(): string {
    return this.#stylesPart;
  }

  /** What a sheet says below its rows about its cells: it is read for that first. */
  #below(part: string): Below {
    const links = new Map<number, Map<number, string>>();
    const merged = new Map<number, Merged[]>();
    const targets = new Map(relationsOf(this.archive, part).map(({ id, address }) => [id, address]));
    if (targets.size === 0 && this.archive.packedSize(part) > LARGE_SHEET) return { links, merged };
    for (const { name, kind, attributes } of tokens(afterRows(this.archive.text(part)))) {
      if (kind === 'close' || (name !== 'hyperlink' && name !== 'mergeCell')) continue;
      const [from, to] = (attribute(attributes, 'ref') ?? '').split(':');
      const [column, row] = place(from) ?? [];
      if (row === undefined || column === undefined) continue;
      if (name === 'mergeCell') {
        const [, last = row] = place(to) ?? [];
        if (last > row) merged.set(row, [...(merged.get(row) ?? []), { column, last }]);
        continue;
      }
      const target = targets.get(attribute(attributes, 'id') ?? '');
      if (target === undefined) continue;
      const inRow = links.get(row) ?? new Map<number, string>();
      links.set(row, inRow.set(column, target));
    }
    return { links, merged };
  }

  /**
   * The rows of a sheet from its first on; blank ones too, but none below the last that holds something.
   * @throws {WorkbookError} for a sheet that is damaged or has cells far from its list.
   */
  *rows({ part }: Sheet): Generator<SheetRow> {
    this.#strings ??= sharedStrings(this.archive, this.#stringsPart);
    this.#formats ??= new NumberFormats(
      this.archive.whole(this.#stylesPart),
      this.archive.whole(this.#workbookPart),
    );
    const reading: Reading = { strings: this.#strings, formats: this.#formats, ...this.#below(part) };
    let next = 0;
    let characters = 0;
    for (const { number, cells, links, hidden } of sheetRows(this.archive.text(part), reading)) {
      if (number < next) throw new WorkbookError(DAMAGED);
      if (cells.length === 0 && links.size === 0) continue;
      if (number - next > MOST_BLANK_ROWS) throw farAway(number + 1);
      for (; next < number; next++) yield { cells: [], links: NO_LINKS, hidden: false };
      for (const cell of cells) characters += cell.length;
      if (characters > MOST_CHARACTERS) throw farAway(number + 1);
      yield { cells, links, hidden };
      next = number + 1;
    }
  }
}

function farAway(row: number): WorkbookError {
  return new WorkbookError(
    `has cells in row ${row}, far below its list. Delete what is there, or save the list as CSV, and try again.`,
  );
}

interface Reading extends Below {
  readonly strings: readonly string[];
  readonly formats: NumberFormats;
}

interface NumberedRow extends SheetRow {
  /** From 0. */
  readonly number: number;
}

function* sheetRows(xml: Iterable<string>, reading: Reading): Generator<NumberedRow> {
  let number = -1;
  let hidden = false;
  let cells: string[] = [];
  let links = new Map<number, string>();
  let cell: CellReader | undefined;
  let column = -1;
  const running = new Map<number, { readonly text: string; readonly last: number }>();
  for (const token of tokens(xml)) {
    const { kind, name, attributes } = token;
    switch (name) {
      case 'row':
        if (kind === 'close') {
          if (reading.merged.size > 0) fillMerged(cells, number, reading.merged, running);
          yield { number, cells, links, hidden };
        } else {
          number = rowNumber(attribute(attributes, 'r')) ?? number + 1;
          hidden = /^(?:1|true)$/.test(attribute(attributes, 'hidden') ?? '');
          cells = [];
          if (links.size > 0) links = new Map();
          column = -1;
        }
        break;
      case 'c':
        if (kind === 'close') {
          const text = cell?.text(reading) ?? '';
          const link = cell?.link ?? reading.links.get(number)?.get(column);
          cell = undefined;
          if (text !== '') {
            while (cells.length < column) cells.push('');
            cells[column] = text;
          }
          if (link !== undefined && !says(text, link)) links.set(column, link);
        } else {
          column = place(attribute(attributes, 'r'))?.[0] ?? column + 1;
          if (column >= MOST_COLUMNS) throw new WorkbookError(DAMAGED);
          cell = kind === 'open' ? new CellReader(attributes) : undefined;
        }
        break;
      case 'sheetData':
        if (kind === 'close') return;
        break;
      default:
        cell?.take(token);
    }
  }
}

/**
 * A cell that is one with those below it says the same in each of their rows: one employer beside several people. A row
 * with nothing else in it stays blank. `running`: the merged cells that reach further down, by column.
 */
function fillMerged(
  cells: string[],
  row: number,
  merged: Below['merged'],
  running: Map<number, { readonly text: string; readonly last: number }>,
): void {
  const isBlank = cells.every((text) => text === '');
  for (const [column, { text, last }] of running) {
    if (row > last) running.delete(column);
    else if (!isBlank && (cells[column] ?? '') === '') {
      while (cells.length < column) cells.push('');
      cells[column] = text;
    }
  }
  for (const { column, last } of merged.get(row) ?? []) {
    const text = cells[column] ?? '';
    if (text !== '') running.set(column, { text, last });
  }
}

const NO_LINKS: ReadonlyMap<number, string> = new Map();

/** Whether a cell's text is the address behind it. */
function says(text: string, link: string): boolean {
  const bare = (address: string) =>
    address.replace(/^(?:mailto:|https?:\/\/(?:www\.)?)|\/$/gi, '').toLowerCase();
  return text.toLowerCase().includes(bare(link));
}

class CellReader {
  readonly #type: string;
  readonly #style: number;
  #value = '';
  #inline = '';
  #formula = '';
  /** Inside a phonetic reading, which stands beside the text. */
  #phonetic = false;

  constructor(attributes: string) {
    this.#type = attribute(attributes, 't') ?? 'n';
    this.#style = Number(attribute(attributes, 's') ?? 0);
  }

  take({ kind, name, text }: { kind: string; name: string; text: string }): void {
    if (name === 'rPh') this.#phonetic = kind === 'open';
    if (kind !== 'close') return;
    if (name === 'v') this.#value = text;
    else if (name === 't' && !this.#phonetic) this.#inline += text;
    else if (name === 'f') this.#formula = text;
  }

  /** The address of a HYPERLINK formula. */
  get link(): string | undefined {
    return /^\s*HYPERLINK\(\s*"([^"]+)"/i.exec(unescapeXml(this.#formula))?.[1];
  }

  text({ strings, formats }: Reading): string {
    const value = unescapeXml(this.#value);
    switch (this.#type) {
      case 'inlineStr':
        return decodeCellText(unescapeXml(this.#inline));
      case 's':
        return strings[Number(value)] ?? '';
      case 'b':
        return value === '1' || value === 'true' ? 'TRUE' : 'FALSE';
      case 'str':
      case 'e':
        return decodeCellText(value);
      case 'd':
        return value.replace(/T00:00:00(?:\.0+)?Z?$/, '');
      default:
        return value === '' ? '' : formats.text(value, this.#style);
    }
  }
}

function sharedStrings(archive: Archive, part: string): string[] {
  const strings: string[] = [];
  let text = '';
  let phonetic = false;
  for (const { kind, name, text: inside } of tokens(archive.text(part))) {
    if (name === 'rPh') phonetic = kind === 'open';
    else if (name === 't' && kind === 'close' && !phonetic) text += inside;
    else if (name === 'si' && kind !== 'open') {
      strings.push(decodeCellText(unescapeXml(text)));
      text = '';
    }
  }
  return strings;
}

/** What follows a sheet's rows. */
function* afterRows(xml: Iterable<string>): Generator<string> {
  const end = '</sheetData>';
  let after = false;
  let kept = '';
  for (const piece of xml) {
    if (after) {
      yield piece;
      continue;
    }
    const text = kept + piece;
    const at = /<\/(?:\w+:)?sheetData>|<(?:\w+:)?sheetData\s*\/>/.exec(text);
    after = at !== null;
    if (at) yield text.slice(at.index + at[0].length);
    else kept = text.slice(-2 * end.length);
  }
}

interface Relation {
  readonly id: string;
  /** The last word of its type's address. */
  readonly type: string;
  /** The part that is meant. */
  readonly target: string;
  /** As it is written: an address outside of the workbook. */
  readonly address: string;
}

function relationsOf(archive: Archive, part: string): Relation[] {
  const [, folder = '', file = ''] = /^(.*\/)?([^/]*)$/.exec(part) ?? [];
  const xml = archive.whole(`${folder}_rels/${file}.rels`);
  return [...tokens([xml])].flatMap(({ kind, name, attributes }) => {
    if (name !== 'Relationship' || kind === 'close') return [];
    const address = attribute(attributes, 'Target') ?? '';
    return [
      {
        id: attribute(attributes, 'Id') ?? '',
        type: attribute(attributes, 'Type')?.split('/').at(-1) ?? '',
        target: resolved(folder, address),
        address,
      },
    ];
  });
}

function resolved(folder: string, target: string): string {
  const path = target.startsWith('/') ? target.slice(1) : folder + target;
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.') steps.push(step);
  }
  return steps.join('/');
}

function workbookPart(archive: Archive): string {
  const main = relationsOf(archive, '').find(({ type }) => type === 'officeDocument')?.target;
  if (main?.endsWith('.xml') && /(?:^|\/)workbook\d*\.xml$/i.test(main) && archive.has(main)) return main;
  if (archive.has('xl/workbook.xml')) return 'xl/workbook.xml';
  throw new WorkbookError(otherKind(archive));
}

/** What an archive is that is no workbook, and what to do in its program. */
function otherKind(archive: Archive): string {
  const { names } = archive;
  const has = (test: (name: string) => boolean) => names.some(test);
  if (has((name) => name === 'xl/workbook.bin')) {
    return 'is a binary Excel file (.xlsb). Open it in Excel, choose File > Save As > "Excel Workbook (.xlsx)", and try again with that file.';
  }
  if (has((name) => name === 'content.xml')) {
    return archive.whole('mimetype').includes('spreadsheet') || !archive.has('mimetype')
      ? 'is an OpenDocument spreadsheet (.ods). Open it in LibreOffice or Excel, choose File > Save As > "Excel 2007-365 (.xlsx)", or CSV, and try again with that file.'
      : 'is an OpenDocument file but no spreadsheet. Save the list as CSV or .xlsx and try again.';
  }
  if (has((name) => name.endsWith('.iwa') || name === 'Index.zip' || name === 'index.apxl')) {
    return 'is a Numbers spreadsheet. Open it in Numbers, choose File > Export To > Excel or CSV, and try again with that file.';
  }
  if (has((name) => name.startsWith('word/') || name.startsWith('ppt/'))) {
    return 'is a Word or PowerPoint file. Copy its list into a spreadsheet, save that as .xlsx or CSV, and try again.';
  }
  return 'is an archive, not an Excel file. Unpack it, and try again with the list in it.';
}

const DOLLAR = 36;

/** Column and row from 0, of an address such as `AB7`. */
function place(address: string | undefined): [column: number, row: number] | undefined {
  if (address === undefined) return undefined;
  let column = 0;
  let row = 0;
  for (let at = 0; at < address.length; at++) {
    const code = address.charCodeAt(at);
    if (code >= 65 && code <= 90 && row === 0) column = column * 26 + code - 64;
    else if (code >= 48 && code <= 57) row = row * 10 + code - 48;
    else if (code !== DOLLAR) return undefined;
    if (column > 10 * MOST_COLUMNS || row > 10 * MOST_ROWS) return [column - 1, row - 1];
  }
  return column === 0 || row === 0 ? undefined : [column - 1, row - 1];
}

function rowNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!(Number.isInteger(number) && number >= 1 && number <= MOST_ROWS)) throw new WorkbookError(DAMAGED);
  return number - 1;
}
