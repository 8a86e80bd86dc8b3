import { expect, it } from 'vitest';
import { Accounts } from '../../core/enrichment/index.ts';
import { createLog, openStore, singleProcess, systemClock } from '../../core/node/index.ts';
import type { Store } from '../../core/ports.ts';
import { temporaryDirectory } from '../platform/temporary-directory.ts';

const DAY_MS = 86_400_000;

function accountsOn(store: Store, now = systemClock.now): Accounts {
  const http = { request: () => Promise.reject(new Error('nothing is asked here')) };
  const log = createLog({ write: () => undefined });
  return new Accounts(singleProcess({ clock: { ...systemClock, now }, http, log, store }), DAY_MS);
}

it.each([
  ['open', true],
  ['that has ended', false],
])('counts what calls side by side cost a list %s, whichever is stored first', async (_, isOpen) => {
  const store = await openStore(await temporaryDirectory());
  const open = () => accountsOn(store);
  const accounts = open();
  if (isOpen) await accounts.open('list', undefined);
  const cost = (credits: number, turns: number) =>
    store.atomically(async () => {
      await accounts.add('list', { credits, calls: 1 });
      await accounts.spend('contoso', 1, { credits, inDoubtCredits: 0, bySource: { list: credits } });
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    });
  await Promise.all([cost(9, 50), cost(8, 0), cost(1, 20)]);
  for (const each of [accounts, open()]) {
    expect(await each.usage('list')).toMatchObject({ credits: 18, calls: 3 });
    expect(await each.month('contoso')).toMatchObject({ credits: 18, bySlot: { 1: 18 } });
  }
  await store.close();
});

const NOW = new AbortController().signal;

it('counts a call that was under way when the month ended in the month that paid it, and keeps its limits', async () => {
  const store = await openStore(await temporaryDirectory());
  let now = Date.UTC(2026, 0, 31, 23, 59);
  const accounts = accountsOn(store, () => now);
  await accounts.setMonthlyLimit('contoso', 10);
  await accounts.setSlotLimit('contoso', 1, 9);
  const spending = accounts.spending({ workspace: 'contoso', source: 'list' });
  const slotSpending = await accounts.slotSpending('contoso', 1);
  expect(await spending.reserve(8, NOW, 0)).toBe(true);
  expect(await slotSpending.reserve(8, 1)).toEqual({ times: 1, never: false });
  now = Date.UTC(2026, 1, 1);
  await store.atomically(() =>
    accounts.spend('contoso', 1, { credits: 8, inDoubtCredits: 0, bySource: { list: 8 } }),
  );
  spending.release(8);
  slotSpending.release(8);
  const next = accounts.spending({ workspace: 'contoso', source: 'list' });
  expect(await next.reserve(3, NOW, 0)).toBe(false);
  expect(await (await accounts.slotSpending('contoso', 1)).reserve(1, 2)).toEqual({ times: 1, never: false });
  expect(await next.reserve(2, NOW, 0)).toBe(true);
  await store.close();
});

it('has the room again that something took whose record failed', async () => {
  const store = await openStore(await temporaryDirectory());
  const accounts = accountsOn(store);
  await accounts.open('list', 10);
  const spending = accounts.spending({ workspace: 'contoso', source: 'list' });
  expect(await spending.reserve(10, NOW, 0)).toBe(true);
  const spent = { credits: 7, inDoubtCredits: 3 };
  const failing = store.atomically(async () => {
    await accounts.add('list', spent);
    throw new Error('the disk is full');
  });
  await expect(failing).rejects.toThrow('the disk is full');
  spending.release(10);
  expect(await spending.reserve(10, NOW, 0)).toBe(true);
  await store.atomically(() => accounts.add('list', spent));
  spending.release(10);
  expect(await spending.reserve(1, NOW, 0)).toBe(false);
  await accounts.open('list', 20);
  expect(await spending.reserve(10, NOW, 0)).toBe(true);
  await store.close();
});
