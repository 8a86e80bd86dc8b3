import { Router } from 'express';
import { accountOperations } from './account.ts';
import { auditOperations } from './audit.ts';
import type { ApiContext } from './context.ts';
import { docsPage, sendDocsPage } from './docs-page.ts';
import { enrichOperations } from './enrich.ts';
import { hookOperations } from './hooks.ts';
import { jobOperations } from './jobs.ts';
import { openApiDocument } from './openapi.ts';
import type { Operation } from './operation.ts';
import { operatorOperations } from './operators.ts';
import type { RateLimit } from './rate-limit.ts';
import { apiRouter } from './router.ts';
import { slotOperations } from './slots.ts';

export interface ApiOptions {
  readonly context: ApiContext;
  readonly rateLimit: RateLimit;
  /** Aborts when the process is asked to end. */
  readonly stopping: AbortSignal;
  /** Of the program. */
  readonly version: string;
}

/** The HTTP API and what documents it. */
export function createApi({ context, rateLimit, stopping, version }: ApiOptions): Router {
  const operations = operationsOf(context);
  const document = once(() => openApiDocument(operations, version, context.address()));
  const page = once(() => docsPage(operations, context.address()));
  const router = Router();
  router.get('/openapi.json', (_, response) => void response.json(document()));
  router.get('/docs', (_, response) => sendDocsPage(response, page()));
  router.use(apiRouter({ context, operations, rateLimit, stopping }));
  return router;
}

/** Makes it at the first need: only a server that listens knows its address. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function operationsOf(context: ApiContext): Operation[] {
  return [
    ...enrichOperations(context),
    ...jobOperations(context),
    ...accountOperations(context),
    ...auditOperations(context),
    ...slotOperations(context),
    ...hookOperations(context),
    ...operatorOperations(context),
  ];
}
