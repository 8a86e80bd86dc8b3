import { mkdir } from 'node:fs/promises';

/** DATA_DIR, or a file in it, cannot be used as it is. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
  constructor(path: string, cause: unknown) {
    super(`The data directory ${path} cannot be used: ${reason(cause)}.`, { cause });
  }
}

/** Makes sure that DATA_DIR is there; a new one is for its owner alone. Throws {@link DataDirectoryError}. */
export async function ensureDataDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new DataDirectoryError(path, error);
  }
}

/** What is wrong, and what to do about it. */
function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return 'disk full. Free space and start again';
  const elsewhere = 'Set DATA_DIR to a directory that this user can write to';
  if (code === 'EACCES' || code === 'EPERM') return `no permission. ${elsewhere}`;
  if (code === 'EEXIST' || code === 'ENOTDIR') return `there is a file in its place. ${elsewhere}`;
  if (code === 'EROFS') return `the disk is read-only. ${elsewhere}`;
  return `${message}. ${elsewhere}`;
}
