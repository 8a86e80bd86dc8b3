import type { Core, Log } from '@connectionsphere/core';
import express, { type Request, type Response, type Router } from 'express';

/** Bytes: a batch of ten people with all their numbers has some tens of thousands. */
const MOST_BYTES = 2 * 1024 * 1024;

/** Where Apollo posts late results. Without a token: whoever knows the address was given it by us. */
export function lateRoute(core: Core, log: Log): Router {
  const router = express.Router();
  router.post('/apollo/late/:ticket', async (request, response) => {
    try {
      const arrival = await core.takeLate(request.params.ticket, () => bodyOf(request, response));
      if (arrival !== 'taken') log.warn('A late result was refused', { arrival });
      response.sendStatus(arrival === 'taken' ? 200 : arrival === 'unknown' ? 404 : 422);
    } catch (error) {
      const status = typeof error === 'object' && error && 'status' in error ? Number(error.status) : 503;
      log.error('A late result could not be taken', { status, error });
      response.sendStatus(status >= 400 && status < 500 ? status : 503);
    }
  });
  return router;
}

async function bodyOf(request: Request, response: Response): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  express.text({ limit: MOST_BYTES, type: () => true })(request, response, (error?: unknown) =>
    error === undefined ? resolve() : reject(error),
  );
  await promise;
  return typeof request.body === 'string' ? request.body : '';
}
