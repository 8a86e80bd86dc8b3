import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { own } from '../../core/node/sqlite-schema.ts';
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
