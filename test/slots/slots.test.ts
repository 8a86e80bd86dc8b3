import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyNotAllowed, KeyRefused, OutOfCredits } from '../../core/apollo/errors.ts';
import { createCoordination } from '../../core/coordination.ts';
import { openStore } from '../../core/node/store.ts';
import {
  conditionWords,
  KeyAlreadyConnected,
  KeyMalformed,
  KeyNotChecked,
  KeyRefusedByApollo,
  NoFreeSlot,
  NoSuchSlot,
  NothingConnected,
  SlotNotYours,
  type Slots,
  type SlotsChange,
  SlotTaken,
} from '../../core/slots/index.ts';
import { CYCLE_END, createWorld, healthy, keyRing, MONDAY } from './world.ts';

const HOUR = 60 * 60 * 1000;
const workspace = 'contoso';

describe('connecting', () => {
  it('takes the first free self-service slot and shows what Apollo told, but never the key', async () => {
    const { slots, newKey } = createWorld();
    const key = newKey({ team: 'turing', creditsLeft: 400 });
    const { connection, remarks, notRead } = await slots.connect({
      workspace,
      key: ` ${key}\n`,
      label: '  Sales\nEU ',
      by: 'ada',
    });
    expect(connection).toMatchObject({
      slot: 1,
      kind: 'self',
      label: 'Sales EU',
      last4: key.slice(-4),
      team: 'turing',
      teamKnown: true,
      connectedBy: 'ada',
      connectedAt: MONDAY,
      health: { state: 'healthy' },
      credits: { left: 400, limit: 2000, cycleEndsAt: CYCLE_END },
      limits: { 'people/bulk_match': { minute: { limit: 1000 } } },
    });
    expect([remarks, notRead]).toEqual([[], []]);
    const view = await slots.list(workspace);
    expect(view.notation).toBe('(self: 1/2) (fly: 0/2) 1/4');
    expect(view.words).toBe('1 self-service slot free, 2 done-for-you slots free');
    expect(view.slots.map(({ number, kind, state }) => [number, kind, state])).toEqual([
      [1, 'self', 'connected'],
      [2, 'self', 'free'],
      [3, 'dfy', 'free'],
      [4, 'dfy', 'free'],
    ]);
    expect(JSON.stringify([connection, view])).not.toContain(key);
    const [usable] = await slots.connections(workspace);
    expect(usable?.key()).toBe(key);
    expect(JSON.stringify(usable)).not.toContain(key);
  });

  it('names the slot where no label is left, or where the label holds the key', async () => {
    const { slots, newKey, store } = createWorld();
    const key = newKey();
    await slots.connect({ workspace, key: newKey(), label: ' \u0000\u202e ' });
    await slots.connect({ workspace, key, label: `mine: ${key}` });
    expect((await slots.connections(workspace)).map(({ label }) => label)).toEqual(['Slot 1', 'Slot 2']);
    expect(store.text).not.toContain(key);
  });

  it('accepts two keys of one team and says that the second adds no speed', async () => {
    const { slots, newKey } = createWorld();
    await slots.connect({ workspace, key: newKey({ team: 'hopper' }) });
    const second = await slots.connect({ workspace, key: newKey({ team: 'hopper' }) });
    expect(second.sharesLimitsWith).toEqual([1]);
    expect(second.remarks.join()).toBe(
      'Same Apollo team as slot 1: shares limits, so this key adds no speed.',
    );
    expect((await slots.list(workspace)).slots.map(({ sharesLimitsWith }) => sharesLimitsWith)).toEqual([
      [2],
      [1],
      [],
      [],
    ]);
  });

  it('accepts a key for enrichment only, with a team of its own that is the same everywhere', async () => {
    const { slots, newKey } = createWorld();
    const key = newKey({ scoped: true });
    const here = await slots.connect({ workspace, key });
    const there = await slots.fill({ workspace: 'fabrikam', key });
    expect(here.notRead).toEqual(['team', 'credits', 'limits']);
    expect(here.remarks.join()).toContain('A master key shows them.');
    expect(here.connection).toMatchObject({ teamKnown: false, health: { state: 'healthy' } });
    expect(here.connection.notAllowed).toHaveLength(3);
    expect(there.connection.team).toBe(here.connection.team);
    const other = await slots.connect({ workspace, key: newKey({ scoped: true }) });
    expect(other.connection.team).not.toBe(here.connection.team);
    expect(other.sharesLimitsWith).toEqual([]);
  });

  it('says so when the team has no credits', async () => {
    const { slots, newKey } = createWorld();
    const { connection, remarks } = await slots.connect({ workspace, key: newKey({ creditsLeft: 0 }) });
    expect(connection.health).toEqual({ state: 'out-of-credits', since: MONDAY, until: CYCLE_END });
    expect(remarks.join()).toContain('Out of credits until 2026-12-01 00:00 UTC');
  });

  it('tells each reason for a refusal apart, and stores nothing', async () => {
    const { slots, newKey, apollo, store } = createWorld();
    const first = newKey();
    await slots.connect({ workspace, key: first, label: 'Sales' });
    const before = store.text;
    const calls = apollo.calls;
    const connect = (key: string, slot?: number) => slots.connect({ workspace, key, slot });
    for (const text of ['', 'my key is secret', 'short', `${newKey()}\nx: y`, `${newKey()}é`]) {
      await expect(connect(text)).rejects.toThrow(KeyMalformed);
    }
    await expect(connect(first, 2)).rejects.toThrow(KeyAlreadyConnected);
    await expect(connect(first, 2)).rejects.toThrow('slot 1 holds "Sales"');
    await expect(connect(newKey(), 1)).rejects.toThrow(SlotTaken);
    await expect(connect(newKey(), 1)).rejects.toThrow(`"Sales" (key ending in ${first.slice(-4)})`);
    await expect(connect(newKey(), 3)).rejects.toThrow(SlotNotYours);
    await expect(connect(newKey(), 5)).rejects.toThrow(NoSuchSlot);
    expect(apollo.calls).toBe(calls);
    await expect(connect(newKey({ revoked: true }))).rejects.toThrow(KeyRefusedByApollo);
    await expect(connect(newKey({ trouble: true }))).rejects.toThrow(KeyNotChecked);
    expect(store.text).toBe(before);
    await connect(newKey());
    await expect(connect(newKey())).rejects.toThrow(NoFreeSlot);
    await expect(connect(newKey())).rejects.toThrow('slot 1 holds "Sales"');
  });

  it('gives the last free slot to one of fifty who connect at once', async () => {
    const { slots, newKey } = createWorld();
    await slots.connect({ workspace, key: newKey() });
    const tries = await Promise.allSettled(
      Array.from({ length: 50 }, () => slots.connect({ workspace, key: newKey() })),
    );
    const refused = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toHaveLength(49);
    for (const reason of refused) expect(reason).toBeInstanceOf(NoFreeSlot);
    expect((await slots.list(workspace)).notation).toBe('(self: 2/2) (fly: 0/2) 2/4');
  });

  it('gives two who connect at once two slots, and tells one of two who want the same', async () => {
    const { slots, newKey } = createWorld();
    const pair = await Promise.all([1, 2].map(() => slots.connect({ workspace, key: newKey() })));
    expect(pair.map(({ connection }) => connection.slot).sort()).toEqual([1, 2]);
    const wanted = await Promise.allSettled(
      [1, 2].map(() => slots.fill({ workspace, key: newKey(), slot: 4 })),
    );
    expect(wanted.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(wanted.find((one) => one.status === 'rejected')?.reason).toBeInstanceOf(SlotTaken);
  });

  it('connects a key once when it is sent twice at the same moment', async () => {
    const { slots, newKey } = createWorld();
    const key = newKey();
    const tries = await Promise.allSettled([1, 2].map(() => slots.connect({ workspace, key })));
    expect(tries.find((one) => one.status === 'rejected')?.reason).toBeInstanceOf(KeyAlreadyConnected);
    expect(await slots.connections(workspace)).toHaveLength(1);
  });
});

describe('replacing and emptying', () => {
  it('keeps the old key when the new one fails, and the label when none is given', async () => {
    const { slots, newKey } = createWorld();
    const old = newKey();
    await slots.connect({ workspace, key: old, label: 'Sales' });
    await expect(slots.replace({ workspace, slot: 1, key: newKey({ revoked: true }) })).rejects.toThrow(
      KeyRefusedByApollo,
    );
    expect((await slots.connections(workspace))[0]?.key()).toBe(old);
    const fresh = newKey();
    await slots.replace({ workspace, slot: 1, key: fresh });
    const [now] = await slots.connections(workspace);
    expect([now?.key(), now?.label]).toEqual([fresh, 'Sales']);
    await expect(slots.replace({ workspace, slot: 2, key: newKey() })).rejects.toThrow(NothingConnected);
  });

  it('lets one of two replacements through and tells the other', async () => {
    const { slots, newKey } = createWorld();
    await slots.connect({ workspace, key: newKey() });
    const tries = await Promise.allSettled(
      [1, 2].map(() => slots.replace({ workspace, slot: 1, key: newKey() })),
    );
    expect(tries.find((one) => one.status === 'rejected')?.reason).toBeInstanceOf(SlotTaken);
  });

  it('keeps workspaces out of done-for-you slots and operators out of self-service ones', async () => {
    const { slots, newKey } = createWorld();
    const { connection } = await slots.fill({ workspace, key: newKey(), label: 'From us' });
    expect(connection).toMatchObject({ slot: 3, kind: 'dfy' });
    await slots.connect({ workspace, key: newKey() });
    await expect(slots.disconnect({ workspace, slot: 3 })).rejects.toThrow(SlotNotYours);
    await expect(slots.replace({ workspace, slot: 3, key: newKey() })).rejects.toThrow(SlotNotYours);
    await expect(slots.clear({ workspace, slot: 1 })).rejects.toThrow(SlotNotYours);
    await expect(slots.fill({ workspace, slot: 2, key: newKey() })).rejects.toThrow(SlotNotYours);
    await slots.clear({ workspace, slot: 3 });
    expect(await slots.disconnect({ workspace, slot: 1 })).toMatchObject({ slot: 1 });
    await expect(slots.disconnect({ workspace, slot: 1 })).rejects.toThrow(NothingConnected);
    expect((await slots.list(workspace)).notation).toBe('(self: 0/2) (fly: 0/2) 0/4');
  });

  it('keeps a connection with those who made it when the plan shrinks', async () => {
    const { slots, newKey, open } = createWorld();
    for (let i = 0; i < 2; i++) await slots.connect({ workspace, key: newKey() });
    await slots.fill({ workspace, key: newKey(), slot: 4 });
    const smaller = open(keyRing('first'), { self: 1, dfy: 1 });
    expect((await smaller.list(workspace)).notation).toBe('(self: 2/2) (fly: 1/1) 3/3');
    await smaller.disconnect({ workspace, slot: 2 });
    await smaller.clear({ workspace, slot: 4 });
    expect((await smaller.list(workspace)).notation).toBe('(self: 1/1) (fly: 0/1) 1/2');
  });

  it('keeps workspaces apart whatever their ids are', async () => {
    const { slots, newKey } = createWorld();
    const ids = ['a', 'a/1', 'a%2F1', '', 'ä /🦊', '%', '_'];
    for (const id of ids) await slots.connect({ workspace: id, key: newKey() });
    for (const id of ids) expect(await slots.connections(id)).toHaveLength(1);
    expect(await slots.all()).toHaveLength(ids.length);
  });
});

describe('health', () => {
  it('takes a refused key out of work until Apollo takes it again', async () => {
    const { slots, newKey, apollo, time } = createWorld();
    const key = newKey();
    const { connection } = await slots.connect({ workspace, key });
    await slots.failed(connection, new KeyRefused('Refused.', 'people/match'));
    expect(await healthy(slots)).toEqual([]);
    const account = apollo.accounts.get(key);
    if (account) account.revoked = true;
    time.now += HOUR;
    await slots.recover();
    expect((await slots.list(workspace)).slots[0]).toMatchObject({
      connection: { health: { state: 'refused', since: MONDAY } },
    });
    if (account) account.revoked = false;
    await slots.recover();
    expect(await healthy(slots)).toHaveLength(1);
  });

  it('keeps what is known when Apollo is in trouble', async () => {
    const { slots, newKey, apollo, logged } = createWorld();
    const key = newKey();
    await slots.connect({ workspace, key });
    const account = apollo.accounts.get(key);
    if (account) account.trouble = true;
    expect(await slots.recheck({ workspace, slot: 1 })).toMatchObject({ health: { state: 'healthy' } });
    expect(logged.join()).toContain('could not be checked again');
    expect(logged.join()).not.toContain(key);
    expect(await slots.recheck({ workspace, slot: 2 })).toBeUndefined();
  });

  it('rests all keys of a team without credits until its cycle ends, or until it has credits again', async () => {
    const { slots, newKey, apollo, time } = createWorld();
    const key = newKey({ team: 'lovelace' });
    const { connection } = await slots.connect({ workspace, key });
    await slots.fill({ workspace: 'fabrikam', key });
    await slots.connect({ workspace, key: newKey({ team: 'hopper' }) });
    await slots.failed(connection, new OutOfCredits('No credits.', 'people/match'));
    expect((await healthy(slots)).map(({ team }) => team)).toEqual(['hopper']);
    time.now = CYCLE_END;
    expect(await healthy(slots)).toHaveLength(3);

    time.now = MONDAY + 60_000;
    const account = apollo.accounts.get(key);
    if (account) account.creditsLeft = 50;
    await slots.refresh(workspace);
    expect(await healthy(slots)).toHaveLength(2);
    await slots.recover();
    expect(await healthy(slots)).toHaveLength(3);
  });

  it('asks more and more seldom where a refusal for credits contradicts the balance, and at once when there are more', async () => {
    const { slots, newKey, apollo, time } = createWorld();
    const key = newKey({ team: 'lovelace' });
    const { connection } = await slots.connect({ workspace, key });
    const isHealthy = async () => (await healthy(slots)).length === 1;
    const waits: number[] = [];
    for (let refusal = 0; refusal < 8; refusal += 1) {
      // Calls that were under way together are refused together.
      await slots.failed(connection, new OutOfCredits('No credits.', 'people/match'));
      await slots.failed(connection, new OutOfCredits('No credits.', 'people/match'));
      let minutes = 0;
      while (!(await isHealthy())) {
        time.now += 60_000;
        minutes += 1;
        await slots.recover();
      }
      waits.push(minutes);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);

    await slots.failed(connection, new OutOfCredits('No credits.', 'people/match'));
    await slots.recover();
    expect(await isHealthy()).toBe(false);
    const account = apollo.accounts.get(key);
    if (account) account.creditsLeft = 1_000_000;
    await slots.recover();
    expect(await isHealthy()).toBe(true);
  });

  it("rests one key alone where its user's cap is spent, until Apollo's date", async () => {
    const { slots, newKey } = createWorld();
    const { connection } = await slots.connect({ workspace, key: newKey({ team: 'lovelace' }) });
    await slots.connect({ workspace, key: newKey({ team: 'lovelace' }) });
    const readAt = MONDAY;
    const credits = { left: 6109, user: 6109, team: 363_515, readAt };
    await slots.report(connection, { credits });
    const spent = new OutOfCredits('No credits.', 'people/match', {}, { pool: 'all', until: CYCLE_END });
    await slots.failed({ ...connection, credits }, spent);
    expect((await healthy(slots)).map(({ slot }) => slot)).toEqual([2]);
    expect((await slots.connections(workspace))[0]?.health).toMatchObject({ until: CYCLE_END });
  });

  it('tries a key without credits again after an hour where nobody knows its cycle', async () => {
    const { slots, newKey, time } = createWorld();
    const { connection } = await slots.connect({ workspace, key: newKey({ scoped: true }) });
    await slots.failed(connection, new OutOfCredits('No credits.', 'people/match'));
    await slots.recover();
    expect(await healthy(slots)).toEqual([]);
    time.now += HOUR;
    expect(await healthy(slots)).toHaveLength(1);
  });

  it('remembers what a key may not do for an hour, or until it is to be tried', async () => {
    const { slots, newKey, time } = createWorld();
    const { connection } = await slots.connect({ workspace, key: newKey() });
    await slots.failed(connection, new KeyNotAllowed('Not allowed.', 'people/bulk_match'));
    const until = time.now + HOUR;
    await slots.refresh(workspace);
    const [known] = await slots.connections(workspace);
    expect(known).toMatchObject({
      notAllowed: [{ endpoint: 'people/bulk_match', until }],
      health: { state: 'healthy' },
    });
    expect(known && conditionWords(known, time.now)).toMatch(
      /does not let this key be used for: people, ten at a time.*tried again at 2026-11-02 10:00 UTC/,
    );
    expect(known && conditionWords(known, until)).toBe('Healthy.');
    await slots.tryNotAllowed(workspace);
    expect((await slots.connections(workspace))[0]?.notAllowed).toEqual([]);
  });

  it('marks the keys of the team whose limit is reached, in every workspace, and no other team', async () => {
    const { slots, newKey, time } = createWorld();
    await slots.connect({ workspace, key: newKey({ team: 'turing' }) });
    await slots.connect({ workspace, key: newKey({ team: 'hopper' }) });
    await slots.connect({ workspace: 'fabrikam', key: newKey({ team: 'turing' }) });
    await slots.limited('turing', 'day', time.now + HOUR);
    const states = async (of: string) => (await slots.connections(of)).map(({ health }) => health.state);
    expect(await states(workspace)).toEqual(['limited', 'healthy']);
    expect(await states('fabrikam')).toEqual(['limited']);
  });

  it.each([
    ['balance', 'credits', 'usage_stats/credit_usage_stats'],
    ['limits', 'usage', 'usage_stats/api_usage_stats'],
  ] as const)('is refused when Apollo refuses the key for its %s alone', async (_, call, endpoint) => {
    const world = createWorld();
    const { slots, newKey } = world;
    await slots.connect({ workspace, key: newKey() });
    world.apollo[call] = async () => {
      throw new KeyRefused('Refused.', endpoint);
    };
    await slots.refresh(workspace);
    expect((await slots.connections(workspace))[0]?.health.state).toBe('refused');
    await expect(slots.connect({ workspace, key: newKey() })).rejects.toThrow('refuses');
  });

  it('puts nothing down to a key that took the place of the one it was learnt of', async () => {
    const { slots, newKey } = createWorld();
    const { connection } = await slots.connect({ workspace, key: newKey() });
    await slots.replace({ workspace, slot: 1, key: newKey() });
    await slots.failed(connection, new KeyRefused('Refused.', 'people/match'));
    expect(await healthy(slots)).toHaveLength(1);
  });

  it('gives no work to a key that cannot be decrypted, says why, and goes on with the others', async () => {
    const { slots, open, newKey, logged } = createWorld();
    await slots.connect({ workspace, key: newKey() });
    const later = open(keyRing('second'));
    await later.connect({ workspace, key: newKey() });
    expect((await healthy(later)).map(({ slot }) => slot)).toEqual([2]);
    expect(logged.join()).toContain('Add \\"first\\" to ENCRYPTION_KEYS');
    expect((await later.refresh(workspace)).notation).toBe('(self: 2/2) (fly: 0/2) 2/4');
  });

  it('learns the team when the key may read it at last', async () => {
    const { slots, newKey, apollo } = createWorld();
    const key = newKey({ team: 'hamilton', scoped: true });
    await slots.connect({ workspace, key });
    const account = apollo.accounts.get(key);
    if (account) account.scoped = false;
    expect(await slots.recheck({ workspace, slot: 1 })).toMatchObject({ team: 'hamilton', teamKnown: true });
  });

  it('tells listeners what matters for work, once each, and survives one that fails', async () => {
    const { slots, newKey } = createWorld();
    const seen: SlotsChange['change'][] = [];
    slots.onChange(() => {
      throw new Error('broken listener');
    });
    const stop = slots.onChange(({ change }) => seen.push(change));
    const { connection } = await slots.connect({ workspace, key: newKey() });
    await slots.report(connection, { credits: { left: 7, readAt: MONDAY } });
    await slots.report(connection, { limits: { 'people/match': { minute: { limit: 50 } } } });
    await slots.report(connection, { health: { state: 'limited', window: 'hour', until: MONDAY + HOUR } });
    await slots.report(connection, { health: { state: 'limited', window: 'hour', until: MONDAY + HOUR } });
    await slots.disconnect({ workspace, slot: 1 });
    expect(seen).toEqual(['connected', 'changed', 'disconnected']);
    stop();
    await slots.connect({ workspace, key: newKey() });
    expect(seen).toHaveLength(3);
  });
});

describe('a plan', () => {
  it('must make one to four slots', () => {
    for (const plan of [
      { self: 0, dfy: 0 },
      { self: 3, dfy: 2 },
      { self: -1, dfy: 2 },
      { self: 1.5, dfy: 1 },
    ]) {
      expect(() => createWorld({ plan })).toThrow('SLOTS_SELF');
    }
  });

  it('without slots of a kind says so', async () => {
    const { slots, newKey } = createWorld({ plan: { self: 0, dfy: 3 } });
    await expect(slots.connect({ workspace, key: newKey() })).rejects.toThrow(
      'This workspace has no self-service slots.',
    );
    expect((await slots.list(workspace)).notation).toBe('(fly: 0/3) 0/3');
  });
});

describe('a key', () => {
  it('is in no file, log or error in the clear', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'slots-'));
    const store = await openStore(directory);
    const logged: string[] = [];
    const write = (...said: unknown[]) => {
      logged.push(JSON.stringify(said));
    };
    const { slots, newKey } = createWorld({
      ports: {
        store,
        coordination: createCoordination(),
        clock: { now: () => MONDAY, monotonic: () => 0, sleep: async () => {} },
        log: { debug: write, info: write, warn: write, error: write },
      },
    });
    const keys = [newKey(), newKey(), newKey({ revoked: true }), newKey({ trouble: true })];
    for (const key of keys) {
      await slots.connect({ workspace, key, label: key }).catch((error) => write(String(error), error.stack));
    }
    await slots.refresh(workspace);
    await store.close();
    for (const file of await readdir(directory)) logged.push(await readFile(join(directory, file), 'latin1'));
    await rm(directory, { recursive: true });
    for (const key of keys) expect(logged.join('\n')).not.toContain(key);
  });
});

/** What should be in the slots, by plain book-keeping. */
type Model = Map<number, string>;
const PLAN = { self: 2, dfy: 2 };
type Step = {
  readonly act: 'connect' | 'fill' | 'replace' | 'disconnect' | 'clear';
  readonly slot: number | undefined;
  readonly key: number;
};

/** Does the step in the model; false where it should be refused. */
function play(model: Model, { act, slot, key }: Step, keys: readonly string[]): boolean {
  const own = act === 'fill' || act === 'clear' ? [3, 4] : [1, 2];
  if (act === 'disconnect' || act === 'clear') return own.includes(slot ?? 1) && model.delete(slot ?? 1);
  const secret = keys[key] ?? '';
  if ([...model.values()].includes(secret)) return false;
  const place =
    act === 'replace'
      ? own.find((one) => one === (slot ?? 1) && model.has(one))
      : own.find((one) => (slot === undefined || one === slot) && !model.has(one));
  if (place === undefined) return false;
  model.set(place, secret);
  return true;
}

async function perform(slots: Slots, { act, slot, key }: Step, keys: readonly string[]): Promise<boolean> {
  const request = { workspace, key: keys[key] ?? '', slot };
  const address = { workspace, slot: slot ?? 1 };
  const doing =
    act === 'connect' || act === 'fill'
      ? slots[act](request)
      : act === 'replace'
        ? slots.replace({ ...request, ...address })
        : slots[act](address);
  return await doing.then(
    () => true,
    () => false,
  );
}

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom('connect', 'fill', 'replace', 'disconnect', 'clear'),
  slot: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  key: fc.integer({ min: 0, max: 4 }),
});

describe('any sequence of changes', () => {
  it('leaves exactly the keys in the slots that plain book-keeping expects', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { slots, newKey } = createWorld({ plan: PLAN });
        const keys = Array.from({ length: 5 }, () => newKey());
        const model: Model = new Map();
        for (const one of steps) expect(await perform(slots, one, keys)).toBe(play(model, one, keys));
        const held = (await slots.connections(workspace)).map((one) => [one.slot, one.key()] as const);
        expect(held).toEqual([...model].sort(([a], [b]) => a - b));
        const self = [1, 2].filter((slot) => model.has(slot)).length;
        const dfy = model.size - self;
        expect((await slots.list(workspace)).notation).toBe(
          `(self: ${self}/2) (fly: ${dfy}/2) ${model.size}/4`,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('never puts a key into two slots or two keys into one, even when all happens at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { slots, newKey } = createWorld({ plan: PLAN });
        const keys = Array.from({ length: 5 }, () => newKey());
        await Promise.all(steps.map((one) => perform(slots, one, keys)));
        const held = await slots.connections(workspace);
        expect(new Set(held.map(({ slot }) => slot)).size).toBe(held.length);
        expect(new Set(held.map((one) => one.key())).size).toBe(held.length);
        for (const { slot, kind } of held) expect(kind).toBe(slot <= 2 ? 'self' : 'dfy');
      }),
      { numRuns: 60 },
    );
  });
});
