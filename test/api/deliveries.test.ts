import { describe, expect, it } from 'vitest';
import { actorNow } from '../../bot/acting.ts';
import { Deliveries, type Target } from '../../bot/hooks/deliveries.ts';
import { Hooks } from '../../bot/hooks/hooks.ts';
import { createPost, type Post, PrivateAddress } from '../../bot/hooks/post.ts';
import { SecretUnreadable } from '../../bot/secret-repository.ts';
import { Audit } from '../../core/audit.ts';
import { createCoordination, singleProcess, systemClock } from '../../core/node/index.ts';
import { createVault } from '../../core/slots/index.ts';
import { keyRing, MemoryStore } from '../slots/world.ts';

const TARGET: Target = { kind: 'hook', id: 'one' };
const HOUR = 3_600_000;

/** Deliveries on a clock that jumps to whatever is waited for, until nothing is. */
function world(answer: (at: number) => number | Error) {
  const start = Date.UTC(2026, 10, 23);
  let now = start;
  let stop = new AbortController();
  const clock = {
    now: () => now,
    monotonic: () => now,
    sleep: async (ms: number) => {
      // Nothing is due for a whole day: that is the end.
      if (ms >= 24 * HOUR) stop.abort();
      now += ms;
    },
  };
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const store = new MemoryStore();
  const http = { request: async () => Promise.reject(new Error('not used')) };
  const ports = singleProcess({ clock, store, http, log: silent });
  const attempts: { after: number; id: string; signature: string }[] = [];
  const post: Post = {
    check: async () => {},
    send: async (_, headers) => {
      attempts.push({
        after: now - start,
        id: headers['connectionsphere-delivery'] ?? '',
        signature: headers['connectionsphere-signature'] ?? '',
      });
      const given = answer(now - start);
      if (given instanceof Error) throw given;
      return given;
    },
  };
  let gone = false;
  let readableAfter = 0;
  const secret = async () => {
    if (now >= start + readableAfter) return 's';
    throw new SecretUnreadable('Encryption key "old" is missing.');
  };
  const fresh = () =>
    new Deliveries(ports, post, async () => (gone ? undefined : { url: 'https://example.com', secret }));
  return {
    attempts,
    fresh,
    remove: () => {
      gone = true;
    },
    lockSecretFor: (ms: number) => {
      readableAfter = ms;
    },
    run: async (deliveries: Deliveries) => {
      stop = new AbortController();
      await deliveries.run(stop.signal);
    },
  };
}

describe('a delivery', () => {
  it('is tried ever more seldom, for a day, under one id and with a new signature each time', async () => {
    const { attempts, fresh, run } = world(() => 503);
    const deliveries = fresh();
    await deliveries.add(TARGET, 'event', 'job.finished', (id) => ({ id }));
    await run(deliveries);
    const times = attempts.map(({ after }) => after);
    expect(times.slice(0, 4)).toEqual([0, 5_000, 25_000, 105_000]);
    expect(attempts.length).toBeGreaterThan(10);
    expect(times.at(-1)).toBeLessThanOrEqual(24 * HOUR);
    expect(times.at(-1)).toBeGreaterThan(20 * HOUR);
    expect(new Set(attempts.map(({ id }) => id)).size).toBe(1);
    expect(new Set(attempts.map(({ signature }) => signature)).size).toBe(attempts.length);
    expect(await deliveries.of(TARGET)).toMatchObject([{ state: 'failed', status: 503 }]);
  });

  it('goes on after a restart where it was, and ends when it is taken', async () => {
    const { attempts, fresh, run } = world((at) => (at < HOUR ? new Error('refused') : 200));
    await fresh().add(TARGET, 'event', 'job.finished', (id) => ({ id }));
    const next = fresh();
    await run(next);
    expect(await next.of(TARGET)).toMatchObject([{ state: 'delivered', attempts: attempts.length }]);
    const count = attempts.length;
    await run(fresh());
    expect(attempts).toHaveLength(count);
  });

  it('is one, however often the same event is heard', async () => {
    const { attempts, fresh, run } = world(() => 204);
    const deliveries = fresh();
    for (let time = 0; time < 3; time += 1) {
      await deliveries.add(TARGET, 'event', 'job.finished', (id) => ({ id }));
      await run(deliveries);
    }
    await deliveries.add(TARGET, 'another', 'job.finished', (id) => ({ id }));
    await run(deliveries);
    expect(attempts).toHaveLength(2);
  });

  it('waits for a secret that cannot be decrypted, and says why', async () => {
    const { attempts, fresh, run, lockSecretFor } = world(() => 204);
    const deliveries = fresh();
    lockSecretFor(48 * HOUR);
    await deliveries.add(TARGET, 'lost', 'job.finished', (id) => ({ id }));
    await run(deliveries);
    expect(await deliveries.of(TARGET)).toMatchObject([
      { state: 'failed', error: 'Encryption key "old" is missing.' },
    ]);
    expect(attempts).toEqual([]);
  });

  it('is dropped with its hook', async () => {
    const { attempts, fresh, run, remove } = world(() => 503);
    const deliveries = fresh();
    await deliveries.add(TARGET, 'event', 'job.finished', (id) => ({ id }));
    remove();
    await run(deliveries);
    expect(attempts).toEqual([]);
    expect(await deliveries.of(TARGET)).toEqual([]);
  });

  it('to a private address is not tried again', async () => {
    const { attempts, fresh, run } = world(() => new PrivateAddress('10.0.0.1'));
    const deliveries = fresh();
    await deliveries.add(TARGET, 'event', 'job.finished', (id) => ({ id }));
    await run(deliveries);
    expect(attempts).toHaveLength(1);
    expect(await deliveries.of(TARGET)).toMatchObject([
      { state: 'failed', error: expect.stringContaining('ALLOW_PRIVATE_CALLBACKS') },
    ]);
  });
});

describe('many endpoints that never answer', () => {
  it("hold up nobody else's delivery, and no more of one workspace than a few are under way", async () => {
    const stop = new AbortController();
    const hanging = new Set<string>();
    const arrived: string[] = [];
    const silent = { debug() {}, info() {}, warn() {}, error() {} };
    const http = { request: async () => Promise.reject(new Error('not used')) };
    const ports = singleProcess({ clock: systemClock, store: new MemoryStore(), http, log: silent });
    const post: Post = {
      check: async () => {},
      send: async (url) => {
        if (!url.includes('hangs')) {
          arrived.push(url);
          return 204;
        }
        hanging.add(url);
        return await new Promise<number>((_, reject) => {
          stop.signal.addEventListener('abort', () => reject(new Error('stopped')));
        });
      },
    };
    const deliveries = new Deliveries(ports, post, async ({ id }) => ({ url: `https://${id}.example` }));
    const add = (id: string, workspace: string) =>
      deliveries.add({ kind: 'hook', id }, 'event', 'job.finished', () => ({ workspace }));
    for (let number = 0; number < 200; number += 1) await add(`hangs-${number}`, 'contoso');
    const running = deliveries.run(stop.signal);
    await expect.poll(() => hanging.size).toBe(8);
    await add('works', 'fabrikam');
    await expect.poll(() => arrived).toEqual(['https://works.example']);
    expect(hanging.size).toBe(8);
    stop.abort();
    await running;
  });
});

describe('a hook', () => {
  it('is switched off after three days in which nothing arrived, but not for one bad day', async () => {
    const store = new MemoryStore();
    let now = Date.UTC(2026, 10, 23);
    const clock = { now: () => now, monotonic: () => now, sleep: async () => {} };
    const silent = { debug() {}, info() {}, warn() {}, error() {} };
    const audit = new Audit({ store, clock, log: silent, actor: actorNow }, 30 * 24 * HOUR);
    const hooks = new Hooks(
      { store, clock, coordination: createCoordination() },
      createVault(keyRing('first')),
      audit,
    );
    const { id } = await hooks.add({
      workspace: 'contoso',
      url: 'https://contoso.example',
      events: ['job.finished'],
    });
    expect(await hooks.ended(id, false)).toBe(false);
    now += 48 * HOUR;
    expect(await hooks.ended(id, true)).toBe(false);
    for (const after of [0, 24, 24]) {
      now += after * HOUR;
      expect(await hooks.ended(id, false)).toBe(false);
    }
    now += 24 * HOUR;
    expect(await hooks.ended(id, false)).toBe(true);
    expect(await hooks.get(id)).toMatchObject({ switchedOffAt: now });
    const deeds = await Array.fromAsync(audit.entries({ workspace: 'contoso' }));
    expect(deeds.map(({ deed }) => deed).toSorted()).toEqual(['hook.create', 'hook.switch-off']);
    expect(await hooks.switchOn('fabrikam', id)).toBeUndefined();
    expect(await hooks.switchOn('contoso', id)).not.toHaveProperty('switchedOffAt');
    // It has three days again.
    expect(await hooks.ended(id, false)).toBe(false);
    expect(await hooks.get(id)).toMatchObject({ failingSince: now });
  });

  it('is one of fifty at most, in each workspace', async () => {
    const store = new MemoryStore();
    const silent = { debug() {}, info() {}, warn() {}, error() {} };
    const audit = new Audit({ store, clock: systemClock, log: silent }, HOUR);
    const hooks = new Hooks(
      { store, clock: systemClock, coordination: createCoordination() },
      createVault(keyRing('first')),
      audit,
    );
    const add = (workspace: string) =>
      hooks.add({ workspace, url: 'https://contoso.example', events: ['job.finished'] });
    for (let number = 0; number < 50; number += 1) await add('contoso');
    await expect(add('contoso')).rejects.toThrow('has 50 hooks already');
    await add('fabrikam');
  });
});

describe('the address of a delivery', () => {
  it.each(['http://localhost:9/', 'http://127.0.0.1:9/', 'http://[::1]:9/', 'http://[64:ff9b::a00:1]:9/'])(
    'is checked when it is used, not only when it is given: %s',
    async (url) => {
      // A name that was public when the hook was made may lead inside by now.
      await expect(createPost({ allowPrivate: false }).send(url, {}, '{}')).rejects.toThrow(PrivateAddress);
    },
  );
});
