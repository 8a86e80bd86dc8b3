import type { Clock, Collection, Counters, Http, Ports, Store } from '../../core/ports.ts';

/** Ports that a core loses from one moment to the next, as a process that is killed does. */
export interface MortalPorts<P> {
  readonly ports: P;
  /** From now on nothing that was asked of them ends any more, and nothing begins. */
  kill(): void;
}

/**
 * What a core does through these ports ends at the kill: what it was waiting for never comes, and none of
 * its writes is made that was not made already. What had left for Apollo by then is on its way, as it is
 * where a process dies.
 */
export function mortal<P extends Omit<Ports, 'coordination' | 'shared'>>(ports: P): MortalPorts<P> {
  let dead = false;
  const never = new Promise<never>(() => undefined);
  const living = async <T>(work: () => Promise<T>): Promise<T> => {
    if (dead) return never;
    try {
      const done = await work();
      return dead ? never : done;
    } catch (error) {
      if (dead) return never;
      throw error;
    }
  };
  const collection = <T>(real: Collection<T>): Collection<T> => ({
    get: (key) => living(() => real.get(key)),
    getMany: (keys) => living(() => real.getMany(keys)),
    set: (key, value, options) => living(() => real.set(key, value, options)),
    setMany: (entries, options) => living(() => real.setMany(entries, options)),
    delete: (key) => living(() => real.delete(key)),
    deleteMany: (keys) => living(() => real.deleteMany(keys)),
    async *entries(prefix) {
      for await (const entry of real.entries(prefix)) {
        if (dead) await never;
        yield entry;
      }
    },
  });
  const counters = (real: Counters): Counters => ({
    get: (key) => living(() => real.get(key)),
    add: (key, change, options) => living(() => real.add(key, change, options)),
    delete: (key) => living(() => real.delete(key)),
    async *keys(prefix) {
      for await (const key of real.keys(prefix)) {
        if (dead) await never;
        yield key;
      }
    },
  });
  const { store, http, clock } = ports;
  const mortalStore: Store = {
    collection: (name) => collection(store.collection(name)),
    counters: (name) => counters(store.counters(name)),
    atomically: (work) => living(() => store.atomically(work)),
    purge: () => living(async () => (await store.purge?.()) ?? []),
    close: () => store.close(),
  };
  const mortalHttp: Http = { ...http, request: (request) => living(() => http.request(request)) };
  const mortalClock: Clock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => living(() => clock.sleep(ms, signal)),
  };
  return {
    ports: { ...ports, store: mortalStore, http: mortalHttp, clock: mortalClock },
    kill: () => {
      dead = true;
    },
  };
}
