import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Keyv } from 'keyv';
import { expect, onTestFinished, test } from 'vitest';
import { SqliteFile } from '../../core/node/sqlite-file.ts';
import { SqliteStorage } from '../../core/node/sqlite-storage.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('it is a storage for Keyv: values, many at once, expiry, iteration, namespaces', async () => {
  const directory = await temporaryDirectory();
  let now = Date.now();
  const file = new SqliteFile(new DatabaseSync(join(directory, 'store.sqlite')), directory, () => now);
  onTestFinished(() => file.close());
  const keyv = (namespace: string) =>
    new Keyv({
      store: new SqliteStorage(file, namespace, () => undefined),
      namespace,
      checkExpired: false,
    });
  const leads = keyv('leads');
  const jobs = keyv('jobs');

  expect(await leads.set('ada', { born: 1815 })).toBe(true);
  expect(
    await leads.setMany([
      { key: 'grace', value: 'Hopper' },
      { key: 'alan', value: 'Turing', ttl: 1000 },
    ]),
  ).toEqual([true, true]);
  await jobs.set('ada', 'another');
  expect(await leads.get('ada')).toEqual({ born: 1815 });
  expect(await leads.getMany(['alan', 'nobody', 'grace'])).toEqual(['Turing', undefined, 'Hopper']);
  expect(await leads.has('nobody')).toBe(false);
  expect(await leads.hasMany(['ada', 'nobody'])).toEqual([true, false]);

  now += 2000;
  expect(await leads.get('alan')).toBeUndefined();
  const entries: unknown[] = [];
  for await (const entry of leads.iterator()) entries.push(entry);
  expect(entries).toEqual([
    ['ada', { born: 1815 }],
    ['grace', 'Hopper'],
  ]);

  expect(await leads.delete('grace')).toBe(true);
  expect(await leads.delete('grace')).toBe(false);
  await leads.clear();
  expect(await leads.has('ada')).toBe(false);
  expect(await jobs.get('ada')).toBe('another');
});
