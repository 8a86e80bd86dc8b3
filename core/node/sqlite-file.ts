import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { readError, StoreDamaged, StoreTooNew, StoreUnavailable, writeError } from './store-errors.ts';

/**
 * The format of the file that this version writes, kept in `PRAGMA user_version`. 1 had no checksums, 2 no
 * hashed entries.
 */
const FORMAT = 3;

/** Entries that are given their hash in one transaction when a namespace becomes hashed. */
const HASHED_TOGETHER = 10_000;

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
 * Entries are found by namespace and key, or, where the namespace is hashed, by a hash of both. An index of
 * hashes has six bytes for each entry where one of keys has some fifty: with random keys, and a commit every
 * few hundred, that is half of what writing costs. Only what is not hashed can be read in the order of keys.
 */
export interface Namespace {
  readonly name: string;
  readonly hashed: boolean;
}

/** One entry to set, or, without a value, to delete. */
export interface Write {
  readonly namespace: string;
  /** Default: false. */
  readonly hashed?: boolean;
  readonly key: string;
  readonly value: string | undefined;
  /** ms since the epoch; undefined: never. */
  readonly expires: number | undefined;
}

/** An entry as it is in the file. */
type Row = [namespace: string, key: string, value: string, expires: number | null, sum: number | null];

/** A row as {@link SqliteFile.page} gives it. */
export interface PagedRow {
  readonly key: string;
  readonly value: string | undefined;
  readonly rowid: number;
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
  readonly #ordered: Record<'get' | 'getMany' | 'page' | 'set' | 'delete' | 'adopt', StatementSync>;
  readonly #hashed: Record<'get' | 'getMany' | 'page' | 'update' | 'insert' | 'delete', StatementSync>;
  readonly #rows: StatementSync;
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
    database.function('hash_of', { deterministic: true }, (namespace, key) =>
      hashOf(String(namespace), String(key)),
    );
    const prepare = (sql: string) => {
      const statement = database.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    const row = 'e.namespace, e.key, e.value, e.expires, e.sum';
    this.#ordered = {
      get: prepare(`SELECT ${row} FROM entries AS e WHERE hash IS NULL AND namespace = ? AND key = ?`),
      // One statement for many keys costs half of one for each. CROSS JOIN: SQLite keeps to this order.
      getMany: prepare(
        `SELECT ${row} FROM json_each(?) AS asked
          CROSS JOIN entries AS e ON hash IS NULL AND namespace = ? AND e.key = asked.value`,
      ),
      page: prepare(
        `SELECT ${row}, rowid FROM entries AS e
          WHERE hash IS NULL AND namespace = ? AND key >= ? ORDER BY key LIMIT ?`,
      ),
      set: prepare(
        `INSERT INTO entries (namespace, key, expires, value, sum) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (namespace, key) WHERE hash IS NULL
          DO UPDATE SET expires = excluded.expires, value = excluded.value, sum = excluded.sum`,
      ),
      delete: prepare('DELETE FROM entries WHERE hash IS NULL AND namespace = ? AND key = ?'),
      adopt: prepare(
        `UPDATE entries SET hash = hash_of(namespace, key) WHERE rowid IN
          (SELECT rowid FROM entries WHERE hash IS NULL AND namespace = ? LIMIT ${HASHED_TOGETHER})`,
      ),
    };
    this.#hashed = {
      // Without namespace and key: a row that was damaged in them must not seem not to be there.
      get: prepare(`SELECT ${row} FROM entries AS e WHERE hash = ?`),
      getMany: prepare(
        `SELECT ${row} FROM json_each(?) AS asked CROSS JOIN entries AS e ON hash = asked.value`,
      ),
      page: prepare(
        `SELECT ${row}, rowid FROM entries AS e WHERE rowid > ? AND hash IS NOT NULL ORDER BY rowid LIMIT ?`,
      ),
      update: prepare(
        'UPDATE entries SET expires = ?, value = ?, sum = ? WHERE hash = ? AND namespace = ? AND key = ?',
      ),
      insert: prepare(
        'INSERT INTO entries (expires, value, sum, hash, namespace, key) VALUES (?, ?, ?, ?, ?, ?)',
      ),
      delete: prepare('DELETE FROM entries WHERE hash = ? AND namespace = ? AND key = ?'),
    };
    this.#rows = prepare(
      `SELECT ${row}, rowid, hash FROM entries AS e WHERE rowid > ? ORDER BY rowid LIMIT ?`,
    );
    this.#sweep = prepare(
      'DELETE FROM entries WHERE rowid IN (SELECT rowid FROM entries WHERE expires <= ? LIMIT ?)',
    );
  }

  /**
   * Makes a namespace hashed whose entries an earlier version wrote, or `move-store`; at once where none are left.
   * What an interruption leaves over is done the next time.
   */
  adopt(namespace: string): void {
    this.#assertOpen();
    try {
      while (Number(this.#ordered.adopt.run(namespace).changes) === HASHED_TOGETHER);
    } catch (error) {
      throw writeError(this.#directory, error);
    }
  }

  /** The value of an entry that is there and has not expired. */
  get(namespace: Namespace, key: string): string | undefined {
    const { name, hashed } = namespace;
    return this.#read(() => {
      const found = hashed ? this.#hashed.get.all(hashOf(name, key)) : this.#ordered.get.all(name, key);
      return this.#valuesOf(namespace, found as unknown as Row[]).get(key);
    });
  }

  /** As {@link get}, by key; what is not there is left out. Of a hashed namespace others may be there as well. */
  getMany(namespace: Namespace, keys: readonly string[]): Map<string, string> {
    const { name, hashed } = namespace;
    return this.#read(() => {
      const found = hashed
        ? this.#hashed.getMany.all(JSON.stringify(keys.map((key) => hashOf(name, key))))
        : this.#ordered.getMany.all(JSON.stringify(keys), name);
      return this.#valuesOf(namespace, found as unknown as Row[]);
    });
  }

  /**
   * At most `limit` rows whose keys start with `prefix`, after `last` where a page came before; in the order of
   * keys, those of a hashed namespace in that of their writing. Expired ones and, for a hashed one, what is none of
   * its entries are there with `value` undefined, so that the caller knows how far it got.
   */
  page({ name, hashed }: Namespace, prefix: string, limit: number, last?: PagedRow): PagedRow[] {
    return this.#read(() => {
      const found = (hashed
        ? this.#hashed.page.all(last?.rowid ?? 0, limit)
        : this.#ordered.page.all(name, last ? `${last.key}\0` : prefix, limit)) as unknown as [
        ...Row,
        number,
      ][];
      const now = this.#now();
      const isAsked = (namespace: string, key: string) => namespace === name && key.startsWith(prefix);
      // In the order of bytes, all keys with a prefix stand together.
      const rows = hashed ? found : found.filter(([namespace, key]) => isAsked(namespace, key));
      return rows.map(([namespace, key, value, expires, sum, rowid]) => {
        const sound = this.#sound([namespace, key, value, expires, sum]);
        return { key, value: isAsked(namespace, key) && isLive(expires, now) ? sound : undefined, rowid };
      });
    });
  }

  /** At most `limit` entries of every namespace that stand after `from` in the file, expired ones left out. */
  rows(from: number, limit: number): { rows: Write[]; last: number | undefined } {
    return this.#read(() => {
      const found = this.#rows.all(from, limit) as unknown as [...Row, number, number | null][];
      const now = this.#now();
      const rows = found.map(([namespace, key, value, expires, sum, , hash]) => {
        const sound = this.#sound([namespace, key, value, expires, sum]);
        return { namespace, hashed: hash !== null, key, value: sound, expires: expires ?? undefined };
      });
      return { rows: rows.filter(({ expires = null }) => isLive(expires, now)), last: found.at(-1)?.[5] };
    });
  }

  /** Resolves once all of `writes` are durable, rejects with `StoreNotWritten` if none of them is. */
  write(writes: readonly Write[]): Promise<void> {
    return this.#inGroup(() => {
      for (const write of writes) {
        if (write.hashed) this.#writeHashed(write);
        else this.#writeOrdered(write);
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
      if (version === 1) this.#database.exec('ALTER TABLE entries ADD COLUMN sum INTEGER');
      if (version < FORMAT) {
        // With row ids: values of some hundred bytes under random keys are written three times as fast as
        // WITHOUT ROWID (measured; see also https://www.sqlite.org/withoutrowid.html, "when to use").
        if (version > 0) {
          this.#database.exec('ALTER TABLE entries RENAME TO earlier; DROP INDEX entries_by_expiry');
        }
        this.#database.exec(`
          CREATE TABLE entries (
            namespace TEXT NOT NULL, key TEXT NOT NULL, expires INTEGER, value TEXT NOT NULL, sum INTEGER,
            hash INTEGER
          ) STRICT;
        `);
        if (version > 0) {
          this.#database.exec(`
            INSERT INTO entries SELECT namespace, key, expires, value, sum, NULL FROM earlier;
            DROP TABLE earlier;
          `);
        }
        this.#database.exec(`
          CREATE UNIQUE INDEX entries_in_order ON entries (namespace, key) WHERE hash IS NULL;
          CREATE INDEX entries_by_hash ON entries (hash) WHERE hash IS NOT NULL;
          CREATE INDEX entries_by_expiry ON entries (expires) WHERE expires IS NOT NULL;
          PRAGMA user_version = ${FORMAT};
        `);
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.close();
      throw readError(this.#directory, error);
    }
  }

  #writeOrdered({ namespace, key, value, expires }: Write): void {
    if (value === undefined) {
      this.#ordered.delete.run(namespace, key);
      return;
    }
    const sum = checksum(namespace, key, value, expires);
    this.#ordered.set.run(namespace, key, expires ?? null, value, sum);
  }

  #writeHashed({ namespace, key, value, expires }: Write): void {
    const place = [hashOf(namespace, key), namespace, key] as const;
    if (value === undefined) {
      this.#hashed.delete.run(...place);
      return;
    }
    const content = [expires ?? null, value, checksum(namespace, key, value, expires)] as const;
    if (this.#hashed.update.run(...content, ...place).changes === 0) {
      this.#hashed.insert.run(...content, ...place);
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

  #read<T>(read: () => T): T {
    this.#assertOpen();
    try {
      return read();
    } catch (error) {
      throw readError(this.#directory, error);
    }
  }

  /** By key, what is of the namespace and has not expired; known to be so only once its checksum is seen. */
  #valuesOf({ name }: Namespace, rows: readonly Row[]): Map<string, string> {
    const now = this.#now();
    const values = new Map<string, string>();
    for (const row of rows) {
      const [namespace, key, , expires] = row;
      const value = this.#sound(row);
      if (namespace === name && isLive(expires, now)) values.set(key, value);
    }
    return values;
  }

  /** The value of a row, when its checksum says that it is what was written. */
  #sound([namespace, key, value, expires, sum]: Row): string {
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

function isLive(expires: number | null, now: number): boolean {
  return expires === null || expires > now;
}

/** Notices every flipped bit, and all but one in four thousand million other changes. */
function checksum(namespace: string, key: string, value: string, expires: number | undefined): number {
  return crc32(value, crc32(`${namespace}\0${key}\0${expires ?? ''}\0`));
}

/**
 * 47 bits, which is what SQLite keeps in six bytes. Two keys of one hash are no mistake, only a row more to look at.
 * After cyrb53 (https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js, public domain).
 */
function hashOf(namespace: string, key: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (const text of [namespace, key]) {
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      high = Math.imul(high ^ unit, 2654435761);
      low = Math.imul(low ^ unit, 1597334677);
    }
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 2 ** 32 * (low & 0x7fff) + (high >>> 0);
}
