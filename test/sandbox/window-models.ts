/**
 * How a window counts. `fixed`: opened by its first request, as Apollo documents. `aligned`: begins with the clock's
 * minute, hour or day. `log`: the last length, request by request. `counter`: two aligned windows, the earlier weighted by
 * what of it is still in the last length. `renewed`: each request that is counted begins the length anew. `bucket`: holds
 * as much as the limit and fills at the limit's pace.
 */
export const WINDOW_MODELS = ['fixed', 'aligned', 'log', 'counter', 'renewed', 'bucket'] as const;
export type WindowModel = (typeof WINDOW_MODELS)[number];

/** One window of one team and endpoint. Times are ms. */
export interface Counting {
  /** Requests that count now. */
  used(now: number): number;
  /** Until there is room for one, ms; 0 when there is. */
  waitMs(now: number, limit: number): number;
  /** Until the window is over, where it has an end. */
  endsInMs(now: number): number;
  take(now: number, limit: number): void;
}

export function countingOf(model: WindowModel, length: number): Counting {
  if (model === 'log') return new Log(length);
  if (model === 'counter') return new Counter(length);
  if (model === 'bucket') return new Bucket(length);
  return new Whole(length, model);
}

/** Windows that are over as a whole. */
class Whole implements Counting {
  readonly #length: number;
  readonly #model: 'fixed' | 'aligned' | 'renewed';
  #end = Number.NEGATIVE_INFINITY;
  #used = 0;
  constructor(length: number, model: 'fixed' | 'aligned' | 'renewed') {
    this.#length = length;
    this.#model = model;
  }
  used(now: number): number {
    return now < this.#end ? this.#used : 0;
  }
  waitMs(now: number, limit: number): number {
    return this.used(now) < limit ? 0 : Math.max(1, this.#end - now);
  }
  endsInMs(now: number): number {
    return Math.max(0, this.#end - now);
  }
  take(now: number): void {
    this.#used = this.used(now) + 1;
    if (this.#model === 'aligned') this.#end = (Math.floor(now / this.#length) + 1) * this.#length;
    else if (this.#model === 'renewed' || this.#used === 1) this.#end = now + this.#length;
  }
}

class Log implements Counting {
  readonly #length: number;
  #times: number[] = [];
  constructor(length: number) {
    this.#length = length;
  }
  used(now: number): number {
    this.#times = this.#times.filter((time) => time > now - this.#length);
    return this.#times.length;
  }
  waitMs(now: number, limit: number): number {
    const over = this.used(now) - limit;
    return over < 0 ? 0 : (this.#times[over] ?? now) + this.#length - now;
  }
  endsInMs(now: number): number {
    return this.waitMs(now, this.used(now));
  }
  take(now: number, limit: number): void {
    if (limit !== Number.POSITIVE_INFINITY) this.#times.push(now);
  }
}

class Counter implements Counting {
  readonly #length: number;
  #window = Number.NEGATIVE_INFINITY;
  #before = 0;
  #used = 0;
  constructor(length: number) {
    this.#length = length;
  }
  #weighted(now: number): number {
    this.#roll(now);
    return this.#before * (1 - this.#share(now)) + this.#used;
  }
  used(now: number): number {
    return Math.floor(this.#weighted(now));
  }
  waitMs(now: number, limit: number): number {
    const over = this.#weighted(now) + 1 - limit;
    if (over <= 0) return 0;
    const end = (this.#window + 1) * this.#length - now;
    return this.#before === 0 ? end : Math.min(end, (over / this.#before) * this.#length);
  }
  endsInMs(now: number): number {
    this.#roll(now);
    return (this.#window + 1) * this.#length - now;
  }
  take(now: number): void {
    this.#roll(now);
    this.#used += 1;
  }
  #share(now: number): number {
    return now / this.#length - this.#window;
  }
  #roll(now: number): void {
    const window = Math.floor(now / this.#length);
    if (window === this.#window) return;
    this.#before = window === this.#window + 1 ? this.#used : 0;
    this.#used = 0;
    this.#window = window;
  }
}

class Bucket implements Counting {
  readonly #length: number;
  #taken = 0;
  #at = Number.NEGATIVE_INFINITY;
  #limit = 1;
  constructor(length: number) {
    this.#length = length;
  }
  #fill(now: number): number {
    if (now <= this.#at) return this.#taken;
    return Math.max(0, this.#taken - ((now - this.#at) / this.#length) * this.#limit);
  }
  used(now: number): number {
    return Math.ceil(this.#fill(now));
  }
  waitMs(now: number, limit: number): number {
    const over = this.#fill(now) + 1 - limit;
    return over <= 0 ? 0 : (over / limit) * this.#length;
  }
  endsInMs(now: number): number {
    return (this.#fill(now) / this.#limit) * this.#length;
  }
  take(now: number, limit: number): void {
    this.#taken = this.#fill(now) + 1;
    this.#at = now;
    this.#limit = limit;
  }
}
