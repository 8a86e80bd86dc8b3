import { LeadFileError } from './errors.ts';

const SAVE_AS = 'Save the list as CSV or .xlsx and try again.';
const UNPACK = 'Unpack it and try again.';
const EXPORT = 'Export the list as CSV and try again.';
const EXCEL_AS_XLSX =
  'Open it in Excel, choose File > Save As > "Excel Workbook (.xlsx)", and try again with that file.';

/** First bytes (as Latin-1) of files that are taken for lists, and what to do about each. */
const REFUSED_BYTES: readonly (readonly [start: string, what: string, advice: string])[] = [
  ['%PDF', 'a PDF', SAVE_AS],
  ['\x89PNG', 'an image', SAVE_AS],
  ['\xff\xd8\xff', 'an image', SAVE_AS],
  ['GIF8', 'an image', SAVE_AS],
  ['II*\0', 'an image', SAVE_AS],
  ['MM\0*', 'an image', SAVE_AS],
  ['RIFF', 'an image or a recording', SAVE_AS],
  ['\x1f\x8b', 'a compressed file', UNPACK],
  ['7z\xbc\xaf', 'a compressed file', UNPACK],
  ['Rar!\x1a', 'a compressed file', UNPACK],
  ['BZh9', 'a compressed file', UNPACK],
  ['\xfd7zXZ', 'a compressed file', UNPACK],
  ['\x28\xb5\x2f\xfd', 'a compressed file', UNPACK],
  ['PAR1\x15', 'a database file', EXPORT],
  ['SQLite format 3', 'a database file', EXPORT],
  ['{\\rtf', 'a text document', SAVE_AS],
];

const COMPOUND_FILE = '\xd0\xcf\x11\xe0';
const ZIP_STARTS = ['PK\x03\x04', 'PK\x05\x06'];

/**
 * What a file holds, by its first bytes; its name decides nothing.
 * @param head its first bytes, 64 kB where it has them.
 * @throws {LeadFileError} for a kind of file that is no list, with what to do.
 */
export function recogniseBytes(name: string, head: Buffer): 'zip' | 'text' {
  const bytes = head.toString('latin1', 0, 64);
  if (bytes.startsWith(COMPOUND_FILE)) throw compoundFile(name, head);
  const refused = REFUSED_BYTES.find(([start]) => bytes.startsWith(start));
  if (refused) throw notAList(name, refused[1], refused[2]);
  return ZIP_STARTS.some((start) => bytes.startsWith(start)) ? 'zip' : 'text';
}

/** Office's older container (MS-CFB): an old workbook, or a new one inside its encryption (MS-OFFCRYPTO 2.3). */
function compoundFile(name: string, head: Buffer): LeadFileError {
  const holds = (entry: string) => head.includes(Buffer.from(entry, 'utf16le'));
  if (holds('EncryptedPackage') || holds('EncryptionInfo')) {
    const advice =
      'Open it in Excel with its password, choose File > Info > Protect Workbook > Encrypt with Password, empty the field, save, and try again.';
    return notAList(name, 'protected with a password', advice);
  }
  if (holds('Workbook') || holds('Book')) return notAList(name, 'an old Excel file (.xls)', EXCEL_AS_XLSX);
  const advice = 'Open it in Excel, save it as .xlsx without a password, or as CSV, and try again.';
  return notAList(name, 'an old Excel file (.xls), another old Office file, or one with a password', advice);
}

/** Bytes that no text has, beyond tabs, line breaks, form feeds, the old end-of-file mark and escapes. */
const CONTROLS: ReadonlySet<number> = new Set(
  Array.from({ length: 32 }, (_, code) => code).filter((code) => ![9, 10, 11, 12, 13, 26, 27].includes(code)),
);
/** A slip has one or two kinds of them; a file of another kind has all, or very many. */
const FEW_KINDS = 4;
const FEW_OF_ALL = 0.02;
const MANY = { count: 64, ofAll: 0.1 };

/**
 * Refuses bytes that are no text. For 8-bit texts only: UTF-16 is full of zeros.
 * @throws {LeadFileError} with what to do; nothing of the bytes is shown.
 */
export function refuseBinary(name: string, head: Buffer): void {
  const kinds = new Set<number>();
  let controls = 0;
  for (const byte of head) {
    if (!CONTROLS.has(byte)) continue;
    controls++;
    kinds.add(byte);
  }
  const various = kinds.size > FEW_KINDS && controls > 2 * FEW_KINDS && controls > head.length * FEW_OF_ALL;
  const many = controls > MANY.count && controls > head.length * MANY.ofAll;
  if (various || many) throw notAList(name, 'no text but a file of some other program', SAVE_AS);
}

/**
 * The same for a text, once it is decoded.
 * @param start its first lines; `isWhole`: that is all of it.
 */
export function recogniseText(name: string, start: string, isWhole = false): 'delimited' | 'ndjson' | 'json' {
  const text = start.trimStart();
  if (/^<\?xml[^>]*>\s*(?:<\?mso|<(?:\w+:)?Workbook\b)/i.test(text)) {
    throw notAList(name, 'an old Excel file (XML Spreadsheet 2003)', EXCEL_AS_XLSX);
  }
  if (/^<(?:!doctype html|html|table|head|meta|style|div|body)\b/i.test(text)) throw htmlFile(name, text);
  if (/^<\?xml/i.test(text)) throw notAList(name, 'an XML document', SAVE_AS);
  if (/^MIME-Version:/i.test(text))
    throw notAList(name, 'a web archive, as some programs name .xls', EXCEL_AS_XLSX);
  if (/^BEGIN:VCARD/i.test(text)) {
    const advice =
      'Import it into Google Contacts or Outlook, export the contacts from there as CSV, and try again with that file.';
    throw notAList(name, 'a file of contact cards (vCard)', advice);
  }
  if (/^BEGIN:VCALENDAR/i.test(text)) throw notAList(name, 'a calendar', EXPORT);
  if (/^(?:ID;P|PWXL;)/.test(text)) throw notAList(name, 'an old spreadsheet file (SYLK)', EXCEL_AS_XLSX);
  if (/^\{\s*(?:"|\}|$)/.test(text)) return hasMoreLines(text, isWhole) ? 'ndjson' : 'json';
  return /^\[\s*(?:\{|\]|"|\[\s*(?:"|-?\d|\])|$)/.test(text) ? 'json' : 'delimited';
}

/** Whether the first line is a JSON object, and others follow. */
function hasMoreLines(text: string, isWhole: boolean): boolean {
  const end = text.indexOf('\n');
  if (end === -1 || (isWhole && text.slice(end).trim() === '')) return false;
  try {
    JSON.parse(text.slice(0, end));
    return true;
  } catch {
    return false;
  }
}

function htmlFile(name: string, text: string): LeadFileError {
  if (/\.(?:xls|xlsx|xlsm)$/i.test(name) || /urn:schemas-microsoft-com|<table\b/i.test(text)) {
    const advice = `If the list is in it: ${EXCEL_AS_XLSX} If you see a log-in page there: download the list again, and try again.`;
    return notAList(name, 'a web page (an HTML table), whatever its name says', advice);
  }
  const advice =
    'Perhaps a log-in page was saved in place of the list. Download the list again, as CSV or .xlsx, and try again.';
  return notAList(name, 'a web page', advice);
}

function notAList(name: string, what: string, advice: string): LeadFileError {
  return new LeadFileError(`${name} is ${what}, which cannot be read as a list of leads. ${advice}`);
}
