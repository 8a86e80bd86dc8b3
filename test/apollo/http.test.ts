import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttp, type HttpOptions } from '../../core/node/http.ts';
import { HttpFailure, type HttpRequest } from '../../core/ports.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

function http(options?: HttpOptions) {
  const made = createHttp(options);
  open.push(() => made.close());
  return made;
}

async function serve(listener: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/path?name=Ada` };
}

const get = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  headers: { 'x-api-key': 'secret-key' },
  timeoutMs: 5_000,
  ...more,
});

async function failure(promise: Promise<unknown>): Promise<HttpFailure> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HttpFailure)) throw new Error(`no HttpFailure but ${String(error)}`);
  expect(error.message).not.toMatch(/secret-key|Ada/);
  return error;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  return Buffer.concat(await request.toArray()).toString();
}

describe('an answer', () => {
  it('comes with status, lower-case headers and text, whatever the status', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(422, {
        'X-Rate-Limit-Minute': '50',
        'X-Rate-Limit-Hourly': '',
        'Set-Cookie': ['a', 'b'],
      });
      response.end('{"id": -9223372036854775808, "name": "Zoë"}');
    });
    const answer = await http().request(get(url));
    expect(answer.status).toBe(422);
    expect(answer.headers).toMatchObject({
      'x-rate-limit-minute': '50',
      'x-rate-limit-hourly': '',
      'set-cookie': 'a, b',
    });
    expect(answer.body).toBe('{"id": -9223372036854775808, "name": "Zoë"}');
  });

  it('answers what was sent: method, path, query, headers and body', async () => {
    const { url } = await serve(async (request, response) => {
      const { method, url: path, headers } = request;
      response.end(JSON.stringify({ method, path, key: headers['x-api-key'], body: await bodyOf(request) }));
    });
    const client = http();
    const posted = await client.request(get(url, { method: 'POST', body: '{"name": "Zoë"}' }));
    expect(JSON.parse(posted.body)).toEqual({
      method: 'POST',
      path: '/path?name=Ada',
      key: 'secret-key',
      body: '{"name": "Zoë"}',
    });
    const empty = await client.request(get(url, { method: 'POST' }));
    expect(JSON.parse(empty.body)).toMatchObject({ method: 'POST', body: '' });
  });

  it('is not followed when it points elsewhere', async () => {
    const { url } = await serve((_, response) => response.writeHead(302, { location: '/elsewhere' }).end());
    expect((await http().request(get(url))).status).toBe(302);
  });

  it('is unpacked', async () => {
    const { url } = await serve((request, response) => {
      expect(request.headers['accept-encoding']).toBe('gzip');
      response.writeHead(404, { 'content-encoding': 'gzip' }).end(gzipSync('not here'));
    });
    expect(await http().request(get(url))).toMatchObject({ status: 404, body: 'not here' });
  });
});

describe('who watches a request', () => {
  it('hears when it leaves, not while it waits for a connection, and when its answer begins and is there', async () => {
    const heard: string[] = [];
    const answers: (() => void)[] = [];
    const { url } = await serve((request, response) => {
      heard.push(`seen ${request.url}`);
      response.writeHead(200).flushHeaders();
      answers.push(() => response.end('here'));
    });
    const client = http({ connections: 1 });
    expect(client.atOnce).toBe(1);
    const ask = (name: string) =>
      client.request(
        get(`${url}&${name}`, {
          watch: {
            leaving: () => void heard.push(`${name} leaves`),
            answered: () => void heard.push(`${name} is answered`),
            arrived: () => void heard.push(`${name} has arrived`),
          },
        }),
      );
    const all = Promise.all([ask('first'), ask('second')]);
    await expect.poll(() => heard).toContain('first is answered');
    expect(heard).toEqual(['first leaves', 'seen /path?name=Ada&first', 'first is answered']);
    answers[0]?.();
    await expect.poll(() => heard).toContain('second is answered');
    answers[1]?.();
    expect((await all).map(({ body }) => body)).toEqual(['here', 'here']);
    expect(heard.slice(3)).toEqual([
      'first has arrived',
      'second leaves',
      'seen /path?name=Ada&second',
      'second is answered',
      'second has arrived',
    ]);
  });

  it('hears of an answer while others, that came before, are still to be read', async () => {
    const answers: (() => void)[] = [];
    const { url } = await serve((_, response) => void answers.push(() => response.end('here')));
    const client = http();
    let heard = 0;
    const heardBefore: number[] = [];
    const answered = () => {
      heard += 1;
    };
    const all = Array.from({ length: 40 }, async () => {
      await client.request(get(url, { watch: { leaving() {}, answered, arrived() {} } }));
      heardBefore.push(heard);
      if (heardBefore.length === 1) for (const answer of answers.slice(20)) answer();
    });
    await expect.poll(() => answers.length).toBe(40);
    for (const answer of answers.slice(0, 20)) answer();
    await Promise.all(all);
    expect(heardBefore[0]).toBeLessThanOrEqual(20);
    expect(heardBefore[19]).toBeGreaterThan(20);
  });

  it('is given an answer that came whole before the request was called off', async () => {
    const { url } = await serve((_, response) => void response.end('here'));
    const controller = new AbortController();
    const watch = { leaving() {}, answered() {}, arrived: () => controller.abort() };
    const answer = await http().request(get(url, { signal: controller.signal, watch }));
    expect(answer.body).toBe('here');
  });
});

describe('connections', () => {
  it('are kept for the next request', async () => {
    const ports = new Set<number | undefined>();
    const { url } = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end();
    });
    const client = http();
    for (let count = 0; count < 20; count += 1) await client.request(get(url));
    // A connection is free only just after its answer has been handed over, so two may take turns.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it('carry one request at a time, and no more are opened than allowed', async () => {
    let now = 0;
    let most = 0;
    const { url } = await serve((_, response) => {
      now += 1;
      most = Math.max(most, now);
      setImmediate(() => {
        now -= 1;
        response.end();
      });
    });
    const client = http({ connections: 3 });
    await Promise.all(Array.from({ length: 20 }, () => client.request(get(url))));
    expect(most).toBeLessThanOrEqual(3);
  });

  it('closed by the server while idle harm no later request', async () => {
    const { url, server } = await serve((_, response) => response.end('here'));
    const client = http();
    await client.request(get(url));
    server.closeAllConnections();
    expect((await client.request(get(url))).body).toBe('here');
  });
});

describe('a request that nobody can have seen', () => {
  it('went to a closed port', async () => {
    const { url, server } = await serve(() => undefined);
    server.close();
    await once(server, 'close');
    const error = await failure(http().request(get(url)));
    expect(error.sent).toBe(false);
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('went to a name that does not exist', async () => {
    const error = await failure(http().request(get('http://apollo.invalid/?name=Ada')));
    expect(error.sent).toBe(false);
  });

  it('found a server that does not speak TLS', async () => {
    const { url } = await serve((_, response) => response.end());
    expect((await failure(http().request(get(url.replace('http:', 'https:'))))).sent).toBe(false);
  });

  it('had an address or a header that cannot be sent', async () => {
    const { url } = await serve((_, response) => response.end());
    expect((await failure(http().request(get('not an address?name=Ada')))).sent).toBe(false);
    const headers = { 'x-api-key': 'secret-key\r\nx-other: 1' };
    expect((await failure(http().request(get(url, { headers })))).sent).toBe(false);
  });

  it('was cancelled before', async () => {
    const { url } = await serve(() => expect.unreachable());
    expect((await failure(http().request(get(url, { signal: AbortSignal.abort() })))).sent).toBe(false);
  });

  it('was given up while it waited for a connection, and is not sent later', async () => {
    const seen: string[] = [];
    let release = () => {};
    const { url } = await serve((request, response) => {
      seen.push(request.url ?? '');
      release = () => response.end();
    });
    const client = http({ connections: 1 });
    const first = client.request(get(url));
    await expect.poll(() => seen.length).toBe(1);
    const cancel = new AbortController();
    const cancelled = failure(client.request(get(`${url}&second`, { signal: cancel.signal })));
    const late = failure(client.request(get(`${url}&third`, { timeoutMs: 30 })));
    cancel.abort();
    expect((await cancelled).sent).toBe(false);
    expect((await late).sent).toBe(false);
    release();
    await first;
    const after = client.request(get(`${url}&fourth`));
    await expect.poll(() => seen.length).toBe(2);
    release();
    await after;
    expect(seen).toEqual(['/path?name=Ada', '/path?name=Ada&fourth']);
  });
});

describe('a request that may have been seen', () => {
  const sent = async (request: Promise<unknown>) => expect((await failure(request)).sent).toBe(true);

  it('was cut off before the answer, in its head or in its body', async () => {
    for (const part of [
      '',
      'HTTP/1.1 200 OK\r\nConte',
      'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"half',
    ]) {
      const server = createTcpServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => (part ? socket.end(part) : socket.destroy()));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      open.push(() => server.close());
      await sent(http().request(get(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)));
    }
  });

  it('was answered too late, or never to the end', async () => {
    const silent = await serve(() => undefined);
    await sent(http().request(get(silent.url, { timeoutMs: 60 })));
    const stuck = await serve((_, response) => response.write('{"half'));
    await sent(http().request(get(stuck.url, { timeoutMs: 60 })));
  });

  it('was cancelled under way', async () => {
    const cancel = new AbortController();
    const { url } = await serve(() => cancel.abort());
    await sent(http().request(get(url, { signal: cancel.signal })));
  });

  it('was answered with more than anybody can hold, packed or not', async () => {
    const plain = await serve((_, response) => response.end('x'.repeat(2_000)));
    await sent(http({ maxBodyBytes: 1_000 }).request(get(plain.url)));
    const packed = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(100_000))),
    );
    await sent(http({ maxBodyBytes: 10_000 }).request(get(packed.url)));
  });

  it('was answered in a way that cannot be read', async () => {
    const broken = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip'),
    );
    await sent(http().request(get(broken.url)));
    const foreign = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'br' }).end('?'),
    );
    await sent(http().request(get(foreign.url)));
  });
});

describe('closing', () => {
  it('waits for what is under way and takes nothing new', async () => {
    let release = () => {};
    const arrived = Promise.withResolvers<void>();
    const { url } = await serve((_, response) => {
      release = () => response.end('done');
      arrived.resolve();
    });
    const client = createHttp();
    const under = client.request(get(url));
    await arrived.promise;
    const closed = client.close();
    expect((await failure(client.request(get(url)))).sent).toBe(false);
    release();
    expect((await under).body).toBe('done');
    await closed;
  });
});
