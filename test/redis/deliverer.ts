/** A process that has much to deliver to one address, and is killed before it could. */
import { Deliveries } from '../../bot/hooks/deliveries.ts';
import { createPost } from '../../bot/hooks/post.ts';
import { createLog, openPorts, readConfig } from '../../core/node/index.ts';

const url = process.env.TEST_URL ?? '';
await using opened = await openPorts(readConfig(process.env), {
  command: 'deliverer',
  role: 'web',
  log: createLog({ write: () => undefined }),
});
const post = createPost({ allowPrivate: true });
const deliveries = new Deliveries(opened.ports, post, async () => ({ url }));
for (let event = 0; event < Number(process.env.TEST_EVENTS); event += 1)
  await deliveries.add({ kind: 'operators', id: 'operators' }, `${event}`, 'slot.requested', () => ({
    event,
  }));
await deliveries.run(new AbortController().signal);
