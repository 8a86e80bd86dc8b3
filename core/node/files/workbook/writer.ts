import { Zip, ZipDeflate } from 'fflate/browser';
import type { Archive } from './archive.ts';
import { type Sheet, Workbook } from './reader.ts';
import { attribute, encodeCellText, type Token, tokens } from './xml.ts';

/** As many rows as an Excel sheet has, and characters as a cell has (Microsoft: "Excel specifications and limits"). */
export const MOST_SHEET_ROWS = 1_048_576;
const LONGEST_CELL = 32_767;
/** Characters that are compressed at a time. */
const PIECE = 64 * 1024;
/** Like that of other programs, and the same whenever it is written. */
const WRITTEN_AT = '1980-01-01T12:00:00';

/** A sheet's rows to be written, in order. All cells are text, so that +49 and 01234 stay as they are. */
export interface WorkbookRow {
  readonly cells: readonly string[];
  readonly bold?: boolean;
}

/** A workbook of one sheet, in pieces; rows down to the first bold one stay in sight when somebody scrolls. */
export async function* newWorkbook(
  rows: AsyncIterable<WorkbookRow>,
  { headerRow }: { readonly headerRow: number },
): AsyncGenerator<Uint8Array> {
  const archive = new ZipWriter();
  for (const [name, xml] of Object.entries(FRAME)) yield* archive.whole(name, xml);
  const sheet = archive.begin('xl/worksheets/sheet1.xml');
  yield* sheet.write(
    `${DECLARATION}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="${headerRow}" topLeftCell="A${headerRow + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`,
  );
  let number = 0;
  for await (const { cells, bold } of rows) {
    number++;
    const style = bold ? 2 : 1;
    const written = cells.map((cell, column) =>
      cell === '' ? '' : textCell('', column, number, cell, style),
    );
    yield* sheet.write(`<row r="${number}">${written.join('')}</row>`);
  }
  yield* sheet.write('</sheetData></worksheet>');
  yield* sheet.end();
  yield* archive.end();
}

/** What is added to a sheet that somebody gave. */
export interface SheetAddition {
  readonly sheet: string;
  /** Columns that stay as they are; what is added comes right of them. */
  readonly width: number;
  /** The header's row, from 1. */
  readonly headerRow: number;
  /** Names of the added columns. */
  readonly names: readonly string[];
  /** The added cells of each row below the header, in order; `undefined`: nothing is added to it. */
  readonly rows: AsyncIterable<readonly string[] | undefined>;
}

/**
 * The workbook that somebody gave, in pieces, with columns added to one of its sheets. All else is kept as it
 * was: formats, widths, filters, other sheets. Added cells are text.
 * @throws {WorkbookError} for bytes that are no workbook, or have no such sheet.
 */
export async function* addedTo(original: Uint8Array, addition: SheetAddition): AsyncGenerator<Uint8Array> {
  const workbook = new Workbook(original);
  const sheet = workbook.sheets.find(({ name }) => name === addition.sheet);
  if (sheet === undefined) throw new RangeError(`the workbook has no sheet "${addition.sheet}"`);
  const { archive, stylesPart } = workbook;
  const styles = withTextStyle(archive.whole(stylesPart));
  const out = new ZipWriter();
  for (const name of archive.names) {
    if (name.endsWith('/')) continue;
    const part = out.begin(name);
    if (name === sheet.part) {
      for await (const text of sheetWith(archive, sheet, addition, styles?.style)) yield* part.write(text);
    } else if (name === stylesPart && styles) {
      yield* part.write(styles.xml);
    } else {
      for (const piece of archive.pieces(name)) yield* part.bytes(piece);
    }
    yield* part.end();
  }
  yield* out.end();
}

/** The style sheet with one more style, for text; `undefined`: it is of a kind that nobody knows. */
function withTextStyle(xml: string): { readonly xml: string; readonly style: number } | undefined {
  const found = /<((?:\w+:)?)cellXfs\b([^>]*)>([\s\S]*?)<\/(?:\w+:)?cellXfs>/.exec(xml);
  if (!found) return undefined;
  const [whole, prefix = '', , inside = ''] = found;
  const style = [...inside.matchAll(/<(?:\w+:)?xf\b/g)].length;
  const added = `<${prefix}xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`;
  const styles = `<${prefix}cellXfs count="${style + 1}">${inside}${added}</${prefix}cellXfs>`;
  return { xml: xml.replace(whole, () => styles), style };
}

async function* sheetWith(
  archive: Archive,
  { part }: Sheet,
  { width, headerRow, names, rows }: SheetAddition,
  textStyle: number | undefined,
): AsyncGenerator<string> {
  const additions = rows[Symbol.asyncIterator]();
  /** The last row below the header whose addition was asked for. */
  let asked = headerRow;
  let row = 0;
  let column = -1;
  let added: readonly string[] | undefined;
  let headerStyle: string | undefined;
  /** In a cell that makes room. */
  let skipping = false;
  let text = '';
  for (const token of tokens(archive.text(part))) {
    let raw = token.raw;
    if (token.name === 'row' && token.kind !== 'close') {
      row = Number(attribute(token.attributes, 'r') ?? row + 1);
      column = -1;
      added = row === headerRow ? names : undefined;
      if (row > headerRow) {
        for (; asked < row; asked++) {
          const next = await additions.next();
          added = next.done ? undefined : next.value;
        }
      }
      // What a row spans is a hint for readers, and no longer true.
      if (added && token.kind === 'open') raw = raw.replace(/\sspans=(?:"[^"]*"|'[^']*')/, '');
    } else if (token.name === 'row' && added) {
      const prefix = /^<\/(\w+:)?/.exec(raw)?.[1] ?? '';
      const style = row === headerRow ? (headerStyle ?? textStyle) : textStyle;
      const cells = added.map((cell, index) =>
        cell === '' ? '' : textCell(prefix, width + index, row, cell, style),
      );
      raw = cells.join('') + raw;
    } else if (token.name === 'c' && added) {
      if (token.kind !== 'close') {
        column = columnOf(token) ?? column + 1;
        if (row === headerRow && column < width) headerStyle = attribute(token.attributes, 's');
      }
      // Right of the list there is nothing but formats and formulas without a value.
      if (column >= width) {
        skipping = token.kind === 'open';
        continue;
      }
    } else if (token.name === 'dimension') {
      const end = letters(width + names.length - 1);
      raw = raw.replace(/(:\$?)[A-Z]+(\$?\d+["'])/, (_, before, after) => before + end + after);
    }
    if (skipping) continue;
    text += token.text + raw;
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  yield text;
  await additions.return?.();
}

function columnOf({ attributes }: Token): number | undefined {
  const found = /^[A-Z]+/.exec(attribute(attributes, 'r') ?? '')?.[0];
  if (found === undefined) return undefined;
  let column = 0;
  for (const letter of found) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

function textCell(
  prefix: string,
  column: number,
  row: number,
  text: string,
  style: string | number | undefined,
): string {
  const cut = text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL - 1)}…` : text;
  const styled = style === undefined ? '' : ` s="${style}"`;
  return `<${prefix}c r="${letters(column)}${row}"${styled} t="inlineStr"><${prefix}is><${prefix}t xml:space="preserve">${encodeCellText(cut)}</${prefix}t></${prefix}is></${prefix}c>`;
}

/** A for 0, AB for 27. */
function letters(column: number): string {
  let name = '';
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    name = String.fromCharCode(65 + ((left - 1) % 26)) + name;
  }
  return name;
}

/** A ZIP archive that is written part by part, in pieces. */
class ZipWriter {
  readonly #zip: Zip;
  #ready: Uint8Array[] = [];

  constructor() {
    this.#zip = new Zip((error, piece) => {
      if (error) throw error;
      this.#ready.push(piece);
    });
  }

  begin(name: string): PartWriter {
    const file = new ZipDeflate(name, { level: 4 });
    file.mtime = WRITTEN_AT;
    this.#zip.add(file);
    return new PartWriter(file, () => this.#take());
  }

  *whole(name: string, text: string): Generator<Uint8Array> {
    const part = this.begin(name);
    yield* part.write(text);
    yield* part.end();
  }

  *end(): Generator<Uint8Array> {
    this.#zip.end();
    yield* this.#take();
  }

  #take(): Uint8Array[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }
}

class PartWriter {
  readonly #file: ZipDeflate;
  readonly #take: () => Uint8Array[];
  #text = '';

  constructor(file: ZipDeflate, take: () => Uint8Array[]) {
    this.#file = file;
    this.#take = take;
  }

  *write(text: string): Generator<Uint8Array> {
    this.#text += text;
    if (this.#text.length < PIECE) return;
    this.#push(false);
    yield* this.#take();
  }

  *bytes(piece: Uint8Array): Generator<Uint8Array> {
    this.#file.push(piece, false);
    yield* this.#take();
  }

  *end(): Generator<Uint8Array> {
    this.#push(true);
    yield* this.#take();
  }

  #push(last: boolean): void {
    this.#file.push(new TextEncoder().encode(this.#text), last);
    this.#text = '';
  }
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** All parts of a workbook but its sheet (ECMA-376, part 1, 18.2). Styles: 1 is text, 2 is bold text. */
const FRAME = {
  '[Content_Types].xml': `${DECLARATION}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPES}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/></Types>`,
  '_rels/.rels': `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="Leads" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  'xl/styles.xml': `${DECLARATION}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>`,
} as const;
