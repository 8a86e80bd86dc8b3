import { StoreError } from '../store-errors.ts';
import type { RedisClient } from './client.ts';
import { KEY_PREFIX } from './prefix.ts';

/** The format in which this version keeps its state on Redis; every change that an earlier version cannot read is another. */
const FORMAT = 1;

/** Another version has written what this one cannot read. Nothing was changed. */
class RedisTooNew extends StoreError {
  override readonly name = 'StoreTooNew';
}

/** Sees to it that the state on Redis is of a format that this version knows, and says which it is. */
export async function requireFormat(
  client: Pick<RedisClient, 'set' | 'get'>,
  address: string,
): Promise<void> {
  const key = `${KEY_PREFIX}format`;
  await client.set(key, String(FORMAT), { condition: 'NX' });
  const format = Number(await client.get(key));
  if (format <= FORMAT) return;
  throw new RedisTooNew(
    `The state in Redis at ${address} was written by a newer version of this program (format ${format}; this version knows formats up to ${FORMAT}). Update the program, or choose another database of Redis, as in redis://host:6379/1.`,
  );
}
