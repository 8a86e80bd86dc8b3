import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { readError, StoreDamaged, StoreTooNew, StoreUnavailable, writeError } from './store-errors.ts';

/** The format of the file that this version writes, kept in `PRAGMA user_version`. 1 had no checksums. */
const FORMAT = 2;

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

/** One entry to set, or, without a value, to delete. */
export interface Write {
  readonly namespace: string;
  readonly key: string;
  readonly value: string | undefined;
  /** ms since the epoch; undefined: never. */
  readonly expires: number | undefined;
}

/** The writes of one turn of the event loop. */
interface Group {
  readonly committed: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One SQLite file of namespaced entries with one owner. Reads are at once. Writes are applied at once, so
 * that every read sees them, and become durable together at the end of the turn of the event loop: one
 * `fsync` for all of them instead of one for each.
 */
export class SqliteFile {
  readonly #directory: string;
  readonly #now: () => number;
  readonly #database: DatabaseSync;
  readonly #get: StatementSync;
  readonly #getMany: StatementSync;
  readonly #page: StatementSync;
  readonly #rows: StatementSync;
  readonly #set: StatementSync;
  readonly #delete: StatementSync;
  readonly #sweep: StatementSync;
  #group: Group | undefined;
  #closed = false;

  /**
   * Takes the exclusive lock on `database` and keeps it until {@link close} or the death of the process;
   * makes the table if the file is new. `directory` is for messages. Throws SQLite's own busy error when
   * somebody else holds it (see `isBusy`), `StoreTooNew`, `StoreDamaged` or `StoreUnavailable`; `database`
   * is then closed and the file as it was.
   */
  constructor(database: DatabaseSync, directory: string, now: () => number) {
    this.#directory = directory;
    this.#now = now;
    this.#database = database;
    this.#own();
    const prepare = (sql: string) => {
      const statement = database.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    this.#get = prepare(
      'SELECT value, expires, sum FROM entries WHERE namespace = ? AND key = ? AND (expires IS NULL OR expires > ?)',
    );
    // One statement for many keys costs half of one for each. CROSS JOIN: SQLite keeps to this order.
    this.#getMany = prepare(
      `SELECT e.key, e.value, e.expires, e.sum FROM json_each(?) AS asked
        CROSS JOIN entries AS e ON e.namespace = ? AND e.key = asked.value
        WHERE e.expires IS NULL OR e.expires > ?`,
    );
    this.#page = prepare(
      'SELECT key, value, expires, sum FROM entries WHERE namespace = ? AND key >= ? ORDER BY key LIMIT ?',
    );
    this.#rows = prepare(
      'SELECT rowid, namespace, key, value, expires, sum FROM entries WHERE rowid > ? ORDER BY rowid LIMIT ?',
    );
    this.#set = prepare(
      `INSERT INTO entries (namespace, key, expires, value, sum) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET expires = excluded.expires, value = excluded.value, sum = excluded.sum`,
    );
    this.#delete = prepare('DELETE FROM entries WHERE namespace = ? AND key = ?');
    this.#sweep = prepare(
      'DELETE FROM entries WHERE rowid IN (SELECT rowid FROM entries WHERE expires <= ? LIMIT ?)',
    );
  }

  /** The value of an entry that is there and has not expired. */
  get(namespace: string, key: string): string | undefined {
    this.#assertOpen();
    try {
      const row = this.#get.get(namespace, key, this.#now()) as unknown as
        | [string, number | null, number | null]
        | undefined;
      return row && this.#sound(namespace, key, ...row);
    } catch (error) {
      throw readError(this.#directory, error);
    }
  }

  /** As {@link get}, by key; what is not there is left out. */
  getMany(namespace: string, keys: readonly string[]): Map<string, string> {
    this.#assertOpen();
    try {
      const rows = this.#getMany.all(JSON.stringify(keys), namespace, this.#now()) as unknown as [
        string,
        string,
        number | null,
        number | null,
      ][];
      return new Map(rows.map(([key, ...row]) => [key, this.#sound(namespace, key, ...row)]));
    } catch (error) {
      throw readError(this.#directory, error);
    }
  }

  /**
   * At most `limit` rows from `from` on, in the order of keys, expired ones included with `value` undefined,
   * so that the caller knows how far it got.
   */
  page(namespace: string, from: string, limit: number): { key: string; value: string | undefined }[] {
    this.#assertOpen();
    const now = this.#now();
    try {
      const rows = this.#page.all(namespace, from, limit) as unknown as [
        string,
        string,
        number | null,
        number | null,
      ][];
      return rows.map(([key, value, expires, sum]) => {
        const sound = this.#sound(namespace, key, value, expires, sum);
        return { key, value: expires === null || expires > now ? sound : undefined };
      });
    } catch (error) {
      throw readError(this.#directory, error);
    }
  }

  /** At most `limit` entries of every namespace that stand after `from` in the file, expired ones left out. */
  rows(from: number, limit: number): { rows: Write[]; last: number | undefined } {
    this.#assertOpen();
    const now = this.#now();
    try {
      const found = this.#rows.all(from, limit) as unknown as [
        number,
        string,
        string,
        string,
        number | null,
        number | null,
      ][];
      const live = found.filter(([, , , , expires]) => expires === null || expires > now);
      const rows = live.map(([, namespace, key, value, expires, sum]) => {
        const sound = this.#sound(namespace, key, value, expires, sum);
        return { namespace, key, value: sound, expires: expires ?? undefined };
      });
      return { rows, last: found.at(-1)?.[0] };
    } catch (error) {
      throw readError(this.#directory, error);
    }
  }

  /** Resolves once all of `writes` are durable, rejects with `StoreNotWritten` if none of them is. */
  write(writes: readonly Write[]): Promise<void> {
    return this.#inGroup(() => {
      for (const { namespace, key, value, expires } of writes) {
        if (value === undefined) this.#delete.run(namespace, key);
        else this.#set.run(namespace, key, expires ?? null, value, checksum(namespace, key, value, expires));
      }
    });
  }

  /** Removes at most `limit` expired entries; gives how many. */
  async sweep(limit: number): Promise<number> {
    let removed = 0;
    await this.#inGroup(() => {
      removed = Number(this.#sweep.run(this.#now(), limit).changes);
    });
    return removed;
  }

  /** Makes durable what was written and lets go of the file. */
  close(): void {
    if (this.#closed) return;
    if (this.#group) this.#commit(this.#group);
    this.#closed = true;
    this.#database.close();
  }

  #own(): void {
    try {
      // Before the first access: then the log's index lives in memory instead of in a file, and the lock
      // that the first access takes is kept.
      this.#database.exec(`
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA cache_size = -${CACHE_KIB};
        PRAGMA secure_delete = ON;
        BEGIN EXCLUSIVE;
      `);
      const version = this.#version();
      if (version > FORMAT) throw new StoreTooNew(this.#directory, version, FORMAT);
      if (version > 0) this.#checkWhole();
      this.#database.exec('ROLLBACK');
      this.#database.exec(`
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA journal_size_limit = ${LOG_BYTES};
        PRAGMA wal_autocheckpoint = ${LOG_PAGES};
        BEGIN EXCLUSIVE;
      `);
      if (version === 0) {
        // With row ids: values of some hundred bytes under random keys are written three times as fast as
        // WITHOUT ROWID (measured; see also https://www.sqlite.org/withoutrowid.html, "when to use").
        this.#database.exec(`
          CREATE TABLE entries (
            namespace TEXT NOT NULL, key TEXT NOT NULL, expires INTEGER, value TEXT NOT NULL, sum INTEGER,
            PRIMARY KEY (namespace, key)
          ) STRICT;
          CREATE INDEX entries_by_expiry ON entries (expires) WHERE expires IS NOT NULL;
          PRAGMA user_version = ${FORMAT};
        `);
      } else if (version === 1) {
        this.#database.exec(`ALTER TABLE entries ADD COLUMN sum INTEGER; PRAGMA user_version = ${FORMAT};`);
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.close();
      throw readError(this.#directory, error);
    }
  }

  /** Throws `StoreDamaged` where pages, indexes and rows do not agree. */
  #checkWhole(): void {
    const size = this.#database
      .prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')
      .get() as { bytes: number };
    if (size.bytes > CHECKED_WHOLE_BYTES) return;
    const found = this.#database.prepare('PRAGMA integrity_check(1)').get() as { integrity_check: string };
    if (found.integrity_check === 'ok') return;
    throw new StoreDamaged(this.#directory, 'its pages, rows and indexes do not agree');
  }

  /** The value of a row, when its checksum says that it is what was written. */
  #sound(namespace: string, key: string, value: string, expires: number | null, sum: number | null): string {
    // Written before there were checksums.
    if (sum === null || sum === checksum(namespace, key, value, expires ?? undefined)) return value;
    throw new StoreDamaged(this.#directory, 'an entry is not what was written');
  }

  #version(): number {
    const row = this.#database.prepare('PRAGMA user_version').get() as { user_version: number };
    return row.user_version;
  }

  /** Applies `change` in the open transaction; resolves once that is committed. */
  async #inGroup(change: () => void): Promise<void> {
    this.#assertOpen();
    const group = this.#group ?? this.#newGroup();
    try {
      if (!this.#database.isTransaction) this.#database.exec('BEGIN');
      change();
    } catch (error) {
      this.#fail(group, error);
    }
    return group.committed;
  }

  #newGroup(): Group {
    const { promise: committed, resolve, reject } = Promise.withResolvers<void>();
    const group = { committed, resolve, reject };
    this.#group = group;
    setImmediate(() => this.#commit(group));
    return group;
  }

  #commit(group: Group): void {
    if (this.#group !== group) return;
    try {
      this.#database.exec('COMMIT');
      this.#group = undefined;
      group.resolve();
    } catch (error) {
      this.#fail(group, error);
    }
  }

  /** All or nothing: what one write of the group cannot have, none of them gets. */
  #fail(group: Group, error: unknown): void {
    if (this.#group === group) this.#group = undefined;
    group.reject(writeError(this.#directory, error));
    // After a full disk or a failed write SQLite may have rolled back already.
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
  }

  #assertOpen(): void {
    if (!this.#closed) return;
    throw new StoreUnavailable(
      `The store in ${this.#directory} is closed: the program is shutting down. Start it again.`,
    );
  }
}

/** Notices every flipped bit, and all but one in four thousand million other changes. */
function checksum(namespace: string, key: string, value: string, expires: number | undefined): number {
  return crc32(value, crc32(`${namespace}\0${key}\0${expires ?? ''}\0`));
}
