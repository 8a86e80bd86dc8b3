import { describe, expect, test } from 'vitest';
import { createLog } from '../../core/node/log.ts';
import { connectRedis } from '../../core/node/redis/connection.ts';
import { requireFormat } from '../../core/node/redis/format.ts';
import { hasRedis, startRedis } from './server.ts';

describe.skipIf(!hasRedis)('the state on Redis', () => {
  test('says of which format it is, and is refused when a newer version has written it', async () => {
    await using server = await startRedis();
    const redis = await connectRedis(server.fresh(), createLog({ write: () => undefined }));
    await requireFormat(redis.client, redis.address);
    await requireFormat(redis.client, redis.address);
    expect(await redis.client.get('connectionsphere:format')).toBe('1');
    await redis.client.set('connectionsphere:format', '2');
    await expect(requireFormat(redis.client, redis.address)).rejects.toThrow('written by a newer version');
    await redis.close();
  });
});
