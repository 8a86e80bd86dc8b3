import { expect, it } from 'vitest';
import { Metrics } from '../../bot/server/metrics.ts';
import { Tracing } from '../../bot/server/tracing.ts';

it('knows how many calls HTTP can have under way, measured and traced or not', async () => {
  const http = { atOnce: 7, request: () => Promise.reject(new Error('nothing is asked here')) };
  const tracing = new Tracing({ endpoint: 'http://127.0.0.1:9', headers: {}, serviceName: 'test' }, '1');
  try {
    expect(tracing.traced(new Metrics().measured(http)).atOnce).toBe(7);
  } finally {
    await tracing.close();
  }
});
