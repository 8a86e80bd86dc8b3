import type { Ports } from '@connectionsphere/core';
import { type Response, Router } from 'express';
import { inTime } from '../deadline.ts';
import type { Metrics } from './metrics.ts';

/** The store is given so long to take an entry, ms. */
const PROBE_MS = 3_000;
const PROBE_KEPT_MS = 60_000;

/** What machines ask that keep the process running: no token, nothing about anybody. */
export function statusRoutes(ports: Ports, metrics: Metrics, stopping: AbortSignal): Router {
  const router = Router();
  const probe = ports.store.collection<true>('probes');
  const notReady = (response: Response, why: string) => {
    response.status(503).setHeader('retry-after', '5').json({ status: 'not ready', why });
  };
  /** Whether the store takes what is written, also for the metrics; `ready`, or why not. */
  const storeState = async (): Promise<string> => {
    const written = probe.set('ready', true, { ttlMs: PROBE_KEPT_MS }).then(
      () => 'ready',
      () => 'the store takes nothing',
    );
    // Redis may be away: then what is asked of it waits until it is back.
    const found = await inTime(written, PROBE_MS).catch(() => 'the store does not answer');
    metrics.storeWritable(found === 'ready');
    return found;
  };
  /** The process is there and its event loop turns. */
  router.get('/healthz', (_, response) => {
    response.json({ status: 'ok' });
  });
  /** It can do work: not stopping, and the store takes what is written. */
  router.get('/readyz', async (_, response) => {
    if (stopping.aborted) return notReady(response, 'stopping');
    const found = await storeState();
    if (found === 'ready') response.json({ status: 'ready' });
    else notReady(response, found);
  });
  router.get('/metrics', async (_, response) => {
    // Not every server has something that asks /readyz.
    await storeState();
    response.setHeader('content-type', metrics.contentType);
    response.send(await metrics.text());
  });
  return router;
}
