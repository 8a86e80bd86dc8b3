import { hashOf } from '../leads/index.ts';

/** Slots are doubled when this share is taken. */
const FULLEST = 0.6;

/**
 * Which identities a list has had, in 8 to 16 bytes each: a million fit where a Set of strings would take a
 * hundred megabytes. It keeps 52 bits of a hash; two different people among a million are taken for one
 * with a probability of about 1 in 10,000, and then only a count is wrong by one, never an answer.
 */
export class SeenIdentities {
  #slots = new Float64Array(1024);
  #size = 0;

  /** Adds an identity; `true` when it was there already. */
  add(identity: string): boolean {
    // 0 marks a free slot, and is nobody's hash.
    if (this.#insert(hashOf(identity))) return true;
    this.#size += 1;
    if (this.#size > this.#slots.length * FULLEST) this.#grow();
    return false;
  }

  #insert(value: number): boolean {
    const mask = this.#slots.length - 1;
    // The remainder by a power of two, without a division.
    let at = value & mask;
    for (;;) {
      const there = this.#slots[at];
      if (there === value) return true;
      if (there === 0) break;
      at = (at + 1) & mask;
    }
    this.#slots[at] = value;
    return false;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Float64Array(old.length * 2);
    for (const value of old) if (value !== 0) this.#insert(value);
  }
}
