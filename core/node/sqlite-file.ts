import { backup, type DatabaseSync, type StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { addFields } from '../counters.ts';
import type { Fields } from '../ports.ts';
import { HashIndex, hashOf } from './hash-index.ts';
import { isSmall, own } from './sqlite-schema.ts';
import { readError, StoreDamaged, StoreUnavailable, writeError } from './store-errors.ts';

/** Pages that are copied before others have their turn: a few ms. */
const COPIED_PAGES = 500;

/** Entries that are given their hash in one transaction when a namespace becomes hashed. */
const HASHED_TOGETHER = 10_000;

/**
 * Entries are found by namespace and key, or, where the namespace is hashed, by a hash of both ({@link HashIndex}):
 * with random keys an index of keys was half of what writing costs. Only what is not hashed can be read in the order
 * of keys.
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

/** What is added to the numbers of an entry of a namespace that is not hashed. */
export interface Addition {
  readonly namespace: string;
  readonly key: string;
  readonly change: Fields;
  /** ms since the epoch; undefined: as before. */
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
  readonly #atEndOfTurn: (work: () => void) => unknown;
  readonly #ordered: Record<'get' | 'getMany' | 'page' | 'set' | 'delete' | 'adopt', StatementSync>;
  readonly #hashed: Record<'get' | 'place' | 'page' | 'update' | 'insert' | 'delete', StatementSync>;
  readonly #hashes: HashIndex;
  readonly #rows: StatementSync;
  readonly #sweep: StatementSync;
  #group: Group | undefined;
  #closed = false;

  /**
   * Takes the exclusive lock on `database` and keeps it until {@link close} or the death of the process;
   * makes the table if the file is new. `directory` is for messages. Throws SQLite's own busy error when
   * somebody else holds it (see `isBusy`), `StoreTooNew`, `StoreDamaged` or `StoreUnavailable`; `database`
   * is then closed and the file as it was. `atEndOfTurn`: does it at the end of the turn of the event loop.
   */
  constructor(
    database: DatabaseSync,
    directory: string,
    now: () => number,
    atEndOfTurn: (work: () => void) => unknown = setImmediate,
  ) {
    this.#directory = directory;
    this.#now = now;
    this.#database = database;
    this.#atEndOfTurn = atEndOfTurn;
    try {
      HashIndex.addFunctions(database);
      own(database, directory);
      const prepare = (sql: string) => {
        const statement = database.prepare(sql);
        statement.setReturnArrays(true);
        return statement;
      };
      this.#hashes = new HashIndex(
        prepare,
        () => new StoreDamaged(directory, 'its entries and the index of their hashes do not agree'),
      );
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
            (SELECT rowid FROM entries WHERE hash IS NULL AND namespace = ? LIMIT ${HASHED_TOGETHER})
            RETURNING hash, rowid`,
        ),
      };
      this.#hashed = {
        // Without namespace and key: a row that was damaged in them must not seem not to be there.
        get: prepare(
          `SELECT ${row} FROM json_each(?) AS asked CROSS JOIN entries AS e ON e.rowid = asked.value`,
        ),
        place: prepare(
          'SELECT e.namespace, e.key, e.rowid FROM json_each(?) AS asked CROSS JOIN entries AS e ON e.rowid = asked.value',
        ),
        page: prepare(
          `SELECT ${row}, rowid FROM entries AS e WHERE rowid > ? AND hash IS NOT NULL ORDER BY rowid LIMIT ?`,
        ),
        update: prepare('UPDATE entries SET expires = ?, value = ?, sum = ? WHERE rowid = ?'),
        insert: prepare(
          'INSERT INTO entries (expires, value, sum, hash, namespace, key) VALUES (?, ?, ?, ?, ?, ?)',
        ),
        delete: prepare('DELETE FROM entries WHERE rowid = ?'),
      };
      this.#rows = prepare(
        `SELECT ${row}, rowid, hash FROM entries AS e WHERE rowid > ? ORDER BY rowid LIMIT ?`,
      );
      this.#sweep = prepare(
        `DELETE FROM entries WHERE rowid IN (SELECT rowid FROM entries WHERE expires <= ? LIMIT ?)
          RETURNING hash, rowid`,
      );
      if (isSmall(database)) this.#hashes.checkWhole();
    } catch (error) {
      database.close();
      throw readError(directory, error);
    }
  }

  /**
   * Makes a namespace hashed whose entries an earlier version wrote, or `move-store`; at once where none are left.
   * What an interruption leaves over is done the next time.
   */
  adopt(namespace: string): void {
    this.#assertOpen();
    for (let adopted = HASHED_TOGETHER; adopted === HASHED_TOGETHER; ) {
      // A transaction of its own: what others have begun to write in this turn may yet fail.
      if (this.#group) this.#commit(this.#group);
      try {
        this.#database.exec('BEGIN');
        const hashes = this.#ordered.adopt.all(namespace) as unknown as [number, number][];
        this.#hashes.list(hashes);
        this.#database.exec('COMMIT');
        adopted = hashes.length;
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw writeError(this.#directory, error);
      }
    }
  }

  /** The value of an entry that is there and has not expired. */
  get(namespace: Namespace, key: string): string | undefined {
    const { name, hashed } = namespace;
    return this.#read(() => {
      const found = hashed ? this.#hashedRows(name, [key]) : this.#ordered.get.all(name, key);
      return this.#valuesOf(namespace, found as unknown as Row[]).get(key);
    });
  }

  /** As {@link get}, by key; what is not there is left out. Of a hashed namespace others may be there as well. */
  getMany(namespace: Namespace, keys: readonly string[]): Map<string, string> {
    const { name, hashed } = namespace;
    return this.#read(() => {
      const found = hashed
        ? this.#hashedRows(name, keys)
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

  /** Resolves once all of this is durable, rejects with `StoreNotWritten` if none of it is. */
  write(writes: readonly Write[], additions: readonly Addition[] = []): Promise<void> {
    return this.#inGroup(() => {
      const hashed: Write[] = [];
      for (const write of writes) {
        if (write.hashed) hashed.push(write);
        else this.#writeOrdered(write);
        this.#hashes.wrote(write.value?.length ?? 0);
      }
      if (hashed.length > 0) this.#writeHashed(hashed);
      for (const addition of additions) this.#add(addition);
    });
  }

  /** Removes at most `limit` expired entries; gives how many. */
  async sweep(limit: number): Promise<number> {
    let removed = 0;
    await this.#inGroup(() => {
      const rows = this.#sweep.all(this.#now(), limit) as unknown as [number | null, number][];
      for (const [hash, row] of rows) if (hash !== null) this.#hashes.remove(hash, row);
      removed = rows.length;
    });
    return removed;
  }

  /**
   * Takes the log into the file and empties it: what was deleted is overwritten in the file (`secure_delete`), but the log
   * keeps earlier pages.
   */
  emptyLog(): void {
    this.#assertOpen();
    // The log cannot be emptied in the middle of a transaction.
    if (this.#group) this.#commit(this.#group);
    this.#read(() => this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
  }

  /** Copies the file as it is at one moment, some pages at a time; what is written meanwhile is in it too. */
  async copyTo(path: string): Promise<void> {
    this.#assertOpen();
    await backup(this.#database, path, { rate: COPIED_PAGES });
  }

  /** Makes durable what was written and lets go of the file. */
  close(): void {
    if (this.#closed) return;
    if (this.#group) this.#commit(this.#group);
    this.#closed = true;
    this.#database.close();
  }

  #writeOrdered({ namespace, key, value, expires }: Write): void {
    if (value === undefined) {
      this.#ordered.delete.run(namespace, key);
      return;
    }
    const sum = checksum(namespace, key, value, expires);
    this.#ordered.set.run(namespace, key, expires ?? null, value, sum);
  }

  #add({ namespace, key, change, expires }: Addition): void {
    const [row] = this.#ordered.get.all(namespace, key) as unknown as Row[];
    const isThere = row !== undefined && isLive(row[3], this.#now());
    const fields = addFields(isThere ? JSON.parse(this.#sound(row)) : undefined, change);
    const value = fields && JSON.stringify(fields);
    this.#writeOrdered({
      namespace,
      key,
      value,
      expires: expires ?? (isThere ? (row[3] ?? undefined) : undefined),
    });
    this.#hashes.wrote(value?.length ?? 0);
  }

  #writeHashed(writes: readonly Write[]): void {
    const hashes = writes.map(({ namespace, key }) => hashOf(namespace, key));
    const rows = this.#hashes.find(hashes);
    const there = new Map<string, number>();
    if (rows.length > 0) {
      const places = this.#hashed.place.all(JSON.stringify(rows)) as unknown as [string, string, number][];
      for (const [namespace, key, row] of places) there.set(`${namespace}\0${key}`, row);
    }
    for (const [index, { namespace, key, value, expires }] of writes.entries()) {
      const place = `${namespace}\0${key}`;
      const hash = hashes[index] ?? 0;
      const row = there.get(place);
      if (value === undefined) {
        if (row === undefined) continue;
        this.#hashed.delete.run(row);
        this.#hashes.remove(hash, row);
        there.delete(place);
        continue;
      }
      const content = [expires ?? null, value, checksum(namespace, key, value, expires)] as const;
      if (row !== undefined) {
        this.#hashed.update.run(...content, row);
        continue;
      }
      const added = Number(this.#hashed.insert.run(...content, hash, namespace, key).lastInsertRowid);
      this.#hashes.add(hash, added);
      there.set(place, added);
    }
  }

  #hashedRows(name: string, keys: readonly string[]): unknown[] {
    const rows = this.#hashes.find(keys.map((key) => hashOf(name, key)));
    return rows.length > 0 ? this.#hashed.get.all(JSON.stringify(rows)) : [];
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
    this.#atEndOfTurn(() => this.#commit(group));
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
    this.#hashes.rolledBack();
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
