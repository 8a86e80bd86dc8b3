import type { Endpoint, WindowName } from '../../core/apollo/types.ts';
import type { Key } from './accounts.ts';
import type { Fault } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { Answer } from './operations.ts';
import { isRefusal, REFUSALS, type RefusalKind } from './refusals.ts';

type FailureKind = '500' | RefusalKind;
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

export function isFailure(kind: Fault['kind'] | undefined): kind is FailureKind {
  return kind === '500' || isRefusal(kind);
}

/** Where an answer goes: what is needed of a `ServerResponse`. */
export interface Reply {
  readonly destroyed: boolean;
  writeHead(status: number, headers: Record<string, string | number>): { end(body: string): unknown };
  end(body: string): unknown;
  /** Breaks the connection. */
  destroy(): unknown;
  /** Hears that it is over: answered, broken, or given up by the client. */
  once(event: 'close', listener: () => void): unknown;
}

/** One request and what becomes of its answer. */
export class Exchange {
  /** Credits; when they are more than 0 and the answer does not arrive, it is lost. */
  charged = 0;
  readonly #ledger: Ledger;
  readonly #key: Key | undefined;
  readonly #reply: Reply;
  #settled = false;

  constructor(ledger: Ledger, key: Key | undefined, reply: Reply) {
    this.#ledger = ledger;
    this.#key = key;
    this.#reply = reply;
    reply.once('close', () => this.#settle('abandoned', false));
  }

  send(status: number, body: unknown, headers: Record<string, string> = {}): void {
    this.#end(status, { ...headers, ...JSON_TYPE }, JSON.stringify(body), true);
  }

  sendText(status: number, type: string, text: string, headers: Record<string, string> = {}): void {
    this.#end(status, { ...headers, 'content-type': type }, text, true);
  }

  /** Apollo's own failure has the limit headers; that of a proxy in front of it has none. */
  sendFailure(kind: FailureKind, headers: Record<string, string>): void {
    if (kind === '500') {
      this.#end(500, { ...headers, ...JSON_TYPE }, '{"error":"Internal server error"}', false);
      return;
    }
    const { status, type, body } = REFUSALS[kind];
    this.#end(status, { 'content-type': `${type}; charset=utf-8` }, body, false);
  }

  /** A 200 that is not what Apollo documents. */
  sendNonsense(type: string, text: string, headers: Record<string, string>): void {
    this.#end(200, { ...headers, 'content-type': type }, text, false);
  }

  sendKeyRefused(): void {
    this.sendText(401, 'text/plain; charset=utf-8', 'Invalid access credentials.');
  }

  sendNotAllowed(endpoint: Endpoint): void {
    const error = `api/v1/${endpoint} is not accessible with this api_key.`;
    this.send(403, { error, error_code: 'API_INACCESSIBLE' });
  }

  /** `headers`: what is told of limits, and when to come again. */
  sendTooMany(
    endpoint: Endpoint,
    limit: number | null,
    refusedBy: WindowName,
    headers: Record<string, string>,
  ): void {
    const message = `The maximum number of api calls allowed for api/v1/${endpoint} is ${limit ?? 1000} times per ${refusedBy}. Please wait, or upgrade your plan.`;
    this.send(429, { message }, headers);
  }

  /** Breaks the connection. */
  cut(): void {
    this.#settle('cut', false);
    this.#reply.destroy();
  }

  /** Never answers; the connection stays open until the client gives up. */
  hang(): void {
    this.#settle('hung', false);
  }

  #end(status: number, headers: Record<string, string>, body: string, understandable: boolean): void {
    // A client that has gone gets no answer, however good.
    if (this.#reply.destroyed) return;
    this.#settle(String(status), understandable);
    this.#reply.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
    this.#reply.end(body);
  }

  /** Written down before the answer leaves, so that whoever has the answer finds it counted. */
  #settle(outcome: string, understandable: boolean): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#ledger.answered(this.#key, outcome);
    if (this.charged > 0 && !understandable) this.#ledger.answerLost(this.charged);
  }
}

/** Sends the answer, or what the fault makes of it. */
export function deliver(
  exchange: Exchange,
  answer: Answer,
  headers: Record<string, string>,
  fault?: Fault,
): void {
  const text = printJson(answer);
  const type = `${answer.type ?? 'application/json'}; charset=utf-8`;
  if (isFailure(fault?.kind)) {
    exchange.sendFailure(fault.kind, headers);
    return;
  }
  switch (fault?.kind) {
    case 'cut':
      exchange.cut();
      break;
    case 'hang':
      exchange.hang();
      break;
    case 'nonsense':
      exchange.sendNonsense('text/html', htmlError('Just a moment'), headers);
      break;
    case 'truncated':
      exchange.sendNonsense(type, text.slice(0, Math.floor(text.length / 2)), headers);
      break;
    default:
      exchange.sendText(answer.status, type, text, headers);
  }
}

/** JSON with the request id as the bare 64-bit number that JavaScript cannot print. */
function printJson({ body, requestId }: Answer): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return requestId === undefined ? text : `${text.slice(0, -1)},"request_id":${requestId}}`;
}

function htmlError(title: string): string {
  return `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
}
