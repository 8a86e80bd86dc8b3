import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Characters in a piece: a write for each line would cost more than the line. */
const PIECE = 64 * 1024;

/** A document as a line of NDJSON. */
export function ndjsonLine(document: object): string {
  return `${JSON.stringify(document)}\n`;
}

/** Sends documents as NDJSON, several lines at a time; done when the response has taken all of them. */
export async function sendNdjson(
  response: NodeJS.WritableStream,
  documents: AsyncIterable<object>,
  signal?: AbortSignal,
): Promise<void> {
  const pieces = Readable.from(piecesOf(documents), { objectMode: false });
  await pipeline(pieces, response, signal === undefined ? {} : { signal });
}

async function* piecesOf(documents: AsyncIterable<object>): AsyncGenerator<string> {
  let piece = '';
  for await (const document of documents) {
    piece += ndjsonLine(document);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}
