import {
  type IDataObject,
  type IExecuteFunctions,
  type IHookFunctions,
  type ILoadOptionsFunctions,
  type INode,
  type IWebhookFunctions,
  type JsonObject,
  NodeApiError,
  NodeOperationError,
  sleep,
} from 'n8n-workflow';
import type { AskServer, ServerRequest } from '../../../enrichment/server-service';

/** ms until an answer is given up: a batch may wait for the limits of all keys. */
const TIMEOUT_MS = 10 * 60_000;
/** A request is sent again so often when no answer comes: the server does it once all the same. */
const MOST_TRIES = 5;
const FIRST_PAUSE_MS = 1_000;

type AskingFunctions = IExecuteFunctions | IHookFunctions | ILoadOptionsFunctions | IWebhookFunctions;

/** Asks the credential's server. Throws a `NodeApiError` that says what went wrong and what to do. */
export function askServer(functions: AskingFunctions): AskServer {
  const lasting = withoutCancel(functions);
  return async <T>({
    method,
    path,
    query,
    body,
    type,
    bytes,
    once,
    idempotencyKey,
  }: ServerRequest): Promise<T> => {
    const { baseUrl } = await functions.getCredentials('connectionSphereApi');
    for (let tries = 1; ; tries++) {
      const answer = await lasting.helpers.httpRequestWithAuthentication
        .call(lasting as IExecuteFunctions, 'connectionSphereApi', {
          method,
          url: `${String(baseUrl).trim().replace(/\/+$/, '')}${path}`,
          headers: {
            Accept: bytes ? '*/*' : 'application/json',
            ...(body !== undefined && { 'Content-Type': type ?? 'application/json' }),
            ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
          },
          ...(query && { qs: query, arrayFormat: 'repeat' as const }),
          ...(body !== undefined && {
            body: (type === undefined ? JSON.stringify(body) : body) as IDataObject,
          }),
          encoding: bytes ? 'arraybuffer' : 'text',
          json: false,
          returnFullResponse: true,
          ignoreHttpStatusErrors: true,
          timeout: TIMEOUT_MS,
        })
        .catch((error: unknown) => ({ statusCode: 0, headers: {}, body: '', error }));
      // 204 has no body.
      if (answer.statusCode >= 200 && answer.statusCode < 300)
        return (bytes ? Buffer.from(answer.body) : JSON.parse(answer.body || 'null')) as T;
      const repeatable = !once && (method === 'GET' || idempotencyKey !== undefined);
      if (!repeatable || tries === MOST_TRIES || !isPassing(answer.statusCode))
        throw failure(functions, { ...answer, body: String(answer.body) });
      const retryAfter = Number(answer.headers['retry-after']);
      await sleep(retryAfter > 0 ? retryAfter * 1000 : FIRST_PAUSE_MS * 2 ** (tries - 1));
    }
  };
}

/**
 * n8n takes a request back when its execution is cancelled. The server's answer is paid for, though, and is
 * waited for: it is the next request that is not made.
 */
function withoutCancel(functions: AskingFunctions): AskingFunctions {
  return new Proxy(functions, {
    has: (target, name) => name !== 'getExecutionCancelSignal' && name in target,
  });
}

/** An error as n8n shows it; those that are so already stay as they are. */
export function nodeError(
  node: INode,
  error: unknown,
  itemIndex?: number,
): NodeApiError | NodeOperationError {
  if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
  const cause = error instanceof Error ? error : String(error);
  return new NodeOperationError(node, cause, itemIndex === undefined ? {} : { itemIndex });
}

/** No answer, too many requests, or a server (or what stands before it) in trouble. */
function isPassing(status: number): boolean {
  return status === 0 || status === 429 || status >= 500;
}

interface Unanswered {
  readonly statusCode: number;
  readonly body: string;
  readonly error?: unknown;
}

function failure(functions: AskingFunctions, { statusCode, body, error }: Unanswered): NodeApiError {
  const node = functions.getNode();
  if (statusCode === 0) {
    return new NodeApiError(node, (error ?? {}) as JsonObject, {
      message: 'The ConnectionSphere server cannot be reached',
      description:
        'Check the server address in the credential, and that the server runs and can be reached from n8n.',
    });
  }
  const { detail, title, code } = problemIn(body);
  const httpCode = String(statusCode);
  if (statusCode === 401) {
    return new NodeApiError(
      node,
      { message: detail ?? '' },
      {
        httpCode,
        message: 'The ConnectionSphere server does not accept the token',
        description: 'Make a new one with "./connectionsphere token create" and put it into the credential.',
      },
    );
  }
  return new NodeApiError(
    node,
    { message: detail ?? '' },
    {
      httpCode,
      message:
        title === undefined
          ? `The ConnectionSphere server answered ${statusCode}`
          : `ConnectionSphere: ${title}`,
      description:
        detail ?? 'Check the server address in the credential: something else seems to answer there.',
      ...(code !== undefined && { type: code }),
    },
  );
}

/** What an RFC 9457 answer says. */
function problemIn(body: string): { title?: string; detail?: string; code?: string } {
  try {
    const problem: unknown = JSON.parse(body);
    return typeof problem === 'object' && problem !== null ? problem : {};
  } catch {
    return {};
  }
}

/** What happened and what to do about it, in one text. */
export function errorText(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const advice =
    typeof error === 'object' && error !== null && 'description' in error
      ? String(error.description ?? '')
      : '';
  if (advice === '' || message.includes(advice)) return message;
  return `${message}${/[.!?]$/.test(message) ? '' : '.'} ${advice}`;
}
