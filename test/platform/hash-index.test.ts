import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SqliteFile } from '../../core/node/sqlite-file.ts';
import { openStore } from '../../core/node/store.ts';
import { StoreDamaged, StoreNotWritten } from '../../core/node/store-errors.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const RESULTS = { name: 'results', hashed: true };
/** So many rows written and deleted, and all of a few hashes are listed. */
const ROWS_LISTED = 8_000;
/** Two keys of one hash among 24 million. */
const SAME_HASH = ['lead 4455037', 'lead 7400915'] as const;

/** A file of entries that can be killed: what it had committed is opened again, in another directory. */
class Entries implements Disposable {
  readonly directory: string;
  readonly database: DatabaseSync;
  readonly file: SqliteFile;
  readonly #now: () => number;

  private constructor(directory: string, now: () => number) {
    this.directory = directory;
    this.database = new DatabaseSync(join(directory, 'store.sqlite'));
    this.file = new SqliteFile(this.database, directory, now);
    this.#now = now;
  }

  static async open(now: () => number = () => 0): Promise<Entries> {
    return new Entries(await temporaryDirectory(), now);
  }

  async killed(): Promise<Entries> {
    const directory = await temporaryDirectory();
    await cp(this.directory, directory, { recursive: true });
    this.file.close();
    return new Entries(directory, this.#now);
  }

  restarted(): Entries {
    this.file.close();
    return new Entries(this.directory, this.#now);
  }

  set(entries: readonly (readonly [key: string, value: string])[], expires?: number): Promise<void> {
    return this.file.write(
      entries.map(([key, value]) => ({ namespace: 'results', hashed: true, key, value, expires })),
    );
  }

  delete(...keys: string[]): Promise<void> {
    return this.file.write(
      keys.map((key) => ({ namespace: 'results', hashed: true, key, value: undefined, expires: undefined })),
    );
  }

  /** Writes so much else that all hashes are listed. */
  async list(): Promise<void> {
    const rows = Array.from({ length: ROWS_LISTED }, (_, index) => `${index}`);
    const entry = { namespace: 'chunks', expires: undefined };
    await this.file.write(rows.map((key) => ({ ...entry, key, value: '1' })));
    await this.file.write(rows.map((key) => ({ ...entry, key, value: undefined })));
  }

  get(...keys: string[]): (string | undefined)[] {
    const found = this.file.getMany(RESULTS, keys);
    expect(keys.map((key) => this.file.get(RESULTS, key))).toEqual(keys.map((key) => found.get(key)));
    return keys.map((key) => found.get(key));
  }

  listed(): number {
    return Number(this.database.prepare('SELECT count(*) AS count FROM hashes').get()?.count);
  }

  [Symbol.dispose](): void {
    this.file.close();
  }
}

test('what is not listed yet is found, by the process that wrote it and by those after it', async () => {
  const before = await Entries.open();
  await before.set([['ada', '1815']]);
  await before.set([['grace', '1906']]);
  expect(before.listed()).toBe(0);
  expect(before.get('ada', 'grace', 'alan')).toEqual(['1815', '1906', undefined]);
  const killed = await before.killed();
  expect(killed.get('ada', 'grace', 'alan')).toEqual(['1815', '1906', undefined]);
  using restarted = killed.restarted();
  await restarted.set([['ada', 'Lovelace']]);
  // Its first write begins with the oldest that it found.
  expect(restarted.listed()).toBeGreaterThan(0);
  expect(restarted.get('ada', 'grace')).toEqual(['Lovelace', '1906']);
});

test('most of many are listed, thousands together, and none is lost by a kill', async () => {
  const entries = await Entries.open();
  const people = Array.from({ length: 60_000 }, (_, index) => [`lead ${index}`, `${index}`] as const);
  for (let first = 0; first < people.length; first += 500)
    await entries.set(people.slice(first, first + 500));
  expect(entries.listed()).toBeGreaterThan(30_000);
  expect(entries.listed()).toBeLessThan(60_000);
  using killed = await entries.killed();
  const found = killed.file.getMany(
    RESULTS,
    people.map(([key]) => key),
  );
  expect(people.every(([key, value]) => found.get(key) === value)).toBe(true);
});

test('what is deleted or has expired is not listed', async () => {
  let now = 0;
  using entries = await Entries.open(() => now);
  await entries.set([['listed', '1']], 100);
  await entries.list();
  await entries.set([['swept', '2']], 100);
  await entries.set([['deleted', '3']]);
  await entries.delete('deleted');
  expect(entries.listed()).toBe(1);
  now = 100;
  await entries.file.sweep(10);
  expect(entries.listed()).toBe(0);
  await entries.list();
  expect(entries.listed()).toBe(0);
});

test('a row that takes the number of one that is gone is found after a kill', async () => {
  const entries = await Entries.open();
  await entries.set([['first', '1']]);
  await entries.set([['last', '2']]);
  await entries.list();
  await entries.set([['unlisted', '3']]);
  await entries.delete('unlisted', 'last');
  await entries.set([['new', '4']]);
  const keys = ['first', 'last', 'unlisted', 'new'];
  expect(entries.get(...keys)).toEqual(['1', undefined, undefined, '4']);
  using killed = await entries.killed();
  expect(killed.get(...keys)).toEqual(['1', undefined, undefined, '4']);
});

test.each([
  ['both listed', 0],
  ['one of them listed', 1],
  ['neither listed', 2],
])('two keys of one hash are two entries, %s', async (_, listedAfter) => {
  const [one, other] = SAME_HASH;
  let entries = await Entries.open();
  await entries.set([[one, '1']]);
  if (listedAfter === 1) await entries.list();
  await entries.set([[other, '2']]);
  if (listedAfter === 0) await entries.list();
  expect(entries.get(one, other)).toEqual(['1', '2']);
  entries = await entries.killed();
  expect(entries.get(one, other)).toEqual(['1', '2']);
  await entries.set([[one, '3']]);
  await entries.delete(other);
  expect(entries.get(one, other)).toEqual(['3', undefined]);
  entries = await entries.killed();
  expect(entries.get(one, other)).toEqual(['3', undefined]);
  entries.file.close();
});

test('two keys of one hash do not hide a row between them from the next process', async () => {
  const [one, other] = SAME_HASH;
  let entries = await Entries.open();
  await entries.set([['a', '1']]);
  await entries.set([
    [other, '2'],
    ['b', '3'],
    [one, '4'],
  ]);
  for (let restarts = 0; restarts < 6; restarts += 1) {
    entries = await entries.killed();
    // Each process lists a part with its first write.
    await entries.set([['a', '1']]);
    expect(entries.get('a', other, 'b', one)).toEqual(['1', '2', '3', '4']);
  }
  entries.file.close();
});

test('a key that was deleted and comes again is found beside another of its hash', async () => {
  const [one, other] = SAME_HASH;
  const entries = await Entries.open();
  await entries.set([[other, '1']]);
  await entries.set([[one, '2']]);
  await entries.delete(other);
  await entries.set([[other, '3']]);
  using killed = await entries.killed();
  expect(killed.get(one, other)).toEqual(['2', '3']);
});

test('finds what a map would, whatever is written, listed, swept, rolled back, killed', async () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', ...SAME_HASH);
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('set' as const),
        entries: fc.array(fc.tuple(key, fc.string({ maxLength: 5 })), { maxLength: 4 }),
        expires: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), keys: fc.array(key) }) },
    fc.record({ do: fc.constant('list' as const) }),
    fc.record({ do: fc.constant('fail' as const), key, lists: fc.boolean() }),
    fc.record({ do: fc.constant('sweep' as const), ms: fc.nat(20) }),
    fc.record({ do: fc.constantFrom('kill' as const, 'restart' as const) }),
  );
  const KEYS = ['a', 'b', 'c', 'd', ...SAME_HASH];
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      let now = 0;
      let entries = await Entries.open(() => now);
      const model = new Map<string, { value: string; expires: number }>();
      try {
        for (const each of steps) {
          if (each.do === 'set') {
            await entries.set(each.entries, each.expires === undefined ? undefined : now + each.expires);
            const expires = now + (each.expires ?? Number.POSITIVE_INFINITY);
            for (const [name, value] of each.entries) model.set(name, { value, expires });
          } else if (each.do === 'delete') {
            await entries.delete(...each.keys);
            for (const name of each.keys) model.delete(name);
          } else if (each.do === 'list') await entries.list();
          else if (each.do === 'fail') {
            entries.database.exec('PRAGMA max_page_count = 1');
            const failing = Promise.allSettled([
              entries.set([[each.key, 'not written']]),
              each.lists ? entries.list() : entries.delete('nobody'),
              entries.set([['e', 'x'.repeat(3_000_000)]]),
            ]);
            for (const result of await failing) {
              expect(result).toMatchObject({ status: 'rejected', reason: expect.any(StoreNotWritten) });
            }
            entries.database.exec('PRAGMA max_page_count = 100000');
          } else if (each.do === 'sweep') {
            now += each.ms;
            await entries.file.sweep(3);
          } else entries = each.do === 'kill' ? await entries.killed() : entries.restarted();
          const expected = KEYS.map((name) => {
            const entry = model.get(name);
            return entry && entry.expires > now ? entry.value : undefined;
          });
          expect(entries.get(...KEYS)).toEqual(expected);
        }
      } finally {
        entries.file.close();
      }
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['a hash that was listed is gone', 'DELETE FROM hashes WHERE entry = (SELECT min(entry) FROM hashes)'],
  [
    'a hash leads elsewhere',
    'UPDATE hashes SET entry = entry + 1000 WHERE entry = (SELECT min(entry) FROM hashes)',
  ],
  ['more is said to be listed than is', 'UPDATE hashes_up_to SET entry = 1000000000'],
  [
    'a hash that is not listed is another',
    'UPDATE entries SET hash = hash + 1 WHERE rowid = (SELECT max(rowid) FROM entries)',
  ],
  ['it is not said what is listed', 'DELETE FROM hashes_up_to'],
])('a store is refused when %s', async (_, damage) => {
  const entries = await Entries.open();
  await entries.set([
    ['ada', '1815'],
    ['grace', '1906'],
  ]);
  await entries.list();
  await entries.set([['alan', '1912']]);
  entries.database.exec(damage);
  entries.file.close();
  const refusal = openStore(entries.directory);
  await expect(refusal).rejects.toBeInstanceOf(StoreDamaged);
  await expect(refusal).rejects.toThrow('its entries and the index of their hashes do not agree');
});

test('a store whose hashes were an index of SQLite is read, and goes on with a table', async () => {
  const entries = await Entries.open();
  await entries.set([['ada', '1815']]);
  await entries.list();
  await entries.set([['grace', '1906']]);
  entries.database.exec(`
    DROP TABLE hashes;
    DROP TABLE hashes_up_to;
    CREATE INDEX entries_by_hash ON entries (hash) WHERE hash IS NOT NULL;
    PRAGMA user_version = 3;
  `);
  using later = entries.restarted();
  expect(later.get('ada', 'grace', 'alan')).toEqual(['1815', '1906', undefined]);
  expect(later.listed()).toBe(2);
});
