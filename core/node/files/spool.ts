import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LeadFileError } from './errors.ts';
import { type LeadFile, type LeadFileOptions, openLeadFile } from './lead-file.ts';

export interface LeadStreamOptions extends Omit<LeadFileOptions, 'name'> {
  /** Bytes to take at most; 1 GB unless given. */
  readonly maxBytes?: number;
  /** Where the copy is kept until `close()`; the system's folder for temporary files unless given. */
  readonly folder?: string;
}

const ONE_GIGABYTE = 1_000_000_000;

/**
 * Opens a list that comes over a stream (an upload, standard input) or is in memory. A list is read several
 * times, so it is first copied to a file that only this user may read; `close()` removes it.
 * @param name what messages call the list.
 * @throws {LeadFileError} as `openLeadFile`, and for a list over `maxBytes`. What the stream throws passes.
 */
export async function openLeadStream(
  source: Readable | Uint8Array,
  name: string,
  options: LeadStreamOptions = {},
): Promise<LeadFile> {
  const { maxBytes = ONE_GIGABYTE, folder = tmpdir(), ...reading } = options;
  const own = await mkdtemp(join(folder, 'leads-'));
  const remove = () => rm(own, { recursive: true, force: true });
  try {
    const path = join(own, 'list');
    const bytes = source instanceof Readable ? source : Readable.from([source]);
    await pipeline(bytes, limit(name, maxBytes), createWriteStream(path, { mode: 0o600 }));
    return { ...(await openLeadFile(path, { ...reading, name })), close: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function limit(name: string, maxBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= maxBytes) return done(null, chunk);
      done(
        new LeadFileError(
          `${name} is larger than ${Math.floor(maxBytes / 1_000_000)} MB. Split it into several lists and try again.`,
        ),
      );
    },
  });
}
