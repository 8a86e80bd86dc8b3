import { expect, test } from 'vitest';
import { Accounts, Journal } from '../../core/enrichment/index.ts';
import { singleProcess, systemClock } from '../../core/node/index.ts';
import type { Store } from '../../core/ports.ts';
import { people, startWorld } from '../jobs/world.ts';
import { MemoryStore } from '../slots/world.ts';

const CALL = {
  endpoint: 'people/bulk_match',
  at: 0,
  workspace: 'contoso',
  slot: 1,
  costs: { list: 10 },
} as const;

/** A process of its own on this store. */
function open(store: Store) {
  const http = { request: () => Promise.reject(new Error('nothing is asked here')) };
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const ports = singleProcess({ clock: systemClock, http, log, store });
  return { journal: new Journal(ports), accounts: new Accounts(ports, 86_400_000) };
}

test('a call is in doubt that was under way when its process died, and counted once', async () => {
  const store = new MemoryStore();
  const died = open(store);
  await died.journal.begin('answered', CALL);
  await died.journal.begin('lost', CALL);
  await died.journal.end('answered');
  const { journal, accounts } = open(store);
  await journal.begin('mine', CALL);
  expect(await journal.recover(accounts)).toBe(1);
  expect(await journal.recover(accounts)).toBe(0);
  expect(await accounts.usage('list')).toMatchObject({ calls: 1, inDoubtCalls: 1, inDoubtCredits: 10 });
});

test('a call that is answered while the journal is looked through is in no doubt', async () => {
  const store = new MemoryStore();
  await open(store).journal.begin('lost', CALL);
  const { journal, accounts } = open(store);
  await journal.begin('mine', CALL);
  const add = accounts.add.bind(accounts);
  accounts.add = async (source, change) => {
    await add(source, change);
    await journal.end('mine');
    journal.leave('mine');
  };
  expect(await journal.recover(accounts)).toBe(1);
  expect(await accounts.usage('list')).toMatchObject({ inDoubtCalls: 1 });
});

test('a call that was taken for lost is in doubt no more when its answer comes after all', async () => {
  let isTaken = false;
  await using world = await startWorld({
    between: (http) => ({
      ...http,
      request: async (request) => {
        if (request.url.includes('/bulk_match') && !isTaken) {
          isTaken = true;
          const other = open(world.store);
          expect(await other.journal.recover(other.accounts)).toBe(1);
          expect((await world.core.credits.month('contoso')).inDoubtCredits).toBe(10);
        }
        return await http.request(request);
      },
    }),
  });
  const done = await world.run({ rows: people(10) });
  expect(done).toMatchObject({ state: 'done', credits: 10, calls: 1, inDoubtCalls: 0, inDoubtCredits: 0 });
  expect(await world.core.credits.month('contoso')).toMatchObject({ credits: 10, inDoubtCredits: 0 });
});
