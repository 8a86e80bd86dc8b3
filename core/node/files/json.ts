import { namesField } from '../../leads/index.ts';
import type { Decoder } from './encoding.ts';
import { LeadFileError } from './errors.ts';
import { inTurns } from './in-turns.ts';
import { JsonCutter, type JsonPiece, WHOLE_TEXT } from './json-cutter.ts';
import type { TextFile } from './text-file.ts';

/** Characters; as long as a CSV row may be. */
const LONGEST_LINE = 10_000_000;

export type JsonRecord = Readonly<Record<string, unknown>>;

interface RawNumber {
  readonly rawJSON: string;
}
/** Numbers as written (ECMAScript "JSON.parse source text access"), which TypeScript does not know yet. */
const sourceJson = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
};

/** A number that a double may not print as it was written: many digits, a fraction or an exponent. */
const DELICATE_NUMBER = /\d{16}|\d[.eE]/;

function parseJson(text: string): unknown {
  if (!DELICATE_NUMBER.test(text)) return JSON.parse(text);
  return sourceJson.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && source !== String(value)
      ? sourceJson.rawJSON(source)
      : value,
  );
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The objects of a text with one JSON object a line. Throws {@link LeadFileError}, naming the line, for a
 * line that is not one; blank lines are none.
 */
export async function* ndjsonRecords(name: string, text: AsyncIterable<string>): AsyncGenerator<JsonRecord> {
  let number = 0;
  for await (const line of lines(name, text)) {
    number++;
    if (line.trim() === '') continue;
    yield lineRecord(name, line, number);
  }
}

function lineRecord(name: string, line: string, number: number): JsonRecord {
  let value: unknown;
  try {
    value = parseJson(line);
  } catch {
    value = undefined;
  }
  if (isRecord(value)) return value;
  throw new LeadFileError(
    `${name}: line ${number} is not a JSON object. Write every lead as one object on one line, ` +
      'or the whole list as one array of objects, and try again.',
  );
}

async function* lines(name: string, text: AsyncIterable<string>): AsyncGenerator<string> {
  let parts: string[] = [];
  let length = 0;
  let number = 1;
  for await (const chunk of text) {
    const pieces = chunk.split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      yield parts.join('') + piece;
      number++;
      parts = [];
      length = 0;
    }
    parts.push(last);
    length += last.length;
    if (length > LONGEST_LINE) {
      throw new LeadFileError(
        `${name}: line ${number} is longer than 10 million characters. Shorten it and try again.`,
      );
    }
  }
  yield parts.join('');
}

/** A list in JSON: records with named fields, or the rows of a table. */
export type JsonList =
  | { readonly kind: 'records'; read(decoder?: Decoder): AsyncGenerator<JsonRecord> }
  | { readonly kind: 'rows'; read(decoder?: Decoder): AsyncGenerator<string[]> };

/**
 * Finds the list in a JSON text: its one array, the array in an answer of an API (`{"contacts": [...], "total": 2}`), or
 * objects one behind the other. Its items are read one at a time, whatever the size of the text.
 * @throws {LeadFileError} for what is no JSON, with the item that is not.
 */
export async function jsonList(text: TextFile): Promise<JsonList> {
  const { of, first } = await whereList(text);
  const isRecords = first === undefined || isRecord(first);
  const read = (decoder?: Decoder) => items(text, of, decoder);
  return isRecords
    ? { kind: 'records', read: (decoder) => records(text.name, of, read(decoder)) }
    : { kind: 'rows', read: (decoder) => tableRows(text.name, read(decoder)) };
}

async function* records(
  name: string,
  of: number,
  values: AsyncIterable<unknown>,
): AsyncGenerator<JsonRecord> {
  let number = 0;
  for await (const value of values) {
    number++;
    if (!isRecord(value)) {
      throw new LeadFileError(
        `${name}: ${itemName(of, number)} is not an object. Write every lead as an object with named fields and try again.`,
      );
    }
    yield value;
  }
}

/** Rows written as arrays of cells, or as one cell. */
async function* tableRows(name: string, values: AsyncIterable<unknown>): AsyncGenerator<string[]> {
  let number = 0;
  for await (const value of values) {
    number++;
    if (isRecord(value)) {
      throw new LeadFileError(
        `${name}: item ${number} of the array is an object, and those before it are not. Write every lead alike and try again.`,
      );
    }
    yield Array.isArray(value) ? value.map(cellText) : [cellText(value)];
  }
}

function itemName(of: number, number: number): string {
  return of === WHOLE_TEXT ? `object ${number}` : `item ${number} of the array`;
}

/** Objects that an array with the list may stand in, as in `{"data": {"contacts": [...]}}`. */
const DEEPEST_ARRAY = 2;

/** Of which array the leads are the items, or that they stand one behind the other; and the first of them. */
async function whereList(text: TextFile): Promise<{ readonly of: number; readonly first?: unknown }> {
  const firsts = new Map<number, string>();
  let objects = 0;
  const cutter = new JsonCutter((of) => of !== WHOLE_TEXT && !firsts.has(of));
  for await (const pieces of cutPieces(text, cutter)) {
    for (const { of, text: piece } of pieces) {
      if (of === WHOLE_TEXT) objects++;
      // The text is an array: what else is in it is in its items.
      else if (cutter.depthOf(of) === 0) return { of, first: parsed(text.name, piece, of, 1) };
      else if (cutter.depthOf(of) <= DEEPEST_ARRAY && !firsts.has(of)) firsts.set(of, piece);
    }
    if (objects > 1) break;
  }
  const own = [...cutter.keys].filter(namesField).length;
  let best: { readonly of: number; readonly first: unknown; readonly known: number } | undefined;
  for (const [of, piece] of firsts) {
    const first = parsed(text.name, piece, of, 1);
    const known = isRecord(first) ? Object.keys(first).filter(namesField).length : 0;
    if (known > (best?.known ?? 0)) best = { of, first, known };
  }
  const mostOwn = objects > 1 ? 0 : MOST_OWN_FIELDS;
  if (best === undefined || best.known < own || own > mostOwn) return { of: WHOLE_TEXT };
  if (objects === 1) return best;
  throw new LeadFileError(
    `${text.name} has several JSON objects with a list of leads in each. Put all leads into one array and try again.`,
  );
}

/** An answer of an API has a name of its own at most; a person has more. */
const MOST_OWN_FIELDS = 1;

async function* cutPieces(
  text: TextFile,
  cutter: JsonCutter,
  decoder?: Decoder,
): AsyncGenerator<readonly JsonPiece[]> {
  for await (const chunk of text.chunks(decoder)) {
    yield cutter.push(chunk);
    if (cutter.unended > LONGEST_LINE) {
      throw new LeadFileError(
        `${text.name} has a lead that is longer than 10 million characters. Shorten it and try again.`,
      );
    }
  }
  if (cutter.isOpen) throw notJson(text.name, 'it ends before its last bracket');
  if (cutter.hasMore) throw notJson(text.name, 'something stands before or behind its list');
}

async function* items(text: TextFile, wanted: number, decoder?: Decoder): AsyncGenerator<unknown> {
  const cutter = new JsonCutter((of) => of === wanted);
  let number = 0;
  for await (const pieces of cutPieces(text, cutter, decoder)) {
    const found = pieces.filter(({ of }) => of === wanted);
    for await (const { of, text: piece } of inTurns(found)) yield parsed(text.name, piece, of, ++number);
  }
}

function parsed(name: string, piece: string, of: number, number: number): unknown {
  try {
    return parseJson(piece);
  } catch (error) {
    throw notJson(name, `${itemName(of, number)}: ${error instanceof Error ? error.message : error}`);
  }
}

function notJson(name: string, why: string): LeadFileError {
  return new LeadFileError(`${name} is not valid JSON (${why}). Correct it and try again.`);
}

/** A record's values in the order of `columns`: text as it is, what is nested as JSON, nothing as ''. */
export function recordCells(record: JsonRecord, columns: readonly string[]): string[] {
  return columns.map((column) => (Object.hasOwn(record, column) ? cellText(record[column]) : ''));
}

function cellText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return sourceJson.isRawJSON(value) ? value.rawJSON : JSON.stringify(value);
}
