/** Text as lists bring it: made clean, and made comparable. */
import { unspoilt } from './spoilt-text.ts';

/** A longer cell is a pasted document, not a field of a lead. In UTF-16 units. */
const CELL_MAX = 2048;

const PLAIN = /^[!-~]+(?: [!-~]+)*$/;
/** Control, format (zero-width, bidirectional), private-use and unassigned characters; blank letters. */
const INVISIBLE = /[^\P{C}\s]|[\ufeff\u115f\u1160\u3164\uffa0]/gu;

/** What exports write into a cell that has nothing in it, folded as {@link foldWords} does. */
const ABSENT = new Set(
  phrases(`
  null, none, nil, unknown, undefined, blank, empty, tbd, n a, object object, not available, not applicable,
  not provided, not found, no data, k a, keine angabe, unbekannt, inconnu, non renseigne, desconocido,
  desconhecido, nao informado
`),
);
const SPREADSHEET_ERROR = /^#(?:n\/a|ref!|value!|name\?|div\/0!|null!|num!|error!|spill!)/i;
/** What programs write for nothing. In other cases "Na" and "Nan" are names. */
const NOT_A_NUMBER = /^(?:NA|NaN|nan|NAN)$/;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/**
 * The cell in Unicode form C on one line, without odd whitespace and invisible characters; `undefined`
 * when it is empty, says so in words ("N/A", "null", "-"), or is too long to be a field.
 */
export function cleanCell(value: string | undefined): string | undefined {
  if (value === undefined || value === '' || value.length > CELL_MAX) return undefined;
  const unescaped = value.includes('\\"') ? value.replaceAll('\\"', '"') : value;
  const meant = PLAIN.test(unescaped) && !unescaped.includes('&') ? unescaped : unspoilt(unescaped);
  const text = PLAIN.test(meant)
    ? meant
    : meant.normalize('NFC').replace(INVISIBLE, '').replace(/\s+/g, ' ').trim();
  if (text.length <= 20 && saysNothing(text)) return undefined;
  return text === '' ? undefined : text;
}

/** Whether a cell begins like one that says nothing: a cheap look, since most do not. */
const SUSPICIOUS = /^(?:[^\p{L}]|[bdeiknotu])/iu;

function saysNothing(text: string): boolean {
  if (!SUSPICIOUS.test(text)) return false;
  if (NOT_A_NUMBER.test(text) || !LETTER_OR_DIGIT.test(text)) return true;
  return SPREADSHEET_ERROR.test(text) || ABSENT.has(foldWords(text));
}

/** True for cells that a spreadsheet would calculate: they hold code, not a name. */
export function isFormula(text: string): boolean {
  return text.startsWith('=') || /^[+@-].*\(/.test(text);
}

const SYMBOLS = /(?:[\p{So}\p{Extended_Pictographic}\p{Emoji_Modifier}]|\ufe0e|\ufe0f|\u20e3)+/gu;
/** Mathematical and full-width letters, which people use as decoration. */
const STYLED = /[\u{1d400}-\u{1d7ff}\uff01-\uff5e]+/gu;

/** Without emoji and other pictures, decorative alphabets as plain letters. */
export function withoutPictures(text: string): string {
  if (isAscii(text)) return text;
  const plain = text.replace(STYLED, (styled) => styled.normalize('NFKC'));
  return plain.replace(SYMBOLS, ' ').replace(/\s+/g, ' ').trim();
}

const ASCII = /^[\0-\x7f]*$/;
export const isAscii = (text: string): boolean => ASCII.test(text);

/** Letters that have no decomposition in Unicode, as passports write them. */
export const UNDECOMPOSED: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ħ: 'h',
  ς: 'σ',
};

/** What folding leaves as it is but for its case, as most names are. */
const PLAIN_WORDS = /^[a-z0-9]+(?: [a-z0-9]+)*$/i;

/**
 * Words in lower case without accents and punctuation, one space apart: what stays the same when people
 * spell a text differently. Marks of non-European scripts stay, since there they tell words apart.
 */
export function foldWords(text: string): string {
  if (PLAIN_WORDS.test(text)) return text.toLowerCase();
  const ascii = isAscii(text);
  const lower = ascii ? text.toLowerCase() : withoutAccents(text);
  const joined = lower.replace(/['`\u2018\u2019\u02bc\u00b4]/g, '');
  const spaced = ascii ? joined.replace(/[^a-z0-9]+/g, ' ') : joined.replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ');
  return spaced.trim();
}

/** {@link foldWords} without the spaces, so that hyphens, apostrophes and spaces make no difference. */
export function fold(text: string): string {
  return foldWords(text).replaceAll(' ', '');
}

function withoutAccents(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toUpperCase()
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[øłđðæœþħς]/g, (letter) => UNDECOMPOSED[letter] ?? letter);
}

/** Letters that people type for each other, in the form in which they are compared. */
const ARABIC_VARIANTS: Readonly<Record<string, string>> = {
  أ: 'ا',
  إ: 'ا',
  آ: 'ا',
  ى: 'ي',
  ی: 'ي',
  ة: 'ه',
  ک: 'ك',
};

/** Arabic and Persian without vowel signs, alef and yeh each in one form. Other scripts stay as they are. */
export function withoutArabicVariants(text: string): string {
  if (!/\p{Script=Arabic}/u.test(text)) return text;
  return text
    .replace(/[\u064b-\u065f\u0670\u0640]/g, '')
    .replace(/[أإآىیةک]/g, (letter) => ARABIC_VARIANTS[letter] ?? letter);
}

/** The entries of a word table: words and phrases, with commas or line ends between them. */
export function phrases(table: string): string[] {
  return table
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
