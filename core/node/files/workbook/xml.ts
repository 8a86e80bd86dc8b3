import { DAMAGED, WorkbookError } from './errors.ts';

/** A tag or the text before one. Names are without their namespace's prefix. */
export interface Token {
  readonly kind: 'open' | 'close' | 'empty';
  readonly name: string;
  /** What stands in the tag after its name. */
  readonly attributes: string;
  /** The text between the tag before and this one, as it is written. */
  readonly text: string;
  /** The tag as it is written. */
  readonly raw: string;
}

const SKIPPED: readonly (readonly [start: string, end: string])[] = [
  ['<!--', '-->'],
  ['<?', '?>'],
  ['<!', '>'],
];
const CDATA = { start: '<![CDATA[', end: ']]>' };

/** Characters of a tag, and of the text between two: a cell holds 32,767. */
const LONGEST = 2_000_000;

/**
 * The tags of an XML text that comes in pieces, in constant memory. For workbooks, which are written by programs:
 * what is not well-formed gives other tags, and no error but for what is too long.
 */
export function* tokens(pieces: Iterable<string>): Generator<Token> {
  let buffer = '';
  let text = '';
  for (const piece of pieces) {
    buffer += piece;
    let at = 0;
    for (;;) {
      const start = buffer.indexOf('<', at);
      if (start === -1) {
        text += buffer.slice(at);
        at = buffer.length;
        break;
      }
      const end = tagEnd(buffer, start);
      if (end === -1) break;
      text += buffer.slice(at, start);
      const raw = buffer.slice(start, end);
      at = end;
      if (raw.startsWith(CDATA.start)) {
        text += escapeXml(raw.slice(CDATA.start.length, -CDATA.end.length));
        continue;
      }
      if (raw.startsWith('<!') || raw.startsWith('<?')) continue;
      yield token(raw, text);
      text = '';
    }
    buffer = buffer.slice(at);
    if (buffer.length > LONGEST || text.length > LONGEST) throw new WorkbookError(DAMAGED);
  }
}

/** The position after what starts at `start`; -1: it is not all there. */
function tagEnd(buffer: string, start: number): number {
  const second = buffer[start + 1];
  if (second === '!' || second === '?') {
    if (buffer.length - start < CDATA.start.length) return -1;
    const [, close] = buffer.startsWith(CDATA.start, start)
      ? [CDATA.start, CDATA.end]
      : (SKIPPED.find(([open]) => buffer.startsWith(open, start)) ?? ['', '>']);
    const end = buffer.indexOf(close, start);
    return end === -1 ? -1 : end + close.length;
  }
  let end = buffer.indexOf('>', start);
  // A ">" in an attribute's value is no end; values with one are rare, tags without quotes common.
  while (end !== -1 && isQuoted(buffer, start, end)) end = buffer.indexOf('>', end + 1);
  return end === -1 ? -1 : end + 1;
}

function isQuoted(buffer: string, start: number, end: number): boolean {
  const slash = buffer.charCodeAt(end - 1) === 47 ? 1 : 0;
  const before = buffer[end - 1 - slash];
  // Nearly all tags end behind a value's closing quote, or have no value at all.
  if ((before === '"' || before === "'") && buffer[end - 2 - slash] !== '=') return false;
  const tag = buffer.slice(start, end);
  if (!tag.includes('=')) return false;
  let quote: string | undefined;
  for (const character of tag) {
    if (character === quote) quote = undefined;
    else if (quote === undefined && (character === '"' || character === "'")) quote = character;
  }
  return quote !== undefined;
}

function token(raw: string, text: string): Token {
  const closing = raw.charCodeAt(1) === 47;
  const empty = raw.charCodeAt(raw.length - 2) === 47;
  const inside = raw.slice(closing ? 2 : 1, empty ? -2 : -1);
  const space = inside.search(/\s/);
  const name = space === -1 ? inside : inside.slice(0, space);
  return {
    kind: closing ? 'close' : empty ? 'empty' : 'open',
    name: name.slice(name.indexOf(':') + 1),
    attributes: space === -1 ? '' : inside.slice(space),
    text,
    raw,
  };
}

/** The value of an attribute, whatever its namespace's prefix. */
export function attribute(attributes: string, name: string): string | undefined {
  // As nearly all programs write it.
  const usual = ` ${name}="`;
  const from = attributes.indexOf(usual);
  if (from !== -1) {
    const start = from + usual.length;
    return unescapeXml(attributes.slice(start, attributes.indexOf('"', start)));
  }
  if (!attributes.includes(name)) return undefined;
  for (let at = attributes.indexOf(name); at !== -1; at = attributes.indexOf(name, at + 1)) {
    const before = attributes[at - 1];
    if (before !== undefined && before !== ':' && before.trim() !== '') continue;
    const value = /^\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(attributes.slice(at + name.length));
    if (value) return unescapeXml(value[1] ?? value[2] ?? '');
  }
  return undefined;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

export function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const code = Number.parseInt(decimal ?? hex, decimal === undefined ? 16 : 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

const SPECIAL: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };

function escapeXml(text: string): string {
  return /[<>&"]/.test(text) ? text.replace(/[<>&"]/g, (character) => SPECIAL[character] ?? '') : text;
}

/** Characters that XML cannot hold are written `_x0007_` in a workbook (ECMA-376, 22.9.2.19, ST_Xstring). */
export function decodeCellText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([\dA-Fa-f]{4})_/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write these
const UNWRITABLE = /[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]/g;

export function encodeCellText(text: string): string {
  return escapeXml(
    text
      .toWellFormed()
      .replace(/_(?=x[\dA-Fa-f]{4}_)/g, '_x005F_')
      .replace(
        UNWRITABLE,
        (character) => `_x${character.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}_`,
      ),
  );
}
