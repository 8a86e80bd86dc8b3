import type { Decoder } from './encoding.ts';
import { LeadFileError } from './errors.ts';
import { inTurns } from './in-turns.ts';
import type { TextFile } from './text-file.ts';

/** Characters; as long as a CSV row may be. */
const LONGEST_LINE = 10_000_000;
/** Bytes. */
const LARGEST_ARRAY = 50_000_000;

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

/**
 * The objects of a text that is one JSON array, which is read whole.
 * @throws {LeadFileError} if it is too large or not an array of objects.
 */
export async function* arrayRecords(text: TextFile, decoder?: Decoder): AsyncGenerator<JsonRecord> {
  if (text.size > LARGEST_ARRAY) {
    throw new LeadFileError(
      `${text.name} is a JSON array of ${Math.ceil(text.size / 1_000_000)} MB; such a list may have 50 MB. ` +
        'Write one object per line (NDJSON), which has no limit, and try again.',
    );
  }
  const pieces = await Array.fromAsync(text.chunks(decoder));
  const items = parsedArray(text.name, pieces.join(''));
  const wrong = items.findIndex((item) => !isRecord(item));
  if (wrong !== -1) {
    throw new LeadFileError(
      `${text.name}: item ${wrong + 1} of the array is not an object. Write every lead as an object with named fields and try again.`,
    );
  }
  yield* inTurns(items.filter(isRecord));
}

function parsedArray(name: string, text: string): unknown[] {
  try {
    const value = parseJson(text);
    return Array.isArray(value) ? value : [value];
  } catch (error) {
    throw new LeadFileError(`${name} is not valid JSON (${error}). Correct it and try again.`);
  }
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
