import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';

/** Hashes are listed a part of their range at a time: all at once would take a tenth of a second among millions. */
const PARTS = 16;
const HASHES = 2 ** 47;
/**
 * After so many pages of entries (8 MiB), an entry counting as one at least, a part is listed. What stands after the
 * last row up to which all are listed is then some {@link PARTS} times as much; the next process reads through it.
 */
const PAGES_A_PART = 2_000;
const PAGE_BYTES = 4_096;

const LAST_ROW = 'SELECT coalesce(max(rowid), 0) AS last FROM entries';

/**
 * Leads from hashes of namespace and key to the rows of `entries` that have them. Hashes are random: each that is
 * listed changes a page of its own, and that was most of what a commit wrote. So the newest are only kept in memory,
 * and listed thousands at a time, many to a page. Nothing is lost with the memory: up to which row all are listed
 * stands in the file.
 */
export class HashIndex {
  readonly #statements: Record<
    'find' | 'list' | 'remove' | 'unlisted' | 'listedUpTo' | 'mark' | 'missing',
    StatementSync
  >;
  readonly #damaged: () => Error;
  /** Hash → row, of those not listed yet; in the order of rows. */
  readonly #unlisted = new Map<number, number>();
  /** Written since a part was listed; by an earlier process perhaps as much as that takes. */
  #pages = PAGES_A_PART;
  /** Every row up to this one is listed. `undefined`: memory is not what is in the file. */
  #listedUpTo: number | undefined;

  /** Makes the tables, for the entries that are there. The database needs {@link addFunctions} first. */
  static create(database: DatabaseSync): void {
    database.exec(`
      CREATE TABLE hashes (hash INTEGER NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (hash, entry))
        STRICT, WITHOUT ROWID;
      INSERT INTO hashes SELECT hash, rowid FROM entries WHERE hash IS NOT NULL ORDER BY hash;
      CREATE TABLE hashes_up_to (entry INTEGER NOT NULL, sum INTEGER NOT NULL) STRICT;
      INSERT INTO hashes_up_to SELECT last, sum_of(last) FROM (${LAST_ROW});
    `);
  }

  static addFunctions(database: DatabaseSync): void {
    const deterministic = { deterministic: true };
    database.function('hash_of', deterministic, (namespace, key) => hashOf(String(namespace), String(key)));
    database.function('sum_of', deterministic, (entry) => crc32(String(entry)));
  }

  /** `prepare`: a statement that gives rows as arrays. `damaged`: the error for tables that do not agree; any method throws it. */
  constructor(prepare: (sql: string) => StatementSync, damaged: () => Error) {
    this.#damaged = damaged;
    this.#statements = {
      find: prepare('SELECT entry FROM json_each(?) AS asked CROSS JOIN hashes ON hash = asked.value'),
      list: prepare('INSERT OR IGNORE INTO hashes VALUES (?, ?)'),
      remove: prepare('DELETE FROM hashes WHERE hash = ? AND entry = ?'),
      unlisted: prepare(
        `SELECT rowid, hash, hash_of(namespace, key) FROM entries
          WHERE rowid > ? AND hash IS NOT NULL ORDER BY rowid`,
      ),
      listedUpTo: prepare('SELECT entry FROM hashes_up_to WHERE sum = sum_of(entry)'),
      mark: prepare(`
        UPDATE hashes_up_to SET (entry, sum) =
          (SELECT last, sum_of(last) FROM (SELECT coalesce(?, last) AS last FROM (${LAST_ROW})))`),
      missing: prepare(
        `SELECT 1 FROM entries AS e WHERE rowid <= ? AND hash IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM hashes AS h WHERE h.hash = e.hash AND h.entry = e.rowid) LIMIT 1`,
      ),
    };
  }

  /** Rows that have one of the hashes, and perhaps others. */
  find(hashes: readonly number[]): number[] {
    this.#load();
    const rows = this.#listed(hashes);
    if (this.#unlisted.size === 0) return rows;
    for (const hash of hashes) {
      const row = this.#unlisted.get(hash);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  /** A new row has this hash. */
  add(hash: number, row: number): void {
    const isAfterMark = row > this.#load();
    const other = this.#unlisted.get(hash);
    if (isAfterMark && other === undefined) {
      this.#unlisted.set(hash, row);
      return;
    }
    // It took the number of a row that is gone, or another key has the same hash: memory has room for one of them.
    this.#statements.list.run(hash, row);
    if (other !== undefined) this.#statements.list.run(hash, other);
  }

  /** Rows that have been there for long have got hashes. */
  list(hashes: readonly (readonly [hash: number, row: number])[]): void {
    for (const [hash, row] of hashes.toSorted(([a], [b]) => a - b)) this.#statements.list.run(hash, row);
  }

  /** A row that has this hash is no more. */
  remove(hash: number, row: number): void {
    this.#load();
    if (this.#unlisted.get(hash) === row) this.#unlisted.delete(hash);
    this.#statements.remove.run(hash, row);
  }

  /** An entry of about so many bytes was written, hashed or not. Part of its transaction, as all that follows from it. */
  wrote(bytes: number): void {
    this.#pages += 1 + Math.floor(bytes / PAGE_BYTES);
    if (this.#pages >= PAGES_A_PART) this.#listPart();
  }

  /** A transaction was rolled back. */
  rolledBack(): void {
    this.#listedUpTo = undefined;
  }

  /** Looks at every entry: throws where one that is to be listed is not. */
  checkWhole(): void {
    if (this.#statements.missing.get(this.#load())) throw this.#damaged();
  }

  /** The part that the oldest one belongs to, so that what the next process reads through moves on. */
  #listPart(): void {
    this.#load();
    const [oldest = 0] = this.#unlisted.keys();
    const part: [hash: number, row: number][] = [];
    // Not `for … of`: a pair for each entry, of which one in sixteen is wanted, was a tenth of all memory that a list
    // asks for.
    this.#unlisted.forEach((row, hash) => {
      if (partOf(hash) === partOf(oldest)) part.push([hash, row]);
    });
    this.list(part);
    for (const [hash] of part) this.#unlisted.delete(hash);
    const [next] = this.#unlisted.values();
    this.#statements.mark.run(next === undefined ? null : next - 1);
    this.#listedUpTo = this.#readMark();
    this.#pages = 0;
  }

  /** Brings memory in line with the file where it is not; gives the row up to which all are listed. */
  #load(): number {
    if (this.#listedUpTo !== undefined) return this.#listedUpTo;
    const listedUpTo = this.#readMark();
    this.#unlisted.clear();
    const rows = this.#statements.unlisted.iterate(listedUpTo) as Iterable<unknown>;
    for (const [row, hash, rightHash] of rows as Iterable<[number, number, number]>) {
      if (hash !== rightHash) throw this.#damaged();
      if (this.#unlisted.has(hash)) {
        // Of two rows of one hash one at most is not listed, see `add`. It goes to the end, which is its place.
        if (this.#listed([hash]).includes(row)) continue;
        this.#unlisted.delete(hash);
      }
      this.#unlisted.set(hash, row);
    }
    this.#listedUpTo = listedUpTo;
    return listedUpTo;
  }

  #listed(hashes: readonly number[]): number[] {
    const found = this.#statements.find.all(JSON.stringify(hashes)) as unknown as [number][];
    return found.map(([row]) => row);
  }

  #readMark(): number {
    const [row] = this.#statements.listedUpTo.all() as unknown as [number][];
    if (!row) throw this.#damaged();
    return row[0];
  }
}

function partOf(hash: number): number {
  return Math.floor((hash / HASHES) * PARTS);
}

/**
 * 47 bits, which is what SQLite keeps in six bytes. Two keys of one hash are no mistake, only a row more to look at.
 * After cyrb53 (https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js, public domain).
 */
export function hashOf(namespace: string, key: string): number {
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
