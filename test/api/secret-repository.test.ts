import { describe, expect, it } from 'vitest';
import { SecretRepository, SecretUnreadable } from '../../bot/secret-repository.ts';
import { createCoordination } from '../../core/node/index.ts';
import { createVault } from '../../core/slots/index.ts';
import { keyRing, MemoryStore } from '../slots/world.ts';

const HOOKS = { name: 'hook-secrets', remedy: 'Make the hook again.' };

/** The same store, opened with one ring of encryption keys or another. */
function world() {
  const ports = { store: new MemoryStore(), coordination: createCoordination() };
  return {
    store: ports.store,
    open: (ring: ReturnType<typeof keyRing>, kind = HOOKS) =>
      new SecretRepository(ports, createVault(ring), kind),
  };
}

describe('secrets that are kept', () => {
  it('are kept encrypted, each for its own place', async () => {
    const { store, open } = world();
    const repository = open(keyRing('first'));
    await repository.set('one', 'whsec_one');
    expect(await repository.get('one')).toBe('whsec_one');
    expect(await repository.get('two')).toBeUndefined();
    const sealed = await store.collection('hook-secrets').get('one');
    expect(JSON.stringify(sealed)).not.toContain('whsec_one');
    await store.collection('hook-secrets').set('two', sealed);
    await expect(repository.get('two')).rejects.toThrow(SecretUnreadable);
    await store.collection('callback-secrets').set('one', sealed);
    const other = open(keyRing('first'), { name: 'callback-secrets', remedy: 'Start the job again.' });
    await expect(other.get('one')).rejects.toThrow(/cannot be decrypted\. Start the job again\./);
  });

  it('are encrypted anew with a new key, which then is enough; what cannot be is named', async () => {
    const { open } = world();
    await open(keyRing('first')).set('one', 'whsec_one');
    await open(keyRing('lost')).set('two', 'whsec_two');
    const rotating = open(keyRing('second', 'first'));
    expect(await rotating.rotate()).toEqual({
      resealed: 1,
      alreadyCurrent: 0,
      unreadable: [
        { id: 'two', reason: expect.stringMatching(/"lost" is missing\. Add it to ENCRYPTION_KEYS/) },
      ],
    });
    expect(await rotating.rotate()).toMatchObject({ resealed: 0, alreadyCurrent: 1 });
    expect(await open(keyRing('second')).get('one')).toBe('whsec_one');
    expect(await open(keyRing('lost')).get('two')).toBe('whsec_two');
    await expect(open(keyRing('first')).get('one')).rejects.toThrow(/"second" is missing/);
  });
});
