import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Collection, Ports } from '../ports.ts';
import type { KeyRing } from '../slots/vault.ts';
import { EncryptionKeysError } from './keyring.ts';

/** Which encryption keys a process has. */
interface Holder {
  readonly ids: readonly string[];
}

const DAY_MS = 86_400_000;

/**
 * Sees to it that every encryption key is the one that its id has always meant: of each key that seals, a check value is
 * kept, which gives nothing of the key away. Gives the ids of those that are not in the ring; throws
 * `EncryptionKeysError` for another one under an id that is known.
 */
export async function checkEncryptionKeys(
  { store }: Pick<Ports, 'store'>,
  ring: KeyRing | undefined,
): Promise<string[]> {
  const missing: string[] = [];
  const checks: Collection<string> = store.collection('encryption-keys');
  for await (const [id, known] of checks.entries()) {
    const key = ring?.key(id);
    if (key === undefined) missing.push(id);
    if (key === undefined || isSame(known, checkOf(key))) continue;
    throw new EncryptionKeysError(
      `The encryption key "${id}" is another one than what is stored was encrypted with. Give the right one under this id, or a new one under a new id, first in ENCRYPTION_KEYS with the old one behind it.`,
    );
  }
  if (ring) {
    const { id, key } = ring.current;
    if ((await checks.get(id)) === undefined) await checks.set(id, checkOf(key));
  }
  return missing;
}

/** Tells the other processes on the same state which encryption keys this one has; gives what ends that. */
export async function announceKeys(
  { store, shared }: Pick<Ports, 'store' | 'shared'>,
  ring: KeyRing,
): Promise<() => Promise<void>> {
  const holders: Collection<Holder> = store.collection('encryption-key-holders');
  await holders.set(shared.self, { ids: ring.ids ?? [ring.current.id] });
  // Where that is not told, the others see that this process is gone.
  return () => holders.delete(shared.self).catch(() => undefined);
}

/**
 * Throws `EncryptionKeysError` where a process that lives could not read what is sealed with the ring's current key from
 * now on.
 */
export async function requireKeyEverywhere(
  { store, shared }: Pick<Ports, 'store' | 'shared'>,
  ring: KeyRing,
): Promise<void> {
  await shared.lookForLost();
  const holders: Collection<Holder> = store.collection('encryption-key-holders');
  let without = 0;
  for await (const [process, { ids }] of holders.entries()) {
    if (process === shared.self || ids.includes(ring.current.id)) continue;
    if (shared.isLost(process)) await holders.set(process, { ids }, { ttlMs: DAY_MS });
    else without += 1;
  }
  if (without === 0) return;
  throw new EncryptionKeysError(
    `${without === 1 ? 'A process that runs has' : `${without} processes that run have`} no encryption key "${ring.current.id}", and could not read a key any more. Add it to ENCRYPTION_KEYS of every process, behind the one that encrypts, and restart them; then put it first and run this again.`,
  );
}

function checkOf(key: Uint8Array): string {
  return createHmac('sha256', key).update('connectionsphere encryption key check v1').digest('base64url');
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
