import type { Clock, Http, HttpRequest, Log } from '@connectionsphere/core';
import { HttpFailure } from '@connectionsphere/core';
import { type IDataObject, type Logger, type RequestHelperFunctions, sleep } from 'n8n-workflow';

/** n8n's way out, which knows of proxies and of what an instance may reach. */
export type SendRequest = RequestHelperFunctions['httpRequest'];

/** Node's timers hold 32 bits, ms. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

/** No connection was made, so nothing can have been charged. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

export const n8nClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    const end = performance.now() + ms;
    for (let left = ms; left > 0 && !signal?.aborted; left = end - performance.now()) {
      const span = Math.min(left, LONGEST_SLEEP_MS);
      if (signal) await sleepUnlessAborted(span, signal);
      else await sleep(span);
    }
  },
};

/** Wakes at once on `signal` also where n8n is too old for its own sleep to know of it. */
async function sleepUnlessAborted(ms: number, signal: AbortSignal): Promise<void> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const wake = () => resolve();
  signal.addEventListener('abort', wake, { once: true });
  // It rejects when the signal aborts; whoever sleeps here does not care why it wakes.
  const slept = sleep(ms, signal).catch(wake);
  await Promise.race([slept, aborted]);
  signal.removeEventListener('abort', wake);
}

/** Answers are taken as text: n8n would parse Apollo's 64-bit ids into doubles. */
export function createN8nHttp(send: () => SendRequest): Http {
  return {
    async request({ method, url, headers, body, timeoutMs, signal }: HttpRequest) {
      const answer = await send()({
        method,
        url,
        headers: { ...headers },
        ...(body !== undefined && { body }),
        encoding: 'text',
        json: false,
        returnFullResponse: true,
        ignoreHttpStatusErrors: true,
        disableFollowRedirect: true,
        timeout: timeoutMs,
        ...(signal && { abortSignal: signal }),
      }).catch(noAnswer);
      return {
        status: answer.statusCode,
        headers: lowerCase(answer.headers),
        body: typeof answer.body === 'string' ? answer.body : '',
      };
    },
  };
}

/** By its code alone: messages may repeat the address with a person's data. */
function noAnswer(error: unknown): never {
  const code = codeOf(error);
  throw new HttpFailure(`the connection failed (${code})`, !NEVER_SENT.has(code));
}

/** n8n's own log. The core never passes a key or a person's data. */
export function createN8nLog(logger: () => Logger): Log {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields?: IDataObject) =>
    logger()[level](`ConnectionSphere: ${message}`, withStacks(fields));
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** n8n writes fields as JSON, which keeps nothing of an error. */
function withStacks(fields: IDataObject = {}): IDataObject {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error ? (value.stack ?? value.message) : value,
    ]),
  );
}

function lowerCase(headers: IDataObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}

function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return error instanceof Error ? error.name : 'unknown';
}
