import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { type Decoder, decoderFor, type Encoding } from './encoding.ts';
import { emptyList, LeadFileError } from './errors.ts';

const PIECE_BYTES = 64 * 1024;

export interface FileState {
  /** Bytes. */
  readonly size: number;
  /** ms since the epoch. */
  readonly changedAt: number;
}

/** @throws {LeadFileError} if nothing readable is there. */
export async function fileState(name: string, path: string): Promise<FileState> {
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (found.isDirectory()) {
    throw new LeadFileError(`${path} is a folder. Give the file in it that holds the leads.`);
  }
  if (!found.isFile())
    throw new LeadFileError(`${path} is not a file. Save the leads to one, and give that.`);
  if (found.size === 0) throw emptyList(name);
  return { size: found.size, changedAt: found.mtimeMs };
}

/** The first bytes, enough to tell what a file holds. */
export async function readHead(path: string): Promise<Buffer> {
  const handle = await open(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** A file's bytes, piece by piece. */
export function filePieces(path: string): AsyncIterable<Buffer> {
  return createReadStream(path, { highWaterMark: 4 * PIECE_BYTES });
}

function unreadable(path: string, error: unknown): LeadFileError {
  const code = error instanceof Error && 'code' in error ? error.code : error;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new LeadFileError(`There is no file ${path}. Check the name and the folder.`);
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new LeadFileError(`${path} may not be read. Allow it, or copy it to a place of your own.`);
  }
  return new LeadFileError(`${path} could not be read (${code}). Copy it elsewhere and try again.`, {
    cause: error,
  });
}

/** A text on disk, decoded while it is read. */
export class TextFile {
  readonly name: string;
  readonly #path: string;
  readonly #state: FileState;
  readonly #encoding: Encoding;

  constructor(name: string, path: string, state: FileState, encoding: Encoding) {
    this.name = name;
    this.#path = path;
    this.#state = state;
    this.#encoding = encoding;
  }

  /** Bytes. */
  get size(): number {
    return this.#state.size;
  }

  get bom(): boolean {
    return this.#encoding.bomBytes > 0;
  }

  decoder(): Decoder {
    return decoderFor(this.#encoding);
  }

  /** The text of `head`, the first bytes: whole lines only, unless it has none or all of the text. */
  start(head: Buffer): string {
    const decoder = this.decoder();
    const text = decoder.write(head.subarray(this.#encoding.bomBytes));
    if (head.length >= this.size) return text + decoder.end();
    return text.slice(0, text.lastIndexOf('\n') + 1) || text;
  }

  /** @throws {LeadFileError} if the file changed since it was opened. */
  async *chunks(decoder: Decoder = this.decoder()): AsyncGenerator<string> {
    const { size, changedAt } = await fileState(this.name, this.#path);
    if (size !== this.#state.size || changedAt !== this.#state.changedAt) {
      throw new LeadFileError(
        `${this.name} changed since it was opened, so its rows may not be the same. Start again with the new list.`,
      );
    }
    const start = this.#encoding.bomBytes;
    for await (const bytes of createReadStream(this.#path, { start, highWaterMark: PIECE_BYTES })) {
      yield decoder.write(bytes);
    }
    yield decoder.end();
  }
}
