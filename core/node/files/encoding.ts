import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { LeadFileError } from './errors.ts';
import { guessEncoding } from './guess-encoding.ts';
import { plausibility } from './plausible-text.ts';

export interface Encoding {
  readonly name: string;
  /** Bytes of the byte order mark at the start; 0: there is none. */
  readonly bomBytes: number;
  /** Of `utf-8`: what lines are read as that are not. */
  readonly otherwise?: string;
}

const MARKS = [
  { name: 'utf-8', mark: [0xef, 0xbb, 0xbf] },
  { name: 'utf-32le', mark: [0xff, 0xfe, 0, 0] },
  { name: 'utf-16le', mark: [0xff, 0xfe] },
  { name: 'utf-16be', mark: [0xfe, 0xff] },
] as const;

/** How a text is encoded, as far as its first bytes tell: 8-bit texts are `utf-8` until proven otherwise. */
export function detectEncoding(head: Buffer): Encoding {
  const marked = MARKS.find(({ mark }) => mark.every((byte, index) => head[index] === byte));
  if (marked) return { name: marked.name, bomBytes: marked.mark.length };
  return { name: unmarkedUtf16(head) ?? 'utf-8', bomBytes: 0 };
}

/** UTF-16 has a NUL beside every ASCII character, always on one side; a stray NUL in an 8-bit text is no sign of it. */
function unmarkedUtf16(head: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const start = head.subarray(0, Math.min(head.length, 4096) & ~1);
  let even = 0;
  let odd = 0;
  for (let index = 0; index < start.length; index += 2) {
    if (start[index] === 0) even++;
    if (start[index + 1] === 0) odd++;
  }
  const pairs = start.length / 2;
  if (odd > pairs * 0.6 && even < pairs * 0.05) return 'utf-16le';
  if (even > pairs * 0.6 && odd < pairs * 0.05) return 'utf-16be';
  // Where letters are beyond Latin, only delimiters and line breaks have a NUL.
  if (odd >= 3 && even === 0 && readsAsText(start, 'utf-16le')) return 'utf-16le';
  if (even >= 3 && odd === 0 && readsAsText(start, 'utf-16be')) return 'utf-16be';
  return undefined;
}

function readsAsText(bytes: Buffer, encoding: string): boolean {
  const text = iconv.decode(bytes, encoding);
  return (
    /\n/.test(text) &&
    !/[\p{Cn}\p{Co}\uFFFD]|[^\P{Cc}\t\r\n]/u.test(text) &&
    plausibility(text, encoding) > 0.9
  );
}

/** Names of the Encoding Standard (WHATWG) that iconv-lite has under another. */
const ICONV_NAMES: Readonly<Record<string, string>> = { 'x-mac-cyrillic': 'maccyrillic', ibm866: 'cp866' };

/** Refuses a name that no decoder knows, with what to do. */
export function knownEncoding(name: string): string {
  const lower = name.trim().toLowerCase();
  if (iconv.encodingExists(ICONV_NAMES[lower] ?? lower) || lower === ISO_2022_JP) return lower;
  throw new LeadFileError(
    `"${name}" is not a known text encoding. Try utf-8, utf-16le, windows-1252, windows-1251, iso-8859-2, shift_jis, gb18030 or big5.`,
  );
}

/** With escape sequences in ASCII; iconv-lite does not know it, the Encoding Standard does. */
const ISO_2022_JP = 'iso-2022-jp';
/** As `ESC $ B` and `ESC $ @` switch to Japanese characters (RFC 1468). */
const JAPANESE_ESCAPES = ['\x1b$@', '\x1b$B'];
/** Bytes of lines that are not UTF-8; more make a guess no better. */
const ENOUGH_BYTES = 32_768;
/** At most this share of the lines beyond ASCII reads as UTF-8 by chance. */
const CHANCE = 0.1;

/**
 * How a text is encoded, by its mark or by what it holds: all of it is looked through, because a list may be
 * plain ASCII up to a name far down.
 * @throws {LeadFileError} where nobody can tell, with what to do.
 */
export async function recogniseEncoding(
  name: string,
  head: Buffer,
  pieces: AsyncIterable<Buffer>,
): Promise<Encoding> {
  const marked = detectEncoding(head);
  if (marked.bomBytes > 0 || marked.name !== 'utf-8') return { ...marked, otherwise: 'windows-1252' };
  if (JAPANESE_ESCAPES.some((start) => head.includes(start))) return { name: ISO_2022_JP, bomBytes: 0 };
  const { utf8, others, bytes } = await linesBeyondAscii(pieces);
  if (others === 0) return marked;
  const guess = await guessed(bytes);
  if (utf8 > (utf8 + others) * CHANCE) return { ...marked, otherwise: guess ?? 'windows-1252' };
  if (guess === undefined) throw unknownEncoding(name);
  return guess === 'windows-1252' ? { ...marked, otherwise: guess } : { name: guess, bomBytes: 0 };
}

async function guessed(bytes: Buffer): Promise<string | undefined> {
  // Its model takes 20 MB and 0.1 s, for the few lists that need it.
  const { detectAll } = await import('jschardet');
  return guessEncoding(bytes, decoded, (words, encodings) =>
    detectAll(words, { minimumThreshold: 0, detectEncodings: [...encodings] }).map(
      ({ encoding }) => encoding ?? '',
    ),
  );
}

function decoded(bytes: Uint8Array, encoding: string): string | undefined {
  const name = ICONV_NAMES[encoding] ?? encoding;
  return iconv.encodingExists(name) ? iconv.decode(Buffer.from(bytes), name, { stripBOM: false }) : undefined;
}

function unknownEncoding(name: string): LeadFileError {
  return new LeadFileError(
    `${name} is text in an encoding that cannot be recognised, so its names would come out garbled. ` +
      'Save it as "CSV UTF-8" in Excel, or name its encoding (--encoding windows-1251, say, or encoding=windows-1251 in the API), and try again.',
  );
}

/** Counts the lines (of long runs of UTF-8: the pieces) that are not ASCII, and collects those that are not UTF-8. */
async function linesBeyondAscii(
  pieces: AsyncIterable<Buffer>,
): Promise<{ utf8: number; others: number; bytes: Buffer }> {
  let utf8 = 0;
  const others: Buffer[] = [];
  let length = 0;
  let held: Buffer = Buffer.alloc(0);
  const look = (whole: Buffer) => {
    if (isAscii(whole)) return;
    if (isUtf8(whole)) {
      utf8++;
      return;
    }
    for (const line of linesOf(whole)) {
      if (isAscii(line)) continue;
      if (isUtf8(line)) utf8++;
      else length += others.push(line) && line.length;
      if (length > ENOUGH_BYTES) return;
    }
  };
  for await (const piece of pieces) {
    const cut = safeCut(piece);
    const isWhole = cut > 0 || held.length > ENOUGH_BYTES;
    const end = isWhole ? Math.max(cut, 0) : 0;
    if (isWhole)
      look(held.length > 0 ? Buffer.concat([held, piece.subarray(0, end)]) : piece.subarray(0, end));
    held = isWhole ? Buffer.from(piece.subarray(end)) : Buffer.concat([held, piece]);
    if (length > ENOUGH_BYTES) break;
  }
  look(held);
  return { utf8, others: others.length, bytes: Buffer.concat(others) };
}

function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; ) {
    const feed = bytes.indexOf(LINE_FEED, from);
    const to = feed === -1 ? bytes.length : feed + 1;
    yield bytes.subarray(from, to);
    from = to;
  }
}

/** Turns the bytes of a text (without its byte order mark) into strings, piece by piece. */
export interface Decoder {
  /** What of `bytes` and of what was held back is whole. */
  write(bytes: Buffer): string;
  end(): string;
  /** The encoding as it turned out so far. */
  readonly encoding: string;
}

export function decoderFor({ name, otherwise = 'windows-1252' }: Encoding): Decoder {
  if (name === 'utf-8') return new LineDecoder(otherwise);
  if (name === ISO_2022_JP) {
    const decoder = new TextDecoder(name);
    return {
      write: (bytes) => decoder.decode(bytes, { stream: true }),
      end: () => decoder.decode(),
      encoding: name,
    };
  }
  const decoder = iconv.getDecoder(ICONV_NAMES[name] ?? name, { stripBOM: false });
  return { write: (bytes) => decoder.write(bytes), end: () => decoder.end() ?? '', encoding: name };
}

const LINE_FEED = 10;

/**
 * Reads each line as UTF-8 where it can be and in another encoding where not. One wrong byte far down in a long
 * list, or two exports pasted together, then garbles nothing, and nobody has to choose for the whole file.
 */
class LineDecoder implements Decoder {
  readonly #otherwise: string;
  #held: Buffer[] = [];
  #allUtf8 = true;

  constructor(otherwise: string) {
    this.#otherwise = otherwise;
  }

  get encoding(): string {
    return this.#allUtf8 ? 'utf-8' : this.#otherwise;
  }

  write(bytes: Buffer): string {
    const cut = safeCut(bytes);
    if (cut === 0) {
      this.#held.push(bytes);
      return '';
    }
    const whole = Buffer.concat([...this.#held, bytes.subarray(0, cut)]);
    this.#held = cut < bytes.length ? [bytes.subarray(cut)] : [];
    return this.#decode(whole);
  }

  end(): string {
    const rest = Buffer.concat(this.#held);
    this.#held = [];
    return this.#decode(rest);
  }

  #decode(bytes: Buffer): string {
    if (isUtf8(bytes)) return bytes.toString('utf8');
    this.#allUtf8 = false;
    let text = '';
    for (const line of linesOf(bytes)) {
      text += isUtf8(line) ? line.toString('utf8') : decoded(line, this.#otherwise);
    }
    return text;
  }
}

/** After the last line feed, else after the last ASCII byte: never inside a character of either encoding. */
function safeCut(bytes: Buffer): number {
  const feed = bytes.lastIndexOf(LINE_FEED);
  if (feed !== -1) return feed + 1;
  for (let index = bytes.length - 1; index >= 0; index--) {
    if ((bytes[index] ?? 0) < 0x80) return index + 1;
  }
  return 0;
}
