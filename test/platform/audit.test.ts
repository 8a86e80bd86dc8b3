import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Audit } from '../../core/audit.ts';
import { createCoordination, openStore } from '../../core/node/index.ts';
import type { Actor, Store } from '../../core/ports.ts';
import { createVault, Slots } from '../../core/slots/index.ts';
import { FakeApollo, keyRing, MONDAY } from '../slots/world.ts';

const DAY_MS = 86_400_000;
const ADA: Actor = { kind: 'person', id: 'U1', via: 'slack' };
const KEY = 'apollo-key-of-contoso-7Q2A';

let directory: string;
let store: Store & { close(): Promise<void> };
let now: number;
let actor: Actor;
let logged: string[];
let audit: Audit;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'audit-'));
  now = MONDAY;
  actor = ADA;
  logged = [];
  store = await openStore(directory, { clock: { now: () => now } });
  audit = new Audit(ports(), 30 * DAY_MS);
});

afterEach(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

function ports(of: Store = store) {
  const write = (message: string, fields?: object) => logged.push(`${message} ${JSON.stringify(fields)}`);
  const log = { debug: write, info: write, warn: write, error: write };
  const clock = { now: () => now, monotonic: () => now, sleep: async () => {} };
  return { store: of, clock, log, coordination: createCoordination(), actor: () => actor };
}

const deedsOf = async (workspace?: string) =>
  (await Array.fromAsync(audit.entries({ workspace }))).map(({ deed, by, facts }) => [deed, by.id, facts]);

describe('what is done with a slot', () => {
  const connected = { slot: 1, label: 'Sales', keyEnd: '7Q2A', team: 'T' };
  const slotsOn = (of: Store = store) => {
    const apollo = new FakeApollo();
    apollo.accounts.set(KEY, { team: 'T' });
    return new Slots({
      ports: ports(of),
      apollo,
      vault: createVault(keyRing('first')),
      plan: { self: 2, dfy: 2 },
      audit: new Audit(ports(of), DAY_MS),
    });
  };

  it('is recorded with who did it, the newest first, without the key', async () => {
    const slots = slotsOn();
    await slots.connect({ workspace: 'contoso', key: KEY, label: 'Sales' });
    now += 1;
    actor = { kind: 'token', id: 'abc', name: 'n8n', via: 'api' };
    await slots.disconnect({ workspace: 'contoso', slot: 1 });
    await slots.restore({ workspace: 'contoso', slot: 1 });
    expect(await deedsOf('contoso')).toEqual([
      ['slot.restore', 'abc', connected],
      ['slot.disconnect', 'abc', connected],
      ['slot.connect', 'U1', connected],
    ]);
    expect(logged.filter((line) => line.startsWith('Audit'))).toHaveLength(3);
    expect(logged.join('\n')).not.toContain(KEY);
  });

  it('is not recorded when it failed, and does not happen when it cannot be recorded', async () => {
    const unwritable: Store = {
      ...store,
      atomically: (work) => store.atomically(work),
      collection: (name) => ({
        ...store.collection(name),
        entries: (prefix) => store.collection<never>(name).entries(prefix),
        get: (key) => store.collection<never>(name).get(key),
        set: (key, value, how) => {
          if (name === 'audit') return Promise.reject(new Error('no room'));
          return store.collection(name).set(key, value, how);
        },
      }),
    };
    await expect(slotsOn(unwritable).connect({ workspace: 'contoso', key: KEY })).rejects.toThrow('no room');
    const slots = slotsOn();
    expect((await slots.list('contoso')).notation).toContain('0/4');
    await expect(slots.disconnect({ workspace: 'contoso', slot: 1 })).rejects.toThrow();
    expect(await deedsOf()).toEqual([]);
  });
});

describe('the trail', () => {
  it('shows a workspace its own deeds only, and goes on after the place where a page ended', async () => {
    for (const workspace of ['contoso', 'contoso/eu', 'fabrikam']) {
      await audit.record(workspace, 'list.start', { list: `first of ${workspace}` });
      await audit.record(workspace, 'list.cancel', { list: `second of ${workspace}` });
    }
    expect((await deedsOf('contoso')).map(([deed]) => deed)).toEqual(['list.cancel', 'list.start']);
    expect(await deedsOf()).toHaveLength(6);
    const [newest] = await Array.fromAsync(audit.entries({ workspace: 'contoso' }));
    const after = newest && Audit.place(newest);
    const rest = await Array.fromAsync(audit.entries({ workspace: 'contoso', after }));
    expect(rest.map(({ facts }) => facts)).toEqual([{ list: 'first of contoso' }]);
  });

  it('leaves out what was done before a time, and what is older than it is kept', async () => {
    await audit.record('contoso', 'list.start');
    now += 10 * DAY_MS;
    await audit.record('contoso', 'list.cancel');
    const since = await Array.fromAsync(audit.entries({ since: now }));
    expect(since.map(({ deed }) => deed)).toEqual(['list.cancel']);
    now += 20 * DAY_MS;
    expect((await deedsOf()).map(([deed]) => deed)).toEqual(['list.cancel']);
  });
});
