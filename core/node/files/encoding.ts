import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { LeadFileError } from './errors.ts';

/** `windows-1252` stands for a text that is not UTF-8 throughout; any other name comes from the caller. */
export interface Encoding {
  readonly name: string;
  /** Bytes of the byte order mark at the start; 0: there is none. */
  readonly bomBytes: number;
}

const MARKS = [
  { name: 'utf-8', mark: [0xef, 0xbb, 0xbf] },
  { name: 'utf-16le', mark: [0xff, 0xfe] },
  { name: 'utf-16be', mark: [0xfe, 0xff] },
] as const;

/** How a text is encoded, as far as its first bytes tell: 8-bit texts are `utf-8` until proven otherwise. */
export function detectEncoding(head: Buffer): Encoding {
  const marked = MARKS.find(({ mark }) => mark.every((byte, index) => head[index] === byte));
  if (marked) return { name: marked.name, bomBytes: marked.mark.length };
  return { name: unmarkedUtf16(head) ?? 'utf-8', bomBytes: 0 };
}

/** Latin text in UTF-16 has a NUL in every second byte; a stray NUL in an 8-bit text is no sign of it. */
function unmarkedUtf16(head: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const pairs = Math.min(head.length, 4096) >> 1;
  if (pairs < 2) return undefined;
  let even = 0;
  let odd = 0;
  for (let index = 0; index < pairs * 2; index += 2) {
    if (head[index] === 0) even++;
    if (head[index + 1] === 0) odd++;
  }
  if (odd > pairs * 0.6 && even < pairs * 0.05) return 'utf-16le';
  if (even > pairs * 0.6 && odd < pairs * 0.05) return 'utf-16be';
  return undefined;
}

/** Refuses a name that no decoder knows, with what to do. */
export function knownEncoding(name: string): string {
  if (iconv.encodingExists(name)) return name.toLowerCase();
  throw new LeadFileError(
    `"${name}" is not a known text encoding. Try utf-8, utf-16le, windows-1252 or iso-8859-2.`,
  );
}

/** Turns the bytes of a text (without its byte order mark) into strings, piece by piece. */
export interface Decoder {
  /** What of `bytes` and of what was held back is whole. */
  write(bytes: Buffer): string;
  end(): string;
  /** The encoding as it turned out so far. */
  readonly encoding: string;
}

export function decoderFor(encoding: string): Decoder {
  if (encoding === 'utf-8') return new LineDecoder();
  const decoder = iconv.getDecoder(encoding, { stripBOM: false });
  return { write: (bytes) => decoder.write(bytes), end: () => decoder.end() ?? '', encoding };
}

const LINE_FEED = 10;

/**
 * Reads each line as UTF-8 where it can be and as Windows-1252 where not. One wrong byte far down in a long
 * list, or two exports pasted together, then garbles nothing, and nobody has to choose for the whole file.
 */
class LineDecoder implements Decoder {
  #held: Buffer[] = [];
  #allUtf8 = true;

  get encoding(): string {
    return this.#allUtf8 ? 'utf-8' : 'windows-1252';
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
    for (let from = 0; from < bytes.length; ) {
      const feed = bytes.indexOf(LINE_FEED, from);
      const line = bytes.subarray(from, feed === -1 ? bytes.length : feed + 1);
      text += isUtf8(line) ? line.toString('utf8') : iconv.decode(line, 'windows-1252', { stripBOM: false });
      from += line.length;
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
