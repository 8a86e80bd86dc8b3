/** Slots are doubled when this share is taken. */
const FULLEST = 0.6;

/** Numbers by numbers other than 0, in 16 bytes a slot: a Map takes five times as much. */
export class NumberTable {
  #keys = new Float64Array(1024);
  #values = new Float64Array(1024);
  #size = 0;

  get(key: number): number | undefined {
    const at = this.#slotOf(key);
    return this.#keys[at] === key ? this.#values[at] : undefined;
  }

  set(key: number, value: number): void {
    const at = this.#slotOf(key);
    const isNew = this.#keys[at] !== key;
    this.#keys[at] = key;
    this.#values[at] = value;
    if (!isNew) return;
    this.#size += 1;
    if (this.#size > this.#keys.length * FULLEST) this.#grow();
  }

  #slotOf(key: number): number {
    const mask = this.#keys.length - 1;
    let at = key % this.#keys.length;
    while (this.#keys[at] !== 0 && this.#keys[at] !== key) at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#keys = new Float64Array(keys.length * 2);
    this.#values = new Float64Array(values.length * 2);
    for (const [index, key] of keys.entries()) {
      if (key === 0) continue;
      const at = this.#slotOf(key);
      this.#keys[at] = key;
      this.#values[at] = values[index] ?? 0;
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
