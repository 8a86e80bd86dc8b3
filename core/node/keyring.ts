import { randomBytes } from 'node:crypto';
import { link, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { KeyRing } from '../slots/vault.ts';
import { ensureDataDirectory } from './data-directory.ts';
import { syncDirectory } from './sync.ts';

/** AES-256. */
const KEY_BYTES = 32;

export interface EncryptionKey {
  readonly id: string;
  readonly key: Uint8Array;
}

/** The encryption keys cannot be used as they are. The message never holds one. */
export class EncryptionKeysError extends Error {
  override readonly name = 'EncryptionKeysError';
}

/**
 * Reads `id:base64 of 32 bytes`, separated by commas or line feeds. The first encrypts, the others still
 * decrypt. An id is 1 to 32 letters, digits, `-` or `_`. Throws {@link EncryptionKeysError}.
 */
export function parseEncryptionKeys(text: string): EncryptionKey[] {
  const keys = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part, index) => parseKey(part, index + 1));
  if (keys.length === 0) throw new EncryptionKeysError('there is no key in it');
  const twice = keys.find(({ id }, index) => keys.findIndex((other) => other.id === id) !== index);
  if (twice) throw new EncryptionKeysError(`the id "${twice.id}" is used twice`);
  return keys;
}

function parseKey(text: string, position: number): EncryptionKey {
  const [, id, base64] = /^([\w-]{1,32}):([A-Za-z\d+/_-]+={0,2})$/.exec(text) ?? [];
  if (id === undefined || base64 === undefined) {
    throw new EncryptionKeysError(`key ${position} is not of the form id:base64`);
  }
  const key = Buffer.from(base64, 'base64');
  if (key.length !== KEY_BYTES) {
    throw new EncryptionKeysError(
      `key ${position} ("${id}") has ${key.length} bytes instead of ${KEY_BYTES}`,
    );
  }
  return { id, key };
}

/**
 * The keys that Apollo keys are encrypted with: those of `ENCRYPTION_KEYS`, else those of
 * `DATA_DIR/encryption.keys`, made at the first start and never overwritten. With `ENCRYPTION_KEYS` set, an
 * `encryption.keys` that is there still decrypts, so that nothing is lost on the way from one to the other.
 *
 * Throws {@link EncryptionKeysError} when the file is malformed or others may read it.
 */
export async function loadKeyRing(config: {
  readonly dataDir: string;
  readonly encryptionKeys?: readonly EncryptionKey[];
}): Promise<KeyRing> {
  const path = join(config.dataDir, 'encryption.keys');
  const given = config.encryptionKeys ?? [];
  let stored = await readKeyFile(path);
  if (given.length === 0 && !stored) {
    await ensureDataDirectory(config.dataDir);
    await createKeyFile(path);
    // Another process may have been first: what is there now counts.
    stored = await readKeyFile(path);
  }
  const [current, ...others] = [...given, ...(stored ?? [])];
  if (!current) throw new EncryptionKeysError(`The encryption keys in ${path} are gone. Start again.`);
  const byId = new Map([...others.reverse(), current].map(({ id, key }) => [id, key]));
  return { current, key: (id) => byId.get(id), ids: [...byId.keys()] };
}

async function readKeyFile(path: string): Promise<EncryptionKey[] | undefined> {
  try {
    const { mode } = await stat(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new EncryptionKeysError(
        `The encryption keys in ${path} can be read by other users. Run: chmod 600 "${path}"`,
      );
    }
    return parseEncryptionKeys(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (!(error instanceof EncryptionKeysError) || error.message.includes(path)) throw error;
    throw new EncryptionKeysError(
      `The encryption keys in ${path} cannot be used: ${error.message}. Restore the file from a backup; without it the connected keys cannot be decrypted.`,
      { cause: error },
    );
  }
}

/** Whole or not at all, and never in the place of another: written aside, then linked. */
async function createKeyFile(path: string): Promise<void> {
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(`${newKeyText()}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, path);
    // Or its name might not survive a power cut that what was encrypted with it survives.
    await syncDirectory(dirname(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new EncryptionKeysError(
        `No encryption key could be written to ${path}: ${(error as Error).message}. Make the directory writable, or set ENCRYPTION_KEYS.`,
        { cause: error },
      );
    }
  } finally {
    await rm(temporary, { force: true });
  }
}

function newKeyText(): string {
  return `k${randomBytes(4).toString('hex')}:${randomBytes(KEY_BYTES).toString('base64')}`;
}
