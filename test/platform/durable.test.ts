import fs, { existsSync } from 'node:fs';
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import { backup, restoreBackup } from '../../core/node/backup.ts';
import { openLeadFile, writeEnriched } from '../../core/node/files/index.ts';
import { loadKeyRing } from '../../core/node/keyring.ts';
import { own } from '../../core/node/sqlite-schema.ts';
import { openStore } from '../../core/node/store.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('the store is written so that a power cut loses nothing and deleted people leave nothing', async () => {
  const directory = await temporaryDirectory();
  const database = new DatabaseSync(join(directory, 'store.sqlite'));
  own(database, directory);
  const setting = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  // 2: FULL, which syncs the log at each commit; NORMAL (1) would not (https://www.sqlite.org/pragma.html#pragma_synchronous).
  expect(setting('synchronous')).toBe(2);
  expect(setting('journal_mode')).toBe('wal');
  expect(setting('secure_delete')).toBe(1);
  expect(setting('locking_mode')).toBe('exclusive');
  database.close();
});

/** For each file or directory that the work forces to the disk: whether `path` was there by then. */
async function syncsBeside(path: string, work: () => Promise<unknown>): Promise<boolean[]> {
  const there: boolean[] = [];
  await using handle = await open('.');
  const prototype: FileHandle = Object.getPrototypeOf(handle);
  const { sync } = prototype;
  using _ = vi.spyOn(prototype, 'sync').mockImplementation(async function (this: FileHandle) {
    there.push(existsSync(path));
    await sync.call(this);
  });
  await work();
  return there;
}

test('a backup, a restored store and a new encryption key are on the disk before they have their names, and these after', async () => {
  const directory = await temporaryDirectory();
  const [copy, elsewhere] = [join(directory, 'copy.sqlite'), join(directory, 'elsewhere')];
  const store = await openStore(join(directory, 'data'));
  expect(await syncsBeside(copy, () => backup(store, copy))).toEqual([false, true]);
  await store.close();
  const restore = () => restoreBackup(copy, elsewhere, { replace: false, now: 0 });
  expect(await syncsBeside(join(elsewhere, 'store.sqlite'), restore)).toEqual([false, true]);
  const makeKey = () => loadKeyRing({ dataDir: elsewhere });
  expect(await syncsBeside(join(elsewhere, 'encryption.keys'), makeKey)).toEqual([false, true]);
});

test.each<[string, string, { format?: 'xlsx' }]>([
  ['CSV in plain ASCII', 'ada@contoso.com', {}],
  ['CSV', 'josé@contoso.com', {}],
  ['a workbook', 'ada@contoso.com', { format: 'xlsx' }],
])('%s is on the disk before it takes the place of what was there', async (_name, email, format) => {
  const directory = await temporaryDirectory();
  const [list, target] = [join(directory, 'leads.csv'), join(directory, 'enriched')];
  await writeFile(list, `email\n${email}\n`);
  const source = await openLeadFile(list);
  const there: boolean[] = [];
  const { fsync } = fs;
  using _ = vi.spyOn(fs, 'fsync').mockImplementation((file, done) => {
    there.push(existsSync(target));
    fsync(file, done);
  });
  async function* rows() {
    for await (const cells of source.rows()) yield { cells, added: ['matched'] };
  }
  await writeEnriched({ target, source, columns: ['apollo_outcome'], rows: rows(), ...format });
  expect(new Set(there)).toEqual(new Set([false]));
});
