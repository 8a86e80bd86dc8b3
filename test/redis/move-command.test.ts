import path from 'node:path';
import { expect, test } from 'vitest';
import { KEYS, startMachine } from '../cli/command-line.ts';
import { hasRedis, startRedis } from './server.ts';

test.skipIf(!hasRedis)(
  'a store that is moved says who moved it, and wrong use is told as such',
  async () => {
    await using server = await startRedis();
    await using machine = await startMachine();
    const REDIS_URL = server.fresh();
    const unset = await machine.run(['move-store', '--to', 'redis']);
    expect([unset.code, unset.stderr]).toEqual([2, expect.stringContaining('REDIS_URL is not set')]);
    expect((await machine.run(['move-store', '--to', 'nowhere'])).code).toBe(2);

    await machine.json(['connect'], { input: KEYS.contoso });
    const moved = await machine.json<{ entries: number }>(['move-store', '--to', 'redis'], {
      env: { REDIS_URL },
    });
    const trailOf = async (env: Record<string, string>) =>
      (await machine.json<{ entries: object[] }>(['audit', '--all'], { env })).entries;
    const by = { kind: 'command-line', via: 'command-line' };
    const there = { deed: 'store.move', by, about: { to: 'redis', entries: moved.entries } };
    expect(await trailOf({ REDIS_URL })).toMatchObject([there, { deed: 'slot.connect' }]);
    expect(await trailOf({})).toMatchObject([{ deed: 'slot.connect' }]);

    const taken = await machine.run(['move-store', '--to', 'redis'], { env: { REDIS_URL } });
    expect([taken.code, taken.stderr]).toEqual([
      2,
      expect.stringContaining('There is a store in this Redis'),
    ]);
    const DATA_DIR = path.join(machine.folder, 'elsewhere');
    await machine.json(['move-store', '--to', 'embedded'], { env: { REDIS_URL, DATA_DIR } });
    const back = { deed: 'store.move', by, about: { to: 'embedded' } };
    expect(await trailOf({ DATA_DIR })).toMatchObject([back, there, { deed: 'slot.connect' }]);
  },
  60_000,
);
