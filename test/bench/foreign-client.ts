/**
 * Somebody else's program on a key of the same team: the same ten people at a steady pace, whatever Apollo
 * answers. It knows nothing of us.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { matchOne, matchTen } from './strategies/apollo.ts';

/** How the foreign client behaves. */
export interface ForeignClient {
  readonly apolloUrl: string;
  readonly key: string;
  readonly everyMs: number;
}

const [{ apolloUrl, key, everyMs }] = (await once(process, 'message')) as [ForeignClient];
process.on('disconnect', () => process.exit(0));
const details = Array.from({ length: 10 }, (_, number) => ({
  first_name: `Foreign${number}`,
  last_name: 'Client',
  organization_name: 'Fabrikam',
  domain: 'fabrikam.com',
}));
// Paid for once before the clock runs, so that these ten can be told from the strategy's people; one by one, so that
// the window that all share is not open before.
for (const detail of details) await matchOne(apolloUrl, key, detail);
process.send?.('open');
await once(process, 'message');
const began = performance.now();
for (let number = 0; ; number += 1) {
  await sleep(Math.max(0, began + number * everyMs - performance.now()));
  void matchTen(apolloUrl, key, details).catch(() => undefined);
}
