import { createHash } from 'node:crypto';

/** Repeatable randomness: the same seed gives the same numbers in the same order. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 (included) to 1 (excluded). The generator is mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** From a log-normal distribution, which is how response times spread. */
  spread(median: number, p95: number): number {
    if (median === 0) return 0;
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    // 95 % of a normal distribution lie below 1.645 standard deviations.
    return median * Math.exp((normal * Math.log(p95 / median)) / 1.645);
  }

  /** A signed 64-bit number that no double can hold exactly. */
  requestId(): bigint {
    for (;;) {
      const high = BigInt(Math.floor(this.next() * 2 ** 32));
      const low = BigInt(Math.floor(this.next() * 2 ** 32));
      const id = BigInt.asIntN(64, (high << 32n) | low);
      if (BigInt(Number(id)) !== id) return id;
    }
  }
}

/** The numbers of a {@link Chance}, for who needs nothing else of it. */
export function random(seed: number): () => number {
  const chance = new Chance(seed);
  return () => chance.next();
}

/** Facts that follow from a text: asked for the same aspect, it always gives the same. */
export class Dice {
  readonly #text: string;
  readonly #seed: number;

  constructor(text: string) {
    this.#text = text;
    this.#seed = fnv1a(text, 0x811c9dc5);
  }

  /** For ids, which must not collide. */
  hex(aspect: string, length: number): string {
    return createHash('sha1').update(`${aspect}\n${this.#text}`).digest('hex').slice(0, length);
  }

  /** 0 (included) to 1 (excluded). A cheap hash is good enough: a batch asks for hundreds of these. */
  share(aspect: string): number {
    let mixed = fnv1a(aspect, this.#seed);
    // Murmur3's last step: one bit changed in the text changes half of the bits here.
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  }

  pick<const T extends readonly [unknown, ...unknown[]]>(aspect: string, from: T): T[number] {
    return from[Math.floor(this.share(aspect) * from.length)] ?? from[0];
  }
}

function fnv1a(text: string, start: number): number {
  let hash = start;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}
