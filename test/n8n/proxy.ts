import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ApiServer } from '../api/api-server.ts';

/** The server behind an address of its own. */
export interface Proxy extends AsyncDisposable {
  readonly url: string;
  /** What was asked, as `GET /v1/slots`, in its order. */
  readonly asked: readonly string[];
}

/** `loses`: whose answers do not come back, with an error in their place that is not worth another try. */
export async function startProxy(
  api: ApiServer,
  loses: (request: string, number: number) => boolean = () => false,
): Promise<Proxy> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const { method = 'GET', url = '', headers } = request;
    const number = asked.push(`${method} ${url}`);
    const body = await text(request);
    const answer = await fetch(`${api.url}${url}`, {
      method,
      headers: {
        authorization: String(headers.authorization),
        ...(body !== '' && { 'content-type': 'application/json' }),
        ...(headers['idempotency-key'] && { 'idempotency-key': String(headers['idempotency-key']) }),
      },
      ...(body !== '' && { body }),
    });
    const told = await answer.text();
    if (loses(`${method} ${url}`, number)) return void response.writeHead(404).end('<html>Not here</html>');
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(told);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
