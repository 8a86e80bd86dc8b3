import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StoreUnavailable } from '../../core/node/store-errors.ts';
import type { Clock, Collection, Store } from '../../core/ports.ts';

/** A kind of store, and how tests open it. */
export interface StoreKind {
  readonly name: string;
  /** Somewhere new to keep a store. */
  place(): string;
  open(place: string, clock?: Pick<Clock, 'now'>): Promise<Store>;
  /** Whether entries expire by the clock given, so that a test can move it. */
  readonly movesTime: boolean;
}

export async function all<T>(collection: Collection<T>, prefix?: string): Promise<Record<string, T>> {
  const found: [string, T][] = [];
  for await (const entry of collection.entries(prefix)) found.push(entry);
  const byKey = Object.fromEntries(found);
  expect(Object.keys(byKey)).toHaveLength(found.length);
  return byKey;
}

/** What every store promises, whatever it stands on. */
export function behavesAsStore(kind: StoreKind): void {
  test('keeps values as JSON, over a restart, apart by collection', async () => {
    const place = kind.place();
    const values = {
      text: 'é😀\u0000:x',
      number: 1.5,
      none: null,
      list: [1, [2]],
      deep: { a: { b: false } },
    };
    const first = await kind.open(place);
    await first.collection('leads').set('ada', values);
    await first.collection('jobs').set('ada', 'another');
    await first.close();
    const second = await kind.open(place);
    expect(await second.collection('leads').get('ada')).toEqual(values);
    expect(await second.collection('jobs').getMany(['grace', 'ada', 'ada'])).toEqual([
      undefined,
      'another',
      'another',
    ]);
    expect(await second.collection('nothing').get('ada')).toBeUndefined();
    await second.close();
  });

  test('entries: all of a prefix, however many, whatever the characters', async () => {
    const store = await kind.open(kind.place());
    const collection = store.collection<number>('leads');
    const keys = ['job', 'job/', 'joc', 'jo', 'JOB/x', '\u{1F600}a', '\u{1F600}b', '\uFFFDa', 'job%', 'job_'];
    await collection.setMany(keys.map((key, index) => [key, index] as const));
    await collection.setMany(Array.from({ length: 650 }, (_, index) => [`job/${index}`, index] as const));
    expect(Object.keys(await all(collection, 'job/'))).toHaveLength(651);
    expect(Object.keys(await all(collection, 'job'))).toHaveLength(654);
    expect(Object.keys(await all(collection, '\u{1F600}'))).toHaveLength(2);
    expect(Object.keys(await all(collection))).toHaveLength(keys.length + 650);
    expect(await all(collection, 'nobody')).toEqual({});
    await store.close();
  });

  test('entries may be deleted while they are gone through', async () => {
    const store = await kind.open(kind.place());
    const collection = store.collection<number>('leads');
    await collection.setMany(Array.from({ length: 500 }, (_, index) => [`lead ${index}`, index] as const));
    let seen = 0;
    for await (const [key] of collection.entries()) {
      seen++;
      void collection.delete(key);
    }
    expect(seen).toBe(500);
    expect(await all(collection)).toEqual({});
    await store.close();
  });

  test('entries may be written while they are gone through, atomically too, and come once', async () => {
    const store = await kind.open(kind.place());
    const collection = store.collection<number>('leads');
    await collection.setMany(Array.from({ length: 500 }, (_, index) => [`lead ${index}`, 0] as const));
    await store.atomically(async () => {
      await collection.set('lead 250', 1);
      await collection.set('new', 1);
      let seen = 0;
      for await (const [key, value] of collection.entries()) {
        seen++;
        await collection.set(key, value + 1);
      }
      expect(seen).toBe(501);
    });
    const after = await all(collection);
    expect(Object.entries(after).filter(([, value]) => value !== 1)).toEqual([
      ['lead 250', 2],
      ['new', 2],
    ]);
    await store.close();
  });

  test('calls take effect in their order, awaited or not', async () => {
    const store = await kind.open(kind.place());
    const leads = store.collection<number>('leads');
    const calls = [
      leads.set('ada', 1),
      leads.delete('ada'),
      leads.setMany([['ada', 2]]),
      leads.get('ada'),
      leads.delete('ada'),
      leads.get('ada'),
    ];
    expect(await Promise.all(calls)).toEqual([undefined, undefined, undefined, 2, undefined, undefined]);
    expect(await leads.get('ada')).toBeUndefined();
    await store.close();
  });

  test('what was begun before closing is kept; afterwards the store says that it is closed', async () => {
    const place = kind.place();
    const first = await kind.open(place);
    const leads = first.collection<number>('leads');
    const write = leads.set('ada', 1);
    await first.close();
    await write;
    await first.close();
    await expect(leads.get('ada')).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(leads.set('ada', 2)).rejects.toThrow(/is closed/);
    const second = await kind.open(place);
    expect(await second.collection('leads').get('ada')).toBe(1);
    await second.close();
  });

  test('a key that could be taken for another, and a value that is no JSON, are refused', async () => {
    const store = await kind.open(kind.place());
    const leads = store.collection<unknown>('leads');
    await expect(leads.set('ada', undefined)).rejects.toThrow('The value for "ada" in the store is not JSON');
    await expect(leads.set('ada', 1n)).rejects.toThrow(TypeError);
    await expect(leads.get('\ud800')).rejects.toThrow(TypeError);
    await expect(leads.deleteMany(['fine', '\udc00x'])).rejects.toThrow(TypeError);
    await store.close();
  });

  describe('atomically', () => {
    test('makes all writes of the work, awaited or not', async () => {
      const store = await kind.open(kind.place());
      const leads = store.collection<number>('leads');
      const jobs = store.collection<number>('jobs');
      await leads.set('old', 0);
      await store.atomically(async () => {
        await leads.set('ada', 1);
        void leads.setMany([['grace', 2]]);
        await turn();
        void jobs.set('j1', 3);
        void leads.delete('old');
      });
      expect(await all(leads)).toEqual({ ada: 1, grace: 2 });
      expect(await all(jobs)).toEqual({ j1: 3 });
      await store.close();
    });

    test('reads inside see its writes, reads outside do not yet', async () => {
      const store = await kind.open(kind.place());
      const leads = store.collection<number>('leads');
      await leads.setMany([
        ['ada', 1],
        ['old', 1],
      ]);
      const { promise: written, resolve: tell } = Promise.withResolvers<void>();
      const { promise: goOn, resolve: finish } = Promise.withResolvers<void>();
      const work = store.atomically(async () => {
        await leads.set('ada', 2);
        await leads.set('grace', 2);
        await leads.delete('old');
        expect(await leads.getMany(['ada', 'grace', 'old'])).toEqual([2, 2, undefined]);
        expect(await all(leads)).toEqual({ ada: 2, grace: 2 });
        expect(await all(leads, 'gr')).toEqual({ grace: 2 });
        tell();
        await goOn;
      });
      await written;
      expect(await all(leads)).toEqual({ ada: 1, old: 1 });
      await leads.set('other', 3);
      finish();
      await work;
      expect(await all(leads)).toEqual({ ada: 2, grace: 2, other: 3 });
      await store.close();
    });

    test('makes none of them when the work fails', async () => {
      const store = await kind.open(kind.place());
      const leads = store.collection<number>('leads');
      const failing = store.atomically(async () => {
        await leads.set('ada', 1);
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      expect(await all(leads)).toEqual({});
      await store.close();
    });

    test('inside another one, it is part of that', async () => {
      const store = await kind.open(kind.place());
      const leads = store.collection<number>('leads');
      const outer = store.atomically(async () => {
        await store.atomically(() => leads.set('ada', 1));
        throw new Error('changed my mind');
      });
      await expect(outer).rejects.toThrow('changed my mind');
      expect(await leads.get('ada')).toBeUndefined();
      await store.close();
    });

    test('what the work left running writes for itself', async () => {
      const store = await kind.open(kind.place());
      const leads = store.collection<number>('leads');
      let late: Promise<void> | undefined;
      await store.atomically(async () => {
        late = turn().then(() => leads.set('late', 1));
        await leads.set('ada', 1);
      });
      await late;
      expect(await all(leads)).toEqual({ ada: 1, late: 1 });
      await store.close();
    });
  });

  test('behaves like a map, whatever is done to it', async () => {
    const key = fc.oneof(
      fc.constantFrom('a', 'ab', 'abc', 'b', 'a/1', 'a/2'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
    );
    const value = fc.jsonValue({ maxDepth: 2 });
    const ttlMs = kind.movesTime
      ? fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined })
      : fc.constant(undefined);
    const write = fc.oneof(
      fc.record({
        do: fc.constant('set' as const),
        entries: fc.array(fc.tuple(key, value), { maxLength: 4 }),
        ttlMs,
      }),
      fc.record({ do: fc.constant('delete' as const), keys: fc.array(key, { maxLength: 3 }) }),
    );
    type Written = typeof write extends fc.Arbitrary<infer Value> ? Value : never;
    const step = fc.oneof(
      { weight: 4, arbitrary: write },
      fc.record({
        do: fc.constant('atomically' as const),
        writes: fc.array(write, { maxLength: 4 }),
        fails: fc.boolean(),
      }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.nat(60) }),
      fc.record({
        do: fc.constant('read' as const),
        keys: fc.array(key),
        prefix: fc.oneof(fc.constant(''), key),
      }),
      fc.record({ do: fc.constant('restart' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const place = kind.place();
        let now = 1_000_000;
        const clock = { now: () => now };
        let store = await kind.open(place, clock);
        let collection = store.collection<fc.JsonValue>('leads');
        const model = new Map<string, { text: string; expires: number }>();
        const live = (key: string) => {
          const entry = model.get(key);
          return entry && entry.expires > now ? JSON.parse(entry.text) : undefined;
        };
        const apply = async (step: Written) => {
          if (step.do === 'delete') return collection.deleteMany(step.keys);
          return collection.setMany(step.entries, step.ttlMs === undefined ? {} : { ttlMs: step.ttlMs });
        };
        const note = (step: Written) => {
          if (step.do === 'delete') for (const key of step.keys) model.delete(key);
          else
            for (const [key, value] of step.entries)
              model.set(key, {
                text: JSON.stringify(value),
                expires: now + (step.ttlMs ?? Number.POSITIVE_INFINITY),
              });
        };
        try {
          for (const step of steps) {
            if (step.do === 'wait') now += step.ms;
            else if (step.do === 'restart') {
              await store.close();
              store = await kind.open(place, clock);
              collection = store.collection('leads');
            } else if (step.do === 'read') {
              expect(await collection.getMany(step.keys)).toEqual(step.keys.map(live));
              const expected = [...model.keys()]
                .filter((key) => key.startsWith(step.prefix) && live(key) !== undefined)
                .map((key) => [key, live(key)] as const);
              const found: [string, fc.JsonValue][] = [];
              for await (const entry of collection.entries(step.prefix)) found.push(entry);
              expect(new Map(found)).toEqual(new Map(expected));
              expect(found).toHaveLength(expected.length);
            } else if (step.do === 'atomically') {
              const done = store.atomically(async () => {
                for (const each of step.writes) await apply(each);
                if (step.fails) throw new Error('on purpose');
              });
              await done.catch((error: Error) => expect(error.message).toBe('on purpose'));
              if (!step.fails) for (const each of step.writes) note(each);
            } else {
              const done = apply(step);
              note(step);
              // Some go on before it is durable.
              if (step.do === 'set' && step.entries.length > 2) await done;
            }
          }
        } finally {
          await store.close();
        }
      }),
      { numRuns: 60 },
    );
  });
}
