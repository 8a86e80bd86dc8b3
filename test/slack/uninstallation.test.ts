import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Uninstallation } from '../../bot/slack/installation/uninstallation.ts';
import { createCoordination, createLog, systemClock } from '../../core/node/index.ts';
import { startWorld } from './bot.ts';
import { TEAM } from './slack-server.ts';

test('a workspace that comes back while it waits to be deleted keeps what it has', async () => {
  const { store } = await startWorld();
  const revoked = store.collection('slack-revoked');
  const other = 'T000000002';
  for (const workspace of [TEAM, other]) await revoked.set(workspace, { at: 0, jobs: [] });
  const deleted: string[] = [];
  const coordination = createCoordination();
  const uninstallation = new Uninstallation({
    store,
    clock: systemClock,
    coordination,
    revokedMs: 1,
    log: createLog({ write: () => undefined }),
    // The first that is deleted; what comes after it is of no interest here.
    outbox: {
      remove: async (workspace: string) => {
        deleted.push(workspace);
        throw new Error('enough');
      },
    },
  } as never);
  const stopping = new AbortController();
  const busy = Promise.withResolvers<void>();
  const work = coordination.exclusive(`slack-uninstallation:${TEAM}`, () => busy.promise);
  const maintenance = uninstallation.tend(stopping.signal);
  // By now the maintenance waits for its turn.
  await setImmediate();
  await revoked.delete(TEAM);
  busy.resolve();
  await work;
  await expect.poll(() => deleted).toEqual([other]);
  stopping.abort();
  await maintenance;
});
