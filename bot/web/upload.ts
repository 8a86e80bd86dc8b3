import { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import type { Request } from 'express';

/** Bytes of leads that are pasted; a longer list comes as a file. */
const PASTED_BYTES = 10 * 1024 * 1024;

/** What came with a form: its small fields, and the list itself as a stream that has to be read to its end. */
export interface Upload {
  /** Fields of the form that stand before the list in it. */
  readonly fields: Readonly<Record<string, string>>;
  readonly name: string;
  readonly list: Readable;
}

/** A form that is broken, or that came without a list. The message is for whoever sent it. */
export class UploadError extends Error {
  override readonly name = 'UploadError';
}

/**
 * Takes a list out of a form: the file, or what was pasted into the field `pasted`. Hands it on as it comes, so that
 * a large file is never in memory. Throws {@link UploadError}, and what `take` throws.
 */
export async function takeUpload<T>(request: Request, take: (upload: Upload) => Promise<T>): Promise<T> {
  const fields: Record<string, string> = {};
  let taking: Promise<T> | undefined;
  const { promise: read, resolve, reject } = Promise.withResolvers<void>();
  const contentType = request.get('content-type') ?? '';
  if (!contentType.startsWith('multipart/form-data'))
    throw new UploadError('Choose a file, or paste some leads.');
  const form = new Busboy({
    headers: { 'content-type': contentType },
    limits: { files: 1, fields: 20, fieldSize: PASTED_BYTES },
  });
  form.on('field', (name, value, _, isCut) => {
    if (isCut)
      reject(new UploadError('More than 10 MB were pasted. Put the list into a file, and drop that.'));
    fields[name] = value;
  });
  form.on('file', (_, stream: Readable, name?: string) => {
    // A form without a chosen file sends an empty one without a name.
    if (!name) return void stream.resume();
    taking = take({ fields, name, list: stream });
    // When the list is refused, the rest of it has to pass all the same.
    taking.catch(() => stream.resume());
  });
  form.on('finish', () => resolve());
  form.on('error', () => reject(new UploadError('The form came broken. Send it again.')));
  request.on('aborted', () => reject(new UploadError('The list did not come to its end. Send it again.')));
  request.pipe(form);
  await read;
  if (taking) return await taking;
  const pasted = fields.pasted?.trim() ?? '';
  if (pasted === '') throw new UploadError('Choose a file, or paste some leads.');
  return await take({ fields, name: 'Pasted leads', list: Readable.from([Buffer.from(pasted)]) });
}
