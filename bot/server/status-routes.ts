import type { Ports } from '@connectionsphere/core';
import { type Response, Router } from 'express';
import type { Metrics } from './metrics.ts';

/** What machines ask that keep the process running: no token, nothing about anybody. */
export function statusRoutes(ports: Ports, metrics: Metrics, stopping: AbortSignal): Router {
  const router = Router();
  const probe = ports.store.collection<string>('meta');
  const notReady = (response: Response, why: string) => {
    response.status(503).json({ status: 'not ready', why });
  };
  /** The process is there and its event loop turns. */
  router.get('/healthz', (_, response) => {
    response.json({ status: 'ok' });
  });
  /** It can do work: not stopping, and the store answers. */
  router.get('/readyz', async (_, response) => {
    if (stopping.aborted) return notReady(response, 'stopping');
    try {
      await probe.get('ready');
      response.json({ status: 'ready' });
    } catch {
      notReady(response, 'the store cannot be used');
    }
  });
  router.get('/metrics', async (_, response) => {
    response.setHeader('content-type', metrics.contentType);
    response.send(await metrics.text());
  });
  return router;
}
