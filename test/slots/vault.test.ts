import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVault, EncryptionKeyMissing, healthWords, SealBroken } from '../../core/slots/index.ts';
import { apolloKey, createWorld, encryptionKey, healthy, keyRing } from './world.ts';

const here = { workspace: 'contoso', slot: 1 };

describe('the vault', () => {
  it('gives back what it sealed, for the same slot of the same workspace only', () => {
    const vault = createVault(keyRing('first'));
    const place = fc.record({
      workspace: fc.string({ unit: 'binary' }),
      slot: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), place, place, (secret, from, to) => {
        const sealed = JSON.parse(JSON.stringify(vault.seal(secret, from)));
        expect(vault.open(sealed, from)).toBe(secret);
        fc.pre(from.workspace !== to.workspace || from.slot !== to.slot);
        expect(() => vault.open(sealed, to)).toThrow(SealBroken);
      }),
    );
  });

  it('never seals the same secret to the same text', () => {
    const vault = createVault(keyRing('first'));
    const texts = Array.from({ length: 100 }, () => vault.seal('secret', here).text);
    expect(new Set(texts).size).toBe(100);
  });

  it('notices every altered part', () => {
    const vault = createVault(keyRing('first'));
    const sealed = vault.seal(apolloKey(), here);
    const other = vault.seal(apolloKey(), here);
    for (const part of ['nonce', 'text', 'tag'] as const) {
      expect(() => vault.open({ ...sealed, [part]: other[part] }, here)).toThrow(SealBroken);
      expect(() => vault.open({ ...sealed, [part]: '' }, here)).toThrow(SealBroken);
    }
    // GCM would take a shortened tag as a weaker one.
    const short = Buffer.from(sealed.tag, 'base64').subarray(0, 12).toString('base64');
    expect(() => vault.open({ ...sealed, tag: short }, here)).toThrow(SealBroken);
  });

  it('names the encryption key that is missing', () => {
    const sealed = createVault(keyRing('first')).seal(apolloKey(), here);
    expect(() => createVault(keyRing('second')).open(sealed, here)).toThrow(EncryptionKeyMissing);
    expect(() => createVault(keyRing('second')).open(sealed, here)).toThrow('Add "first" to ENCRYPTION_KEYS');
  });

  it('takes 32-byte keys only', () => {
    const key = encryptionKey('x').slice(1);
    expect(() => createVault({ current: { id: 'x', key }, key: () => key })).toThrow('has 31 bytes');
  });
});

describe('rotation', () => {
  it('seals every key anew, after which the old encryption key is not needed', async () => {
    const { slots, open, newKey } = createWorld({ ring: keyRing('first') });
    const keys = [newKey(), newKey(), newKey()];
    await slots.connect({ workspace: 'contoso', key: keys[0] ?? '' });
    await slots.connect({ workspace: 'contoso', key: keys[1] ?? '' });
    await slots.fill({ workspace: 'fabrikam', key: keys[2] ?? '' });

    const rotating = open(keyRing('second', 'first'));
    expect(await rotating.rotate()).toEqual({ resealed: 3, alreadyCurrent: 0, unreadable: [] });
    expect(await rotating.rotate()).toEqual({ resealed: 0, alreadyCurrent: 3, unreadable: [] });
    const after = open(keyRing('second'));
    expect((await after.all()).map((connection) => connection.key())).toEqual(keys);
    await expect(after.connect({ workspace: 'contoso', key: keys[0] ?? '' })).rejects.toThrow('slot 1');
  });

  it('seals a key anew that can still be put back', async () => {
    const { slots, open, newKey } = createWorld({ ring: keyRing('first') });
    const key = newKey();
    await slots.connect({ workspace: 'contoso', key });
    await slots.disconnect({ workspace: 'contoso', slot: 1 });
    expect(await open(keyRing('second', 'first')).rotate()).toMatchObject({ resealed: 1, unreadable: [] });
    const after = open(keyRing('second'));
    await after.restore({ workspace: 'contoso', slot: 1 });
    expect((await after.all()).map((connection) => connection.key())).toEqual([key]);
  });

  it('says which keys it cannot read and goes on with the others', async () => {
    const { slots, open, newKey } = createWorld({ ring: keyRing('lost') });
    await slots.connect({ workspace: 'contoso', key: newKey() });
    await open(keyRing('first')).connect({ workspace: 'fabrikam', key: newKey() });
    expect(await open(keyRing('second', 'first')).rotate()).toMatchObject({
      resealed: 1,
      unreadable: [{ workspace: 'contoso', slot: 1, reason: expect.stringContaining('"lost"') }],
    });
  });

  it('shows a slot whose encryption key is gone, gives it no work, and has it back when the key is', async () => {
    const { slots, open, newKey } = createWorld({ ring: keyRing('lost') });
    await slots.connect({ workspace: 'contoso', key: newKey() });
    const [slot] = (await open(keyRing('other')).list('contoso')).slots;
    expect(slot).toMatchObject({ connection: { health: { state: 'locked', missing: 'lost' } } });
    expect(slot?.state === 'connected' && healthWords(slot.connection.health, 0)).toMatch(
      /encryption key "lost", which is missing\. Add "lost" to ENCRYPTION_KEYS/,
    );
    expect(await healthy(open(keyRing('other')))).toEqual([]);
    await open(keyRing('other')).refresh('contoso');
    expect((await slots.list('contoso')).slots[0]).toMatchObject({
      connection: { health: { state: 'healthy' } },
    });
    expect(await healthy(slots)).toHaveLength(1);
  });

  it('finds a key again that was moved to another slot behind its back', async () => {
    const { slots, store, newKey } = createWorld();
    await slots.connect({ workspace: 'contoso', key: newKey() });
    store.alter((text) => text.replace('"slot":1', '"slot":2'));
    const [moved] = await slots.connections('contoso');
    expect(() => moved?.key()).toThrow(SealBroken);
  });
});
