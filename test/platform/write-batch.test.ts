import { expect, test } from 'vitest';
import { WriteBatch } from '../../core/node/write-batch.ts';

function twoOfOneEntry() {
  const [first, second] = [new WriteBatch(), new WriteBatch()];
  const usage = { namespace: 'tallies', key: 'job', expires: undefined };
  first.add({ ...usage, value: '1' });
  second.add({ ...usage, value: '2' });
  return { first, second };
}

test('of two batches of one entry the write that was begun later is left, whichever ends first', () => {
  const one = twoOfOneEntry();
  one.first.follow(one.second);
  expect(one.second.close()).toMatchObject([{ value: '2' }]);
  expect(one.first.close()).toEqual([]);
  const other = twoOfOneEntry();
  other.second.follow(other.first);
  expect(other.first.close()).toMatchObject([{ value: '1' }]);
  expect(other.second.close()).toMatchObject([{ value: '2' }]);
});

test('a batch that could not be written takes nothing from one that ends after it', () => {
  const { first, second } = twoOfOneEntry();
  first.follow(second);
  second.close();
  second.lose();
  expect(first.close()).toMatchObject([{ value: '1' }]);
});
