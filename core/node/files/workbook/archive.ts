import { Inflate } from 'fflate/browser';
import { DAMAGED, WorkbookError } from './errors.ts';

/** Bytes that one part of a workbook may unpack to; more fills the memory. */
const LARGEST_PART = 600_000_000;
/** The same of all that is needed as a whole: everything but sheets. */
const LARGEST_WHOLE_PART = 200_000_000;

/** ZIP's records (PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16). */
const END = { signature: 0x06054b50, size: 22, longestComment: 0xffff };
const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const DEFLATED = 8;
const STORED = 0;
/** Bytes that are unpacked at a time: zeros shrink to a thousandth, so 16 kB become 16 MB at most. */
const PACKED_PIECE = 16_384;

interface Entry {
  readonly method: number;
  readonly packed: Uint8Array;
}

/** A ZIP archive in memory, whose parts are unpacked piece by piece. */
export class Archive {
  readonly #entries: ReadonlyMap<string, Entry>;

  /** @throws {WorkbookError} for what is no archive, or a damaged one. */
  constructor(bytes: Uint8Array) {
    this.#entries = entriesOf(bytes);
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Bytes of a part as it is packed; 0: there is none. */
  packedSize(name: string): number {
    return this.#entries.get(name)?.packed.length ?? 0;
  }

  /**
   * A part's bytes, in pieces; nothing where there is no such part.
   * @throws {WorkbookError} for a part that is damaged or too large.
   */
  *pieces(name: string): Generator<Uint8Array> {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    if (entry.method === STORED) {
      yield entry.packed;
      return;
    }
    if (entry.method !== DEFLATED) throw new WorkbookError(DAMAGED);
    let waiting: Uint8Array[] = [];
    let length = 0;
    let ended = false;
    const inflate = new Inflate((piece, final) => {
      waiting.push(piece);
      length += piece.length;
      ended = final;
    });
    for (let at = 0; at < entry.packed.length; at += PACKED_PIECE) {
      const end = Math.min(entry.packed.length, at + PACKED_PIECE);
      try {
        inflate.push(entry.packed.subarray(at, end), end === entry.packed.length);
      } catch {
        throw new WorkbookError(DAMAGED);
      }
      if (length > LARGEST_PART) throw tooLarge();
      yield* waiting;
      waiting = [];
    }
    if (!ended) throw new WorkbookError(DAMAGED);
  }

  /** A part's text, in pieces. */
  *text(name: string): Generator<string> {
    const encoding = this.#encodingOf(name);
    if (encoding === 'utf-8') {
      yield* utf8Text(this.pieces(name));
      return;
    }
    const decoder = new TextDecoder(encoding);
    for (const piece of this.pieces(name)) yield decoder.decode(piece, { stream: true });
    yield decoder.decode();
  }

  /** XML is in UTF-8 or says so by a mark (XML 1.0, 4.3.3). */
  #encodingOf(name: string): string {
    for (const [first, second] of this.pieces(name)) {
      if (first === 0xff && second === 0xfe) return 'utf-16le';
      if (first === 0xfe && second === 0xff) return 'utf-16be';
      break;
    }
    return 'utf-8';
  }

  /** A part's text as a whole; empty where there is no such part. */
  whole(name: string): string {
    const pieces: string[] = [];
    let length = 0;
    for (const piece of this.text(name)) {
      length += piece.length;
      if (length > LARGEST_WHOLE_PART) throw tooLarge();
      pieces.push(piece);
    }
    return pieces.join('');
  }
}

/** Cut behind ASCII, each piece is whole: decoded so, it takes a third of the time that a stream takes. */
function* utf8Text(pieces: Iterable<Uint8Array>): Generator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let kept = new Uint8Array(0);
  for (const piece of pieces) {
    let cut = piece.length;
    while (cut > 0 && (piece[cut - 1] ?? 0) >= 0x80) cut--;
    if (kept.length > 0) {
      const joined = new Uint8Array(kept.length + cut);
      joined.set(kept);
      joined.set(piece.subarray(0, cut), kept.length);
      yield decoder.decode(joined);
    } else {
      yield decoder.decode(piece.subarray(0, cut));
    }
    kept = piece.slice(cut);
  }
  yield decoder.decode(kept);
}

function tooLarge(): WorkbookError {
  return new WorkbookError(
    'holds more than 600 MB when unpacked, or 200 MB of text, more than an Excel file may. Save the list as CSV and try again.',
  );
}

function entriesOf(bytes: Uint8Array): Map<string, Entry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const names = new TextDecoder();
  try {
    const entries = new Map<string, Entry>();
    const end = endRecord(view);
    let at = view.getUint32(end + 16, true);
    for (let left = view.getUint16(end + 10, true); left > 0; left--) {
      if (view.getUint32(at, true) !== CENTRAL_SIGNATURE) throw new WorkbookError(DAMAGED);
      const nameLength = view.getUint16(at + 28, true);
      const local = view.getUint32(at + 42, true);
      if (view.getUint32(local, true) !== LOCAL_SIGNATURE) throw new WorkbookError(DAMAGED);
      const data = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const packed = bytes.subarray(data, data + view.getUint32(at + 20, true));
      const name = names.decode(bytes.subarray(at + 46, at + 46 + nameLength)).replaceAll('\\', '/');
      entries.set(name, { method: view.getUint16(at + 10, true), packed });
      at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
    return entries;
  } catch {
    throw new WorkbookError(DAMAGED);
  }
}

function endRecord(view: DataView): number {
  const first = Math.max(0, view.byteLength - END.size - END.longestComment);
  for (let at = view.byteLength - END.size; at >= first; at--) {
    if (view.getUint32(at, true) === END.signature) return at;
  }
  throw new WorkbookError(DAMAGED);
}
