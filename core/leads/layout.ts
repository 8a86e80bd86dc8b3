/** Where in a list its header stands, and which rows below it are leads. */
import { namesFirm, namesPerson, startsWithGivenName } from './column-values.ts';
import { hasLegalForm } from './company.ts';
import { namesColumn, namesField, readHeader } from './header-words.ts';
import { linkedinPage } from './linkedin.ts';
import { cellShape, isTyped, type Shape, textPattern } from './shapes.ts';
import { cleanCell } from './text.ts';

type Row = readonly string[];

/** Rows at the start of a list by which its layout is found. */
export const HEAD_ROWS = 60;
/** Rows at the end of a list among which its footer is looked for. */
export const TAIL_ROWS = 25;
/** Cells of a row that are looked at: a header of thousands of columns tells no more than its beginning. */
const CELLS_LOOKED_AT = 200;
/** Rows below a header that it is compared with. */
const ROWS_COMPARED = 20;

/** What somebody said about a list's header. */
export interface LayoutOptions {
  /** True: the first row that is no preamble is the header. False: there is none. */
  readonly header?: boolean;
  /** The header's row, counted from 1 from the top of the list. */
  readonly headerRow?: number;
}

export interface Layout {
  /** Rows of the header: two where the upper one names groups of columns; 0: none. */
  readonly headerRows: 0 | 1 | 2;
  /** Rows before the first lead: what stands above the header, and the header. */
  readonly start: number;
  /** The header's names; those of two rows joined ("Person First"). Empty where there is none. */
  readonly names: readonly string[];
}

/** A wish about the header that cannot be met. */
export class LayoutError extends Error {
  override readonly name = 'LayoutError';
}

/**
 * Finds the header in the first rows of a list: by words that name columns, and by how it differs from the
 * rows below it. Whatever stands above it, or above the first lead, is preamble.
 * @throws LayoutError when the row that should be the header is not among the first {@link HEAD_ROWS}, or blank.
 */
export function findLayout(head: readonly Row[], { header, headerRow }: LayoutOptions = {}): Layout {
  if (headerRow !== undefined) return namedBy(head, chosenRow(head, headerRow));
  const width = usualWidth(head);
  const first = firstFullRow(head, width);
  if (header === false) return { headerRows: 0, start: first, names: [] };
  if (header === true) return namedBy(head, first);
  const known = knownHeader(head, width);
  if (known !== undefined) return namedBy(head, known);
  return looksDifferent(head, first) ? namedBy(head, first) : { headerRows: 0, start: first, names: [] };
}

function chosenRow(head: readonly Row[], headerRow: number): number {
  const row = head[headerRow - 1];
  if (row !== undefined && filled(row) > 0) return headerRow - 1;
  const last = Math.min(head.length, HEAD_ROWS);
  throw new LayoutError(
    row === undefined
      ? `Row ${headerRow} cannot be the header: it has to be one of the first ${last} rows. Count from the top of the list, blank rows included.`
      : `Row ${headerRow} cannot be the header: it is blank. Count from the top of the list, blank rows included.`,
  );
}

/** The layout with the header at `at`, and the row that names groups above it, if there is one. */
function namedBy(head: readonly Row[], at: number): Layout {
  const names = head[at] ?? [];
  const groups = head[at - 1];
  if (groups === undefined || !namesGroups(groups, names)) {
    return { headerRows: 1, start: at + 1, names };
  }
  let group = '';
  const joined = names.map((name, index) => {
    group = groups[index]?.trim() || group;
    // A cell that is merged over both rows says the same in each.
    return [...new Set([group, name.trim()])].filter(Boolean).join(' ');
  });
  return { headerRows: 2, start: at + 1, names: joined };
}

const GROUP =
  /^(?:\S* ?(?:person|people|contacts?|leads?|prospects?|employee|individual|kontakt|ansprechpartner|contacto|contato)|company|companies|account|organi[sz]ation|firma|unternehmen|entreprise|soci[eé]t[eé]|empresa|employer|business)(?: (?:details?|info(?:rmation)?|data|daten))?$/i;

/** Whether a row names groups of the columns in the row below it: fewer cells, and what they say is a group. */
function namesGroups(groups: Row, names: Row): boolean {
  // A group may stand once, or above each of its columns.
  const cells = [...new Set(groups.map((cell) => cell.trim()).filter(Boolean))];
  const count = cells.length;
  if (count === 0 || count >= filled(names)) return false;
  return groups[0]?.trim() === '' || count > 1
    ? cells.filter((cell) => GROUP.test(cell)).length * 2 >= count
    : false;
}

/** What tools write above the part of a report that is about people, where other parts have a header too. */
const PEOPLE_BELOW = /^(?:attendees?|participants?|registrants?|teilnehmer)(?: (?:details|list|report))?:?$/i;

/**
 * The first row most of whose cells name columns. A row further down is it if it names more: the next one, or
 * one that is twice as good (a report's own facts, "Date, User", stand above its header).
 */
function knownHeader(head: readonly Row[], width: number): number | undefined {
  let best: { at: number; known: number } | undefined;
  for (const [at, row] of head.entries()) {
    const known = knownNames(row, width);
    if (known > 0 && isAlone(head[at - 1], PEOPLE_BELOW)) return at;
    const enough = best === undefined ? 1 : at > best.at + 1 ? best.known * 2 : best.known + 1;
    if (known >= enough) best = { at, known };
  }
  if (best === undefined) return undefined;
  // A row of data above it cannot be preamble: the list then begins there.
  const above = head.slice(0, best.at);
  return above.some((row) => isLikeLead(row, width)) ? undefined : best.at;
}

function isAlone(row: Row | undefined, text: RegExp): boolean {
  const cells = row?.map((cell) => cell.trim()).filter(Boolean) ?? [];
  return cells.length === 1 && text.test(cells[0] ?? '');
}

/** How much the different cells of a row say about columns; 0 for a row that is no header. */
function knownNames(row: Row, width: number): number {
  const cells = row.slice(0, CELLS_LOOKED_AT).filter((cell) => cell.trim() !== '');
  if (cells.length === 0 || (width > 1 && cells.length === 1)) return 0;
  let names = 0;
  let known = 0;
  let data = 0;
  const seen = new Set<string>();
  for (const cell of cells) {
    const isNew = !seen.has(cell);
    seen.add(cell);
    const shape = cellShape(cell);
    if (shape === 'email' || shape === 'address') return 0;
    const { kind } = readHeader(cell);
    if (kind === 'field' || kind === 'name-like') {
      names += 1;
      if (isNew) known += 2;
    } else if (kind === 'about' || (kind === 'elsewhere' && cell.length <= 40)) {
      names += 1;
      if (isNew) known += 1;
    } else if (shape === 'number' || shape === 'date' || hasLegalForm(cell)) data += 1;
  }
  if (data * 3 > cells.length) return 0;
  return names >= (cells.length <= 2 ? 1 : 2) && names * 2 >= cells.length ? known : 0;
}

function isLikeLead(row: Row, width: number): boolean {
  if (filled(row) * 3 < width * 2 || width < 2 || FOOTER.test(row[0]?.trim() ?? '')) return false;
  return row.slice(0, CELLS_LOOKED_AT).some((cell) => ['email', 'address'].includes(cellShape(cell)));
}

/** The number of filled cells that most of the first rows have, wide rows counting more. */
function usualWidth(head: readonly Row[]): number {
  const counts = new Map<number, number>();
  for (const row of head) {
    const width = Math.min(filled(row), CELLS_LOOKED_AT);
    if (width > 0) counts.set(width, (counts.get(width) ?? 0) + 1);
  }
  // A short list may have more lines of text around its table than rows in it.
  const inTable = [...counts].reduce((sum, [width, count]) => sum + (width > 2 ? count : 0), 0);
  if (inTable > 1) counts.delete(1);
  const rows = [...counts.values()].reduce((sum, count) => sum + count, 0);
  // Rows have gaps: the widest that a third of the rows reach.
  let reached = 0;
  for (const width of [...counts.keys()].toSorted((a, b) => b - a)) {
    reached += counts.get(width) ?? 0;
    if (reached * 3 >= rows) return width;
  }
  return 1;
}

const COMMENT = /^\s*(?:#\s*\p{L}|\/\/|--\s|%\s|\*\*)/u;

/** Where the list begins: behind blank rows, comments, and titles of one cell above a table of several. */
function firstFullRow(head: readonly Row[], width: number): number {
  const begins = head.findIndex((row) => {
    const cells = filled(row);
    if (cells === 0 || COMMENT.test(row[0] ?? '')) return false;
    if (cells === 1 && row.some(isWholeAddress)) return true;
    return width < 3 ? cells >= width : cells * 2 >= width || cells >= 3;
  });
  return begins === -1
    ? Math.max(
        0,
        head.findIndex((row) => filled(row) > 0),
      )
    : begins;
}

/** Whether a cell is nothing but an e-mail address, with or without its bearer's name, or somebody's LinkedIn page. */
function isWholeAddress(cell: string): boolean {
  const text = cell.trim();
  if (linkedinPage(text)?.kind === 'person') return true;
  return cellShape(text) === 'email' && (!/\s/.test(text) || text.endsWith('>'));
}

/**
 * Whether the row at `at`, none of whose words is known, is a header all the same: its cells are unlike
 * those below them.
 */
function looksDifferent(head: readonly Row[], at: number): boolean {
  const row = (head[at] ?? []).slice(0, CELLS_LOOKED_AT);
  const below = head.slice(at + 1, at + 1 + ROWS_COMPARED).filter((other) => filled(other) > 0);
  const shapes = row.map(cellShape);
  if (shapes.some(isAddress)) return false;
  if (!shapes.includes('text')) return false;
  let header = 0;
  let lead = 0;
  for (const [index, cell] of row.entries()) {
    if (shapes[index] !== 'text') continue;
    const { kind } = readHeader(cell);
    if (kind !== 'other' && kind !== 'blank') header += 3;
    if (LABEL.test(cell.trim())) header += 1;
    if (hasLegalForm(cell)) lead += 2;
    if (kind === 'other' && namesPerson(cell)) lead += 2;
    const others = below.map((other) => other[index] ?? '').filter((other) => other.trim() !== '');
    if (others.length === 0) continue;
    const kinds = others.map(cellShape);
    if (kinds.filter(isAddress).length * 2 > kinds.length) header += cleanCell(cell) === undefined ? 0 : 5;
    else if (kinds.filter(isTyped).length * 2 > kinds.length) header += 2;
    else if (others.includes(cell)) lead += 2;
    else if (SAY_WHAT.some((says) => says(cell) && mostly(others, says))) lead += 2;
    else if (SAY_WHAT.some((says) => mostly(others, says))) header += 2;
    else if (mostly(others, (other) => textPattern(other) === textPattern(cell))) lead += 1;
  }
  return below.length === 0 ? header > 0 && header > lead : header >= lead;
}

/** What cells say in words, so that one of a column that does not say it stands out. */
const SAY_WHAT: readonly ((cell: string) => boolean)[] = [namesFirm, namesPerson, startsWithGivenName];

function isAddress(shape: Shape): boolean {
  return shape === 'email' || shape === 'address';
}

/** `first_name`, `firstName`, "Name:", "Wie erreichbar?", "E-Mail *". */
const LABEL = /^[\p{Ll}\d]+(?:_[\p{L}\d]+)+$|^\p{Ll}+\p{Lu}\p{L}*$|[:?*]$/u;

function mostly(cells: readonly string[], test: (cell: string) => boolean): boolean {
  return cells.filter(test).length * 2 >= cells.length;
}

function filled(row: Row): number {
  let count = 0;
  for (const cell of row) if (cell !== '' && cell.trim() !== '') count++;
  return count;
}

/** A row that is no lead, as it is: blank, a total, the header once more. */
export interface OtherRow {
  readonly otherRow: readonly string[];
}

/** What a row below the header is. Only leads are counted and looked up. */
/** `hidden`: in a sheet, by a filter or by hand. */
export type RowKind = 'lead' | 'blank' | 'footer' | 'header' | 'hidden';

/** Tells the rows below a header apart, one at a time: most are told by their first cells. */
export class RowSorter {
  readonly #header: readonly Row[];
  readonly #group: number;

  /**
   * `header`: the header's rows as they are; none where the list has no header. `group`: the column of headings, see
   * {@link groupColumn}.
   */
  constructor(header: readonly Row[], group = -1) {
    this.#header = header;
    this.#group = group;
  }

  kindOf(row: Row): RowKind {
    let count = 0;
    let only = '';
    for (const cell of row) {
      if (cell === '' || !SAYS_SOMETHING.test(cell)) continue;
      only = cell;
      if (++count > 2) break;
    }
    if (count === 0) return 'blank';
    if (this.#header.some((names) => isRepeated(row, names))) return 'header';
    if (count === 1 && (this.#header[0]?.length ?? 0) > 1 && COMMENT.test(only)) return 'footer';
    if (count === 1 && row[this.#group] === only) return 'footer';
    if (count === 1 && (this.#header[0]?.length ?? 0) > 1 && PREFILLED.test(only)) return 'footer';
    if (count <= 2 && isFooter(row, only)) return 'footer';
    return 'lead';
  }

  /** Whether a row has one cell, in a list of several columns, and nobody's address: what it heads, the next row says. */
  mayBeHeading(row: Row): boolean {
    let only = '';
    for (const cell of row) {
      if (cell === '') continue;
      if (only !== '') return false;
      only = cell;
    }
    return (this.#header[0]?.length ?? 0) > 1 && only !== '' && !isWholeAddress(only);
  }
}

/** What a sheet has in rows that nobody filled in yet: a number, a tick. It is nobody by itself. */
const PREFILLED = /^\s*(?:true|false|wahr|falsch|vrai|faux|\d{1,6}\.?)\s*$/i;
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

function isRepeated(row: Row, names: Row): boolean {
  const [first = ''] = names;
  // Most rows end here.
  if (row[0] !== first && row[0]?.trim().toLowerCase() !== first.trim().toLowerCase()) return false;
  const width = Math.max(row.length, names.length);
  let same = 0;
  let missing = 0;
  for (let index = 0; index < width; index++) {
    const cell = (row[index] ?? '').trim();
    const name = (names[index] ?? '').trim();
    if (cell === '' && name !== '') missing++;
    else if (cell !== name && cell.toLowerCase() !== name.toLowerCase()) return false;
    else if (cell !== '') same++;
  }
  // Columns that were added to the list have a name in its first header alone.
  return missing === 0 || same > 1;
}

/** What reports write below their rows, whatever stands around it. */
const FOOTER = new RegExp(
  [
    String.raw`^(?:grand |sub-?)?totals?\s*(?:$|[:=(#\d-])`,
    String.raw`^(?:grand |sub-?)totals?\b`,
    String.raw`^total (?:records?|rows?|contacts?|leads?|accounts?|people|companies|results?|count|number)\b`,
    String.raw`^(?:record|row) ?count\b`,
    String.raw`^(?:number|no\.?|count) of (?:records?|rows?|contacts?|leads?|accounts?)\b`,
    String.raw`^\d[\d.,' ]* (?:records?|rows?|contacts?|leads?|results?|items?|entries|people|companies|datens[äa]tze|eintr[äa]ge|zeilen|lignes|registros|filas)(?: (?:found|exported|returned|total|selected))?[.)]?$`,
    String.raw`^(?:©|\(c\) ?(?:\d|copyright)|copyright\b)`,
    '^(?:(?:strictly|private and|company) )?confidential(?:$|:| information| [-–—]|ity)',
    'do not distribute|all rights reserved|alle rechte vorbehalten|tous droits r[ée]serv[ée]s',
    String.raw`^(?:report |list |data |file )?(?:generated|exported|created|downloaded|printed|prepared|produced) (?:by|on|at|from|with|using|via|in)\b`,
    String.raw`^(?:powered by|end of (?:report|list|file|data)|page \d+(?: of \d+)?$)`,
    String.raw`^(?:as of|last updated|updated on|report date|export date|run date|generated|source|quelle|stand|notes?|disclaimer|filters?|filtered by)\s*:`,
    String.raw`^(?:total|totale|totaal|totalt|anzahl|número|numero|nombre|liczba|aantal|antal|antall|počet|počet|всего) (?:de |di |van |der )?(?:registros?|records?|contactos?|contatos?|contatti|contacts?|kontakte|kontaktów|datensätze|einträge|zeilen|lignes|filas|righe|rijen|rader|rækker|enregistrements|leads?|personas?|personnes|empresas?)\b`,
    String.raw`\((?:\d[\d.,' ]*) (?:records?|contacts?|leads?|accounts?|rows?|items?|datens[äa]tze|eintr[äa]ge|enregistrements?|registros?)\)$`,
    String.raw`^(?:summe|gesamt(?:summe)?|insgesamt|zwischensumme|anzahl|somme|total général|total general|suma|łącznie|razem|totale|totaal|totalt|итого|всего|合計|总计|總計|합계)\s*(?:$|[:=(\d-])`,
    String.raw`^(?:vertraulich|confidentiel|confidencial|erstellt (?:am|von|mit)|exportiert (?:am|von|aus)|généré (?:le|par)|exporté (?:le|de|depuis)|generado (?:el|por)|exportado (?:el|de|desde)|gerado (?:em|por))\b`,
    String.raw`^-+ ?(?:end|ende|fin|fim)\b`,
    String.raw`^(?:page|seite|página|pagina|strona|sida|side|sivu|strana|oldal|sayfa|стр\.?|страница|σελίδα) \d+(?: ?(?:/|of|von|sur|de|di|van|z|av|af|из) ?\d+)?$`,
    '^(?:всего|итого|усього) (?:записей|строк|контактов|записів)',
    String.raw`^(?:eof|sent from my \S+|(?:applied |active )?filters? ?(?:applied)?:?|legend:?|legende:?)$`,
    String.raw`^(?:for|bei) (?:any )?(?:questions|fragen|help|support)\b`,
  ].join('|'),
  'iu',
);

/** Words with which a row sums up a column, if a number stands beside them. */
const SUMMED =
  /^(?:count|average|mean|median|sum|avg|durchschnitt|mittelwert|moyenne|promedio|média|media|średnia):?$/i;
/** Words before the date of a report. */
const DATED =
  /^(?:generated|exported|created|printed|updated|date|datum|stand|as of|erstellt|exportiert):?$/i;

/** A row of one cell, or of a word and a number, that says what reports say below their rows. */
function isFooter(row: Row, last: string): boolean {
  const first = row.find((cell) => cell !== '' && SAYS_SOMETHING.test(cell)) ?? '';
  const text = first.trim();
  const second = cellShape(last);
  if (SUMMED.test(text) && first !== last && second === 'number') return true;
  if (DATED.test(text) && first !== last && second === 'date') return true;
  if (!FOOTER.test(text)) return false;
  if (first === last) return true;
  return second === 'number' || second === 'date' || (second === 'text' && FOOTER.test(last.trim()));
}

/** Rows at the end of a list, as {@link RowSorter} sees them. */
export interface TailRow {
  readonly cells: Row;
  readonly kind: RowKind;
}

/**
 * How many of the last rows are no leads although no known footer is in them: a sentence, a number or a date
 * that stands alone in a list of several columns.
 * @param usual how many cells a lead of this list usually has.
 */
export function footerLength(tail: readonly TailRow[], usual: number): number {
  if (usual < 2) return 0;
  const from = tail.findLastIndex(({ cells, kind }) => kind === 'lead' && !standsAlone(cells, usual));
  if (usual < 3) return tail.length - 1 - from;
  // Below a gap, whatever stands alone to the end.
  const alone = tail.findLastIndex(({ cells, kind }) => kind === 'lead' && !isLineOfText(cells));
  const gap = tail.findIndex(({ kind }, at) => at > alone && (kind === 'blank' || kind === 'footer'));
  return tail.length - 1 - (gap === -1 ? from : Math.min(from, gap - 1));
}

/** Whether a row is one cell, its first, that is nobody's address. */
function isLineOfText(row: Row): boolean {
  return filled(row) === 1 && (row[0] ?? '').trim() !== '' && !isWholeAddress(row[0] ?? '');
}

function standsAlone(row: Row, usual: number): boolean {
  const cells = row.filter((cell) => SAYS_SOMETHING.test(cell));
  const [only = ''] = cells;
  if (cells.length !== 1) return false;
  if (only.trim().split(/\s+/).length >= 5) return !isWholeAddress(only);
  return usual > 2 && (/^(?:true|false)$/i.test(only.trim()) || ['number', 'date'].includes(cellShape(only)));
}

/** What templates write below a header to say what belongs into a column. */
const TYPE_WORD =
  /^\(?(?:string|str|text|varchar|char|number|numeric|int|integer|bool|boolean|date|datetime|email|url|required|optional|mandatory|pflichtfeld|obligatoire|obligatorio)\)?$/i;

/** "e.g. John", and what Qualtrics writes below its headers. */
const EXAMPLE =
  /^(?:e\.?g\.?[ :,]|z\. ?b\.|p\. ?ex?\.|p\. ?ej\.|(?:example|beispiel|exemple|ejemplo)\s?:)|^\{"ImportId":/i;

/**
 * Whether the first row below a header names the same columns once more, in another language or for programs, or says
 * what belongs into them.
 */
export function namesAgain(row: Row | undefined): boolean {
  const cells = row?.slice(0, CELLS_LOOKED_AT).filter((cell) => cell.trim() !== '') ?? [];
  if (cells.length < 2) return false;
  return (
    [TYPE_WORD, EXAMPLE].some((words) => cells.every((cell) => words.test(cell.trim()))) ||
    cells.every(namesColumn)
  );
}

/** Whether a row below a gap names columns, other ones than those of the list: another table begins with it. */
export function beginsTable(row: Row): boolean {
  const cells = row.slice(0, CELLS_LOOKED_AT).filter((cell) => cell.trim() !== '');
  if (cells.length < 3 || cells.some((cell) => cellShape(cell) !== 'text')) return false;
  const kinds = cells.map((cell) => readHeader(cell).kind);
  const fields = kinds.filter((kind) => kind === 'field' || kind === 'name-like').length;
  const known = kinds.filter((kind) => kind !== 'other' && kind !== 'blank').length;
  return (fields > 1 && known * 3 >= kinds.length * 2) || (fields > 0 && known === kinds.length);
}

/**
 * The column that has a heading for the rows below it, as reports that are grouped by something write it: filled where
 * nothing else is. `undefined`: there is none, or it may be what somebody is looked up by.
 * @param rows some rows below the header.
 */
export function groupColumn(names: Row, rows: readonly Row[]): number | undefined {
  const alone = new Map<number, boolean>();
  let full = 0;
  for (const row of rows) {
    const columns = row.flatMap((cell, index) => (cell.trim() === '' ? [] : [index]));
    if (columns.length > 1) full++;
    for (const index of columns) {
      const isHeading = columns.length === 1 && !isAddress(cellShape(row[index] ?? ''));
      alone.set(index, isHeading && (alone.get(index) ?? true));
    }
  }
  if (full < 2) return undefined;
  return [...alone].find(([index, isAlone]) => isAlone && !namesField(names[index] ?? ''))?.[0];
}
