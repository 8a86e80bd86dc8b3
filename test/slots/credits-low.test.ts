import { expect, test } from 'vitest';
import type { SlotsChange } from '../../core/slots/index.ts';
import { createWorld } from './world.ts';

test('credits that go under a tenth are told once, and again when they were filled up in between', async () => {
  const { slots, apollo, newKey } = createWorld();
  const key = newKey({ creditsLeft: 1000 });
  await slots.connect({ workspace: 'contoso', key });
  const told: SlotsChange['change'][] = [];
  slots.onChange(({ change }) => told.push(change));
  const after = async (creditsLeft: number) => {
    const account = apollo.accounts.get(key);
    if (account) account.creditsLeft = creditsLeft;
    told.length = 0;
    await slots.recheck({ workspace: 'contoso', slot: 1 });
    return [...told];
  };
  expect(await after(200)).toEqual([]);
  expect(await after(199)).toEqual(['credits-low']);
  expect(await after(100)).toEqual([]);
  expect(await after(1500)).toEqual([]);
  expect(await after(5)).toEqual(['credits-low']);
  // None left is the key's health, which is told anyway.
  expect(await after(0)).toEqual(['changed']);
});

test('only readings that are old enough are read again', async () => {
  const { slots, apollo, newKey, time } = createWorld();
  await slots.connect({ workspace: 'contoso', key: newKey() });
  const calls = apollo.calls;
  time.now += 1000;
  await slots.reread('contoso', 60_000);
  expect(apollo.calls).toBe(calls);
  time.now += 60_000;
  await slots.reread('contoso', 60_000);
  expect(apollo.calls).toBe(calls + 3);
});
