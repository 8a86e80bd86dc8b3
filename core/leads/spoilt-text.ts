/** Text that a web page or a program left behind in its own spelling, as it was meant. */

const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi;
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  nbsp: ' ',
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
  szlig: 'ß',
  rsquo: '’',
  lsquo: '‘',
  ndash: '–',
  mdash: '—',
};
/** `&euml;` is a letter and its mark. */
const MARKS: Readonly<Record<string, string>> = {
  uml: '\u0308',
  acute: '\u0301',
  grave: '\u0300',
  circ: '\u0302',
  tilde: '\u0303',
  cedil: '\u0327',
  ring: '\u030a',
  caron: '\u030c',
};
const MARKED = /^([a-z])(uml|acute|grave|circ|tilde|cedil|ring|caron)$/i;

/** Characters of Windows-1252 for the bytes 0x80 to 0x9f; those bytes that have none are themselves. */
const C1 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
/** The first byte of a letter in UTF-8, and the next, each read as Windows-1252: "Ã¼" for "ü". */
const MISREAD = new RegExp(`[\\u00c2-\\u00f4][\\u0080-\\u00bf${C1}]`, 'u');
/** Letters that come out of capitals before a quotation mark or a fixed space ("CAFÉ»"), and are in hardly a name. */
const UNLIKELY = /[\u0180-\u0217\u021c-\u036f\u0530-\u058f\u0700-\u08ff]/u;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text with what stands for its letters put right: `Zo&euml;`, and "JÃ¼rgen", which was UTF-8 read as Windows-1252. */
export function unspoilt(text: string): string {
  const plain = text.includes('&') && text.includes(';') ? withoutEntities(text) : text;
  return MISREAD.test(plain) ? (readAgain(plain) ?? plain) : plain;
}

function withoutEntities(text: string): string {
  return text.replace(ENTITY, (entity, decimal?: string, hex?: string, name?: string) => {
    if (name === undefined) {
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return code > 31 && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
    }
    const [, letter, mark = ''] = MARKED.exec(name) ?? [];
    const marked =
      letter === undefined ? undefined : `${letter}${MARKS[mark.toLowerCase()]}`.normalize('NFC');
    return marked ?? NAMED[name.toLowerCase()] ?? entity;
  });
}

function readAgain(text: string): string | undefined {
  const bytes = new Uint8Array(text.length);
  for (const [index, character] of [...text].entries()) {
    const code = character.codePointAt(0) ?? 0;
    const special = C1.indexOf(character);
    const byte = special === -1 ? code : 0x80 + special;
    if (byte > 0xff) return undefined;
    bytes[index] = byte;
  }
  try {
    const read = utf8.decode(bytes.subarray(0, text.length));
    return UNLIKELY.test(read) ? undefined : read;
  } catch {
    return undefined;
  }
}
