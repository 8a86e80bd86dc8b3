import { dateText, numberText } from '@connectionsphere/core/cell-text';
import { WorkbookDates } from './workbook-dates.ts';

/** ZIP's records (PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16). */
const END = { signature: 0x06054b50, size: 22, longestComment: 0xffff };
const CENTRAL_SIGNATURE = 0x02014b50;
const DEFLATED = 8;

/** Characters of one part of a workbook; more is no list of leads. */
const LARGEST_PART = 200_000_000;
/** As many rows and columns as an Excel sheet has (Microsoft: "Excel specifications and limits"). */
const MOST_COLUMNS = 16_384;
const MOST_ROWS = 1_048_576;

/**
 * The cells of the first sheet that holds anything, as text, row by row. Written by hand because n8n lets a node load no
 * library that has timers in it, and what reads workbooks has.
 * Throws an `Error` that says what to do when it cannot be read.
 */
export async function readWorkbook(bytes: Buffer): Promise<string[][]> {
  const parts = archiveParts(bytes);
  const text = async (name: string) => {
    const part = parts.get(name);
    return part ? await inflate(bytes, part) : '';
  };
  const reading = {
    shared: readSharedStrings(await text('xl/sharedStrings.xml')),
    dates: new WorkbookDates(await text('xl/styles.xml'), await text('xl/workbook.xml')),
  };
  for (const sheet of await sheetNames(text)) {
    const rows = readSheet(await text(sheet), reading);
    if (rows.length > 0) return rows;
  }
  throw new Error('The file has no sheet with anything in it. Save the list as .xlsx or CSV and try again.');
}

interface Part {
  readonly deflated: boolean;
  readonly from: number;
  readonly to: number;
}

const DAMAGED = 'The file is no Excel workbook, or a damaged one. Open it, save it as .xlsx again and retry.';

function archiveParts(archive: Buffer): Map<string, Part> {
  const parts = listParts(archive);
  if (!parts) throw new Error(DAMAGED);
  return parts;
}

/** `undefined`: what stands there is no archive. */
function listParts(archive: Buffer): Map<string, Part> | undefined {
  try {
    const parts = new Map<string, Part>();
    const end = endRecord(archive);
    let at = archive.readUInt32LE(end + 16);
    for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
      if (archive.readUInt32LE(at) !== CENTRAL_SIGNATURE) throw new Error(DAMAGED);
      const nameLength = archive.readUInt16LE(at + 28);
      const local = archive.readUInt32LE(at + 42);
      const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
      parts.set(archive.toString('utf8', at + 46, at + 46 + nameLength), {
        deflated: archive.readUInt16LE(at + 10) === DEFLATED,
        from,
        to: from + archive.readUInt32LE(at + 20),
      });
      at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    }
    return parts;
  } catch {
    // Whatever cannot be read: the advice is the same.
    return undefined;
  }
}

function endRecord(archive: Buffer): number {
  const first = Math.max(0, archive.length - END.size - END.longestComment);
  for (let at = archive.length - END.size; at >= first; at--) {
    if (archive.readUInt32LE(at) === END.signature) return at;
  }
  throw new Error(DAMAGED);
}

async function inflate(archive: Buffer, { deflated, from, to }: Part): Promise<string> {
  const packed = archive.subarray(from, to);
  if (!deflated) return packed.toString('utf8');
  const stream = new Blob([new Uint8Array(packed)])
    .stream()
    .pipeThrough(new DecompressionStream('deflate-raw'))
    .pipeThrough(new TextDecoderStream());
  const pieces: string[] = [];
  let length = 0;
  for await (const piece of stream) {
    length += piece.length;
    if (length > LARGEST_PART)
      throw new Error('The Excel file is too large. Save the list as CSV and try again.');
    pieces.push(piece);
  }
  return pieces.join('');
}

/** The paths of the sheets in the workbook's order. */
async function sheetNames(text: (name: string) => Promise<string>): Promise<string[]> {
  const workbook = await text('xl/workbook.xml');
  const relations = [...(await text('xl/_rels/workbook.xml.rels')).matchAll(/<Relationship\b[^>]*>/g)];
  const targets = new Map(
    relations.map(([relation]) => [attribute(relation, 'Id'), attribute(relation, 'Target') ?? '']),
  );
  return [...workbook.matchAll(/<sheet\b[^>]*>/g)].flatMap(([sheet]) => {
    const target = targets.get(attribute(sheet, 'r:id'));
    if (target === undefined) return [];
    return [target.startsWith('/') ? target.slice(1) : `xl/${target}`];
  });
}

function readSharedStrings(xml: string): string[] {
  return [...xml.matchAll(/<si\b[^>]*>([\s\S]*?)<\/si>|<si\b[^>]*\/>/g)].map(([, inside = '']) =>
    textIn(inside),
  );
}

/** What a sheet's cells refer to. */
interface Reading {
  readonly shared: readonly string[];
  readonly dates: WorkbookDates;
}

function readSheet(xml: string, reading: Reading): string[][] {
  const rows: string[][] = [];
  for (const [, attributes = '', cells = ''] of xml.matchAll(/<row\b([^>]*?)(?:\/>|>([\s\S]*?)<\/row>)/g)) {
    const number = Number(attribute(attributes, 'r') ?? rows.length + 1);
    if (!(number >= 1 && number <= MOST_ROWS)) throw new Error(DAMAGED);
    rows[number - 1] = readCells(cells, reading);
  }
  // Rows that a sheet leaves out are empty.
  return Array.from(rows, (row) => row ?? []).filter((row) => row.some((cell) => cell !== ''));
}

function readCells(xml: string, reading: Reading): string[] {
  const row: string[] = [];
  for (const [, attributes = '', inside = ''] of xml.matchAll(/<c\b([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g)) {
    const column = columnOf(attribute(attributes, 'r')) ?? row.length;
    if (column >= MOST_COLUMNS) throw new Error(DAMAGED);
    row[column] = cellText(attributes, inside, reading);
  }
  return Array.from(row, (cell) => cell ?? '');
}

function cellText(attributes: string, inside: string, { shared, dates }: Reading): string {
  const type = attribute(attributes, 't');
  if (type === 'inlineStr') return textIn(inside);
  const value = unescapeXml(/<v\b[^>]*>([\s\S]*?)<\/v>/.exec(inside)?.[1] ?? '');
  if (type === 's') return shared[Number(value)] ?? '';
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
  if (type === 'str' || type === 'e' || type === 'd' || value === '') return value;
  const date = dates.dateOf(Number(value), Number(attribute(attributes, 's') ?? 0));
  return date ? dateText(date) : numberText(value);
}

/** The text of all runs, without the phonetic readings that stand beside it. */
function textIn(xml: string): string {
  const plain = xml.replace(/<rPh\b[\s\S]*?<\/rPh>/g, '');
  return [...plain.matchAll(/<t\b[^>]*>([\s\S]*?)<\/t>/g)].map(([, text = '']) => unescapeXml(text)).join('');
}

/** 0 for A1, 27 for AB7. */
function columnOf(address: string | undefined): number | undefined {
  const letters = /^([A-Z]{1,3})\d+$/.exec(address ?? '')?.[1];
  if (letters === undefined) return undefined;
  let number = 0;
  for (const letter of letters) number = number * 26 + letter.charCodeAt(0) - 64;
  return number - 1;
}

function attribute(xml: string, name: string): string | undefined {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(xml)?.[1];
  return value === undefined ? undefined : unescapeXml(value);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const code = Number.parseInt(decimal ?? hex, decimal === undefined ? 16 : 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
