import { backup, type DatabaseSync, type StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { addFields } from '../counters.ts';
import type { Fields } from '../ports.ts';
import type { Entries, ReadEntry } from './entry-store.ts';
import { own } from './sqlite-schema.ts';
import { readError, StoreDamaged, StoreUnavailable, writeError } from './store-errors.ts';
import type { Addition, Write } from './write-batch.ts';

/** Pages that are copied before others have their turn: a few ms. */
const COPIED_PAGES = 500;

/** An entry as it is in the file. */
type Row = [namespace: string, key: string, value: string, expires: number | null, sum: number];

/** Rows read at a time while going through: few enough for memory, enough to make the query's cost small. */
const PAGE_ROWS = 200;

/** The writes of one turn of the event loop. */
interface Group {
  readonly committed: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface SqliteFileOptions {
  /** Whether an empty file is a new one; otherwise it is damaged. Default: it is. */
  readonly mayBeEmpty?: boolean;
  /** Does it at the end of the turn of the event loop. */
  readonly atEndOfTurn?: (work: () => void) => unknown;
}

/**
 * One SQLite file of namespaced entries with one owner. Reads are at once. Writes are applied at once, so
 * that every read sees them, and become durable together at the end of the turn of the event loop: one
 * `fsync` for all of them instead of one for each.
 */
export class SqliteFile implements Entries {
  readonly #directory: string;
  readonly #now: () => number;
  readonly #database: DatabaseSync;
  readonly #atEndOfTurn: (work: () => void) => unknown;
  readonly #statements: Record<
    'get' | 'getMany' | 'page' | 'set' | 'delete' | 'rows' | 'sweep',
    StatementSync
  >;
  #group: Group | undefined;
  #closed = false;

  /**
   * Takes the exclusive lock on `database` and keeps it until {@link close} or the death of the process;
   * makes the table in an empty file. `directory` is for messages. Throws SQLite's own busy error when
   * somebody else holds it (see `isBusy`), `StoreTooNew`, `StoreDamaged` or `StoreUnavailable`; `database`
   * is then closed and the file as it was.
   */
  constructor(
    database: DatabaseSync,
    directory: string,
    now: () => number,
    { mayBeEmpty = true, atEndOfTurn = setImmediate }: SqliteFileOptions = {},
  ) {
    this.#directory = directory;
    this.#now = now;
    this.#database = database;
    this.#atEndOfTurn = atEndOfTurn;
    try {
      own(database, directory, mayBeEmpty);
      this.#statements = prepared(database);
    } catch (error) {
      database.close();
      throw readError(directory, error);
    }
  }

  getMany(namespace: string, keys: readonly string[]): (string | undefined)[] {
    return this.#read(() => {
      const { get, getMany } = this.#statements;
      const rows =
        keys.length === 1 ? get.all(namespace, ...keys) : getMany.all(JSON.stringify(keys), namespace);
      const values = this.#valuesOf(rows);
      return keys.map((key) => values.get(key));
    });
  }

  *pages(namespace: string, prefix: string): Generator<ReadEntry[], void> {
    for (let from: string | undefined = prefix; from !== undefined; ) {
      const page = this.#page(namespace, from, prefix);
      yield page;
      const last = page[PAGE_ROWS - 1];
      from = last && `${last[0]}\0`;
    }
  }

  fields(namespace: string, key: string): Fields {
    const [text] = this.getMany(namespace, [key]);
    return text === undefined ? {} : JSON.parse(text);
  }

  async *counted(namespace: string, prefix: string): AsyncGenerator<string, void> {
    for (const page of this.pages(namespace, prefix)) {
      for (const [key, value] of page) if (value !== undefined) yield key;
    }
  }

  damaged(cause: unknown): Error {
    return new StoreDamaged(this.#directory, 'an entry is not JSON', { cause });
  }

  /** At most `limit` entries of every namespace that stand after `from` in the file, expired ones left out. */
  rows(from: number, limit: number): { rows: Write[]; last: number | undefined } {
    return this.#read(() => {
      const found = this.#statements.rows.all(from, limit) as unknown as [...Row, rowid: number][];
      const now = this.#now();
      const rows = found.map(([namespace, key, value, expires, sum]) => {
        const sound = this.#sound([namespace, key, value, expires, sum]);
        return { namespace, key, value: sound, expires: expires ?? undefined };
      });
      return { rows: rows.filter(({ expires = null }) => isLive(expires, now)), last: found.at(-1)?.[5] };
    });
  }

  /** Resolves once all of this is durable, rejects with `StoreNotWritten` if none of it is. */
  write(writes: readonly Write[], additions: readonly Addition[] = []): Promise<void> {
    return this.#inGroup(() => {
      for (const write of writes) this.#write(write);
      for (const addition of additions) this.#add(addition);
    });
  }

  /** Removes at most `limit` expired entries; gives how many. */
  async sweep(limit: number): Promise<number> {
    let removed = 0;
    await this.#inGroup(() => {
      removed = Number(this.#statements.sweep.run(this.#now(), limit).changes);
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

  #write({ namespace, key, value, expires }: Write): void {
    if (value === undefined) {
      this.#statements.delete.run(namespace, key);
      return;
    }
    const sum = checksum(namespace, key, value, expires);
    this.#statements.set.run(namespace, key, expires ?? null, value, sum);
  }

  #add({ namespace, key, change, expires }: Addition): void {
    const [row] = this.#statements.get.all(namespace, key) as unknown as Row[];
    const isThere = row !== undefined && isLive(row[3], this.#now());
    const fields = addFields(isThere ? JSON.parse(this.#sound(row)) : undefined, change);
    const value = fields && JSON.stringify(fields);
    this.#write({
      namespace,
      key,
      value,
      expires: expires ?? (isThere ? (row[3] ?? undefined) : undefined),
    });
  }

  /** Rows from a key on whose keys start with `prefix`: in the order of bytes, all of them stand together. */
  #page(namespace: string, from: string, prefix: string): ReadEntry[] {
    return this.#read(() => {
      const found = this.#statements.page.all(namespace, from, PAGE_ROWS) as unknown as Row[];
      const now = this.#now();
      return found
        .filter(([, key]) => key.startsWith(prefix))
        .map((row) => {
          const value = this.#sound(row);
          return [row[1], isLive(row[3], now) ? value : undefined] as const;
        });
    });
  }

  #read<T>(read: () => T): T {
    this.#assertOpen();
    try {
      return read();
    } catch (error) {
      throw readError(this.#directory, error);
    }
  }

  /** By key, what has not expired; known to be so only once its checksum is seen. */
  #valuesOf(rows: readonly unknown[]): Map<string, string> {
    const now = this.#now();
    const values = new Map<string, string>();
    for (const row of rows as readonly Row[]) {
      const value = this.#sound(row);
      if (isLive(row[3], now)) values.set(row[1], value);
    }
    return values;
  }

  /** The value of a row, when its checksum says that it is what was written. */
  #sound([namespace, key, value, expires, sum]: Row): string {
    if (sum === checksum(namespace, key, value, expires ?? undefined)) return value;
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

function prepared(database: DatabaseSync) {
  const prepare = (sql: string) => {
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  };
  const row = 'e.namespace, e.key, e.value, e.expires, e.sum';
  return {
    get: prepare(`SELECT ${row} FROM entries AS e WHERE namespace = ? AND key = ?`),
    // One statement for many keys costs half of one for each. CROSS JOIN: SQLite keeps to this order.
    getMany: prepare(
      `SELECT ${row} FROM json_each(?) AS asked
        CROSS JOIN entries AS e ON e.namespace = ? AND e.key = asked.value`,
    ),
    page: prepare(`SELECT ${row} FROM entries AS e WHERE namespace = ? AND key >= ? ORDER BY key LIMIT ?`),
    rows: prepare(`SELECT ${row}, rowid FROM entries AS e WHERE rowid > ? ORDER BY rowid LIMIT ?`),
    set: prepare(
      `INSERT INTO entries (namespace, key, expires, value, sum) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET expires = excluded.expires, value = excluded.value, sum = excluded.sum`,
    ),
    delete: prepare('DELETE FROM entries WHERE namespace = ? AND key = ?'),
    sweep: prepare(
      'DELETE FROM entries WHERE rowid IN (SELECT rowid FROM entries WHERE expires <= ? LIMIT ?)',
    ),
  };
}
