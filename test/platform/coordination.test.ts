import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCoordination } from '../../core/coordination.ts';

test('works of one name run one after the other, in the order in which they came', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ name: fc.constantFrom('a', 'b'), turns: fc.nat(3), fails: fc.boolean() })),
      async (works) => {
        const coordination = createCoordination();
        const running = new Set<string>();
        const order: Record<string, number[]> = { a: [], b: [] };
        const results = await Promise.allSettled(
          works.map(({ name, turns, fails }, index) =>
            coordination.exclusive(name, async () => {
              expect(running.has(name)).toBe(false);
              running.add(name);
              for (let n = 0; n < turns; n++) await turn();
              order[name]?.push(index);
              running.delete(name);
              if (fails) throw new Error('on purpose');
              return index;
            }),
          ),
        );
        for (const name of ['a', 'b']) {
          expect(order[name]).toEqual(works.flatMap((work, index) => (work.name === name ? [index] : [])));
        }
        expect(results.map(({ status }) => status === 'rejected')).toEqual(works.map(({ fails }) => fails));
      },
    ),
    { numRuns: 50 },
  );
});

test('works of different names do not wait for each other', async () => {
  const coordination = createCoordination();
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = coordination.exclusive('slot 1', () => promise);
  expect(await coordination.exclusive('slot 2', async () => 'done')).toBe('done');
  resolve();
  await first;
});
