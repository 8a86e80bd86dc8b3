import { DatabaseSync } from 'node:sqlite';
import { readError, StoreDamaged, StoreTooNew } from './store-errors.ts';

/** The format of the file that this version writes, kept in `PRAGMA user_version`; 0 is a new file. */
const FORMAT = 1;

/**
 * A file of up to this size is checked whole when it is opened (some 100 ms for the largest), bytes. In a
 * larger one a damaged entry is noticed when it is read, by its checksum, but not one that a damaged index
 * no longer leads to.
 */
const CHECKED_WHOLE_BYTES = 16 * 1024 * 1024;

/** Memory for pages of the file, KiB. What does not fit stays on disk. */
const CACHE_KIB = 16_384;

/** The log beside the file is cut back to this after a burst, bytes. */
const LOG_BYTES = 64 * 1024 * 1024;

/**
 * Pages that the log takes before they go into the file (32 MiB; SQLite's default is 4). Keys are random, so
 * a page is changed many times meanwhile, and goes into the file once.
 */
const LOG_PAGES = 8000;

/**
 * Takes the exclusive lock on a database and keeps it until it is closed; makes the table in an empty file where
 * `mayBeEmpty`. Throws SQLite's own errors, `StoreTooNew` and `StoreDamaged`; the file is then as it was.
 */
export function own(database: DatabaseSync, directory: string, mayBeEmpty = true): void {
  // Before the first access: then the log's index lives in memory instead of in a file, and the lock
  // that the first access takes is kept.
  database.exec(`
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA cache_size = -${CACHE_KIB};
    PRAGMA secure_delete = ON;
    BEGIN EXCLUSIVE;
  `);
  const version = versionOf(database);
  if (version > FORMAT) throw new StoreTooNew(directory, version, FORMAT);
  if (version === 0 && !mayBeEmpty) throw new StoreDamaged(directory, 'its file is empty');
  if (version > 0 && isSmall(database)) checkWhole(database, directory);
  database.exec('ROLLBACK');
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA journal_size_limit = ${LOG_BYTES};
    PRAGMA wal_autocheckpoint = ${LOG_PAGES};
    BEGIN EXCLUSIVE;
  `);
  if (version < FORMAT) {
    // With row ids: values of some hundred bytes under random keys are written a third faster than
    // WITHOUT ROWID (measured; see also https://www.sqlite.org/withoutrowid.html, "when to use").
    database.exec(`
      CREATE TABLE entries (
        namespace TEXT NOT NULL, key TEXT NOT NULL, expires INTEGER, value TEXT NOT NULL, sum INTEGER NOT NULL,
        PRIMARY KEY (namespace, key)
      ) STRICT;
      CREATE INDEX entries_by_expiry ON entries (expires) WHERE expires IS NOT NULL;
      PRAGMA user_version = ${FORMAT};
    `);
  }
  database.exec('COMMIT');
}

/** Checks a copy of a store. Throws `StoreDamaged` for what is none, and `StoreTooNew`; the file stays as it is. */
export function checkCopy(path: string): void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const version = versionOf(database);
    const isStore = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'entries'").get();
    if (version === 0 || !isStore) throw new StoreDamaged(path, 'it is no store of this program');
    if (version > FORMAT) throw new StoreTooNew(path, version, FORMAT);
    checkWhole(database, path);
  } catch (error) {
    throw readError(path, error);
  } finally {
    database?.close();
  }
}

function versionOf(database: DatabaseSync): number {
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
  return row.user_version;
}

/** Throws `StoreDamaged` where pages, indexes and rows do not agree. */
function checkWhole(database: DatabaseSync, directory: string): void {
  const found = database.prepare('PRAGMA integrity_check(1)').get() as { integrity_check: string };
  if (found.integrity_check === 'ok') return;
  throw new StoreDamaged(directory, 'its pages, rows and indexes do not agree');
}

/** Whether it takes little time to look at all of it. */
function isSmall(database: DatabaseSync): boolean {
  const size = database
    .prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')
    .get() as { bytes: number };
  return size.bytes <= CHECKED_WHOLE_BYTES;
}
