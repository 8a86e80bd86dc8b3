import { expect, it } from 'vitest';
import { OwnAccounts } from '../../core/enrichment/index.ts';
import { openStore, systemClock } from '../../core/node/index.ts';
import { temporaryDirectory } from '../platform/temporary-directory.ts';

const DAY_MS = 86_400_000;

it.each([
  ['open', true],
  ['that has ended', false],
])('counts what calls side by side cost a list %s, whichever is stored first', async (_, isOpen) => {
  const store = await openStore(await temporaryDirectory());
  const open = () => new OwnAccounts(store, systemClock.now, DAY_MS);
  const accounts = open();
  if (isOpen) await accounts.open('list', undefined);
  const cost = (credits: number, turns: number) =>
    store.atomically(async () => {
      await accounts.add('list', { credits, calls: 1 });
      await accounts.spend('contoso', 1, { credits, inDoubtCredits: 0 });
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    });
  await Promise.all([cost(9, 50), cost(8, 0), cost(1, 20)]);
  for (const each of [accounts, open()]) {
    expect(await each.tally('list')).toMatchObject({ credits: 18, calls: 3 });
    expect(await each.month('contoso')).toMatchObject({ credits: 18, bySlot: { 1: 18 } });
  }
  await store.close();
});
