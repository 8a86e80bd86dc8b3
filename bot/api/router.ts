import { createHash } from 'node:crypto';
import { pipeline, type Readable, Transform } from 'node:stream';
import { type Actor, KeyReused, type Log } from '@connectionsphere/core';
import express, { type ErrorRequestHandler, type Request, type Response, type Router } from 'express';
import { actingAs } from '../acting.ts';
import { inTime } from '../deadline.ts';
import type { ApiContext } from './context.ts';
import { problemOf } from './failure.ts';
import type { Answer, Call, Operation } from './operation.ts';
import { invalid, Problem } from './problem.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Token } from './tokens.ts';

const BODY_BYTES = 1024 * 1024;
/** A body of which nothing comes for so long is given up, ms. */
const BODY_IDLE_MS = 30_000;
/** As many characters as anybody needs for a UUID and a name around it. */
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

/** What a request's later parts know of it. */
interface Locals {
  readonly operation?: Operation;
  readonly token?: Token;
  /** Its id. */
  readonly request?: string;
}

interface RouterOptions {
  readonly context: ApiContext;
  readonly operations: readonly Operation[];
  readonly rateLimit: RateLimit;
  /** Aborts when the process is asked to end. */
  readonly stopping: AbortSignal;
}

/** Serves the operations: who asks, whether they may, what they ask, and how it is answered. */
export function apiRouter(options: RouterOptions): Router {
  const { operations, context, rateLimit } = options;
  const router = express.Router();
  router.use('/v1', (_, response, next) => {
    response.setHeader('ratelimit-policy', rateLimit.policy);
    // Leads, tokens and links are for whoever asked, and for no cache.
    response.setHeader('cache-control', 'no-store');
    response.setHeader('access-control-allow-origin', context.address());
    next();
  });
  for (const operation of operations) {
    router[operation.method](route(operation.path), (request, response) =>
      serve(operation, request, response, options),
    );
  }
  for (const path of new Set(operations.map((each) => each.path))) {
    const allowed = operations.filter((each) => each.path === path).map(({ method }) => method.toUpperCase());
    router.all(route(path), async (request, response) => {
      await tokenOf(request, response, options);
      response.setHeader('allow', allowed.join(', '));
      throw new Problem(
        405,
        'method-not-allowed',
        `${request.method} is not possible here, but ${allowed.join(', ')}.`,
      );
    });
  }
  router.use('/v1', async (request, response) => {
    await tokenOf(request, response, options);
    throw new Problem(
      404,
      'no-such-route',
      `There is no ${request.method} ${request.baseUrl}${request.path}. See /docs.`,
    );
  });
  router.use(problemHandler(context.ports.log));
  return router;
}

/** `/v1/jobs/{id}` → `/v1/jobs/:id` */
function route(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

async function serve(
  operation: Operation,
  request: Request,
  response: Response,
  options: RouterOptions,
): Promise<void> {
  const { context, stopping } = options;
  // For the log and the metrics, where no path of a caller's own may stand.
  response.locals.operation = operation;
  if (stopping.aborted) throw shuttingDown();
  const token = await tokenOf(request, response, options);
  if (!token) throw notAuthenticated(request, response);
  if (operation.scope && !token.scopes.includes(operation.scope)) {
    throw new Problem(
      403,
      'scope-missing',
      `This token may not do that: it needs the scope "${operation.scope}", and has ${token.scopes.join(', ')}.`,
    );
  }
  const query = operation.query?.safeParse(request.query);
  if (query?.error) throw invalid('query', query.error);
  const body = await bodyOf(operation, request, response);
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const call: Call = {
    workspace: token.workspace,
    token,
    path: request.params as Record<string, string>,
    query: query?.data,
    body,
    request,
    content: request,
    response,
    signal: AbortSignal.any([gone.signal, stopping]),
  };
  const answer = await actingAs(actorOf(token, operation), () => once(operation, call, context));
  if (answer) send(response, answer);
}

function actorOf({ id, name }: Token, { scope }: Operation): Actor {
  return { kind: scope === 'operator' ? 'operator' : 'token', id, name, via: 'api' };
}

function bearerOf(request: Request): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** The token that the request brings, if it is valid; the answer says then what it has left, whatever else it says. */
async function tokenOf(
  request: Request,
  response: Response,
  { context, rateLimit }: RouterOptions,
): Promise<Token | undefined> {
  const given = bearerOf(request);
  const token = given === undefined ? undefined : await inTime(context.tokens.verify(given));
  if (!token) return undefined;
  response.locals.token = token;
  response.setHeader('ratelimit', await inTime(rateLimit.take(token.id)));
  return token;
}

function notAuthenticated(request: Request, response: Response): Problem {
  const given = bearerOf(request);
  response.setHeader(
    'www-authenticate',
    `Bearer realm="connectionsphere"${given ? ', error="invalid_token"' : ''}`,
  );
  return new Problem(
    401,
    given === undefined ? 'token-missing' : 'token-invalid',
    given === undefined
      ? 'Send a token, as in "Authorization: Bearer csa_…". "./connectionsphere token create" makes one.'
      : 'This token is not valid: mistyped, expired, or revoked. "./connectionsphere token create" makes a new one.',
  );
}

/** The checked JSON body; `undefined` where the handler reads a stream, or where there is none. */
async function bodyOf(operation: Operation, request: Request, response: Response): Promise<unknown> {
  const { body: schema, streams = [], bodyLimit = BODY_BYTES } = operation;
  if (!schema) return undefined;
  request.setTimeout(BODY_IDLE_MS, () => request.destroy());
  // What is done with all of it may take longer.
  request.once('end', () => request.setTimeout(0));
  if (streams.length > 0 && request.is([...streams])) {
    if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
      throw new Problem(415, 'encoding-not-supported', 'Send the list uncompressed.');
    }
    return undefined;
  }
  // `null`: there is no body, which the schema says better.
  if (request.is('json') === false) {
    throw new Problem(
      415,
      'media-type-not-supported',
      `Send ${['application/json', ...streams].join(', ')}; set Content-Type.`,
    );
  }
  await parseJson(request, response, bodyLimit);
  const body = schema.safeParse(request.body);
  if (body.error) throw invalid('body', body.error);
  return body.data;
}

async function parseJson(request: Request, response: Response, limit: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  express.json({ limit, type: () => true })(request, response, (error?: unknown) =>
    error === undefined ? resolve() : reject(error),
  );
  await promise;
}

/** With an `Idempotency-Key`, what was answered the first time; the work is not done again. */
async function once(
  { idempotent, id, handle }: Operation,
  call: Call,
  { core }: ApiContext,
): Promise<Answer | undefined> {
  const { request, workspace, body } = call;
  const key = request.get('idempotency-key');
  if (key === undefined || !idempotent) return await handle(call);
  if (!IDEMPOTENCY_KEY.test(key)) {
    throw new Problem(422, 'invalid-idempotency-key', 'Idempotency-Key: 1 to 200 visible ASCII characters.');
  }
  const { content, digest } = body === undefined ? hashed(request) : { content: request, digest: undefined };
  // A list is known when all of it is read; the client that sends it gets its answer only then anyway.
  const fingerprint = async () =>
    createHash('sha256')
      .update(JSON.stringify([request.originalUrl, request.get('content-type'), body ?? (await digest?.())]))
      .digest('base64url');
  try {
    const { answer, repeated } = await core.answers.once(workspace, `${id}/${key}`, fingerprint, async () => {
      return (await handle({ ...call, content })) ?? {};
    });
    if (!repeated) return answer;
    return { ...answer, headers: { ...answer.headers, 'idempotency-replayed': 'true' } };
  } catch (error) {
    if (error instanceof KeyReused) throw new Problem(422, 'idempotency-key-reused', error.message);
    throw error;
  }
}

/** The body as it comes, and what it was once all of it has come. */
function hashed(request: Request): { content: Readable; digest: () => Promise<string> } {
  const hash = createHash('sha256');
  const watched = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  // What goes wrong on the way is thrown where the content is read.
  const content = pipeline(request, watched, () => {});
  return {
    content,
    digest: async () => {
      if (!content.readableEnded) for await (const _ of content);
      return hash.copy().digest('base64url');
    },
  };
}

function send(response: Response, { status = 200, body, headers = {} }: Answer): void {
  response.status(status);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (body === undefined) response.end();
  else response.json(body);
}

function shuttingDown(): Problem {
  return new Problem(503, 'shutting-down', 'The server is being stopped. Try again in a moment.', {
    retryAfter: 5,
  });
}

/** Answers what was thrown as a problem document. */
function problemHandler(log: Log): ErrorRequestHandler {
  return (error, request, response, next) => {
    const problem = problemOf(error);
    const { operation, token, request: id } = response.locals as Locals;
    const facts = {
      operation: operation?.id ?? 'none',
      status: problem.status,
      code: problem.code,
      ...(token && { workspace: token.workspace, client: token.id }),
    };
    if (problem.status === 500) log.error('A request failed', { ...facts, error });
    else log.info('A request was refused', facts);
    if (response.headersSent) {
      // Half of a stream is out: only a broken connection says that the rest is missing.
      response.destroy();
      return next();
    }
    response.status(problem.status).type('application/problem+json');
    if (problem.retryAfter !== undefined) response.setHeader('retry-after', String(problem.retryAfter));
    if (problem.rateLimit !== undefined) response.setHeader('ratelimit', problem.rateLimit);
    // What is left of the body is not read, so the connection cannot be used again.
    if (!request.complete) response.setHeader('connection', 'close');
    response.send(JSON.stringify({ ...problem.toJSON(), requestId: id }));
  };
}
