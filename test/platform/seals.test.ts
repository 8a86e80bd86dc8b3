import { createHash } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Answers } from '../../core/answers.ts';
import { LateAddresses } from '../../core/enrichment/late-address.ts';
import { KeyReused } from '../../core/index.ts';
import {
  announceKeys,
  checkEncryptionKeys,
  createCoordination,
  EncryptionKeysError,
  readConfig,
  requireKeyEverywhere,
} from '../../core/node/index.ts';
import type { Ports, Shared } from '../../core/ports.ts';
import { createVault, type KeyRing } from '../../core/slots/index.ts';
import { MemoryStore } from '../slots/world.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** The same bytes for the same words. */
function ring(
  current: readonly [id: string, words: string],
  ...others: (readonly [string, string])[]
): KeyRing {
  const keys = new Map(
    [...others, current].map(([id, words]) => [id, createHash('sha256').update(words).digest()]),
  );
  const key = keys.get(current[0]) ?? new Uint8Array();
  return { current: { id: current[0], key }, key: (id) => keys.get(id), ids: [...keys.keys()] };
}

const coordination = createCoordination();

describe('an encryption key', () => {
  it('is refused when another one stands under its id, and nothing of it is stored', async () => {
    const store = new MemoryStore();
    await checkEncryptionKeys({ store }, ring(['k1', 'right']));
    await checkEncryptionKeys({ store }, ring(['k1', 'right']));
    expect(store.text).not.toContain(createHash('sha256').update('right').digest('base64url'));
    const wrong = checkEncryptionKeys({ store }, ring(['k1', 'wrong']));
    await expect(wrong).rejects.toThrow('The encryption key "k1" is another one');
    await expect(checkEncryptionKeys({ store }, ring(['k2', 'new'], ['k1', 'wrong']))).rejects.toThrow(
      EncryptionKeysError,
    );
    await checkEncryptionKeys({ store }, ring(['k2', 'new'], ['k1', 'right']));
    // A ring without the old one can start: what it sealed is locked, and says so.
    await checkEncryptionKeys({ store }, ring(['k2', 'new']));
  });

  it('seals nothing anew while a process that lives could not open it', async () => {
    const store = new MemoryStore();
    const lost = new Set<string>();
    const portsOf = (self: string) =>
      ({
        store,
        shared: {
          self,
          lookForLost: async () => {},
          isLost: (process: string) => lost.has(process),
        } as unknown as Shared,
      }) as Pick<Ports, 'store' | 'shared'>;
    const before = ring(['k1', 'one']);
    const after = ring(['k2', 'two'], ['k1', 'one']);
    const end = await announceKeys(portsOf('server'), before);
    await announceKeys(portsOf('dead'), before);
    lost.add('dead');
    await announceKeys(portsOf('command'), after);
    await expect(requireKeyEverywhere(portsOf('command'), after)).rejects.toThrow(
      'A process that runs has no encryption key "k2"',
    );
    await end();
    await requireKeyEverywhere(portsOf('command'), after);
    // Both keys on a server that still seals with the old one.
    await announceKeys(portsOf('server'), ring(['k1', 'one'], ['k2', 'two']));
    await requireKeyEverywhere(portsOf('command'), after);
  });
});

describe('what is secret beside Apollo keys', () => {
  it('is sealed in kept answers, which another encryption key cannot repeat', async () => {
    const store = new MemoryStore();
    const ports = { store, coordination };
    const answers = new Answers(ports, createVault(ring(['k1', 'one'])));
    const once = (each: Answers, fingerprint = 'f') =>
      each.once(
        'contoso',
        'createJob/1',
        async () => fingerprint,
        async () => ({ callback: { secret: 'whsec_plain' } }),
      );
    expect(await once(answers)).toMatchObject({ repeated: false });
    expect(store.text).not.toContain('whsec_plain');
    expect(await once(answers)).toEqual({ answer: { callback: { secret: 'whsec_plain' } }, repeated: true });
    await expect(once(answers, 'another')).rejects.toThrow(KeyReused);
    await expect(once(new Answers(ports, createVault(ring(['k2', 'two']))))).rejects.toThrow(
      'encrypted with a key that is gone',
    );
  });

  it('is sealed for late addresses, which stay good when it is sealed anew or was kept in clear', async () => {
    const store = new MemoryStore();
    const open = (of: KeyRing) =>
      new LateAddresses({ store, coordination }, 'https://contoso.example', createVault(of));
    const clear = Buffer.alloc(32, 7).toString('base64');
    await store.collection('meta').set('late-secret', clear);
    const first = await open(ring(['k1', 'one'])).next();
    const ticket = first?.url.split('/').at(-1) ?? '';
    expect(store.text).not.toContain(clear);
    const both = ring(['k2', 'two'], ['k1', 'one']);
    expect(await open(both).idOf(ticket)).toBe(first?.id);
    await open(both).reseal();
    expect(await open(ring(['k2', 'two'])).idOf(ticket)).toBe(first?.id);
  });

  it('is read from files where NAME_FILE says so, and a file that is not there is named', async () => {
    const directory = await temporaryDirectory();
    const path = join(directory, 'token');
    await writeFile(path, 'xoxb-1-2-abc\n');
    await chmod(path, 0o600);
    expect(readConfig({ SLACK_BOT_TOKEN_FILE: path }).slack.botToken).toBe('xoxb-1-2-abc');
    const wrong = () =>
      readConfig({
        REDIS_URL_FILE: `${path}.gone`,
        SLACK_BOT_TOKEN: 'xoxb-1-2-abc',
        SLACK_BOT_TOKEN_FILE: path,
      });
    expect(wrong).toThrow('REDIS_URL_FILE=');
    expect(wrong).toThrow('SLACK_BOT_TOKEN_FILE: SLACK_BOT_TOKEN is set too');
  });
});
