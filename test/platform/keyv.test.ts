/** Why the class of Keyv is not between the store and its storage, see docs/decisions/0008-small-state.md. */
import { Keyv, type KeyvStorageAdapter } from 'keyv';
import { expect, test } from 'vitest';
import { type Entries, EntryStore } from '../../core/node/entry-store.ts';
import { RedisRefused } from '../../core/node/redis/connection.ts';
import type { Write } from '../../core/node/write-batch.ts';

/** A storage in memory, for Keyv and for our store, that notes in which order it is called. */
class NotingStorage {
  namespace: string | undefined;
  readonly calls: string[] = [];
  readonly values = new Map<string, string>();
  refuses = false;

  async get(key: string) {
    return (await this.getMany([key]))[0];
  }
  async getMany(keys: string[]) {
    this.#note('get', keys);
    return keys.map((key) => this.values.get(key));
  }
  async set(key: string, value: unknown) {
    return (await this.setMany([{ key, value }]))[0] ?? false;
  }
  async setMany(entries: { key: string; value?: unknown }[]) {
    const keys = entries.map(({ key }) => key);
    this.#note('set', keys);
    for (const { key, value } of entries) this.values.set(key, String(value));
    return entries.map(() => true);
  }
  async delete(key: string) {
    return (await this.deleteMany([key]))[0] ?? false;
  }
  async deleteMany(keys: string[]) {
    this.#note('delete', keys);
    return keys.map((key) => this.values.delete(key));
  }
  async has(key: string) {
    return this.values.has(key);
  }
  async hasMany(keys: string[]) {
    return keys.map((key) => this.values.has(key));
  }
  async clear() {
    this.values.clear();
  }
  on() {
    return this;
  }

  #note(what: string, keys: readonly string[]) {
    this.calls.push(...keys.map((key) => `${what} ${key}`));
    if (this.refuses) throw new RedisRefused('localhost:6379', new Error('OOM command not allowed'));
  }
}

/** As much of our storage as the tests below ask. */
function entriesOf(storage: NotingStorage): Entries {
  const write = async ({ key, value }: Write) =>
    value === undefined ? storage.delete(key) : storage.set(key, value);
  return {
    getMany: (_, keys) => storage.getMany([...keys]),
    write: async (writes) => void (await Promise.all(writes.map(write))),
    damaged: () => new Error('The store is damaged'),
    pages: () => [],
    fields: () => ({}),
    counted: async function* () {},
  };
}

class OwnStore extends EntryStore {
  async close(): Promise<void> {}
}

function both() {
  const [below, own] = [new NotingStorage(), new NotingStorage()];
  const keyv = new Keyv({ store: below as unknown as KeyvStorageAdapter });
  keyv.on('error', () => undefined);
  const collection = new OwnStore(entriesOf(own), Date).collection<unknown>('small');
  return { below, keyv, own, collection };
}

test('calls reach a storage in their order; through Keyv a delete overtakes the set before it', async () => {
  const { below, keyv, own, collection } = both();
  await Promise.all([collection.set('token', 1), collection.delete('token')]);
  expect(own.calls).toEqual(['set token', 'delete token']);
  expect(await collection.get('token')).toBeUndefined();

  await Promise.all([keyv.set('token', 1), keyv.delete('token')]);
  expect(below.calls).toEqual(['delete token', 'set token']);
  expect(await keyv.get('token')).toBe(1);
});

test('what cannot be read is an error; through Keyv it is as if it were not there', async () => {
  const { below, keyv, own, collection } = both();
  for (const storage of [below, own]) storage.values.set('connection', '{"key":');
  await expect(collection.get('connection')).rejects.toThrow('The store is damaged');
  expect(await keyv.get('connection')).toBeUndefined();

  for (const storage of [below, own]) storage.refuses = true;
  await expect(collection.get('limit')).rejects.toThrow('refused to read or write');
  expect(await keyv.get('limit')).toBeUndefined();
});

test('what is not written is an error; Keyv gives false, which nobody has to look at', async () => {
  const { below, keyv, own, collection } = both();
  for (const storage of [below, own]) storage.refuses = true;
  await expect(collection.set('forgotten', true)).rejects.toThrow('refused to read or write');
  expect(await keyv.set('forgotten', true)).toBe(false);
});
