import { chmod, cp, open, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { DataDirectoryError } from '../../core/node/data-directory.ts';
import { SqliteFile } from '../../core/node/sqlite-file.ts';
import { openStore } from '../../core/node/store.ts';
import { StoreDamaged, StoreNotWritten, StoreTooNew } from '../../core/node/store-errors.ts';
import type { Store } from '../../core/ports.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A closed store with 300 entries of so many characters. */
async function filledStore(characters = 1000): Promise<{ directory: string; path: string }> {
  const directory = await temporaryDirectory();
  const store = await openStore(directory);
  await store
    .collection<string>('leads')
    .setMany(Array.from({ length: 300 }, (_, index) => [`lead ${index}`, 'x'.repeat(characters)] as const));
  await store.close();
  return { directory, path: join(directory, 'store.sqlite') };
}

async function overwrite(path: string, position: number, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(bytes, 0, bytes.length, position);
  await file.close();
}

test.each<[string, (path: string) => Promise<void>]>([
  ['cut short', (path) => truncate(path, 100_000)],
  ['cut inside its first page', (path) => truncate(path, 1000)],
  ['emptied', (path) => truncate(path, 0)],
  ['with another header', (path) => overwrite(path, 3, Buffer.from('!'))],
  ['something else', (path) => writeFile(path, 'Ada,Lovelace\n'.repeat(1000))],
])('a file that is %s is refused with what to do, and left as it is', async (_, damage) => {
  const { directory, path } = await filledStore();
  await damage(path);
  const before = await readFile(path);
  const refusal = openStore(directory);
  await expect(refusal).rejects.toBeInstanceOf(StoreDamaged);
  await expect(refusal).rejects.toThrow(
    /^The store in .* is damaged: .*\. It was left as it is\. Restore the directory from a backup, or move it away to start with an empty store\.$/,
  );
  expect(await readFile(path)).toEqual(before);
});

/** A store whose process was killed: of so many writes, each a commit, all stand in the log beside the file. */
async function killedStore(writes: number): Promise<{ directory: string; log: string }> {
  const from = await temporaryDirectory();
  const store = await openStore(from);
  const leads = store.collection<number>('leads');
  for (let number = 0; number < writes; number += 1) await leads.set(`lead ${number}`, number);
  const directory = await temporaryDirectory();
  await cp(from, directory, { recursive: true });
  await store.close();
  return { directory, log: join(directory, 'store.sqlite-wal') };
}

test('of a store whose process was killed, damage inside the log takes what was written from there on', async () => {
  const { directory, log } = await killedStore(20);
  const good = await readFile(log);
  const frame = 24 + 4096;
  const frames = Math.floor((good.length - 32) / frame);
  for (const position of [32 + (frames - 9) * frame + 5, 32 + (frames - 3) * frame + 2000]) {
    const copy = await temporaryDirectory();
    await cp(directory, copy, { recursive: true });
    await overwrite(join(copy, 'store.sqlite-wal'), position, Buffer.from([(good[position] ?? 0) ^ 0x40]));
    const store = await openStore(copy);
    const there = await present(store);
    expect(there.length).toBeGreaterThan(0);
    expect(there.length).toBeLessThan(20);
    expect(there).toEqual(Array.from(there, (_, number) => number));
    await store.close();
  }
});

test('a store that was only in its log is not taken for a new one when the log is lost', async () => {
  const { directory, log } = await killedStore(20);
  await truncate(log, 31);
  await expect(openStore(directory)).rejects.toThrow(/is damaged: its file is empty/);
});

test('a log that a crash or a power cut left unfinished is no damage', async () => {
  const { directory, log } = await killedStore(20);
  const good = await readFile(log);
  const frame = 24 + 4096;
  const hole = Buffer.from(good);
  // Of the last commit, two frames as written here, the first one never reached the disk.
  hole.fill(0, good.length - 2 * frame, good.length - frame);
  const cuts = [32 + 9 * frame, 32 + 9 * frame + 100, good.length - 1].map((length) =>
    good.subarray(0, length),
  );
  for (const left of [...cuts, hole, good]) {
    await writeFile(log, left);
    const copy = await temporaryDirectory();
    await cp(directory, copy, { recursive: true });
    const store = await openStore(copy);
    // What is there is the beginning, without a gap.
    const there = await present(store);
    expect(there).toEqual(Array.from(there, (_, number) => number));
    if (left === good) expect(there).toHaveLength(20);
    await store.close();
  }
});

/** What is there of the entries that {@link killedStore} wrote. */
async function present(store: Store): Promise<number[]> {
  const keys = Array.from({ length: 20 }, (_, number) => `lead ${number}`);
  const found = await store.collection<number>('leads').getMany(keys);
  return found.filter((value) => value !== undefined);
}

test('damage inside the file is an error when it is met, never an entry that seems not to be there', async () => {
  // Too large to be checked whole when it is opened.
  const { directory, path } = await filledStore(60_000);
  const { length } = await readFile(path);
  for (let position = 8 * 4096; position < length; position += 4096) {
    await overwrite(path, position, Buffer.alloc(64, 0xff));
  }
  const store = await openStore(directory);
  const leads = store.collection<string>('leads');
  const keys = Array.from({ length: 300 }, (_, index) => `lead ${index}`);
  await expect(leads.getMany(keys)).rejects.toBeInstanceOf(StoreDamaged);
  const single = await Promise.allSettled(keys.map((key) => leads.get(key)));
  for (const result of single) {
    if (result.status === 'fulfilled') expect(result.value).toBe('x'.repeat(60_000));
    else expect(result.reason).toBeInstanceOf(StoreDamaged);
  }
  await expect(
    (async () => {
      for await (const _ of leads.entries());
    })(),
  ).rejects.toBeInstanceOf(StoreDamaged);
  await store.close();
});

test('a store of a newer version is refused', async () => {
  const { directory, path } = await filledStore();
  const database = new DatabaseSync(path);
  database.exec('PRAGMA user_version = 7');
  database.close();
  const before = await readFile(path);
  const refusal = openStore(directory);
  await expect(refusal).rejects.toBeInstanceOf(StoreTooNew);
  await expect(refusal).rejects.toThrow(/format 7; this version knows formats up to 1\). Update the program/);
  expect(await readFile(path)).toEqual(before);
});

test('a directory that cannot be used is named', async () => {
  const directory = await temporaryDirectory();
  const file = join(directory, 'file');
  await writeFile(file, '');
  await expect(openStore(file)).rejects.toBeInstanceOf(DataDirectoryError);
  await expect(openStore(file)).rejects.toThrow(/cannot be used: there is a file in its place. Set DATA_DIR/);
});

test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
  'a directory that cannot be written is named',
  async () => {
    const directory = await temporaryDirectory();
    await chmod(directory, 0o500);
    await expect(openStore(directory)).rejects.toThrow(/cannot be used: no permission/);
    await expect(openStore(join(directory, 'data'))).rejects.toThrow(/cannot be used: no permission/);
  },
);

test('on a full disk, no write of the turn is made, all say so, and it goes on when there is space', async () => {
  const directory = await temporaryDirectory();
  const database = new DatabaseSync(join(directory, 'store.sqlite'));
  const file = new SqliteFile(database, directory, () => 0);
  const write = (key: string, size: number) =>
    file.write([{ namespace: 'leads', key, value: 'x'.repeat(size), expires: undefined }]);
  await write('before', 100);
  database.exec('PRAGMA max_page_count = 20');
  const writes = await Promise.allSettled([write('small', 100), write('large', 200_000), write('after', 10)]);
  for (const result of writes.slice(0, 2)) {
    expect(result).toMatchObject({ status: 'rejected', reason: expect.any(StoreNotWritten) });
    expect((result as PromiseRejectedResult).reason.message).toBe(
      `The store in ${directory} could not be written: disk full. Free space and start again; nothing that was reported as saved is lost.`,
    );
  }
  // It came after the failure, and fits.
  expect(writes[2]?.status).toBe('fulfilled');
  const found = file.getMany('leads', ['before', 'small', 'large', 'after']);
  expect(found.map((value) => value?.length)).toEqual([100, undefined, undefined, 10]);
  database.exec('PRAGMA max_page_count = 10000');
  await write('large', 200_000);
  expect(file.getMany('leads', ['large'])[0]).toHaveLength(200_000);
  file.close();
});

test('expired entries leave the file in steps', async () => {
  const directory = await temporaryDirectory();
  let now = 0;
  const database = new DatabaseSync(join(directory, 'store.sqlite'));
  const file = new SqliteFile(database, directory, () => now);
  await file.write(
    Array.from({ length: 25 }, (_, index) => ({
      namespace: 'leads',
      key: `lead ${index}`,
      value: '1',
      expires: index < 22 ? 100 : undefined,
    })),
  );
  const count = () => database.prepare('SELECT count(*) AS count FROM entries').get()?.count;
  expect(await file.sweep(10)).toBe(0);
  now = 100;
  expect(await file.sweep(10)).toBe(10);
  expect(count()).toBe(15);
  expect(await file.sweep(100)).toBe(12);
  expect(count()).toBe(3);
  file.close();
});
