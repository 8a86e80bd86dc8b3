import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { Draw } from './draw.ts';

/** Makes all random numbers and ids of this process follow from a seed until what it gives is called. */
export function seedRandomness(draw: Draw): () => void {
  const { randomUUID, randomBytes, randomInt } = crypto;
  const { random } = Math;
  const bytes = (count: number) => Buffer.from(draw.times(count, () => draw.whole(0, 255)));
  const seeded = {
    randomUUID: () => {
      const hex = bytes(16).toString('hex');
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
        '-',
      );
    },
    randomBytes: bytes,
    randomInt: (least: number, most?: number) =>
      most === undefined ? draw.whole(0, least - 1) : draw.whole(least, most - 1),
  };
  Object.assign(crypto, seeded);
  Math.random = () => draw.next();
  syncBuiltinESMExports();
  return () => {
    Object.assign(crypto, { randomUUID, randomBytes, randomInt });
    Math.random = random;
    syncBuiltinESMExports();
  };
}
