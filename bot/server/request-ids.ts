import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Log } from '@connectionsphere/core';
import type { RequestHandler } from 'express';

/** An id that a client may give its request. */
const REQUEST_ID = /^[\w.:-]{1,100}$/;

const current = new AsyncLocalStorage<{ readonly id: string; isOpen: boolean }>();

/** Gives each request an id, the client's own where it sent one that can be used, and says it in `Request-Id`. */
export const requestIds: RequestHandler = (request, response, next) => {
  const given = request.get('request-id') ?? request.get('x-request-id') ?? '';
  const served = { id: REQUEST_ID.test(given) ? given : randomUUID(), isOpen: true };
  response.locals.request = served.id;
  response.setHeader('request-id', served.id);
  // What a request set off may go on for hours and serve others too: from here on its lines are not the request's.
  response.once('close', () => {
    served.isOpen = false;
  });
  current.run(served, next);
};

/** The same log; each line that is written while a request is served names it in `request`. */
export function logOfRequests(log: Log): Log {
  const at =
    (level: keyof Log) =>
    (message: string, fields?: Record<string, unknown>): void => {
      const served = current.getStore();
      log[level](message, served?.isOpen ? { request: served.id, ...fields } : fields);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
