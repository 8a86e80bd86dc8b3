/** Keys longer than this, in UTF-16 units, are not kept: they hardly repeat, and would fill the memory. */
const KEY_MAX = 256;

/**
 * A cache that cannot grow with the list: it starts anew when it is full. To drop only its oldest entry would cost more than it
 * saves: a Map looks past all that were deleted at its start to find it.
 */
export class BoundedMap<V> {
  readonly #entries = new Map<string, V>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The value of `key`, worked out by `compute` where it is not known. `undefined` is a value too. */
  getOrCompute(key: string, compute: (key: string) => V): V {
    if (key.length > KEY_MAX) return compute(key);
    const known = this.#entries.get(key);
    if (known !== undefined || this.#entries.has(key)) return known as V;
    const value = compute(key);
    if (this.#entries.size >= this.#capacity) this.#entries.clear();
    this.#entries.set(key, value);
    return value;
  }
}
