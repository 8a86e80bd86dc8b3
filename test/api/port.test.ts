import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { startApiServer } from './api-server.ts';

it('a port that is taken is named at once, with what to do, and the server starts when it is free', async () => {
  const other = createServer().listen(0);
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const taken = startApiServer({ env: { PORT: String(port) } });
  await expect(taken).rejects.toThrow(
    `Port ${port} is taken by another program. Stop that, or set PORT to a free port.`,
  );
  other.close();
  await once(other, 'close');
  await using free = await startApiServer({ env: { PORT: String(port) } });
  expect(free.url).toContain(String(port));
});
