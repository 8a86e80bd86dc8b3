import { randomBytes } from 'node:crypto';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EncryptionKeysError, loadKeyRing, parseEncryptionKeys } from '../../core/node/keyring.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('makes a key at the first start, for its owner alone, and keeps to it', async () => {
  const dataDir = join(await temporaryDirectory(), 'data');
  const first = await loadKeyRing({ dataDir });
  expect(first.current.key).toHaveLength(32);
  expect((await stat(join(dataDir, 'encryption.keys'))).mode & 0o777).toBe(0o600);
  const again = await loadKeyRing({ dataDir });
  expect(again.current).toEqual(first.current);
  expect(again.key(first.current.id)).toEqual(first.current.key);
  expect(again.key('another')).toBeUndefined();
  expect(await readdir(dataDir)).toEqual(['encryption.keys']);
});

test('several starting at once agree on one key', async () => {
  const dataDir = await temporaryDirectory();
  const rings = await Promise.all(Array.from({ length: 8 }, () => loadKeyRing({ dataDir })));
  expect(new Set(rings.map(({ current }) => current.id)).size).toBe(1);
});

test('given keys: the first encrypts, the others and those in the file still decrypt', async () => {
  const dataDir = await temporaryDirectory();
  const stored = (await loadKeyRing({ dataDir })).current;
  const [key1, key2] = [randomBytes(32), randomBytes(32)];
  const encryptionKeys = parseEncryptionKeys(
    ` new:${key1.toString('base64')} , old:${key2.toString('base64url')},\n`,
  );
  const ring = await loadKeyRing({ dataDir, encryptionKeys });
  expect(ring.current).toEqual({ id: 'new', key: key1 });
  expect(ring.key('new')).toEqual(key1);
  expect(ring.key('old')).toEqual(key2);
  expect(ring.key(stored.id)).toEqual(stored.key);
});

test('given keys make no file', async () => {
  const dataDir = await temporaryDirectory();
  await loadKeyRing({ dataDir, encryptionKeys: [{ id: 'given', key: randomBytes(32) }] });
  expect(await readdir(dataDir)).toEqual([]);
});

test.each([
  ['', 'no key in it'],
  ['no-colon', 'key 1 is not of the form id:base64'],
  [`ok:${'A'.repeat(43)}=,short:aGVsbG8=`, 'key 2 ("short") has 5 bytes instead of 32'],
  [`a:${'A'.repeat(43)}=,a:${'B'.repeat(43)}=`, 'the id "a" is used twice'],
])('refuses %j without showing a key', (text, complaint) => {
  expect(() => parseEncryptionKeys(text)).toThrow(complaint);
});

test('a file that others can read, or that is malformed, is refused and left alone', async () => {
  const dataDir = await temporaryDirectory();
  const path = join(dataDir, 'encryption.keys');
  await loadKeyRing({ dataDir });
  await chmod(path, 0o644);
  await expect(loadKeyRing({ dataDir })).rejects.toThrow(/can be read by other users. Run: chmod 600/);
  await chmod(path, 0o600);
  await writeFile(path, 'k1:hush\n');
  const refusal = loadKeyRing({ dataDir });
  await expect(refusal).rejects.toBeInstanceOf(EncryptionKeysError);
  await expect(refusal).rejects.toThrow(/has 3 bytes instead of 32. Restore the file from a backup/);
  await expect(refusal).rejects.not.toThrow(/hush/);
  expect(await readFile(path, 'utf8')).toBe('k1:hush\n');
});
