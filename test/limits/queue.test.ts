import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Work, WorkQueue } from '../../core/limits/queue.ts';

interface Piece extends Work {
  readonly name: string;
}

function piece(name: string, more: Partial<Work> = {}): Piece {
  const work = {
    workspace: 'contoso',
    source: 'list',
    kind: 'person',
    urgent: false,
    mobile: false,
    ...more,
  } as const;
  return { ...work, name, batchKey: more.batchKey ?? `${work.workspace}|${work.kind}|${work.urgent}` };
}

function pieces(count: number, prefix: string, more: Partial<Work> = {}): Piece[] {
  return Array.from({ length: count }, (_, index) => piece(`${prefix}${index}`, more));
}

function names(batch: readonly Piece[]): string {
  return batch.map(({ name }) => name).join(' ');
}

const PLAIN = 'contoso|person|false';
const newQueue = () => new WorkQueue<Piece>(10, 5);
/** When nothing is kept back any more, ms. */
const LATER = 1000;

describe('work that waits', () => {
  it('is kept back for a moment to fill a ten, counted from the last piece', () => {
    const queue = newQueue();
    queue.add(pieces(9, 'a'), 100);
    expect(queue.waiting()).toMatchObject([{ batchKey: PLAIN, pieces: 9, dueAt: 105 }]);
    queue.add([piece('b')], 103);
    expect(queue.waiting()).toMatchObject([{ pieces: 10, dueAt: Number.NEGATIVE_INFINITY }]);
    queue.take(PLAIN, 10, LATER);
    expect(queue.isEmpty).toBe(true);
  });

  it('leaves in tens, and what is left of them is kept back too', () => {
    const queue = newQueue();
    queue.add(pieces(12, 'a'), 100);
    expect(queue.take(PLAIN, 10, 100)).toHaveLength(10);
    expect(queue.take(PLAIN, 10, 104)).toEqual([]);
    expect(names(queue.take(PLAIN, 10, 105))).toBe('a10 a11');
  });

  it('is not kept back when a person waits for it', () => {
    const queue = newQueue();
    queue.add([piece('a', { urgent: true })], 100);
    expect(queue.waiting()).toMatchObject([{ urgent: true, dueAt: Number.NEGATIVE_INFINITY }]);
  });

  it('shares a batch between lists, a piece each in turn', () => {
    const queue = newQueue();
    queue.add(pieces(20, 'a', { source: 'first' }), 0);
    queue.add(pieces(2, 'b', { source: 'second' }), 0);
    queue.add(pieces(3, 'c', { source: 'third' }), 0);
    expect(names(queue.take(PLAIN, 10, LATER))).toBe('a0 b0 c0 a1 b1 c1 a2 c2 a3 a4');
    expect(names(queue.take(PLAIN, 10, LATER))).toBe('a5 a6 a7 a8 a9 a10 a11 a12 a13 a14');
    expect(queue.of('first')).toBe(5);
    expect(queue.of('second')).toBe(0);
  });

  it('never mixes what wants something else', () => {
    const queue = newQueue();
    queue.add([piece('a', { batchKey: 'plain' }), piece('b', { batchKey: 'phones' })], 0);
    expect(names(queue.take('plain', 10, LATER))).toBe('a');
    expect(names(queue.take('phones', 10, LATER))).toBe('b');
    expect(queue.take('plain', 10, LATER)).toEqual([]);
  });

  it('is served in the order: urgent, then whoever was served longest ago', () => {
    const queue = newQueue();
    const batchKeys = ['first', 'second', 'third'];
    for (const batchKey of batchKeys) queue.add(pieces(30, batchKey, { batchKey, workspace: batchKey }), 0);
    const order = () => queue.waiting().map(({ batchKey }) => batchKey);
    expect(order()).toEqual(batchKeys);
    queue.take('first', 10, LATER);
    expect(order()).toEqual(['second', 'third', 'first']);
    queue.take('second', 10, LATER);
    expect(order()).toEqual(['third', 'first', 'second']);
    queue.add([piece('now', { batchKey: 'urgent', urgent: true })], 0);
    expect(order()[0]).toBe('urgent');
  });

  it('comes first when it has to be repeated, in the same batch or in parts of it', () => {
    const queue = newQueue();
    queue.add(pieces(10, 'new'), 0);
    queue.addAgain([pieces(3, 'again'), pieces(2, 'more')]);
    expect(queue.waiting()).toMatchObject([{ pieces: 15 }]);
    expect(names(queue.take(PLAIN, 10, LATER))).toBe('again0 again1 again2');
    expect(names(queue.take(PLAIN, 1, LATER))).toBe('more0');
    expect(names(queue.take(PLAIN, 1, LATER))).toBe('more1');
    expect(queue.take(PLAIN, 10, LATER)).toHaveLength(10);
    expect(queue.isEmpty).toBe(true);
  });

  it('is taken out by its list, or by what no key can do', () => {
    const queue = newQueue();
    queue.add(pieces(3, 'a', { source: 'first' }), 0);
    queue.add(pieces(2, 'b', { source: 'second' }), 0);
    queue.addAgain([[piece('c', { source: 'first' }), piece('d', { source: 'second' })]]);
    expect(names(queue.withdraw('first'))).toBe('a0 a1 a2 c');
    expect(queue.of('first')).toBe(0);
    expect(queue.of('second')).toBe(3);
    queue.add(pieces(2, 'e', { kind: 'company' }), 0);
    const companies = queue.waiting().find(({ kind }) => kind === 'company')?.batchKey ?? '';
    expect(names(queue.withdrawBatchKey(companies))).toBe('e0 e1');
    expect(queue.withdrawBatchKey(companies)).toEqual([]);
    expect(names(queue.take(PLAIN, 10, LATER))).toBe('d');
    expect(names(queue.take(PLAIN, 10, LATER))).toBe('b0 b1');
    expect(queue.isEmpty).toBe(true);
  });

  it('comes out once each, whatever is done, and is counted by list', () => {
    const action = fc.oneof(
      fc.record({
        do: fc.constant('add' as const),
        source: fc.nat(3),
        batchKey: fc.nat(2),
        count: fc.nat(25),
      }),
      fc.record({
        do: fc.constant('take' as const),
        batchKey: fc.nat(2),
        size: fc.integer({ min: 1, max: 10 }),
      }),
      fc.record({ do: fc.constant('again' as const) }),
      fc.record({ do: fc.constant('withdraw' as const), source: fc.nat(3) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const queue = newQueue();
        const inside = new Map<string, string>();
        let taken: readonly Piece[] = [];
        let next = 0;
        const out = (batch: readonly Piece[]) => {
          for (const { name } of batch) expect(inside.delete(name)).toBe(true);
        };
        for (const each of actions) {
          if (each.do === 'add') {
            const added = pieces(each.count, `${next++}-`, {
              source: `s${each.source}`,
              batchKey: `f${each.batchKey}`,
            });
            for (const { name, source } of added) inside.set(name, source);
            queue.add(added, next);
          } else if (each.do === 'take') {
            taken = queue.take(`f${each.batchKey}`, each.size, LATER);
            expect(taken.length).toBeLessThanOrEqual(each.size);
            expect(new Set(taken.map(({ batchKey }) => batchKey)).size).toBeLessThanOrEqual(1);
            out(taken);
          } else if (each.do === 'again') {
            for (const { name, source } of taken) inside.set(name, source);
            queue.addAgain([taken]);
            taken = [];
          } else {
            out(queue.withdraw(`s${each.source}`));
          }
          expect(queue.waiting().reduce((sum, { pieces }) => sum + pieces, 0)).toBe(inside.size);
          expect(queue.isEmpty).toBe(inside.size === 0);
          for (const source of ['s0', 's1', 's2', 's3']) {
            expect(queue.of(source)).toBe([...inside.values()].filter((other) => other === source).length);
          }
        }
      }),
    );
  });
});
