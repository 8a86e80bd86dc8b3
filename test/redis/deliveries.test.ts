import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Deliveries } from '../../bot/hooks/deliveries.ts';
import { createPost } from '../../bot/hooks/post.ts';
import { createLog, openPorts, readConfig } from '../../core/node/index.ts';
import { startReceiver } from '../api/receiver.ts';
import { hasRedis, LOST_AFTER_MS, startRedis } from './server.ts';

const EVENTS = 12;

test.skipIf(!hasRedis)(
  'what a killed process had to deliver, one that lives delivers, each of it',
  async () => {
    await using server = await startRedis();
    await using receiver = await startReceiver();
    receiver.answer = 500;
    const env = { REDIS_URL: server.fresh(), LOST_AFTER_MS: String(LOST_AFTER_MS) };
    const log = createLog({ write: () => undefined });
    await using opened = await openPorts(readConfig(env), { command: 'living', role: 'web', log });
    const post = createPost({ allowPrivate: true });
    const living = new Deliveries(opened.ports, post, async () => ({ url: receiver.url }));
    const ending = new AbortController();
    // Begins before there is anything: it can only hear of it by the other's death.
    const running = living.run(ending.signal);
    const script = fileURLToPath(new URL('deliverer.ts', import.meta.url));
    const dying = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
      env: { ...process.env, ...env, TEST_URL: receiver.url, TEST_EVENTS: String(EVENTS) },
      stdio: 'ignore',
    });
    await receiver.came(1);
    dying.kill('SIGKILL');
    await once(dying, 'exit');
    receiver.answer = 204;
    const refused = receiver.received.length;
    const states = async () =>
      (await living.of({ kind: 'operators', id: 'operators' })).map(({ state }) => state);
    await expect
      .poll(states, { timeout: 90_000, interval: 200 })
      .toEqual(Array.from({ length: EVENTS }, () => 'delivered'));
    const taken = new Set(receiver.received.slice(refused).map(({ body }) => body.event));
    expect(taken.size).toBe(EVENTS);
    ending.abort();
    await running;
  },
  120_000,
);
