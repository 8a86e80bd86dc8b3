import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { createHttp, readConfig } from '../../core/node/index.ts';

test('requests go through the proxy that the settings name, but for the hosts that are excepted', async () => {
  const apollo = createServer((_, response) => void response.end('answered')).listen(0, '127.0.0.1');
  const asked: string[] = [];
  const proxy = createServer().listen(0, '127.0.0.1');
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const through = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      through.pipe(socket).pipe(through);
    });
  });
  await Promise.all([once(apollo, 'listening'), once(proxy, 'listening')]);
  const portOf = (server: typeof apollo) => (server.address() as AddressInfo).port;
  const ask = async (NO_PROXY: string) => {
    const { proxy: settings } = readConfig({ HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}`, NO_PROXY });
    const http = createHttp({ proxy: settings });
    const url = `http://127.0.0.1:${portOf(apollo)}/`;
    const { body } = await http.request({ method: 'GET', url, headers: {}, timeoutMs: 5_000 });
    await http.close();
    return body;
  };
  expect(await ask('')).toBe('answered');
  expect(asked).toEqual([`127.0.0.1:${portOf(apollo)}`]);
  expect(await ask('127.0.0.1')).toBe('answered');
  expect(asked).toHaveLength(1);
  apollo.close();
  proxy.close();
  expect(() => readConfig({ HTTPS_PROXY: 'ftp://proxy' })).toThrow('HTTPS_PROXY');
});
