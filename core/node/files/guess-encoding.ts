import { plausibility, shareOfOneLanguage } from './plausible-text.ts';

/** What a list may be encoded in, by the names of the Encoding Standard where it has one. Likelier ones first. */
const ENCODINGS: readonly string[] = [
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1254',
  'windows-1257',
  'iso-8859-2',
  'macintosh',
  'koi8-r',
  'koi8-u',
  'iso-8859-5',
  'iso-8859-7',
  'windows-1255',
  'windows-1256',
  'windows-874',
  'x-mac-cyrillic',
  'ibm866',
  'cp850',
  'cp852',
  'shift_jis',
  'euc-jp',
  'gb18030',
  'big5',
  'euc-kr',
];

/** The names that jschardet uses where they are others. */
const DETECTOR_NAMES: Readonly<Record<string, string>> = {
  macroman: 'macintosh',
  maccyrillic: 'x-mac-cyrillic',
  cp874: 'windows-874',
  cp932: 'shift_jis',
  cp949: 'euc-kr',
};

/** Share of the words beyond ASCII that must read as words: a list has abbreviations and slips, too. */
const PLAUSIBLE = { withDetector: 0.75, alone: 0.9 };
/** With fewer bytes beyond ASCII, a detector says anything. */
const FEW_LETTERS = 3;
/** Bytes that a guess needs at most. */
const ENOUGH_BYTES = 16_384;

/** A decoder; `undefined`: it knows no such encoding. */
export type Decode = (bytes: Uint8Array, encoding: string) => string | undefined;
/** A detector's opinions, the best first. */
export type Detect = (bytes: Uint8Array, encodings: readonly string[]) => readonly string[];

/**
 * In which encoding a text is that is not UTF-8. The detector's opinions are held against what the words look
 * like, because on a short list its first one may be wrong; without a detector, Windows-1252 is recognised and
 * what a single encoding can explain.
 * @param bytes the text, or those lines of it that are not UTF-8.
 * @returns `undefined` where no encoding makes words of it, or two make different ones and nobody can tell.
 */
export function guessEncoding(bytes: Uint8Array, decode: Decode, detect?: Detect): string | undefined {
  const words = wordsBeyondAscii(bytes);
  if (words.length === 0) return 'windows-1252';
  const opinions = (detect?.(words, [...ENCODINGS, ...Object.keys(DETECTOR_NAMES)]) ?? []).map((name) => {
    const lower = name.toLowerCase();
    return DETECTOR_NAMES[lower] ?? lower;
  });
  const order = [...new Set([...opinions.filter((name) => ENCODINGS.includes(name)), ...ENCODINGS])];
  const candidates = order.flatMap((encoding) => {
    const text = decode(words, encoding);
    return text === undefined ? [] : [{ encoding, text, score: plausibility(text, encoding) }];
  });
  const best = Math.max(...candidates.map(({ score }) => score));
  if (!(best >= (detect ? PLAUSIBLE.withDetector : PLAUSIBLE.alone))) return undefined;
  const likely = candidates.filter(({ score }) => score === best);
  const usual = likely.find(({ encoding }) => encoding === 'windows-1252');
  if (usual && lettersBeyondAscii(words) < FEW_LETTERS) return usual.encoding;
  const first = inOneLanguage(likely);
  const alike = likely.filter(({ text }) => text === first?.text);
  const unsure = detect === undefined && first?.encoding !== 'windows-1252' && alike.length < likely.length;
  if (unsure) return undefined;
  // Of encodings that say the same, the commonest is named.
  return ENCODINGS.find((encoding) => alike.some((each) => each.encoding === encoding));
}

interface Candidate {
  readonly encoding: string;
  readonly text: string;
}

/** The first, or of those for the same languages the one whose words are most of one: "Gąska" rather than "Gšska" in Poland. */
function inOneLanguage(likely: readonly Candidate[]): Candidate | undefined {
  let best = likely[0];
  let share = best ? shareOfOneLanguage(best.text, best.encoding, best.encoding) : 0;
  for (const each of likely.slice(1)) {
    const own = shareOfOneLanguage(each.text, each.encoding, best?.encoding ?? '');
    if (own > share) [best, share] = [each, own];
  }
  return best;
}

const SEPARATORS = new Set([9, 10, 13, 44, 59, 124]);

function lettersBeyondAscii(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => count + (byte >= 0x80 ? 1 : 0), 0);
}

/** The cells that hold a byte beyond ASCII, one a line: what is the same in all encodings tells nothing. */
function wordsBeyondAscii(bytes: Uint8Array): Uint8Array {
  const found = new Uint8Array(Math.min(bytes.length + 1, ENOUGH_BYTES));
  let length = 0;
  let start = 0;
  let foreign = false;
  for (let at = 0; at <= bytes.length; at++) {
    const byte = bytes[at];
    if (byte !== undefined && !SEPARATORS.has(byte)) {
      if (byte >= 0x80) foreign = true;
      continue;
    }
    if (foreign) {
      const cell = bytes.subarray(start, at);
      if (length + cell.length + 1 > found.length) break;
      found.set(cell, length);
      length += cell.length;
      found[length++] = 10;
    }
    start = at + 1;
    foreign = false;
  }
  return found.subarray(0, length);
}
