import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { Pool, type Work } from '../../core/limits/index.ts';
import { singleProcess, systemClock } from '../../core/node/index.ts';
import { MemoryStore } from '../slots/world.ts';

it('gives work back when the connected keys cannot be read, and says why', async () => {
  const logged: string[] = [];
  const write = (message: string, fields?: Record<string, unknown>) => {
    logged.push(`${message} ${inspect(fields)}`);
  };
  const log = { debug: write, info: write, warn: write, error: write };
  const ports = singleProcess({
    clock: systemClock,
    store: new MemoryStore(),
    http: { request: () => Promise.reject(new Error('nothing is asked here')) },
    log,
  });
  const given = Promise.withResolvers<readonly Work[]>();
  const pool = new Pool<Work>({
    ports,
    connections: {
      usable: () => Promise.reject(new Error('the store is damaged')),
      failed: async () => undefined,
      limited: async () => undefined,
      onChange: () => undefined,
    },
    minuteMs: 60_000,
    call: () => Promise.reject(new Error('no key is connected')),
    noCapacity: given.resolve,
  });
  const work: Work = {
    workspace: 'contoso',
    source: 'job',
    batchKey: 'plain',
    kind: 'person',
    urgent: false,
    mobile: false,
  };
  pool.add([work]);
  expect(await given.promise).toEqual([work]);
  expect(logged.join()).toContain('the store is damaged');
  await pool.stop();
});
