import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openStore } from '../../core/node/store.ts';
import type { Clock } from '../../core/ports.ts';
import { all, behavesAsStore } from './store-behaviour.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const root = mkdtempSync(join(tmpdir(), 'platform-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let places = 0;

const embedded = {
  name: 'embedded',
  place: () => join(root, String(places++)),
  open: (place: string, clock?: Pick<Clock, 'now'>) => openStore(place, clock ? { clock } : {}),
  movesTime: true,
};

describe('the embedded store', () => behavesAsStore(embedded));

test('the write that was begun later holds, whichever of two that go on side by side ends first', async () => {
  const directory = await temporaryDirectory();
  const store = await openStore(directory);
  const usages = store.collection<number>('tallies');
  const { promise: goOn, resolve: finish } = Promise.withResolvers<void>();
  const slow = store.atomically(async () => {
    await usages.setMany([
      ['job', 1],
      ['other', 1],
    ]);
    await goOn;
    await usages.set('last', 1);
  });
  await store.atomically(() =>
    usages.setMany([
      ['job', 2],
      ['last', 2],
    ]),
  );
  finish();
  await slow;
  expect(await usages.getMany(['job', 'other', 'last'])).toEqual([2, 1, 1]);
  await store.close();
});

test('the directory and every file in it are for their owner alone', async () => {
  const directory = join(await temporaryDirectory(), 'new', 'data');
  const store = await openStore(directory);
  await store.collection('leads').set('ada', 1);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  const files = await readdir(directory);
  expect(files.sort()).toEqual(['owner.json', 'store.sqlite', 'store.sqlite-wal']);
  for (const file of files) expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
  await store.close();
});

test('an entry with a time to live is gone when that is over, over a restart too', async () => {
  const directory = await temporaryDirectory();
  let now = 1_000_000;
  const clock = { now: () => now };
  const first = await openStore(directory, { clock });
  const leads = first.collection<string>('leads');
  await leads.set('short', 'a', { ttlMs: 1000 });
  await leads.set('renewed', 'b', { ttlMs: 1000 });
  await leads.set('kept', 'c');
  now += 999;
  await leads.set('renewed', 'b', { ttlMs: 1000 });
  expect(await leads.get('short')).toBe('a');
  now += 1;
  expect(await leads.getMany(['short', 'renewed', 'kept'])).toEqual([undefined, 'b', 'c']);
  expect(await all(leads)).toEqual({ renewed: 'b', kept: 'c' });
  await first.close();
  now += 999;
  const second = await openStore(directory, { clock });
  expect(await all(second.collection('leads'))).toEqual({ kept: 'c' });
  await second.close();
});

test('a write is seen at once by whoever reads, before it is durable', async () => {
  const store = await openStore(await temporaryDirectory());
  const leads = store.collection<number>('leads');
  let durable = false;
  const write = leads.set('ada', 1).then(() => {
    durable = true;
  });
  expect(await leads.get('ada')).toBe(1);
  expect(durable).toBe(false);
  await write;
  await store.close();
});
