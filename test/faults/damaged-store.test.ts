import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { openStore } from '../../core/node/store.ts';
import { StoreError } from '../../core/node/store-errors.ts';
import { temporaryDirectory } from '../platform/temporary-directory.ts';
import { random } from '../sandbox/chance.ts';
import { length, report, seeded } from './length.ts';

const ENTRIES = 400;
const PAGE = 4096;
const DAMAGES = [
  'a flipped bit',
  'another byte',
  'a page of zeros',
  'cut short',
  'two pages exchanged',
] as const;

const COLLECTIONS = ['results', 'jobs'];

const written = (number: number) => ({ number, text: `${'Ada Lovelace '.repeat(number % 60)}` });

describe('a store whose file is damaged anywhere', () => {
  seeded('gives what was written or says that it is damaged, and is left as it is', async (seed) => {
    const chance = random(seed);
    const directory = await temporaryDirectory();
    const path = join(directory, 'store.sqlite');
    const good = await filled(directory, path);
    const usage: Record<string, number> = { refused: 0, 'refused when read': 0, 'not touched': 0 };
    const count = length(400, 20_000);
    const began = performance.now();
    for (let number = 0; number < count; number += 1) {
      const how = DAMAGES[Math.floor(chance() * DAMAGES.length)] ?? 'a flipped bit';
      const damaged = damage(good, how, chance);
      await writeFile(path, damaged);
      const became = await read(directory).catch((error: unknown) => {
        throw new Error(`damage ${number}, ${how}`, { cause: error });
      });
      usage[became] = (usage[became] ?? 0) + 1;
      if (became === 'refused') expect(Buffer.compare(await readFile(path), damaged)).toBe(0);
      for (const beside of ['-wal', '-shm', '-journal']) await rm(path + beside, { force: true });
    }
    const seconds = Math.round((performance.now() - began) / 1000);
    report('Damaged stores', { damages: count, ...usage, seconds });
    expect(usage.refused).toBeGreaterThan(count / 4);
  });
});

describe('a store whose process was killed, and whose log is damaged anywhere', () => {
  seeded(
    'gives what was written before the damage, without a gap, or says that it is damaged',
    async (seed) => {
      const chance = random(seed);
      const directory = await temporaryDirectory();
      const log = join(directory, 'store.sqlite-wal');
      const good = await killed(directory, log);
      const file = await readFile(join(directory, 'store.sqlite'));
      const usage = { refused: 0, 'ended early': 0, 'not touched': 0 };
      const count = length(100, 4000);
      const began = performance.now();
      for (let number = 0; number < count; number += 1) {
        const how = DAMAGES[Math.floor(chance() * 3)] ?? 'a flipped bit';
        await writeFile(join(directory, 'store.sqlite'), file);
        await writeFile(log, damage(good, how, chance));
        const kept = await keptOf(directory).catch((error: unknown) => {
          expectClear(error, directory);
          return undefined;
        });
        if (kept === undefined) usage.refused += 1;
        else usage[kept === COMMITS ? 'not touched' : 'ended early'] += 1;
      }
      const seconds = Math.round((performance.now() - began) / 1000);
      report('Damaged logs', { damages: count, ...usage, seconds });
    },
  );
});

/** Commits that stand in the log of the killed store. */
const COMMITS = 60;

/** Leaves in `directory` what a killed process does; gives its log. */
async function killed(directory: string, log: string): Promise<Buffer> {
  const from = await temporaryDirectory();
  const store = await openStore(from);
  const results = store.collection('results');
  for (let number = 0; number < COMMITS; number += 1) await results.set(`key ${number}`, written(number));
  await cp(from, directory, { recursive: true });
  await store.close();
  return await readFile(log);
}

/** How many of the commits are there, without a gap. */
async function keptOf(directory: string): Promise<number> {
  const store = await openStore(directory);
  try {
    const results = store.collection('results');
    const found = await results.getMany(Array.from({ length: COMMITS }, (_, number) => `key ${number}`));
    const kept = found.filter((value) => value !== undefined);
    expect(kept).toEqual(kept.map((_, number) => written(number)));
    return kept.length;
  } finally {
    await store.close();
  }
}

async function filled(directory: string, path: string): Promise<Buffer> {
  const store = await openStore(directory);
  for (const name of COLLECTIONS) {
    await store.collection(name).setMany(
      Array.from({ length: ENTRIES / 2 }, (_, number) => [`key ${number}`, written(number)] as const),
      {
        ttlMs: 1e12,
      },
    );
  }
  await store.close();
  return await readFile(path);
}

function damage(good: Buffer, how: (typeof DAMAGES)[number], chance: () => number): Buffer {
  const bytes = Buffer.from(good);
  const at = Math.floor(chance() * bytes.length);
  const page = at - (at % PAGE);
  switch (how) {
    case 'a flipped bit':
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(chance() * 8));
      return bytes;
    case 'another byte':
      bytes[at] = Math.floor(chance() * 256);
      return bytes;
    case 'a page of zeros':
      return bytes.fill(0, page, Math.min(page + PAGE, bytes.length));
    case 'cut short':
      return bytes.subarray(0, at);
    case 'two pages exchanged': {
      const other = Math.floor((chance() * bytes.length) / PAGE) * PAGE;
      good.copy(bytes, page, other, other + PAGE);
      good.copy(bytes, other, page, page + PAGE);
      return bytes;
    }
  }
}

/** Opens it and reads everything, one by one and in turn: each entry is as it was, or the store says why not. */
async function read(directory: string): Promise<'refused' | 'refused when read' | 'not touched'> {
  let store: Awaited<ReturnType<typeof openStore>>;
  try {
    store = await openStore(directory);
  } catch (error) {
    expectClear(error, directory);
    return 'refused';
  }
  try {
    for (const name of COLLECTIONS) {
      const collection = store.collection(name);
      const seen = new Set<string>();
      for await (const [key, value] of collection.entries()) {
        seen.add(key);
        expect(value).toEqual(written(Number(key.slice(4))));
      }
      expect(seen.size).toBe(ENTRIES / 2);
      for (let number = 0; number < ENTRIES / 2; number += 20) {
        expect(await collection.get(`key ${number}`)).toEqual(written(number));
      }
    }
    return 'not touched';
  } catch (error) {
    expectClear(error, directory);
    return 'refused when read';
  } finally {
    await store.close();
  }
}

function expectClear(error: unknown, directory: string): void {
  if (!(error instanceof StoreError)) throw error;
  expect(error.message).toContain(directory);
  expect(error.message).toMatch(/Restore the directory|Update the program|Check the disk/);
}
