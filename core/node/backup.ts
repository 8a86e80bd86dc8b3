import { constants } from 'node:fs';
import { chmod, copyFile, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Store } from '../ports.ts';
import { ensureDataDirectory } from './data-directory.ts';
import type { CopiedStore } from './entry-store.ts';
import { checkCopy } from './sqlite-schema.ts';
import { openStore } from './store.ts';
import { StoreDamaged, StoreError } from './store-errors.ts';
import { syncDirectory, syncFile } from './sync.ts';

/** A copy could not be made or taken back. The message says what to do. */
export class BackupError extends StoreError {
  override readonly name = 'BackupError';
}

/** The disk or the system did not let a copy be written. */
class BackupNotWritten extends StoreError {
  override readonly name = 'BackupNotWritten';
}

/**
 * Copies the store into a new file while it is in use: as it is at one moment, without stopping anybody. The encryption
 * keys are not in it. Gives its size, bytes. Throws {@link BackupError} and {@link BackupNotWritten}.
 */
export async function backup(store: Store, path: string): Promise<{ bytes: number }> {
  if (!('copyTo' in store)) {
    throw new BackupError(
      'The state is on Redis, which is backed up by Redis itself: save a snapshot (BGSAVE), or use what your provider offers. To have a file, stop all processes and run: ./connectionsphere move-store --to embedded',
    );
  }
  // Made by us or not at all: nobody's file is overwritten, and no half a copy bears the name.
  const temporary = `${path}.part`;
  if (await exists(path)) throw new BackupError(`There is a file ${path} already. Choose another name.`);
  try {
    await rm(temporary, { force: true });
    await (await open(temporary, 'wx', 0o600)).close();
    await (store as CopiedStore).copyTo(temporary);
    await syncFile(temporary);
    await rename(temporary, path);
    await syncDirectory(dirname(path));
    return { bytes: (await stat(path)).size };
  } catch (error) {
    await rm(temporary, { force: true });
    throw new BackupNotWritten(`The backup could not be written to ${path}: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

/**
 * Puts a copy in the place of the store in `directory`, which must be empty of one unless `replace` is given: what is there
 * is then kept beside it, under the name that is given back. Nothing is changed when the copy is none, is damaged, or is
 * of a later version of the program. Throws a `StoreError` that says so.
 */
export async function restoreBackup(
  path: string,
  directory: string,
  { replace, now }: { readonly replace: boolean; readonly now: number },
): Promise<{ keptAs: string | undefined }> {
  if (!(await exists(path))) throw new BackupError(`There is no file ${path}.`);
  try {
    checkCopy(path);
  } catch (error) {
    if (!(error instanceof StoreDamaged)) throw error;
    throw new BackupError(
      `${path} is damaged, or no backup. Nothing was changed: take another one, or copy this one anew.`,
      { cause: error },
    );
  }
  await ensureDataDirectory(directory);
  const target = join(directory, 'store.sqlite');
  let keptAs: string | undefined;
  if (await exists(target)) {
    if (!replace) {
      throw new BackupError(
        `There is a store in ${directory} already. Add --replace to keep it beside the restored one, or set DATA_DIR to another directory.`,
      );
    }
    // Throws where a process holds it, and takes its log into the file.
    await (await openStore(directory, { command: 'connectionsphere restore' })).close();
    keptAs = `${target}.before-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`;
  }
  const temporary = `${target}.restoring`;
  await copyFile(path, temporary, constants.COPYFILE_FICLONE);
  await chmod(temporary, 0o600);
  await syncFile(temporary);
  if (keptAs !== undefined) await rename(target, keptAs);
  await rename(temporary, target);
  await syncDirectory(directory);
  // Whether it can be opened where it is now.
  await (await openStore(directory, { command: 'connectionsphere restore' })).close();
  return { keptAs: keptAs && basename(keptAs) };
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
