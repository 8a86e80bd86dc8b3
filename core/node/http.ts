import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { type Http, HttpFailure, type HttpRequest, type HttpResponse } from '../ports.ts';
import { Turns } from './turns.ts';

export interface HttpOptions {
  /** Connections per origin; more requests than that wait for one. Default 128. */
  readonly connections?: number;
  /** ms to make a connection. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Bytes of an answer's body, unpacked. Default 20 MiB. */
  readonly maxBodyBytes?: number;
  /** What stands between this network and the world; none: connections are made directly. */
  readonly proxy?: ProxySettings | undefined;
}

/** A proxy that requests go through, as HTTPS_PROXY and NO_PROXY name it. */
export interface ProxySettings {
  readonly url: string;
  /** Hosts that are reached without it, with commas between. */
  readonly except: string;
}

const DEFAULTS: Required<Omit<HttpOptions, 'proxy'>> = {
  connections: 128,
  connectTimeoutMs: 10_000,
  maxBodyBytes: 20 * 1024 * 1024,
};

/**
 * ms that an idle connection is kept, also where the server offers more. Well below the idle limits of
 * common servers (60 s and more), so that a request hardly ever meets a connection that is just closing.
 */
const KEEP_ALIVE_MS = 4_000;

/**
 * Answers given out in one turn of the event loop. Whoever gets one works on it for a millisecond or so, and the heads
 * of others that came meanwhile would be seen only when all were done.
 */
const ANSWERS_IN_A_TURN = 4;

const unzip = promisify(gunzip);

/**
 * The {@link Http} port on undici: keep-alive, one request at a time per connection, no redirects and no
 * retries. `close` waits for the requests under way.
 */
export function createHttp(options: HttpOptions = {}): Http & { close(): Promise<void> } {
  const { connections, connectTimeoutMs, maxBodyBytes, proxy } = { ...DEFAULTS, ...options };
  const turns = new Turns(ANSWERS_IN_A_TURN);
  let opened: Promise<Dispatcher> | undefined;
  /** Commands that make no request do not load undici, which takes longer than all of their work. */
  const openAgent = async () => {
    const undici = await import('undici');
    const settings = {
      connections,
      pipelining: 1,
      // With HTTP/2 "not yet written" cannot be told from "sent" by `onRequestStart`.
      allowH2: false,
      connect: { timeout: connectTimeoutMs },
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      // The request's own time limit covers both.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    if (!proxy) return new undici.Agent(settings);
    const { url, except } = proxy;
    return new undici.EnvHttpProxyAgent({
      ...settings,
      httpProxy: url,
      httpsProxy: url,
      noProxy: except,
      proxyTunnel: true,
    });
  };
  return {
    atOnce: connections,
    async request(request) {
      opened ??= openAgent();
      const { status, headers, body } = await exchange(await opened, turns, request, maxBodyBytes);
      const text = await unpack(body, headers['content-encoding'], maxBodyBytes);
      return { status, headers, body: text };
    },
    async close() {
      await (await opened)?.close();
    },
  };
}

type RawResponse = Omit<HttpResponse, 'body'> & { readonly body: Buffer };

/** One request and its whole answer. Settles when the time is over, whatever undici is waiting for. */
function exchange(
  agent: Dispatcher,
  turns: Turns,
  request: HttpRequest,
  maxBodyBytes: number,
): Promise<RawResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<RawResponse>();
  const chunks: Buffer[] = [];
  let size = 0;
  let status = 0;
  let headers: Record<string, string> = {};
  let controller: Dispatcher.DispatchController | undefined;
  let failure: HttpFailure | undefined;

  /** `controller` is there from just before the first byte is written, and not earlier. */
  const fail = (reason: string) => {
    failure ??= new HttpFailure(reason, controller !== undefined);
    reject(failure);
    controller?.abort(failure);
  };
  const onAbort = () => fail('the request was cancelled');
  const timer = setTimeout(() => fail(`no whole answer within ${request.timeoutMs} ms`), request.timeoutMs);
  request.signal?.addEventListener('abort', onAbort, { once: true });
  /** From now on neither time nor signal can call it off. */
  const disarm = () => {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', onAbort);
  };

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      // Given up while it waited for a connection: undici writes nothing once this is aborted.
      if (failure) return started.abort(failure);
      controller = started;
      request.watch?.leaving();
    },
    onResponseStart(_, statusCode, incoming) {
      request.watch?.answered();
      status = statusCode;
      headers = flatten(incoming);
    },
    onResponseData(_, chunk) {
      size += chunk.length;
      if (size > maxBodyBytes) fail(`the answer is larger than ${maxBodyBytes} bytes`);
      else chunks.push(chunk);
    },
    onResponseEnd() {
      // What came whole is given, also if it is called off while it waits for its turn.
      disarm();
      request.watch?.arrived();
      turns.add(() => resolve({ status, headers, body: Buffer.concat(chunks) }));
    },
    onResponseError: (_, error) => fail(describe(error)),
  };

  try {
    if (request.signal?.aborted) onAbort();
    else agent.dispatch(dispatchOptions(request), handler);
  } catch (error) {
    fail(describe(error));
  }
  return promise.finally(disarm);
}

function dispatchOptions({ method, url, headers, body }: HttpRequest): Dispatcher.DispatchOptions {
  const { origin, pathname, search } = new URL(url);
  return {
    origin,
    path: `${pathname}${search}`,
    method,
    headers: { ...headers, 'accept-encoding': 'gzip' },
    body: body ?? null,
  };
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

async function unpack(body: Buffer, encoding: string | undefined, maxBodyBytes: number): Promise<string> {
  if (encoding === undefined || encoding === 'identity' || body.length === 0) return body.toString('utf8');
  if (encoding !== 'gzip')
    throw new HttpFailure('the answer is packed in a way that was not asked for', true);
  try {
    return (await unzip(body, { maxOutputLength: maxBodyBytes })).toString('utf8');
  } catch (error) {
    throw new HttpFailure(`the answer cannot be unpacked (${codeOf(error)})`, true);
  }
}

/** By its code alone: messages of errors may repeat the address with a person's data, or what was answered. */
function describe(error: unknown): string {
  return `the connection failed (${codeOf(error)})`;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : error.name;
}
