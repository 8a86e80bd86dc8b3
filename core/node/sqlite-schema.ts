import { DatabaseSync } from 'node:sqlite';
import { HashIndex } from './hash-index.ts';
import { readError, StoreDamaged, StoreTooNew } from './store-errors.ts';

/**
 * The format of the file that this version writes, kept in `PRAGMA user_version`. 1 had no checksums, 2 no
 * hashed entries, 3 an index of SQLite's for their hashes.
 */
const FORMAT = 4;

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
 * Takes the exclusive lock on a database and keeps it until it is closed; makes the tables if the file is new, and of an
 * earlier version's those of this one. Throws SQLite's own errors, `StoreTooNew` and `StoreDamaged`; the file is then
 * as it was.
 */
export function own(database: DatabaseSync, directory: string): void {
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
  if (version > 0 && isSmall(database)) checkWhole(database, directory);
  database.exec('ROLLBACK');
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA journal_size_limit = ${LOG_BYTES};
    PRAGMA wal_autocheckpoint = ${LOG_PAGES};
    BEGIN EXCLUSIVE;
  `);
  if (version === 1) database.exec('ALTER TABLE entries ADD COLUMN sum INTEGER');
  if (version < 3) {
    // With row ids: values of some hundred bytes under random keys are written three times as fast as
    // WITHOUT ROWID (measured; see also https://www.sqlite.org/withoutrowid.html, "when to use").
    if (version > 0) {
      database.exec('ALTER TABLE entries RENAME TO earlier; DROP INDEX entries_by_expiry');
    }
    database.exec(`
      CREATE TABLE entries (
        namespace TEXT NOT NULL, key TEXT NOT NULL, expires INTEGER, value TEXT NOT NULL, sum INTEGER,
        hash INTEGER
      ) STRICT;
    `);
    if (version > 0) {
      database.exec(`
        INSERT INTO entries SELECT namespace, key, expires, value, sum, NULL FROM earlier;
        DROP TABLE earlier;
      `);
    }
    database.exec(`
      CREATE UNIQUE INDEX entries_in_order ON entries (namespace, key) WHERE hash IS NULL;
      CREATE INDEX entries_by_expiry ON entries (expires) WHERE expires IS NOT NULL;
    `);
  }
  if (version === 3) database.exec('DROP INDEX entries_by_hash');
  if (version < FORMAT) {
    HashIndex.create(database);
    database.exec(`PRAGMA user_version = ${FORMAT}`);
  }
  database.exec('COMMIT');
}

/** The format of a whole copy of a store. Throws `StoreDamaged` for what is none, and `StoreTooNew`; the file stays as it is. */
export function formatOf(path: string): number {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const version = versionOf(database);
    const isStore = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'entries'").get();
    if (version === 0 || !isStore) throw new StoreDamaged(path, 'it is no store of this program');
    if (version > FORMAT) throw new StoreTooNew(path, version, FORMAT);
    checkWhole(database, path);
    return version;
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
export function isSmall(database: DatabaseSync): boolean {
  const size = database
    .prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')
    .get() as { bytes: number };
  return size.bytes <= CHECKED_WHOLE_BYTES;
}
