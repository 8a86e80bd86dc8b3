import { open } from 'node:fs/promises';

/** Makes what is written in a file survive a power cut. */
export async function syncFile(path: string): Promise<void> {
  await sync(path, 'r+');
}

/** The same for the names of files in a directory: new ones, and those that were renamed. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows opens no directories.
  if (process.platform !== 'win32') await sync(path, 'r');
}

async function sync(path: string, flags: string): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
