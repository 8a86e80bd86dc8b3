import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** The encryption keys by id. New secrets are sealed with the current one; the others only open old ones. */
export interface KeyRing {
  readonly current: { readonly id: string; readonly key: Uint8Array };
  /** `undefined` for an id that the ring does not hold. */
  key(id: string): Uint8Array | undefined;
  /** All that it holds, where it can tell. */
  readonly ids?: readonly string[];
}

/** An encrypted secret as it is stored. All but `keyId` is base64. */
export interface Sealed {
  readonly keyId: string;
  readonly nonce: string;
  readonly text: string;
  readonly tag: string;
}

/** Where a secret belongs. Sealed for one slot, it cannot be opened for another. */
export interface SealContext {
  readonly workspace: string;
  readonly slot: number;
}

export interface Vault {
  seal(secret: string, context: SealContext): Sealed;
  /** Throws {@link EncryptionKeyMissing} or {@link SealBroken}. */
  open(sealed: Sealed, context: SealContext): string;
  /** Whether it was sealed with the ring's current key. */
  isCurrent(sealed: Sealed): boolean;
}

/** The ring does not hold the encryption key that a stored Apollo key was sealed with. */
export class EncryptionKeyMissing extends Error {
  override readonly name = 'EncryptionKeyMissing';
  readonly keyId: string;
  constructor(keyId: string, { slot, workspace }: SealContext) {
    super(
      `The key in slot ${slot} of workspace "${workspace}" was encrypted with encryption key "${keyId}", which is missing. Add "${keyId}" to ENCRYPTION_KEYS, or disconnect the slot and connect its key again.`,
    );
    this.keyId = keyId;
  }
}

/** What is stored was altered, was moved here from another slot, or its encryption key is a wrong one. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
  constructor({ slot, workspace }: SealContext) {
    super(
      `The stored key in slot ${slot} of workspace "${workspace}" cannot be decrypted: it was altered, or moved from another slot, or ENCRYPTION_KEYS has a wrong value under its id. Disconnect the slot and connect its key again.`,
    );
  }
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** NIST SP 800-38D, 5.2.1.1 and 8.2: 96 bits are what GCM is made for; random ones are safe for 2^32 seals. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM with the workspace and slot as associated data.
 * Throws a `RangeError` when the ring's current key is not 32 bytes long.
 */
export function createVault(ring: KeyRing): Vault {
  // A key is decrypted for every call, which is three times as quick with one that is prepared.
  const prepared = new WeakMap<Uint8Array, KeyObject>();
  const prepare = (id: string, key: Uint8Array): KeyObject => {
    const object = prepared.get(key) ?? createSecretKey(rightLength(id, key));
    prepared.set(key, object);
    return object;
  };
  prepare(ring.current.id, ring.current.key);
  return {
    seal(secret, context) {
      const { id, key } = ring.current;
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, prepare(id, key), nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(associated(context));
      const text = cipher.update(secret, 'utf8', 'base64') + cipher.final('base64');
      return {
        keyId: id,
        nonce: nonce.toString('base64'),
        text,
        tag: cipher.getAuthTag().toString('base64'),
      };
    },

    open(sealed, context) {
      const key = ring.key(sealed.keyId);
      if (!key) throw new EncryptionKeyMissing(sealed.keyId, context);
      const secret = prepare(sealed.keyId, key);
      try {
        const nonce = Buffer.from(sealed.nonce, 'base64');
        const decipher = createDecipheriv(CIPHER, secret, nonce, { authTagLength: TAG_BYTES });
        decipher.setAAD(associated(context));
        decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'));
        return decipher.update(sealed.text, 'base64', 'utf8') + decipher.final('utf8');
      } catch {
        throw new SealBroken(context);
      }
    },

    isCurrent: (sealed) => sealed.keyId === ring.current.id,
  };
}

/**
 * The same 16 characters for the same Apollo key, everywhere and for ever: recognises a key without
 * decrypting, and names the limiter of a key that may not read its team. A plain SHA-256, cut to 96 bits, and
 * not an HMAC, because it must stay the same in every workspace and through every rotation of the
 * encryption keys. That is safe for an Apollo key: a random one cannot be guessed back from its hash.
 */
export function fingerprint(secret: string): string {
  return createHash('sha256')
    .update(`connectionsphere apollo key v1\0${secret}`)
    .digest('base64url')
    .slice(0, 16);
}

/** JSON keeps the two apart whatever characters the workspace's id has. */
function associated({ workspace, slot }: SealContext): Buffer {
  return Buffer.from(JSON.stringify([workspace, slot]), 'utf8');
}

function rightLength(id: string, key: Uint8Array): Uint8Array {
  if (key.length === KEY_BYTES) return key;
  throw new RangeError(
    `Encryption key "${id}" in ENCRYPTION_KEYS has ${key.length} bytes; it must have ${KEY_BYTES}.`,
  );
}
