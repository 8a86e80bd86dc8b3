import type { LookupAddress } from 'node:dns';
import { expect, test, vi } from 'vitest';
import { createPost, PrivateAddress } from '../../bot/hooks/post.ts';

/** What the name of every host leads to. */
let addresses: LookupAddress[] = [];
vi.mock('node:dns/promises', () => ({ lookup: async () => addresses }));

const PUBLIC = { address: '93.184.215.14', family: 4 };

test.each<[string, LookupAddress[]]>([
  ['only', [{ address: '10.0.0.1', family: 4 }]],
  ['second', [PUBLIC, { address: '169.254.169.254', family: 4 }]],
  ['last', [PUBLIC, { address: '2606:2800:21f::1', family: 6 }, { address: '::1', family: 6 }]],
])('a delivery goes to no host whose %s address leads inside', async (_, of) => {
  addresses = of;
  const post = createPost({ allowPrivate: false });
  await expect(post.check('https://hooks.example/')).rejects.toThrow(PrivateAddress);
  await expect(post.send('http://hooks.example:9/', {}, '{}')).rejects.toThrow(PrivateAddress);
});

test('an endpoint whose addresses are all public is taken', async () => {
  addresses = [PUBLIC, { address: '2606:2800:21f::1', family: 6 }];
  await createPost({ allowPrivate: false }).check('https://hooks.example/');
});
