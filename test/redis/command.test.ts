import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, startCluster, WORKSPACE } from './cluster.ts';
import { hasRedis } from './server.ts';

describe.skipIf(!hasRedis)('a command on a Redis without a server', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({ minuteMs: 1000 });
    await cluster.web.slots.connect({ workspace: WORKSPACE, key: 'sandbox-contoso-sales-key-7Q2A' });
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  test('goes on with a list whose process was killed: it counts as running, and nobody works on it', async () => {
    const id = await cluster.prepare(30);
    // As a process leaves it that starts a list and is killed at once: a web process works on none itself.
    await cluster.web.jobs.start(id);
    const command = await cluster.openCore('command');
    await command.jobs.start(id);
    await expect
      .poll(async () => await command.jobs.status(id), { timeout: 10_000 })
      .toMatchObject({ state: 'done', finished: 30 });
  });
});
