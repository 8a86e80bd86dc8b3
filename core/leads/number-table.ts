/** Slots are doubled when this share is taken. */
const FULLEST = 0.6;

/** Numbers by numbers other than 0, in 16 bytes a slot: a Map takes five times as much. */
export class NumberTable {
  /** Each key with its value behind it, so that both are read from memory at once. */
  #slots = new Float64Array(2 * 1024);
  #size = 0;

  get(key: number): number | undefined {
    const at = this.#slotOf(key);
    return this.#slots[at] === key ? this.#slots[at + 1] : undefined;
  }

  set(key: number, value: number): void {
    const at = this.#slotOf(key);
    const isNew = this.#slots[at] !== key;
    this.#slots[at] = key;
    this.#slots[at + 1] = value;
    if (!isNew) return;
    this.#size += 1;
    if (2 * this.#size > this.#slots.length * FULLEST) this.#grow();
  }

  #slotOf(key: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    // The remainder by a power of two, without a division.
    let at = (key << 1) & mask;
    while (slots[at] !== 0 && slots[at] !== key) at = (at + 2) & mask;
    return at;
  }

  #grow(): void {
    const slots = this.#slots;
    this.#slots = new Float64Array(slots.length * 2);
    for (let index = 0; index < slots.length; index += 2) {
      const key = slots[index] ?? 0;
      if (key === 0) continue;
      const at = this.#slotOf(key);
      this.#slots[at] = key;
      this.#slots[at + 1] = slots[index + 1] ?? 0;
    }
  }
}

/** 52 bits of the FNV-like hash "cyrb53" (public domain), which is good enough to compare a list with itself; never 0. */
export function hashOf(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (low & 0xfffff) * 0x100000000 + (high >>> 0) || 1;
}
