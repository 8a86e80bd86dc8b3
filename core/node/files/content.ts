import { LeadFileError } from './errors.ts';

const SAVE_AS = 'Save the list as CSV or .xlsx and try again.';
const UNPACK = 'Unpack it and try again.';
const EXPORT = 'Export the list as CSV and try again.';

/** First bytes (as Latin-1) of files that are taken for lists, and what to do about each. */
const REFUSED_BYTES: readonly (readonly [start: string, what: string, advice: string])[] = [
  [
    '\xd0\xcf\x11\xe0',
    'an old Excel file (.xls) or one with a password',
    'Open it in Excel, save it as .xlsx without a password, or as CSV, and try again.',
  ],
  ['%PDF', 'a PDF', SAVE_AS],
  ['\x89PNG', 'an image', SAVE_AS],
  ['\xff\xd8\xff', 'an image', SAVE_AS],
  ['GIF8', 'an image', SAVE_AS],
  ['\x1f\x8b', 'a compressed file', UNPACK],
  ['7z\xbc\xaf', 'a compressed file', UNPACK],
  ['Rar!\x1a', 'a compressed file', UNPACK],
  ['\x28\xb5\x2f\xfd', 'a compressed file', UNPACK],
  ['PAR1\x15', 'a database file', EXPORT],
  ['SQLite format 3', 'a database file', EXPORT],
  ['{\\rtf', 'a text document', SAVE_AS],
];

const ZIP_STARTS = ['PK\x03\x04', 'PK\x05\x06'];

/**
 * What a file holds, by its first bytes; its name decides nothing.
 * @throws {LeadFileError} for a kind of file that is no list, with what to do.
 */
export function recogniseBytes(name: string, head: Buffer): 'zip' | 'text' {
  const bytes = head.toString('latin1', 0, 64);
  const refused = REFUSED_BYTES.find(([start]) => bytes.startsWith(start));
  if (refused) throw notAList(name, refused[1], refused[2]);
  return ZIP_STARTS.some((start) => bytes.startsWith(start)) ? 'zip' : 'text';
}

/** The same for a text, once it is decoded. */
export function recogniseText(name: string, start: string): 'delimited' | 'ndjson' | 'json' {
  if (/^\s*<(?:!doctype html|html|table)/i.test(start)) {
    const advice =
      'Perhaps a log-in page was saved in place of the list. Download the list again, as CSV or .xlsx.';
    throw notAList(name, 'a web page', advice);
  }
  if (/^\s*<\?xml/i.test(start)) throw notAList(name, 'an XML document', SAVE_AS);
  if (/^\s*\{\s*(?:"|\}|$)/.test(start)) return 'ndjson';
  if (/^\s*\[\s*(?:\{|\]|$)/.test(start)) return 'json';
  return 'delimited';
}

function notAList(name: string, what: string, advice: string): LeadFileError {
  return new LeadFileError(`${name} is ${what}, which cannot be read as a list of leads. ${advice}`);
}
